"""Pages of this room; see the modules."""
