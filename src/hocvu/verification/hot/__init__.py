"""Pages of certificates that very many ask for: looked up, judged and counted together.

Every answer is, byte for byte, what the view at the same address would give at that moment. A
verdict is given again only while the rows, the published log and the trust that it rests on are
what they were: a certificate that was revoked a moment ago is revoked here too. What stands around
a page is heard from the view, once for each language; whatever is not plain is left to it.
"""

from hocvu.verification.hot.path import VerdictPath

__all__ = ["VerdictPath"]
