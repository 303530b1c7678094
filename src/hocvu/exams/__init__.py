"""Papers, sittings, attempts and marking.

*Speaks to*: audit, classes, competency, courses, kernel, people, questions, ui, units.
*Announces*: AttemptsMarked.
"""
