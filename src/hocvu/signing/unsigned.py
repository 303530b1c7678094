"""Files that somebody else signs: a form without a signature, and tails without one.

A public-service signing plug-in (Decree 68/2024/NĐ-CP) gets a finished PDF file and sends it back
with one signature behind it. Such a file is one revision as `tails` writes it (ISO 32000-1, 7.5),
with no signature field: the plug-in adds its own.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from pyhanko.pdf_utils.misc import PdfError

from hocvu.signing.compiling import Compilation, inside
from hocvu.signing.errors import NotAForm
from hocvu.signing.forms import FontObjects, Form, QrPlace
from hocvu.signing.tails import Filling, content_object, drawn_code

_END: Final = b"startxref\n%d\n%%%%EOF\n"


class _Unsigned(Compilation):
    """The same page, with nothing said about signatures."""

    def _complete_root(self) -> None:
        root = self._writer.root
        self._bodies[self._numbers.root - 1] = b"<<%b>>" % inside(self._octets(root))


def compile_unsigned(page: bytes, *, fonts: Sequence[FontObjects], qr: QrPlace | None) -> Form:
    """Return the form of `page` for files that are signed elsewhere. Refuses with `NotAForm`."""
    try:
        return _Unsigned(page, fonts, ()).form(qr, ())
    except (PdfError, KeyError, ValueError, TypeError) as trouble:
        raise NotAForm("The page is not a readable PDF file of the kind that typst makes.") from (
            trouble
        )


def write_unsigned(form: Form, filling: Filling) -> bytes:
    """Return the tail that makes `form` a whole file: its own texts and QR code, no signature.

    The same input gives the same file; the reason in `filling` only names it.
    """
    if form.fields:
        raise NotAForm("This form is one whose files are signed as they are written.")
    numbers, start = form.numbers, len(form.prefix)
    drawn = filling.content + drawn_code(form.qr, filling.qr)
    body = content_object(numbers.content, drawn)
    size = numbers.content + 1
    table = b"xref\n0 %d\n%b%010d 00000 n \n" % (size, form.table, start)
    info = b"/Info %d 0 R\n" % numbers.info if numbers.info is not None else b""
    named = hashlib.sha256(drawn + b"\0" + filling.reason.encode()).hexdigest()[:32].upper()
    name = named.encode("ascii")
    trailer = b"trailer\n<<\n/Size %d\n/Root %d 0 R\n%b/ID [<%b> <%b>]\n>>\n" % (
        size,
        numbers.root,
        info,
        name,
        name,
    )
    return body + table + trailer + _END % (start + len(body))
