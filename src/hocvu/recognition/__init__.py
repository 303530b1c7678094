"""Who has earned what: approved results, proposed decisions, and decisions with their lists.

*Speaks to*: audit, classes, courses, exams, kernel, people, typesetting, ui, units.
*Announces*: DecisionApproved, DecisionProposed, ProposalReturned.
"""
