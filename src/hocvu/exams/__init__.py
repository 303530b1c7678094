"""Papers, sittings, attempts and marking.

*Speaks to*: audit, classes, competency, kernel, people, questions, ui.
*Announces*: AttemptsMarked.
"""
