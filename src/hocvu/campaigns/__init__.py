"""The movement: targets, and which unit has truly reached them.

*Speaks to*: audit, classes, competency, kernel, people, ui, units. *Announces*: nothing.
"""
