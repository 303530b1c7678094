"""Whose word counts here: keys that sign, authorities that are believed, witnesses that watch.

*Speaks to*: audit, kernel, people, portable, register, signing, units. *Announces*: nothing.
"""
