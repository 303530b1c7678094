"""What is true of people and their lists, as plain values: numbers, dates of birth, rosters."""
