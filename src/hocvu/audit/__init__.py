"""Who did what, when and why: one append-only row for every act, in the act's own transaction.

*Speaks to*: nobody. *Announces*: nothing.
"""
