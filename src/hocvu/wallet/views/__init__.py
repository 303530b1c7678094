"""The web edge of this room."""
