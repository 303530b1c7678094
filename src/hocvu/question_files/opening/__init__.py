"""Bytes from outside as text, XML or an archive: bounded, decoded, refused in words."""
