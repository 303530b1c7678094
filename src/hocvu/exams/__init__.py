"""Papers, sittings, attempts and marking.

*Speaks to*: audit, classes, competency, items, kernel, people, questions, register, ui, units.
*Announces*: AttemptsMarked, AttemptsRemarked, AttemptsVoided, LateAnswersCounted.
"""
