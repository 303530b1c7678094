"""Questions about people. Everything that shows a person's data starts from `scope`."""
