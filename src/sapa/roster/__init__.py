"""Who is on duty when: shifts, leave, swaps."""
