"""Questions about recognition, certificates and the register."""
