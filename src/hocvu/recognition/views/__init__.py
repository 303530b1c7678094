"""Pages of this room: candidates, proposals, decisions."""
