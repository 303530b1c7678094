"""The organisation tree: nation, provinces, communes, ministries, schools, with their history.

*Speaks to*: audit, kernel. *Announces*: nothing.
"""
