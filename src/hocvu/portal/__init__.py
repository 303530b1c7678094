"""Pages that mix contexts: the public front page, a person's home.

*Speaks to*: campaigns, classes, competency, exams, kernel, people, situations, ui, units.
*Announces*: nothing.
"""
