"""Questions as plain values: their kinds, their texts, and how an answer is marked.

QTI and the literature call a question an item. Nothing here knows of databases, pages or files, so
the same code marks an answer in an attempt, checks a bank and weighs a question read from a file.

*Speaks to*: kernel. *Announces*: nothing.
"""
