"""When recognition is earned, and what a decision says."""
