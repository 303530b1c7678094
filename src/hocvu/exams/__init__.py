"""Sittings, attempts, their answers, and what they earn.

*Speaks to*: audit, classes, competency, items, kernel, papers, people, questions, register,
spreadsheets, ui.
*Announces*: AttemptsMarked, AttemptsRemarked, AttemptsVoided, LateAnswersCounted.
"""
