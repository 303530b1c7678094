"""Persons, their posts in units, accounts, roles and how far a role reaches; roster import.

*Speaks to*: audit, kernel, spreadsheets, ui, units. *Announces*: PeopleChangedPosts.
"""
