"""Questions of this room: what an audit finds, and the chain behind a certificate."""
