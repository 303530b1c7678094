"""Frameworks of competence, and what each person has been shown to be able to do.

*Speaks to*: audit, kernel, people, ui. *Announces*: AssessmentsRecorded, ResultsWithdrawn.
"""
