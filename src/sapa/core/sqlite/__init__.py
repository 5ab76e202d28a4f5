"""SQLite with a queue for its writers; see base.py."""
