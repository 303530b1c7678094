"""Makes a form out of one typeset page (ISO 32000-1, 7.5 and 12.7; ISO 19005-2, 6.3 and 6.4).

The page's objects are copied one by one and keep what PDF/A asks of them. Added are the typefaces
of the varying texts, one or two signature fields, and references to objects that the tail brings.
The signature that comes first certifies the file (ISO 32000-1, 12.8.2.2).
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

from hocvu.signing.certificates import der_of
from hocvu.signing.errors import NotAForm
from hocvu.signing.evidence import Evidence, answer_der, list_der
from hocvu.signing.forms import (
    LARGEST_DICTIONARY,
    FontObjects,
    Form,
    Numbers,
    QrPlace,
    SignatureField,
)
from hocvu.signing.spelling import text

HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
MOST_FIELDS: Final = 2  # a competent person, then the organisation (Decree 30/2020, article 5)
PRINTED_AND_LOCKED: Final = 132  # ISO 32000-1, 12.5.3; PDF/A wants annotations to be printed
ONE_FIELD: Final = (SignatureField("Signature"),)


def compile_form(
    page: bytes,
    *,
    fonts: Sequence[FontObjects],
    qr: QrPlace | None,
    fields: Sequence[SignatureField] = ONE_FIELD,
    certificates: Sequence[x509.Certificate] = (),
    evidence: Evidence | None = None,
) -> Form:
    """Return the form of `page`: a PDF file of one page that carries every unchanging text.

    `certificates` are those expected in the signatures; they only make stored tails smaller.
    `evidence` makes timestamped signatures over the form B-LT (ETSI EN 319 142-1, 5.4.2): it is
    the same for all of them and gathered before the first, so they cover it as well.
    Refuses with `NotAForm`. The same input gives the same form.
    """
    if not 1 <= len(fields) <= MOST_FIELDS or len({each.name for each in fields}) != len(fields):
        raise NotAForm("A form has one signature field, or two with different names.")
    try:
        return Compilation(page, fonts, tuple(fields), evidence).form(qr, certificates)
    except (PdfError, KeyError, ValueError, TypeError) as trouble:
        raise NotAForm("The page is not a readable PDF file of the kind that typst makes.") from (
            trouble
        )


class Compilation:
    """The numbers are given first: copied objects, typefaces, fields, then what tails bring."""

    def __init__(
        self,
        page: bytes,
        fonts: Sequence[FontObjects],
        fields: tuple[SignatureField, ...],
        evidence: Evidence | None = None,
    ) -> None:
        reader = PdfFileReader(BytesIO(page))
        if reader.encrypted or "/AcroForm" in reader.root:
            raise NotAForm("The page is encrypted, or has a form or a signature already.")
        self._writer: PdfFileWriter = copy_into_new_writer(reader, {"info": None})
        info: Any = reader.trailer_view.get("/Info")  # a reference, which is imported as one
        imported = self._writer.import_object(info) if info else None
        self._fields = fields
        self._bodies = self._copied()
        self._font_numbers = self._add_fonts(fonts)
        self._store = self._add_store(evidence) if evidence else b""
        appearance = len(self._bodies) + 1
        self._bodies.append(_stream(b"/Type /XObject /Subtype /Form /BBox [0 0 1 1]", b""))
        first_field = appearance + 1
        content = first_field + len(fields)
        self._numbers = Numbers(
            root=self._writer.root_ref.idnum,
            info=imported.idnum if isinstance(imported, generic.IndirectObject) else None,
            content=content,
            signatures=tuple(range(content + 1, content + 1 + len(fields))),
            fields=tuple(range(first_field, content)),
        )
        self._bodies += self._field_bodies(appearance)

    def form(self, qr: QrPlace | None, certificates: Sequence[x509.Certificate]) -> Form:
        self._complete_page()
        self._complete_root()
        prefix, offsets = bytearray(HEADER), []
        for number, body in enumerate(self._bodies, start=1):
            offsets.append(len(prefix))
            prefix += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        second = self._bodies[self._numbers.fields[1] - 1] if len(self._fields) > 1 else b""
        bare = Form(
            prefix=bytes(prefix),
            offsets=tuple(offsets),
            numbers=self._numbers,
            fields=self._fields,
            second_field=second.removesuffix(b">>"),
            qr=qr,
            dictionary=b"",
        )
        repeated = b"".join(der_of(each).hex().upper().encode() for each in certificates)
        return replace(bare, dictionary=(repeated + bare.table)[-LARGEST_DICTIONARY:])

    def _copied(self) -> list[bytes]:
        """Return the copied objects in the order of their numbers, which have no gaps."""
        numbers = sorted(number for _generation, number in self._writer.objects)
        if numbers != list(range(1, len(numbers) + 1)) or self._writer.object_streams:
            raise NotAForm("The page's objects could not be put in order.")
        return [self._octets(self._writer.objects[(0, number)]) for number in numbers]

    def _add_fonts(self, fonts: Sequence[FontObjects]) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for font in fonts:
            if font.name in numbers:
                raise NotAForm(f"Two typefaces are called {font.name}.")
            numbers[font.name] = len(self._bodies) + 1
            self._bodies += font.objects(numbers[font.name])
        return numbers

    def _add_store(self, evidence: Evidence) -> bytes:
        """Return the entry that names a document security store (ISO 32000-2, 12.8.4.3)."""
        kinds = (
            (b"Certs", map(der_of, evidence.certificates)),
            (b"CRLs", map(list_der, evidence.lists)),
            (b"OCSPs", map(answer_der, evidence.answers)),
        )
        listed = b""
        for kind, proofs in kinds:
            references = []
            for proof in proofs:
                self._bodies.append(_stream(b"/Filter /FlateDecode", zlib.compress(proof, 9)))
                references.append(b"%d 0 R" % len(self._bodies))
            if references:
                listed += b"/%b [%b] " % (kind, b" ".join(references))
        return b"/DSS <</Type /DSS %b>>\n" % listed

    def _field_bodies(self, appearance: int) -> list[bytes]:
        bodies = []
        page = self._page_reference().idnum
        for position, field in enumerate(self._fields):
            x, y, width, height = field.box or (0, 0, 0, 0)
            value = b"/V %d 0 R\n" % self._numbers.signatures[0] if position == 0 else b""
            bodies.append(
                b"<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/F %d\n/P %d 0 R\n"
                b"/Rect [%.2f %.2f %.2f %.2f]\n/T %b\n/AP <</N %d 0 R>>\n%b>>"
                % (
                    PRINTED_AND_LOCKED,
                    page,
                    x,
                    y,
                    x + width,
                    y + height,
                    text(field.name),
                    appearance,
                    value,
                )
            )
        return bodies

    def _page_reference(self) -> Any:
        pages = self._writer.root["/Pages"]
        kids = pages["/Kids"]
        if pages["/Count"] != 1 or len(kids) != 1:
            raise NotAForm("A form has exactly one page.")
        return kids.raw_get(0)

    def _complete_page(self) -> None:
        """Give the page its typefaces, its fields, and a second content stream out of the tail."""
        reference = self._page_reference()
        page = reference.get_object()
        static: Any = page.raw_get("/Contents")
        drawn = b"q\n" + static.get_object().data + b"\nQ\n"
        self._bodies[static.idnum - 1] = _stream(b"/Filter /FlateDecode", zlib.compress(drawn, 9))
        resources = self._resources(page["/Resources"])
        links = inside(self._octets(page.get("/Annots"))) if "/Annots" in page else b""
        for replaced in ("/Contents", "/Annots", "/Resources"):
            page.pop(replaced, None)
        self._bodies[reference.idnum - 1] = b"<<%b\n%b%b%b>>" % (
            inside(self._octets(page)),
            b"/Contents [%d 0 R %d 0 R]\n" % (static.idnum, self._numbers.content),
            b"/Annots [%b %b]\n" % (links, self._field_references()),
            b"/Resources %b\n" % resources,
        )

    def _resources(self, resources: Any) -> bytes:
        """Return the page's resources with our typefaces beside its own."""
        own = dict(resources)
        fonts: Any = own.pop("/Font", {})
        fonts = getattr(fonts, "get_object", lambda: fonts)()
        if taken := {f"/{name}" for name in self._font_numbers}.intersection(fonts):
            raise NotAForm(f"The page has a typeface called {min(taken)} already.")
        others = b" ".join(b"%b %b" % (name.encode(), self._octets(own[name])) for name in own)
        faces = b" ".join(
            b"%b %b" % (name.encode(), self._octets(fonts.raw_get(name))) for name in fonts
        )
        added = b" ".join(b"/%b %d 0 R" % (n.encode(), i) for n, i in self._font_numbers.items())
        return b"<<%b /Font <<%b %b>>>>" % (others, faces, added)

    def _complete_root(self) -> None:
        """Announce the fields (12.7.2), who certifies (12.8.4), and PAdES (EN 319 142-1, 5.1)."""
        root = self._writer.root
        if taken := {"/Perms", "/Extensions", "/DSS"}.intersection(root):
            raise NotAForm(f"The page has {min(taken)} already.")
        self._bodies[self._numbers.root - 1] = b"<<%b\n%b%b%b%b>>" % (
            inside(self._octets(root)),
            self._store,
            b"/AcroForm <</Fields [%b] /SigFlags 3>>\n" % self._field_references(),
            b"/Perms <</DocMDP %d 0 R>>\n" % self._numbers.signatures[0],
            b"/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>>\n",
        )

    def _field_references(self) -> bytes:
        return b" ".join(b"%d 0 R" % number for number in self._numbers.fields)

    def _octets(self, value: Any) -> bytes:
        written = BytesIO()
        value.write_to_stream(written, None, self._writer.root_ref)
        return written.getvalue()


def inside(octets: bytes) -> bytes:
    """Return what stands between the brackets of a dictionary or an array."""
    edge = 2 if octets.startswith(b"<<") else 1
    return octets[edge:-edge].strip()


def _stream(entries: bytes, octets: bytes) -> bytes:
    return b"<<%b /Length %d>>\nstream\n%b\nendstream" % (entries, len(octets), octets)
