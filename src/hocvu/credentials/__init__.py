"""Who has earned what; recognition decisions, signed certificates, the root register, verification.

*Speaks to*: audit, classes, courses, exams, kernel, people, register, signing,
typesetting, ui, units, and the stand-alone `hocvu_verifier`. *Announces*: CertificatesIssued.
"""
