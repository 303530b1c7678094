"""Files made to keep a verifier busy or to fill its memory: refused before they can."""

import time
import tracemalloc
import zlib

import pytest

from hocvu_verifier import NotVerified, verify_pdf
from verifier import pdf_forge
from verifier.pdf_forge import TWO_FIELDS, update

LARGE = 2 << 20  # bytes
BUSY = 3.0  # seconds of the processor; without a bound each of these takes minutes
CLAIMS = b"".join(b"/ByteRange [0 20 30 %d]\n" % (10 + number) for number in range(50))
CLAIMED = {
    "an array without end": b"1 0 obj[  " + b" 1" * (LARGE // 2),
    "a dictionary without end": b"1 0 obj<< " + b"/a 1/b 2" * (LARGE // 8),
    "a string without end": b"1 0 obj(  " + b"\\1" * (LARGE // 2),
    "parentheses": b"1 0 obj(  " + b"(" * LARGE,
    "objects in objects": b"1 0 obj(" * (LARGE // 8),
    "a wide gap": b"1 0 obj<</A (" + b"a" * LARGE,
}


def refused_soon(pdf, trusted):
    began = time.process_time()
    with pytest.raises(NotVerified):
        verify_pdf(pdf, trusted_roots=trusted)
    return time.process_time() - began < BUSY


@pytest.mark.parametrize("body", CLAIMED.values(), ids=CLAIMED.keys())
def test_made_up_signatures_are_looked_for_only_so_far(body, trusted):
    assert refused_soon(b"%PDF-1.7\n" + body + CLAIMS + b"\n%%EOF", trusted)


@pytest.mark.parametrize(
    "body",
    [b"/ByteRange [0 1 2 3]" * (LARGE // 20), (b"/ByteRange[1" + b" " * 100_000) * 20],
    ids=["claims", "blanks"],
)
def test_claims_without_number_are_not_counted_to_their_end(body, trusted):
    assert refused_soon(b"%PDF-1.7\n" + body + b"\n%%EOF", trusted)


def test_a_message_of_a_million_parts_is_not_taken_apart(signer, trusted):
    parts = b"\x05\x00" * 900_000
    message = b"\x30\x83" + len(parts).to_bytes(3, "big") + parts
    hole = b"<" + message.hex().encode() + b">"
    front = b"%PDF-1.7\n1 0 obj\n<</SubFilter /adbe.pkcs7.detached /Contents "
    stated = b"[0 %d %d %d]"
    end = len(front) + len(hole)
    behind = b"/ByteRange " + b"[0 0 0 0]".ljust(40) + b">>\nendobj\n%%EOF\n"
    behind = behind.replace(
        b"[0 0 0 0]".ljust(40), (stated % (len(front), end, len(behind))).ljust(40)
    )

    assert refused_soon(front + hole + behind, trusted)


# --- behind a genuine file --------------------------------------------------------------------


def an_xref_stream(pdf, index, widths, rows):
    """An update that consists of a cross-reference stream alone."""
    packed = zlib.compress(rows, 1)
    start = len(pdf)
    about = b"/Type /XRef /Size 99 /Root 1 0 R /W %b /Index %b /Filter /FlateDecode /Prev %d" % (
        widths,
        index,
        pdf_forge._number_after(pdf, b"startxref\n"),
    )
    body = b"90 0 obj\n<<%b /Length %d>>\nstream\n%b\nendstream\nendobj\n"
    return pdf + body % (about, len(packed), packed) + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.mark.parametrize(
    ("index", "widths", "rows"),
    [
        (b"[0 2000000000]", b"[0 0 0]", b""),
        (b"[0 2000000000]", b"[1 8 8]", b"\0" * LARGE),
        (b"[0 5000000]", b"[1 1 1]", b"\0" * 15_000_000),
    ],
    ids=["rows of nothing", "more rows than there are", "rows of zeros"],
)
def test_a_cross_reference_that_unfolds_is_refused(signed, trusted, index, widths, rows):
    assert refused_soon(an_xref_stream(signed, index, widths, rows), trusted)


def test_an_update_of_millions_of_words_is_refused(signed, trusted):
    assert refused_soon(update(signed, {90: b"[" + b" 1" * LARGE + b"]"}), trusted)


def test_many_small_updates_are_not_read_again_and_again(signer, trusted):
    """Proofs may be added; but each is read again when the next one is judged."""
    pdf = pdf_forge.signed(signer, objects=TWO_FIELDS, level=2)
    proof = b"<</Length 3>>\nstream\nabc\nendstream"
    catalog = TWO_FIELDS[1].removesuffix(b">>") + b" /DSS 20 0 R>>"
    for number in range(40):
        listed = b"<</Certs [" + b"21 0 R " * 3_000 + b"]>>"
        pdf = update(pdf, {1: catalog, 20: listed, 21: proof} if not number else {20: listed})

    assert refused_soon(pdf, trusted)


# --- large files ------------------------------------------------------------------------------


def test_a_large_file_is_checked_without_copies_of_it(signer, trusted):
    body = b"\1" * (8 << 20)
    large = pdf_forge.PAGE | {4: b"<</Length %d>>\nstream\n%b\nendstream" % (len(body), body)}
    pdf = pdf_forge.signed_by_another(signer, objects=large)
    tracemalloc.start()

    verify_pdf(pdf, trusted_roots=trusted)

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 20
