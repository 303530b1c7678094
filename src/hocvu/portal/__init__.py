"""Pages that mix contexts: the public front page, a person's home and notices, the e-mail ledger.

*Speaks to*: campaigns, classes, competency, credentials, exams, kernel, marking, notices, people,
questions, recognition, situations, ui, units, wallet. *Announces*: nothing.
"""
