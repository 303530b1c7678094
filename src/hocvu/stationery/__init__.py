"""What an issuer prints on: certificate templates, its seal, signatures, blanks, how it numbers.

*Speaks to*: audit, courses, kernel, people, typesetting, ui, units.
*Announces*: SheetsTaken.
"""
