"""A shadow attack of our own: an object that is a proof, a form or a list, and the page as well.

Later updates may add proofs, fields and a few facts about the file. Whoever prepared the file may
have let the page use the same objects; or an update says of a part of the page that it is a proof.
Each attack would show another name under an unbroken signature; each is aimed at files of ours and
of others. At the end, what honest programs write in the same places.
"""

from types import MappingProxyType

import pytest

from hocvu_verifier import AddedAfterSigning, verify_pdf
from verifier import pdf_forge
from verifier.pdf_forge import CONTENT, PAGE, update, written

OTHER_TEXT = CONTENT.replace(b"Nguyen Thi A", b"Tran Van Tam")
OTHER_CONTENT = b"<</Length %d>>\nstream\n%b\nendstream" % (len(OTHER_TEXT), OTHER_TEXT)
CATALOG = PAGE[1].removesuffix(b">>")
PROOF = b"<</Length 3>>\nstream\nabc\nendstream"
FONT = b"<</Type /Font /Subtype /Type1 /BaseFont /%b>>"
FIELD = b"<</FT /Sig /T (B) /Type /Annot /Subtype /Widget /P 3 0 R /Rect [0 0 0 0] /V 10 0 R>>"


def with_root(more):
    return CATALOG + b" " + more + b">>"


def shown_by(page_says, **objects):
    """A page that an attacker prepared: it says something else, and there are more objects."""
    found, wanted = page_says
    more = {int(number.removeprefix("o")): body for number, body in objects.items()}
    return MappingProxyType(PAGE | {3: PAGE[3].replace(found, wanted)} | more)


AS_FONT_40 = (b"/Font <</F0 5 0 R>>", b"/Font 40 0 R")

# What was signed, and what an update brings.
ATTACKS = {
    "the page's content is said to be a certificate": (
        PAGE,
        {1: with_root(b"/DSS 21 0 R"), 21: b"<</Certs [4 0 R]>>", 4: OTHER_CONTENT},
    ),
    "without an object of its own": (
        PAGE,
        {1: with_root(b"/DSS <</Certs [4 0 R]>>"), 4: OTHER_CONTENT},
    ),
    "as the answer about one signature": (
        PAGE,
        {1: with_root(b"/DSS <</VRI <</AB <</OCSP [4 0 R]>>>>>>"), 4: OTHER_CONTENT},
    ),
    "as the time stamp of one signature": (
        PAGE,
        {1: with_root(b"/DSS <</VRI <</AB <</TS 4 0 R>>>>>>"), 4: OTHER_CONTENT},
    ),
    "it was a certificate already when it was signed": (
        PAGE | {1: with_root(b"/DSS <</Certs [4 0 R]>>")},
        {1: with_root(b"/DSS <</Certs [4 0 R]>>"), 4: OTHER_CONTENT},
    ),
    "the page draws what a store holds": (
        shown_by((b"/Contents 4 0 R", b"/Contents 40 0 R"), o1=with_root(b"/DSS 41 0 R"),
                 o40=b"[4 0 R]", o41=b"<</Certs 40 0 R>>"),
        {40: b"[42 0 R]", 42: OTHER_CONTENT},
    ),
    "the store is the page's dictionary of letters": (
        shown_by((b"/Font <</F0 5 0 R>>", b"/Font <</F0 40 0 R>>"),
                 o1=with_root(b"/DSS <</VRI 40 0 R>>"), o40=b"<</AB <<>>>>"),
        {40: b"<</AB <</Type /Font>>>>"},
    ),
    "the page's content is said to be an extension": (
        PAGE,
        {1: with_root(b"/Extensions <</ESIC 4 0 R>>"), 4: OTHER_CONTENT},
    ),
    "the page is said to be an extension": (
        PAGE,
        {1: with_root(b"/Extensions <</ESIC 3 0 R>>"), 3: PAGE[3].replace(b"842", b"100")},
    ),
    "an extension leads to something": (
        PAGE,
        {1: with_root(b"/Extensions <</ESIC <</URL 4 0 R>>>>")},
    ),
    "extensions are put in place of the page": (
        PAGE,
        {1: with_root(b"/Extensions 3 0 R"), 3: b"<</ESIC <<>>>>"},
    ),
    "the file's description is the shape of its letters": (
        shown_by((b"/Font <</F0 5 0 R>>", b"/Font <</Producer 5 0 R>>"), o5=b"<</Producer (a)>>"),
        {5: b"<</Producer " + FONT % b"Symbol" + b">>"},
    ),
    "the description serves the page too": (
        shown_by(AS_FONT_40, o40=b"<</F0 5 0 R /Producer (a)>>"),
        {40: b"<</F0 5 0 R /Producer (b)>>"},
    ),
    "the form's flags are the shape of letters": (
        shown_by((b"/Font <</F0 5 0 R>>", b"/Font 6 0 R")),
        {6: b"<</Fields [7 0 R] /SigFlags " + FONT % b"Symbol" + b">>"},
    ),
    "the form serves the page too": (
        shown_by((b"/Font <</F0 5 0 R>>", b"/Font 6 0 R")),
        {6: b"<</Fields [7 0 R] /SigFlags 1>>"},
    ),
    "a place is filled that had been freed": (
        PAGE | {3: PAGE[3].replace(b"/Contents 4 0 R", b"/Contents [4 0 R 9 0 R]")},
        {1: with_root(b"/DSS <</Certs [9 0 R]>>"), 9: OTHER_CONTENT},
    ),
}  # fmt: skip


def information_of(objects):
    """The trailer's entry for the file's description, where one of the objects is that."""
    found = [number for number, body in objects.items() if b"/Producer (" in body]
    return b"/Info %d 0 R\n" % found[0] if found else b""


def signed(signer, kind, objects, *, freed=()):
    """A file of ours, or of another program, with these objects; some others were freed."""
    of_others = {} if kind == "ours" else {"sub_filter": b"adbe.pkcs7.detached"}
    dictionary = pdf_forge.dictionary(level=1 if kind == "ours" else None, **of_others)
    draft = written(
        dict(objects) | {pdf_forge.SIGNATURE: dictionary}, trailer=information_of(objects)
    )
    for number in freed:
        draft = draft.replace(b"trailer", b"%d 1\n0000000000 00001 f \ntrailer" % number)
    return pdf_forge.filled(draft, signer.message if kind == "ours" else signer.foreign_message)


@pytest.mark.parametrize("kind", ["ours", "another's"])
@pytest.mark.parametrize(("objects", "brought"), ATTACKS.values(), ids=ATTACKS.keys())
def test_what_serves_the_page_too_is_not_replaced(signer, trusted, kind, objects, brought):
    pdf = signed(signer, kind, objects, freed=[9] if 9 in brought else [])
    assert verify_pdf(pdf, trusted_roots=trusted).is_ours == (kind == "ours")

    with pytest.raises(AddedAfterSigning):
        verify_pdf(update(pdf, brought, trailer=information_of(objects)), trusted_roots=trusted)


# --- lists that grow with a further signature -------------------------------------------------

FORM = b"<</Fields %b /SigFlags 3>>"
GROWN = b"[7 0 R 9 0 R]"
TWO_PAGES = PAGE | {
    2: b"<</Type /Pages /Count 2 /Kids 30 0 R>>",
    30: b"[3 0 R 31 0 R]",
    31: b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Annots 32 0 R>>",
    32: b"[33 0 R]",
    33: b"<</Type /Annot /Subtype /Square /Rect [9 9 99 99]>>",
}
LISTS = {
    "the form's list is written over the notes of a page": (
        TWO_PAGES,
        {6: FORM % b"32 0 R", 32: GROWN},
    ),
    "the page's list is written over the list of pages": (
        TWO_PAGES,
        {6: FORM % GROWN, 3: PAGE[3].replace(b"[7 0 R]", b"30 0 R"), 30: GROWN},
    ),
    "the list of pages grows": (TWO_PAGES, {6: FORM % GROWN, 30: b"[3 0 R 31 0 R 9 0 R]"}),
    "the field is a page": (PAGE, {6: FORM % GROWN, 9: FIELD.replace(b"/Annot", b"/Page")}),
    "the field is another note": (PAGE, {6: FORM % GROWN, 9: FIELD.replace(b"/Widget", b"/Stamp")}),
}


def countersigned(pdf, hand, brought):
    return pdf_forge.filled(
        update(pdf, {9: FIELD, 10: pdf_forge.dictionary()} | brought), hand.message
    )


@pytest.mark.parametrize(("objects", "brought"), LISTS.values(), ids=LISTS.keys())
def test_a_list_that_grows_is_a_list_of_fields(signer, organisation, trusted, objects, brought):
    pdf = signed(signer, "another's", objects)

    with pytest.raises(AddedAfterSigning):
        verify_pdf(countersigned(pdf, organisation, brought), trusted_roots=trusted)


# --- what honest programs write in the same places --------------------------------------------

PROVED = PAGE | {
    1: with_root(b"/DSS 21 0 R /Extensions <</ADBE <</BaseVersion /1.7 /ExtensionLevel 3>>>>"),
    21: b"<</Type /DSS /Certs 22 0 R /VRI 23 0 R>>",
    22: b"[24 0 R]",
    23: b"<</AB 25 0 R>>",
    24: PROOF,
    25: b"<</Cert [24 0 R]>>",
}
ESIC = b"/ESIC <</BaseVersion /1.7 /ExtensionLevel 2>>"
HONEST = {
    "one more proof in a list of its own": (PROVED, {22: b"[24 0 R 26 0 R]", 26: PROOF}),
    "proofs of one more signature": (
        PROVED,
        {23: b"<</AB 25 0 R /CD 27 0 R>>", 27: b"<</OCSP [26 0 R] /TU (D:2026)>>", 26: PROOF},
    ),
    "more about a signature": (
        PROVED,
        {25: b"<</Cert [24 0 R] /CRL 28 0 R>>", 28: b"[26 0 R]", 26: PROOF},
    ),
    "the first proofs, and the extension that they need": (
        PAGE,
        {1: with_root(b"/DSS 21 0 R /Extensions <<" + ESIC + b">>"), 21: b"<</CRLs [26 0 R]>>",
         26: PROOF},
    ),
    "an extension among others": (
        PROVED,
        {1: PROVED[1].replace(b"<</ADBE", b"<<" + ESIC + b" /ADBE")},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("objects", "brought"), HONEST.values(), ids=HONEST.keys())
def test_proofs_are_added_where_they_belong(signer, trusted, objects, brought):
    pdf = signed(signer, "ours", objects)

    assert verify_pdf(update(pdf, brought), trusted_roots=trusted).is_ours


def test_a_signature_need_not_say_that_it_is_one(signer, organisation, trusted):
    """ISO 32000-2, table 255: `/Type` may be left out."""
    pdf = signed(signer, "another's", PAGE)
    plain = pdf_forge.dictionary().replace(b"/Type /Sig\n", b"")

    found = verify_pdf(
        countersigned(pdf, organisation, {6: FORM % GROWN, 10: plain}), trusted_roots=trusted
    )

    assert len(found.further) == 1
