"""Does the register say what was entered? Its rows, log and lists held against each other.

*Speaks to*: classes, credentials, hocvu_verifier, kernel, people, portable, recognition, register,
trust, ui. *Announces*: nothing.
"""
