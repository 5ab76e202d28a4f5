"""What the office can show: tables, publications, answers, and what does not exist; and the search over it."""
