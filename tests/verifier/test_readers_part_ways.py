"""Files in which readers see different things: what one follows another passes over.

An attacker shows the verifier one chain of updates and the person another. Each file here was
signed by somebody trusted and would show something else, or could be made to, under an unbroken
signature.
"""

import zlib

import pytest

from hocvu_verifier import AddedAfterSigning, CoversOnlyAPart, NotVerified, verify_pdf
from verifier import pdf_forge
from verifier.pdf_forge import CONTENT, PAGE, TWO_FIELDS, update

OTHER_TEXT = CONTENT.replace(b"Nguyen Thi A", b"Tran Van Tam")
OTHER_CONTENT = b"<</Length %d>>\nstream\n%b\nendstream" % (len(OTHER_TEXT), OTHER_TEXT)
CATALOG = PAGE[1].removesuffix(b">>")
PROVES_NOTHING = CATALOG + b" /DSS <<>>>>"
BRINGS_CONTENT = {1: CATALOG + b" /DSS <</Certs [4 0 R]>>>>", 4: OTHER_CONTENT}


def last_table(pdf):
    return pdf_forge._number_after(pdf, b"startxref\n")


def with_streams(bodies, number, *, before=b"", packed=(), more=b"", row_of_0=b"\0" * 16):
    """A file, or an update, whose cross-reference is stream `number`.

    `packed` are the objects in an object stream of the next number, in the order of that stream.
    """
    out, rows = before or b"%PDF-1.7\n", {0: b"\0" + row_of_0}
    if packed:
        offsets = [sum(len(body) + 1 for _, body in packed[:place]) for place in range(len(packed))]
        head = b"".join(
            b"%d %d " % (each, at) for (each, _), at in zip(packed, offsets, strict=True)
        )
        inside = head + b" ".join(body for _, body in packed)
        about = b"<</Type /ObjStm /N %d /First %d /Length %d>>" % (
            len(packed),
            len(head),
            len(inside),
        )
        bodies = bodies | {number + 1: about + b"\nstream\n" + inside + b"\nendstream"}
        for place, (each, _) in reversed(list(enumerate(packed))):
            rows[each] = b"\2" + (number + 1).to_bytes(8, "big") + place.to_bytes(8, "big")
    for each, body in bodies.items():
        rows[each] = b"\1" + len(out).to_bytes(8, "big") + bytes(8)
        out += b"%d 0 obj\n%b\nendobj\n" % (each, body)
    at = len(out)
    rows[number] = b"\1" + at.to_bytes(8, "big") + bytes(8)
    listed = b"".join(rows[each] for each in sorted(rows))
    index = b" ".join(b"%d 1" % each for each in sorted(rows))
    more += b" /Prev %d" % last_table(before) if before else b""
    out += (
        b"%d 0 obj\n<</Type /XRef /Size 99 /Root 1 0 R /W [1 8 8] /Index [%b] /Length %d %b>>\n"
        b"stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
    ) % (number, index, len(listed), more, listed, at)
    return out


def written_anew(pdf, old, new, *, behind):
    """The file with another spelling of something in the update `behind` a place."""
    assert old in pdf[behind:]
    return pdf[:behind] + pdf[behind:].replace(old, new)


def signed(signer, kind, draft):
    return pdf_forge.filled(draft, signer.message if kind == "ours" else signer.foreign_message)


def dictionary(kind):
    if kind == "ours":
        return pdf_forge.dictionary(level=1)
    return pdf_forge.dictionary(sub_filter=b"adbe.pkcs7.detached")


@pytest.fixture(params=["ours", "another's"])
def kind(request):
    return request.param


@pytest.fixture
def victim(signer, kind):
    return signed(signer, kind, pdf_forge.written(PAGE | {8: dictionary(kind)}))


def test_a_cross_reference_does_not_take_the_place_of_the_page(victim, trusted):
    """Its sixteen free bytes could be drawn; at least what stood there is gone."""
    taken = with_streams({}, 4, before=victim, row_of_0=b"\n/F Do %abcdefgh")

    with pytest.raises(AddedAfterSigning):
        verify_pdf(taken, trusted_roots=trusted)


def test_a_cross_reference_of_its_own_number_proves_nothing_and_harms_nothing(victim, trusted):
    added = with_streams({1: PROVES_NOTHING}, 40, before=victim)
    again = with_streams({1: PROVES_NOTHING}, 40, before=added)

    for each in (added, again):
        assert verify_pdf(each, trusted_roots=trusted)


@pytest.mark.parametrize("spelling", [b"%d.0", b"%d.", b"%d 0 R", b"+%d.0"])
def test_an_update_names_the_one_before_it_by_a_whole_number(victim, trusted, spelling):
    """Some readers follow 12.0; who does not would judge the next update without the first file."""
    before = last_table(victim)
    first = update(victim, {1: PROVES_NOTHING, 6: PAGE[6]})
    first = written_anew(
        first, b"/Prev %d" % before, b"/Prev " + spelling % before, behind=len(victim)
    )

    for pdf in (first, update(first, BRINGS_CONTENT)):
        with pytest.raises(AddedAfterSigning):
            verify_pdf(pdf, trusted_roots=trusted)


def test_nor_is_a_file_followed_in_which_it_was_written_so_before(signer, kind, trusted):
    older = pdf_forge.written(PAGE | {8: b"null"})
    draft = update(older, {1: PAGE[1], 6: PAGE[6], 8: dictionary(kind)})
    draft = written_anew(
        draft, b"/Prev ", b"/Prev 0", behind=len(older)
    )  # the same, to all readers
    odd = written_anew(draft, b"\n>>\nstartxref", b".0\n>>\nstartxref", behind=len(older))

    good, bad = (update(signed(signer, kind, each), {1: PROVES_NOTHING}) for each in (draft, odd))

    assert verify_pdf(good, trusted_roots=trusted)
    with pytest.raises(AddedAfterSigning):
        verify_pdf(bad, trusted_roots=trusted)


@pytest.mark.parametrize("size", [b"4", b"8", b"8.0", b"null"])
def test_an_update_does_not_make_the_file_smaller(victim, trusted, size):
    """ISO 32000-2, 7.5.5: an object whose number reaches it is held to be missing."""
    smaller = update(victim, {1: PROVES_NOTHING})

    smaller = written_anew(smaller, b"/Size 9", b"/Size " + size, behind=len(victim))

    with pytest.raises(AddedAfterSigning):
        verify_pdf(smaller, trusted_roots=trusted)


# --- what makes a reader go through the file by itself ----------------------------------------

HIDDEN = b"\n4 0 obj\n" + OTHER_CONTENT + b"\nendobj\n"
PLAIN = b"abc"


def proof_of(octets):
    return b"<</Length %d>>\nstream\n%b\nendstream" % (len(octets), octets)


def proved(pdf, number, octets, *, generation=0, more=b"", rows=b""):
    """An update that brings one proof, under this number."""
    bodies = {1: CATALOG + b" /DSS <</Certs [%d %d R]>>>>" % (number, generation)}
    bodies[number] = proof_of(octets)
    out = pdf
    for each, body in bodies.items():
        of = generation if each == number else 0
        rows += b"%d 1\n%010d %05d n \n" % (each, len(out), of)
        out += b"%d %d obj\n%b\nendobj\n" % (each, of, body)
    end = b"trailer\n<</Size %d /Root 1 0 R /Prev %d %b>>\nstartxref\n%d\n%%%%EOF\n"
    return out + b"xref\n" + rows + end % (number + 1, last_table(pdf), more, len(out))


def test_a_proof_is_brought_under_any_number_that_programs_can_count(victim, trusted):
    for number in (9, 30, (1 << 23) - 1):
        assert verify_pdf(proved(victim, number, PLAIN), trusted_roots=trusted)


@pytest.mark.parametrize("number", [1 << 23, 1 << 31, (1 << 32) + 4, 9_999_999_998])
def test_numbers_that_programs_cannot_count_are_refused(victim, trusted, number):
    """To some, 2^32 + 4 is object 4: the page; others lose the table and look around."""
    with pytest.raises(AddedAfterSigning):
        verify_pdf(proved(victim, number, PLAIN), trusted_roots=trusted)


@pytest.mark.parametrize("octets", [HIDDEN, b" 4 0 % x\nobj <<>>", b"trailer <</Root 30 0 R>>"])
def test_a_proof_in_which_another_object_stands_is_refused(victim, trusted, octets):
    with pytest.raises(AddedAfterSigning, match="might take for another"):
        verify_pdf(proved(victim, 30, octets), trusted_roots=trusted)


@pytest.mark.parametrize(
    "oddity",
    [
        {"generation": 7},
        {"more": b"/Linearized 1"},
        {"more": b"/ID null /Foo [[[]]]"},
        {"rows": b"9999999999 0\n"},
    ],
    ids=["a later generation", "a file laid out anew", "words nobody knows", "rows of nothing"],
)
def test_an_update_is_of_the_plainest_kind(victim, trusted, oddity):
    with pytest.raises(AddedAfterSigning):
        verify_pdf(proved(victim, 30, PLAIN, **oddity), trusted_roots=trusted)


def test_what_it_replaces_keeps_its_generation(victim, trusted):
    """Otherwise the trailer's 1 0 R leads nowhere, and the file is gone through for a root."""
    odd = proved(victim, 30, PLAIN).replace(b"00000 n \n30 1", b"00007 n \n30 1")
    odd = written_anew(odd, b"\n1 0 obj", b"\n1 7 obj", behind=len(victim) - 1)

    with pytest.raises(AddedAfterSigning, match="successor"):
        verify_pdf(odd, trusted_roots=trusted)


@pytest.mark.parametrize(
    "says",
    [
        b"/F /FlateDecode",
        b"/DP <</Predictor 12>>",
        b"/Filter /FlateDecode /DecodeParms <</Predictor 2 /Columns 17>>",
        b"/Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 17 /Colors 2>>",
        b"/Filter [/FlateDecode /FlateDecode]",
    ],
)
def test_a_cross_reference_is_packed_in_one_way_for_all(victim, trusted, says):
    plain = with_streams({1: PROVES_NOTHING}, 40, before=victim)
    start = plain.rindex(b"stream\n", 0, plain.rindex(b"endstream")) + len(b"stream\n")
    end = plain.rindex(b"\nendstream")
    rows = plain[start:end]
    if b"FlateDecode /" in says:
        rows = zlib.compress(b"".join(b"\0" + rows[at : at + 17] for at in range(0, len(rows), 17)))
    odd = plain[:start] + rows + plain[end:]
    odd = written_anew(odd, b"/Length 51 ", b"/Length %d " % len(rows) + says, behind=len(victim))

    assert verify_pdf(plain, trusted_roots=trusted)
    with pytest.raises(AddedAfterSigning):
        verify_pdf(odd, trusted_roots=trusted)


def test_the_width_of_a_row_is_a_number(victim, trusted):
    plain = with_streams({1: PROVES_NOTHING}, 40, before=victim)

    odd = written_anew(plain, b"/W [1 8 8]", b"/W [true 8 8]", behind=len(victim))

    with pytest.raises(AddedAfterSigning):
        verify_pdf(odd, trusted_roots=trusted)


# --- files that somebody prepared before they were signed -------------------------------------

EMPTY_FIELD = TWO_FIELDS[9]
NOTE = b"<</Type /Annot /Subtype /Square /Rect [72 390 300 430] /P 3 0 R>>"
FILLED = EMPTY_FIELD.removesuffix(b">>") + b" /V 10 0 R>>"


def in_streams(signer, packed, bodies=TWO_FIELDS, more=b""):
    plain = {each: body for each, body in bodies.items() if each not in dict(packed)}
    plain[8] = pdf_forge.dictionary(level=2)
    return pdf_forge.filled(with_streams(plain, 40, packed=packed, more=more), signer.message)


def countersigned(pdf, organisation, brought):
    return pdf_forge.filled(
        update(pdf, brought | {10: pdf_forge.dictionary()}), organisation.message
    )


def test_what_stands_once_in_a_stream_of_objects_may_be_filled(signer, organisation, trusted):
    pdf = in_streams(signer, [(9, EMPTY_FIELD), (5, PAGE[5])])

    found = verify_pdf(countersigned(pdf, organisation, {9: FILLED}), trusted_roots=trusted)

    assert [each.signer_name for each in found.further] == ["Văn thư mẫu"]


@pytest.mark.parametrize(
    "packed",
    [[(9, NOTE), (9, EMPTY_FIELD)], [(9, EMPTY_FIELD), (9, NOTE)]],
    ids=["the first counts", "the last counts"],
)
def test_an_object_that_stands_twice_in_a_stream_is_none(signer, organisation, trusted, packed):
    """To one reader a note on the page, to another an empty field that a signature may fill."""
    pdf = in_streams(signer, packed)

    with pytest.raises(AddedAfterSigning):
        verify_pdf(countersigned(pdf, organisation, {9: FILLED}), trusted_roots=trusted)


def test_an_object_stands_in_the_place_that_the_table_says(signer, organisation, trusted):
    packed = [(9, EMPTY_FIELD), (5, PAGE[5])]
    plain = {each: body for each, body in TWO_FIELDS.items() if each not in dict(packed)}
    draft = with_streams(plain | {8: pdf_forge.dictionary(level=2)}, 40, packed=packed)
    at = b"\2" + (41).to_bytes(8, "big") + (0).to_bytes(8, "big")
    swapped = draft.replace(at, at[:-1] + b"\1")
    pdf = pdf_forge.filled(swapped, signer.message)

    with pytest.raises(AddedAfterSigning):
        verify_pdf(countersigned(pdf, organisation, {9: FILLED}), trusted_roots=trusted)


def test_a_stream_of_objects_that_stands_in_itself_is_refused(signer, trusted):
    draft = with_streams(PAGE | {8: pdf_forge.dictionary(level=1)}, 40, packed=[(5, PAGE[5])])
    last = draft.rindex(b"\nendstream") - 17  # of number 41, the stream itself
    draft = draft[:last] + b"\2" + (41).to_bytes(8, "big") + bytes(8) + draft[last + 17 :]
    pdf = pdf_forge.filled(draft, signer.message)

    with pytest.raises(NotVerified):
        verify_pdf(update(pdf, {1: PROVES_NOTHING}), trusted_roots=trusted)


def test_a_picture_that_calls_itself_a_cross_reference_waits_for_nothing(signer, kind, trusted):
    """Its letters stand in an object that is not there yet, and would be brought as a proof."""
    picture = (
        b"<</Type /XRef /Subtype /Image /Width 9 /Height 9 /Filter /JBIG2Decode"
        b" /DecodeParms <</JBIG2Globals 30 0 R>> /Length 3>>\nstream\nabc\nendstream"
    )
    shown = PAGE[3].replace(b"/Font <<", b"/XObject <</X 29 0 R>> /Font <<")
    pdf = signed(
        signer, kind, pdf_forge.written(PAGE | {3: shown, 29: picture, 8: dictionary(kind)})
    )
    proof = b"<</Length 3>>\nstream\nabc\nendstream"

    assert verify_pdf(pdf, trusted_roots=trusted)
    with pytest.raises(AddedAfterSigning, match="left open"):
        verify_pdf(
            update(pdf, {1: CATALOG + b" /DSS <</Certs [30 0 R]>>>>", 30: proof}),
            trusted_roots=trusted,
        )


def test_the_trailer_waits_for_nothing_either(signer, organisation, trusted):
    """A signature that is also the file's lock: once it is there, streams are read through it."""
    lock = b"/V 1 /R 2 /O <00> /U <00> /P -4\n>>"
    body = TWO_FIELDS | {8: pdf_forge.dictionary(level=2)}
    encrypts = b"/Encrypt 10 0 R\n"
    pdf = pdf_forge.filled(pdf_forge.written(body, trailer=encrypts), signer.message)
    locked = (
        pdf_forge.dictionary().replace(b"Adobe.PPKLite", b"Standard").removesuffix(b">>") + lock
    )
    draft = update(pdf, {9: FILLED, 10: locked}, trailer=encrypts)

    with pytest.raises(AddedAfterSigning, match="left open"):
        verify_pdf(pdf_forge.filled(draft, organisation.message), trusted_roots=trusted)


# --- numbers that are none --------------------------------------------------------------------


def test_true_is_not_one(signer, organisation, trusted):
    upright = TWO_FIELDS[3].replace(b"/Type /Page ", b"/Type /Page /UserUnit 1 ")
    grown = TWO_FIELDS[3].replace(b"/Type /Page ", b"/Type /Page /UserUnit true ")
    pdf = pdf_forge.signed(signer, objects=TWO_FIELDS | {3: upright}, level=2)

    same, other = (
        countersigned(pdf, organisation, {9: FILLED, 3: page}) for page in (upright, grown)
    )

    assert verify_pdf(same, trusted_roots=trusted).further
    with pytest.raises(AddedAfterSigning, match="changed the page"):
        verify_pdf(other, trusted_roots=trusted)


@pytest.mark.parametrize("zero", [b"0", b"0.0", b"false"])
def test_a_later_signature_states_what_it_covers_in_whole_numbers(
    signer, organisation, trusted, zero
):
    pdf = pdf_forge.signed(signer, objects=TWO_FIELDS, level=2)
    draft = update(pdf, {9: FILLED, 10: pdf_forge.dictionary()})
    stated = draft.rindex(b"/ByteRange [")
    start = draft.rindex(b"/Contents <") + len(b"/Contents ")
    end = start + pdf_forge.ROOM + 2
    place = b"/ByteRange [%b %d %d %d]" % (zero, start, end, len(draft) - end)
    draft = draft[:stated] + place.ljust(47) + draft[stated + 47 :]
    octets = organisation.message(draft[:start], draft[end:]).hex().upper().encode()
    signed_twice = draft[: start + 1] + octets.ljust(pdf_forge.ROOM, b"0") + draft[end - 1 :]

    if zero == b"0":
        assert verify_pdf(signed_twice, trusted_roots=trusted).further
        return
    with pytest.raises(CoversOnlyAPart):
        verify_pdf(signed_twice, trusted_roots=trusted)
