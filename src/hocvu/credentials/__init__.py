"""What decisions give: signed certificates, the root register and its log, what changes later.

*Speaks to*: audit, classes, exams, hocvu_verifier, kernel, notices, people, portable,
recognition, register, signing, stationery, trust, typesetting, ui, units. *Announces*:
CertificateCorrected, CertificateReinstated, CertificateRevoked, CertificatesIssued,
CertificatesQuestioned.
"""
