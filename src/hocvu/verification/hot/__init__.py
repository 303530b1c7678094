"""Pages of certificates that very many ask for: remembered, and looked up together.

It gives again, word for word, what the view at the same address answered, and only while the rows,
the published log and the trust that the answer rests on are what they were: a certificate that was
revoked a moment ago is revoked here too. Whatever it has not seen it leaves to the view.
"""

from hocvu.verification.hot.path import VerdictPath

__all__ = ["VerdictPath"]
