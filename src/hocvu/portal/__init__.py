"""Pages that mix contexts: the public front page, a person's home.

*Speaks to*: campaigns, classes, competency, credentials, exams, kernel, people, questions,
situations, ui, units. *Announces*: nothing.
"""
