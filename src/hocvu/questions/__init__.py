"""The question bank: questions with their keys, reasons, components and sources, by version.

*Speaks to*: audit, competency, items, kernel, people, ui, units. *Announces*: nothing.
"""
