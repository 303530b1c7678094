"""What a verification can find, what it costs, and when two names are the same."""
