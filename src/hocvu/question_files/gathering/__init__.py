"""What readers share: the questions gathered so far, what is said of each, its pictures."""
