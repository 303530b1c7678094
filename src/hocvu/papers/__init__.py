"""Papers: what a test asks, fixed or drawn by a blueprint, and what documents prescribe for it.

*Speaks to*: audit, classes, competency, kernel, people, questions, ui, units.
*Announces*: nothing.
"""
