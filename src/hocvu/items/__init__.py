"""Questions as plain values: their kinds, how an answer is marked, and the files they travel in.

QTI and the literature call a question an item. Nothing here knows of databases or pages, so the
same code marks an answer in an attempt, checks a bank and reads a foreign file.

*Speaks to*: kernel, spreadsheets. *Announces*: nothing.
"""
