"""Classes, half-day sessions, bridge points and their roll calls.

*Speaks to*: audit, courses, kernel, notices, people, ui, units. *Announces*: ClassOpened,
LearnersEnrolled, RollClosed, ClassClosed.
"""
