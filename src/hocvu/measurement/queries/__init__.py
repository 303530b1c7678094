"""Questions of this room. Sittings, runs and scales are reached through `…_open_to(person)`."""
