"""Who has earned what; recognition decisions, signed certificates, the root register.

*Speaks to*: audit, classes, courses, exams, hocvu_verifier, kernel, notices, people, portable,
register, signing, stationery, typesetting, ui, units. *Announces*: CertificateCorrected,
CertificateReinstated, CertificateRevoked, CertificatesIssued, CertificatesQuestioned,
DecisionProposed, ProposalReturned.
"""
