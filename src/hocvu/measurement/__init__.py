"""Skill measured, not guessed: calibrated questions, adaptive tests, cut scores, question quality.

*Speaks to*: audit, classes, competency, exams, items, kernel, people, psychometrics, questions,
ui. *Announces*: RunsEnded.
"""
