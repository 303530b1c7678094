"""Questions about coverage: figures, maps, and who is missing."""
