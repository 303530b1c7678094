"""Fields, wording and parameters of templates; arithmetic of blanks."""
