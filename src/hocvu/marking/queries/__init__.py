"""What waits for people, what they gave, and what they decided, as each may see it."""
