"""Questions of this room: what is named to sign, and whom this installation believes."""
