"""Who has earned recognition, what is proposed and decided, as each may see it."""
