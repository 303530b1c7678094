"""Until when certificates are issued, how numbers are written, why something changes later."""
