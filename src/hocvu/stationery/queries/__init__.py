"""What is asked of this room; see the modules."""
