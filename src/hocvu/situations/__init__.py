"""Situation exercises: branching cases, the paths people take through them, written dispositions.

*Speaks to*: audit, classes, competency, items, kernel, people, ui.
*Announces*: RunMarked.
"""
