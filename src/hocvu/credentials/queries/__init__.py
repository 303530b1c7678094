"""Questions about certificates and the register."""
