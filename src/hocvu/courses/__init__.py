"""The catalogue: programmes, their topics, timetable and what completing them requires.

*Speaks to*: audit. *Announces*: nothing.
"""
