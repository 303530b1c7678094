"""The few ideas every room shares: refusals, events, time, identifiers, Vietnamese text.

*Speaks to*: nobody. *Announces*: nothing. No Django inside.
"""
