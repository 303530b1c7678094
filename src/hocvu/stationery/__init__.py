"""What an issuer prints on: certificate templates, its seal, its blanks (phôi), and its numbers.

*Speaks to*: audit, courses, kernel, people, typesetting, ui, units.
*Announces*: SheetsTaken.
"""
