"""Pages of this room: they translate, they do not decide."""
