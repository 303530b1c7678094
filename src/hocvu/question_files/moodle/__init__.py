"""Moodle XML, which says all that Moodle knows of a question."""
