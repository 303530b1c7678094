"""Compares what a PDF file shows before and after one more signature (ISO 32000-1, 7.5.6, 12.7).

Both files are walked side by side from their catalogues, through every reference. A signature has
to touch the catalogue's form, a page's list of annotations and its own field; programs also note
when they wrote, in metadata that no page shows. Everything else a reader can reach must be what it
was. What was referred to but absent must stay absent: an attacker could have planned to fill it
in. What nobody refers to is not shown by anybody, and cannot be changed later because the new
signature covers it.
"""

from collections.abc import Iterator
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from hocvu.signing.errors import Mismatch, NotAsSent

LARGEST_BOX: Final = 0.2  # of the page: the picture of a signature may not cover the text
OF_CATALOG: Final = frozenset({"/AcroForm", "/Extensions", "/Version", "/Metadata"})
OF_FORM: Final = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})
OF_PAGE: Final = frozenset({"/Annots"})
OF_FIELD: Final = frozenset({"/V", "/AP", "/M"})
OF_INFO: Final = frozenset({"/ModDate", "/Producer"})
IN_NEW_FIELD: Final = frozenset(
    [
        "/Type",
        "/Subtype",
        "/FT",
        "/T",
        "/TU",
        "/TM",
        "/V",
        "/F",
        "/Ff",
        "/P",
        "/Rect",
        "/AP",
        "/MK",
        "/DA",
        "/M",
        "/NM",
        "/Border",
        "/BS",
        "/Lock",
    ]
)
NUMBERS: Final = (generic.NumberObject, generic.FloatObject)
NOTHING: Final = frozenset[str]()

Pair = tuple[Any, Any]  # a value in the file before, and the value in its place


def require_only_signed(before: Any, after: Any, field: Any) -> None:
    """Refuse every difference between two readers that the signature in `field` does not need."""
    try:
        _Walk(field).run(before, after)
    except (PdfError, KeyError, ValueError, TypeError, AttributeError) as trouble:
        raise NotAsSent(Mismatch.UNREADABLE, "The file cannot be compared.") from trouble


class _Walk:
    def __init__(self, field: Any) -> None:
        self._value_of_field = _place(field.raw_get("/V"))
        self._seen: set[tuple[Any, Any]] = set()
        self._pending: list[tuple[Any, Any, frozenset[str]]] = []

    def run(self, before: Any, after: Any) -> None:
        old, new = before.root, after.root
        self._pending.append((old, new, OF_CATALOG))
        self._form(old, new)
        ends = before.trailer_view, after.trailer_view
        if any("/Info" in end for end in ends):
            self._pending.append((*(_at(end, "/Info") for end in ends), OF_INFO))
        while self._pending:
            self._compare(*self._pending.pop())

    def _form(self, before: Any, after: Any) -> None:
        """The form keeps its fields in their order, and gains at most the one that was signed."""
        old = _resolved(_at(before, "/AcroForm"))
        new = _resolved(_at(after, "/AcroForm"))
        if not isinstance(new, generic.DictionaryObject):
            raise _changed("The form is gone.")
        if not isinstance(old, generic.DictionaryObject):
            old = generic.DictionaryObject()  # type: ignore[no-untyped-call]
        self._pending.append((old, new, OF_FORM))
        self._grown(_at(old, "/Fields"), _at(new, "/Fields"), page=None)

    def _compare(self, old: Any, new: Any, free: frozenset[str]) -> None:
        pair = (_place(old), _place(new))
        if None not in pair:
            if pair in self._seen:
                return
            self._seen.add(pair)
        old, new = _resolved(old), _resolved(new)
        if isinstance(old, NUMBERS) and isinstance(new, NUMBERS):
            old, new = float(old), float(new)  # 170 may come back as 170.00
        if type(old) is not type(new):
            raise _changed("Something was replaced.")
        if isinstance(old, generic.DictionaryObject):
            self._dictionary(old, new, free)
        elif isinstance(old, generic.ArrayObject):
            if len(old) != len(new):
                raise _changed("A list has another length.")
            self._pending += [(*each, NOTHING) for each in zip(_raw(old), _raw(new), strict=True)]
        elif not isinstance(old, generic.NullObject) and old != new:
            raise _changed("A value was replaced.")

    def _dictionary(self, old: Any, new: Any, free: frozenset[str]) -> None:
        if isinstance(old, generic.StreamObject) and old.encoded_data != new.encoded_data:
            raise _changed("A stream was replaced.")
        if old.get("/Type") == "/Page":
            free = OF_PAGE
            self._grown(_at(old, "/Annots"), _at(new, "/Annots"), page=new)
        elif "/V" not in old and "/V" in new and self._is_signed_field(new):
            free = OF_FIELD
        for key in {*old, *new} - free:
            self._pending.append((_at(old, key), _at(new, key), NOTHING))

    def _grown(self, before: Any, after: Any, *, page: Any) -> None:
        """A list keeps its entries in their order, and gains at most the signed field."""
        old, new = list(_raw(_resolved(before))), list(_raw(_resolved(after)))
        if not len(old) <= len(new) <= len(old) + 1:
            raise _changed("Something was added to the page or taken from it.")
        self._pending += [(*each, NOTHING) for each in zip(old, new, strict=False)]
        for added in map(_resolved, new[len(old) :]):
            if not self._is_signed_field(added) or not set(added) <= IN_NEW_FIELD:
                raise _changed("Something other than the signature was added.")
            if page is not None and _share_of(page, added["/Rect"]) > LARGEST_BOX:
                raise _changed("The picture of the signature covers the page.")

    def _is_signed_field(self, value: Any) -> bool:
        return (
            isinstance(value, generic.DictionaryObject)
            and value.get("/FT") == "/Sig"
            and _place(_at(value, "/V")) == self._value_of_field
        )


def _raw(values: Any) -> Iterator[Any]:
    """Go through an array without following its references; an absent one is empty."""
    if isinstance(values, generic.ArrayObject):
        yield from (values.raw_get(position) for position in range(len(values)))


def _at(values: Any, key: str) -> Any:
    return values.raw_get(key) if key in values else generic.NullObject()


def _place(value: Any) -> tuple[int, int] | None:
    return (value.idnum, value.generation) if isinstance(value, generic.IndirectObject) else None


def _resolved(value: Any) -> Any:
    """Follow a reference; what is not there is null (ISO 32000-1, 7.3.10)."""
    if not isinstance(value, generic.IndirectObject):
        return value
    try:
        return value.get_object()  # type: ignore[no-untyped-call]
    except PdfError:
        return generic.NullObject()


def _share_of(page: Any, box: Any) -> float:
    """Return how much of the page a box takes."""
    while "/MediaBox" not in page:
        page = page["/Parent"]
    return _area(box) / _area(page["/MediaBox"])


def _area(box: Any) -> float:
    left, bottom, right, top = (float(each) for each in box)
    return abs(right - left) * abs(top - bottom)


def _changed(sentence: str) -> NotAsSent:
    return NotAsSent(Mismatch.CHANGED, sentence)
