"""Cases as graphs, scoring of paths, time pressure, and the marking of dispositions."""
