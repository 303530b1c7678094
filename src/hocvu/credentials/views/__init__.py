"""Pages of this room: recognition, the register, a holder's certificates, public verification."""
