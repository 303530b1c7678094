"""What people decide about results: marks of written answers, appeals, and which keys were wrong.

*Speaks to*: audit, classes, exams, items, kernel, people, questions, ui.
*Announces*: nothing.
"""
