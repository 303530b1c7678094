"""Pages of this room: issuing, the register, what changes later, files to be signed."""
