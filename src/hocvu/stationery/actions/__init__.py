"""Acts of this room; see the modules."""
