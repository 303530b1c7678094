"""The question bank: questions with their keys, reasons, components and sources, by version.

*Speaks to*: audit, competency, items, kernel, people, question_files, ui, units.
*Announces*: nothing.
"""
