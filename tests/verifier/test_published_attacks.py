"""Attacks on signed PDF files that were published, rebuilt: every one is refused, and said why.

Names and shapes follow pdf-insecurity.org: "1 Trillion Dollar Refund: How To Spoof PDF Signatures"
(universal signature forgery, incremental saving, signature wrapping), "Shadow Attacks: Hiding and
Replacing Content in Signed PDFs" and "Breaking the Specification: PDF Certification" (evil
annotation, sneaky signature). Each is aimed at files of ours and at files signed by others.
"""

import re
from types import MappingProxyType

import pytest

from hocvu_verifier import (
    AddedAfterSigning,
    ChangedAfterSigning,
    CoversOnlyAPart,
    MoreThanOneSignature,
    NotOurForm,
    NotSigned,
    NotVerified,
    SignatureRemoved,
    SignedByAnother,
    verify_pdf,
)
from verifier import pdf_forge
from verifier.pdf_forge import (
    CONTENT,
    PAGE,
    TWO_FIELDS,
    hole_of,
    message_in,
    update,
    with_message,
    written,
)

OTHER_TEXT = CONTENT.replace(b"Nguyen Thi A", b"Tran Van Tam")
OTHER_CONTENT = b"<</Length %d>>\nstream\n%b\nendstream" % (len(OTHER_TEXT), OTHER_TEXT)
RANGE = re.compile(rb"/ByteRange \[[^\]]*\]")
KINDS = ["ours", "another's", "certified 1", "certified 2", "certified 3"]


@pytest.fixture(scope="session", params=KINDS)
def victim(request, signer):
    """A file signed by somebody trusted."""
    if request.param == "ours":
        return pdf_forge.signed(signer)
    level = int(request.param[-1]) if request.param.startswith("certified") else None
    return pdf_forge.signed_by_another(signer, level=level)


@pytest.fixture(scope="session")
def waiting(signer):
    """One that waits for its second signature."""
    return pdf_forge.signed(signer, objects=TWO_FIELDS, level=2)


def refused(pdf, trusted):
    with pytest.raises(NotVerified) as refusal:
        verify_pdf(pdf, trusted_roots=trusted)
    return refusal.type


def test_the_victims_hold_before_they_are_attacked(victim, trusted):
    verified = verify_pdf(victim, trusted_roots=trusted)

    assert verified.signer_name == "Trường Chính trị mẫu"
    assert verified.is_ours is (b"ETSI.CAdES" in victim)


# --- Universal signature forgery: the signature is made unusable, and the reader shrugs --------


def _without_contents(pdf):
    start, end = hole_of(pdf)
    return pdf[: start - len("/Contents <")] + pdf[end + 1 :]


@pytest.mark.parametrize("contents", [b"", b"<>", b"null", b"0", b"()", b"<" + b"00" * 4096 + b">"])
def test_usf_a_signature_without_contents(victim, trusted, contents):
    start, end = hole_of(victim)
    name = b"" if contents == b"" else b"/Contents "
    front = victim[: start - len("/Contents <")] + name
    emptied = front + contents + victim[end + 1 :]
    stated = b"[0 %d %d %d]" % (
        len(front),
        len(front) + len(contents) + (not contents),
        len(victim) - end - 1 - (not contents),
    )
    emptied = RANGE.sub(b"/ByteRange " + stated, emptied, count=1)

    assert refused(emptied, trusted) in (SignatureRemoved, CoversOnlyAPart)


@pytest.mark.parametrize(
    "stated",
    [
        b"",
        b"/ByteRange null",
        b"/ByteRange []",
        b"/ByteRange [0]",
        b"/ByteRange [0 0 0 0]",
        b"/ByteRange [0 -1 0 -1]",
        b"/ByteRange [-1 -1 -1 -1]",
        b"/ByteRange [0 99999999 99999999 99999999]",
        b"/ByteRange [0 1 2 3]",
        b"/ByteRange [a b c d]",
        b"/ByteRange /None",
    ],
)
def test_usf_a_byte_range_that_means_nothing(victim, trusted, stated):
    forged = RANGE.sub(stated, victim, count=1)

    assert refused(forged, trusted) in (CoversOnlyAPart, SignatureRemoved)


def test_usf_a_range_that_begins_behind_a_changed_front(victim, trusted):
    stated = RANGE.search(victim)[0]
    first, length, *others = (int(each) for each in re.findall(rb"\d+", stated))
    shifted = b"/ByteRange [%d %d %d %d]" % (first + 9, length - 9, *others)

    assert refused(victim.replace(stated, shifted), trusted) is CoversOnlyAPart


def test_usf_a_signature_that_was_taken_out(victim, trusted):
    without = re.sub(rb" /V 8 0 R", b"", victim)
    without = re.sub(rb"8 0 obj\n<<.*?>>\nendobj\n", b"", without, flags=re.DOTALL)

    assert refused(without, trusted) is NotSigned


def test_usf_a_signature_that_was_renamed(victim, trusted):
    assert refused(victim.replace(b"/ByteRange", b"/ByteRangf"), trusted) is SignatureRemoved


# --- Incremental saving: something is written behind the signed part ---------------------------


def test_isa_1_new_content_with_a_proper_table(victim, trusted):
    assert refused(update(victim, {4: OTHER_CONTENT}), trusted) is AddedAfterSigning


def test_isa_2_new_content_without_a_table(victim, trusted):
    forged = victim + b"4 0 obj\n" + OTHER_CONTENT + b"\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"

    assert refused(forged, trusted) is AddedAfterSigning


def test_isa_3_new_content_alone(victim, trusted):
    forged = victim + b"4 0 obj\n" + OTHER_CONTENT + b"\nendobj\n%%EOF\n"

    assert refused(forged, trusted) is AddedAfterSigning


def test_isa_4_new_content_with_a_copy_of_the_signature(victim, trusted):
    copied = re.search(rb"8 0 obj\n(<<.*?>>)\nendobj\n", victim, re.DOTALL)[1]
    forged = update(victim, {4: OTHER_CONTENT, 8: copied})

    assert issubclass(refused(forged, trusted), AddedAfterSigning)


# --- Signature wrapping: the signed part is moved, and something else put in its place ---------


def test_swa_1_objects_between_the_signature_and_the_rest(victim, trusted):
    """The dictionary is closed early behind a range that skips what was put in."""
    put_in = b"\n>>\nendobj\n4 0 obj\n" + OTHER_CONTENT + b"\nendobj\n99 0 obj\n<<\n"
    start, end = hole_of(victim)
    front, rest = victim[: end + 1], victim[end + 1 :]
    told = b"\n/ByteRange [0 %d %06d %d]" % (start - 1, 0, len(rest))
    told = told.replace(b" 000000 ", b" %06d " % (len(front) + len(told) + len(put_in)))

    assert issubclass(refused(front + told + put_in + rest, trusted), ChangedAfterSigning)


def test_swa_2_a_new_range_that_skips_the_objects_put_in(victim, trusted):
    put_in = b"4 0 obj\n" + OTHER_CONTENT + b"\nendobj\n"
    start, end = hole_of(victim)
    stated = RANGE.search(victim)[0]
    first = victim[: end + 1]
    rest = victim[end + 1 :]
    told = b"/ByteRange [0 %d %d %d]" % (start - 1, end + 1 + len(put_in), len(rest))
    new_dictionary = b"\n%b >>\nendobj\n" % told
    forged = first + new_dictionary + put_in + rest.replace(stated, b"/ByteRange [0 1 2 3]")

    assert issubclass(refused(forged, trusted), ChangedAfterSigning)


def test_swa_3_objects_in_the_room_that_the_signature_left(victim, trusted):
    start, end = hole_of(victim)
    used = 2 * len(message_in(victim))
    smuggled = b">\n4 0 obj\n" + OTHER_CONTENT + b"\nendobj\n<"
    room = end - start - used
    padding = smuggled + b"0" * (room - len(smuggled))

    forged = victim[: start + used] + padding + victim[end:]

    assert len(forged) == len(victim)
    assert issubclass(refused(forged, trusted), ChangedAfterSigning)


def test_swa_the_hole_is_said_to_be_wider_than_the_signature(victim, trusted):
    stated = RANGE.search(victim)[0]
    _, length, resumes, rest = (int(each) for each in re.findall(rb"\d+", stated))
    wider = b"/ByteRange [0 %d %d %d]" % (length - 5, resumes, rest)

    assert refused(victim.replace(stated, wider), trusted) is CoversOnlyAPart


def test_swa_the_range_of_one_dictionary_around_the_contents_of_another(victim, trusted):
    start, end = hole_of(victim)
    decoy = victim[start - 1 : end + 1]
    stated = RANGE.search(victim)[0]
    forged = victim.replace(b"/Contents " + decoy, b"/Other " + decoy + b" /Contents <3080>")
    told = b"/ByteRange [0 %d %d %d]" % (start - 4, end - 2, len(forged) - end + 2)

    assert issubclass(refused(forged.replace(stated, told), trusted), ChangedAfterSigning)


# --- Shadow attacks: the page was prepared before it was signed --------------------------------

HIDDEN = PAGE | {
    3: PAGE[3].replace(b"/Contents 4 0 R", b"/Contents [4 0 R 20 0 R]"),
    11: OTHER_CONTENT,
    12: b"<</Type /Pages /Count 1 /Kids [13 0 R]>>",
    13: PAGE[3].replace(b"/Contents 4 0 R", b"/Contents 11 0 R").replace(b"2 0 R", b"12 0 R"),
    14: b"<</FT /Tx /T (Name) /V (A) /Type /Annot /Subtype /Widget /Rect [72 380 300 420]>>",
}


@pytest.fixture(scope="session", params=["ours", "another's", "certified 2"])
def shadowed(request, signer):
    """A file whose page a dishonest clerk prepared: hidden content, and a reference to nothing."""
    if request.param == "ours":
        return pdf_forge.signed(signer, objects=HIDDEN)
    level = 2 if request.param.startswith("certified") else None
    return pdf_forge.signed_by_another(signer, objects=HIDDEN, level=level)


def _table(pdf, rows, size=20, root=1):
    """Return a table and trailer of an update that brings no objects."""
    previous = pdf[pdf.rindex(b"startxref\n") + 10 :].split()[0]
    return b"xref\n%btrailer\n<</Size %d /Root %d 0 R /Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        rows,
        size,
        root,
        previous,
        len(pdf),
    )


def test_shadow_hide_an_object_is_freed_so_that_another_shows(shadowed, trusted):
    forged = shadowed + _table(shadowed, b"4 1\n0000000000 00001 f \n")

    assert refused(forged, trusted) is AddedAfterSigning


def test_shadow_replace_the_table_points_to_hidden_content(shadowed, trusted):
    hidden_at = shadowed.index(b"11 0 obj") + 1  # read as "1 0 obj" from its second digit on
    forged = shadowed + _table(shadowed, b"4 1\n%010d 00000 n \n" % hidden_at)

    assert refused(forged, trusted) is AddedAfterSigning


def test_shadow_hide_and_replace_another_tree_of_pages(shadowed, trusted):
    root = b"<</Type /Catalog /Pages 12 0 R /AcroForm 6 0 R>>"

    assert refused(update(shadowed, {1: root}), trusted) is AddedAfterSigning


def test_shadow_hide_and_replace_another_root(shadowed, trusted):
    forged = update(shadowed, {15: b"<</Type /Catalog /Pages 12 0 R>>"}, root=15)

    assert refused(forged, trusted) is AddedAfterSigning


def test_shadow_replace_the_shape_of_letters(shadowed, trusted):
    font = b"<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"

    assert refused(update(shadowed, {5: font}), trusted) is AddedAfterSigning


def test_shadow_a_field_is_laid_over_the_page(shadowed, trusted):
    value = HIDDEN[14].replace(b"/V (A)", b"/V (Tran Van Tam)")

    assert refused(update(shadowed, {14: value}), trusted) is AddedAfterSigning


def test_shadow_a_reference_to_nothing_is_filled(shadowed, trusted):
    assert refused(update(shadowed, {20: OTHER_CONTENT}), trusted) is AddedAfterSigning


def test_shadow_a_reference_to_nothing_is_filled_by_a_proof(shadowed, trusted):
    """Dressed as a certificate in the security store, which later updates may bring."""
    root = b"<</Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /DSS 21 0 R>>"
    store = b"<</Certs [20 0 R]>>"
    forged = update(shadowed, {1: root, 20: OTHER_CONTENT, 21: store})

    assert refused(forged, trusted) is AddedAfterSigning


XMP = b"<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%b\nendstream" % (
    len(OTHER_TEXT),
    OTHER_TEXT,
)


@pytest.mark.parametrize("contents", [b"4 0 R", b"16 0 R"], ids=["its own object", "the page's"])
def test_shadow_another_description(signer, organisation, trusted, contents):
    """Programs rewrite the description when they sign; here nobody signs, or the page shows it."""
    objects = PAGE | {
        1: PAGE[1].replace(b">>", b" /Metadata 16 0 R>>"),
        3: PAGE[3].replace(b"4 0 R", contents),
        16: PAGE[4].replace(b"<<", b"<</Type /Metadata /Subtype /XML "),
    }
    pdf = pdf_forge.signed_by_another(signer, objects=objects)
    countersigned = _with_another_signature(pdf, organisation, {16: XMP})

    assert refused(update(pdf, {16: XMP}), trusted) is AddedAfterSigning
    if contents == b"16 0 R":
        assert refused(countersigned, trusted) is AddedAfterSigning
    else:
        assert verify_pdf(countersigned, trusted_roots=trusted).further


def test_shadow_an_object_stands_twice_in_one_update(shadowed, trusted):
    forged = update(shadowed, {4: OTHER_CONTENT})
    twice = b"4 0 obj\n" + PAGE[4] + b"\nendobj\n"
    forged = forged.replace(b"4 0 obj\n" + OTHER_CONTENT, twice + b"4 0 obj\n" + OTHER_CONTENT)

    assert refused(forged, trusted) is AddedAfterSigning


# --- Certified files: evil annotations, sneaky signatures, and what else updates are used for --

STAMP = b"<</Type /Annot /Subtype /FreeText /Rect [72 380 300 420] /Contents (Tran Van Tam)>>"
VISIBLE = (
    b"<</FT /Sig /T (Sneaky) /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [72 380 300 420]"
    b" /AP <</N 4 0 R>>>>"
)
WITH_FIELD = {
    3: PAGE[3].replace(b"[7 0 R]", b"[7 0 R 30 0 R]"),
    6: PAGE[6].replace(b"[7 0 R]", b"[7 0 R 30 0 R]"),
}
ROOT = PAGE[1].removesuffix(b">>")
MISDEEDS = {
    "evil annotation": {3: WITH_FIELD[3], 30: STAMP},
    "an annotation in no list": {30: STAMP},
    "sneaky signature field, empty": WITH_FIELD | {30: VISIBLE},
    "a text field": WITH_FIELD | {30: VISIBLE.replace(b"/Sig", b"/Tx")},
    "another page": {2: b"<</Type /Pages /Count 2 /Kids [3 0 R 3 0 R]>>"},
    "another page size": {3: PAGE[3].replace(b"842", b"842.5")},
    "an action on opening": {1: ROOT + b" /OpenAction <</S /JavaScript /JS (1)>>>>"},
    "another reading of the form": {6: PAGE[6].replace(b">>", b" /NeedAppearances true>>")},
    "another form": {1: PAGE[1].replace(b"6 0 R", b"30 0 R"), 30: PAGE[6]},
    "the signature taken out of its field": {7: PAGE[7].replace(b" /V 8 0 R", b"")},
    "another signature in its field": {7: PAGE[7].replace(b"8 0 R", b"30 0 R"), 30: b"<<>>"},
    "a field taken out of the form": {6: b"<</Fields [] /SigFlags 3>>"},
    "a page in the store of proofs": {1: ROOT + b" /DSS 30 0 R>>", 30: b"<</Pages 2 0 R>>"},
    "a picture in the store of proofs": {
        1: ROOT + b" /DSS <</Certs [30 0 R]>>>>",
        30: b"<</Type /XObject /Subtype /Form /Length 1>>\nstream\n \nendstream",
    },
    "another extension": {1: ROOT + b" /Extensions <</ADBE <</BaseVersion /1.7>>>>>>"},
}


@pytest.mark.parametrize("objects", MISDEEDS.values(), ids=MISDEEDS.keys())
def test_an_update_that_does_anything_but_sign_or_prove(victim, trusted, objects):
    assert issubclass(refused(update(victim, objects), trusted), AddedAfterSigning)


@pytest.mark.parametrize(
    "trailer",
    [b"/Encrypt 4 0 R\n", b"/Info 4 0 R\n", b"/XRefStm 15\n", b"/Prev 15\n"],
    ids=["encryption", "another description", "a hidden second table", "two predecessors"],
)
def test_an_update_with_a_strange_trailer(victim, trusted, trailer):
    forged = update(victim, {7: PAGE[7]}, trailer=trailer)

    assert issubclass(refused(forged, trusted), AddedAfterSigning)


def test_an_update_that_skips_the_one_before_it(victim, trusted):
    forged = re.sub(rb"/Prev \d+\n", b"/Prev 9\n", update(victim, {7: PAGE[7]}))

    assert refused(forged, trusted) is AddedAfterSigning


@pytest.mark.parametrize("gap", [b"% comment\n", b"garbage ", b"4 0 obj\n<<>>\nendobj\n"])
def test_bytes_in_an_update_that_its_table_does_not_know(victim, trusted, gap):
    forged = victim + gap + update(victim, {7: PAGE[7]})[len(victim) :]

    assert refused(forged, trusted) is AddedAfterSigning


# --- A second signature ------------------------------------------------------------------------


def _new_field(number, value):
    return (
        b"<</FT /Sig /T (Second) /Type /Annot /Subtype /Widget /F 132 /P 3 0 R /Rect [0 0 0 0]"
        b" /V %d 0 R>>" % value
    )


def _with_another_signature(pdf, by, objects=MappingProxyType({})):
    page = re.search(rb"\n3 0 obj\n(.*?)\nendobj", pdf, re.DOTALL)[1]
    page = page.replace(b"[7 0 R]", b"[7 0 R 30 0 R]")
    fields = {3: page, 6: WITH_FIELD[6], 30: _new_field(30, 31)}
    draft = update(pdf, dict(objects) | fields | {31: pdf_forge.dictionary()})
    return pdf_forge.filled(draft, by.message)


def test_a_stranger_signs_behind_a_signature_that_allows_no_other(signer, stranger, trusted):
    forged = _with_another_signature(pdf_forge.signed(signer, level=1), stranger)

    assert refused(forged, trusted) is MoreThanOneSignature


def test_a_stranger_signs_in_the_place_of_the_organisation(waiting, stranger, trusted):
    assert refused(pdf_forge.second_signature(waiting, stranger), trusted) is SignedByAnother


def test_a_stranger_signs_a_file_of_others(signer, stranger, trusted):
    forged = _with_another_signature(pdf_forge.signed_by_another(signer), stranger)

    assert refused(forged, trusted) is SignedByAnother


def test_somebody_trusted_signs_a_file_of_others_too(signer, organisation, trusted):
    pdf = _with_another_signature(pdf_forge.signed_by_another(signer), organisation)

    verified = verify_pdf(pdf, trusted_roots=trusted)

    assert [each.signer_name for each in verified.further] == ["Văn thư mẫu"]


def test_the_second_signature_comes_from_another_file(waiting, signer, organisation, trusted):
    other = pdf_forge.signed(signer, objects=TWO_FIELDS, level=2, moment=b"D:20260206000000Z")
    stolen = message_in(pdf_forge.second_signature(other, organisation), 1)
    forged = with_message(pdf_forge.second_signature(waiting, organisation), stolen, 1)

    assert refused(forged, trusted) is ChangedAfterSigning


def test_the_second_signature_covers_only_its_own_update(waiting, organisation, trusted):
    draft = pdf_forge.second_signature(waiting, organisation)
    stated = RANGE.findall(draft)[1]
    _, length, resumes, rest = (int(each) for each in re.findall(rb"\d+", stated))
    short = b"/ByteRange [%d %d %d %d]" % (len(waiting), length - len(waiting), resumes, rest)
    room = b" " * (len(short) - len(stated))

    assert refused(draft.replace(stated + room, short), trusted) is CoversOnlyAPart


def test_the_second_signature_changes_its_field(waiting, organisation, trusted):
    body = TWO_FIELDS[9].replace(b"[0 0 0 0]>>", b"[72 380 300 420] /V 10 0 R>>")
    forged = pdf_forge.second_signature(waiting, organisation, body=body)

    assert issubclass(refused(forged, trusted), AddedAfterSigning)


def test_the_second_signature_brings_something_along(waiting, organisation, trusted):
    field = TWO_FIELDS[9].removesuffix(b">>") + b" /V 10 0 R>>"
    draft = update(waiting, {4: OTHER_CONTENT, 9: field, 10: pdf_forge.dictionary()})
    forged = pdf_forge.filled(draft, organisation.message)

    assert issubclass(refused(forged, trusted), AddedAfterSigning)


def test_the_second_signature_is_cut_off_again(waiting, organisation, trusted):
    """What is left still holds, and says that a signature is missing."""
    pdf = pdf_forge.second_signature(waiting, organisation)

    verified = verify_pdf(pdf[: len(waiting)], trusted_roots=trusted)

    assert verified.awaits_another
    assert not verified.further


@pytest.mark.parametrize("left", [0.2, 0.5, 0.9, 0.999])
def test_a_file_whose_end_was_cut_off(victim, trusted, left):
    assert refused(victim[: int(len(victim) * left)], trusted)


# --- The message -------------------------------------------------------------------------------


def test_a_message_that_signs_its_own_content_instead_of_the_file(signer, trusted):
    def attached(*signed):
        message = signer.foreign_message(b"something else")
        data = bytes.fromhex("06092a864886f70d010701")
        inside = b"\xa0\x10\x04\x0esomething else"
        return message.replace(data, data + inside, 1)

    pdf = pdf_forge.signed(signer, message=attached, sub_filter=b"adbe.pkcs7.detached")

    assert issubclass(refused(pdf, trusted), NotVerified)


@pytest.mark.parametrize("kind", [b"adbe.pkcs7.sha1", b"adbe.x509.rsa_sha1", b"Unknown"])
def test_a_kind_of_signature_that_proves_too_little(signer, trusted, kind):
    pdf = pdf_forge.signed(signer, message=signer.foreign_message, sub_filter=kind)

    assert refused(pdf, trusted) is NotOurForm


def test_a_page_that_only_looks_signed(trusted):
    """A picture of a signature is none."""
    drawn = b"BT /F0 12 Tf 72 100 Td (Signature valid) Tj ET"
    page = PAGE | {4: b"<</Length %d>>\nstream\n%b\nendstream" % (len(drawn), drawn)}

    assert refused(written(page), trusted) is NotSigned
