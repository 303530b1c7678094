"""The question bank: questions with their keys, reasons, components and sources, by version.

*Speaks to*: audit, kernel. *Announces*: nothing.
"""
