"""What an issuer prints on: certificate templates, its seal and signatures, its blanks (phôi).

*Speaks to*: audit, courses, kernel, people, typesetting, ui, units.
*Announces*: SheetsTaken.
"""
