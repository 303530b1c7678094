"""Files that come back from a signing plug-in. pyHanko's own signer stands for the plug-in."""

from io import BytesIO

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hocvu.signing import (
    DevelopmentAuthority,
    Expected,
    Mismatch,
    NotAsSent,
    Purpose,
    check_returned,
)
from hocvu.signing.timestamps import now
from signing.specimens import SIGNED_AT


def plugin_signs(pdf, key, *, box=None, change=lambda _writer: None, name="Plugin"):
    """Sign as foreign software does: a field of its own, dates and producer noted."""
    der = serialization.Encoding.DER
    certificates = [asn1_x509.Certificate.load(each.public_bytes(der)) for each in key.chain]
    private = key.private_key.private_bytes(
        der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    registry = SimpleCertificateStore()
    registry.register_multiple(certificates)
    signer = signers.SimpleSigner(
        signing_cert=certificates[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    signed = signers.sign_pdf(
        writer,
        signers.PdfSignatureMetadata(field_name=name, md_algorithm="sha256"),
        signer=signer,
        new_field_spec=SigFieldSpec(name, box=box) if name == "Plugin" else None,
        existing_fields_only=name != "Plugin",
    )
    return signed.getvalue()


@pytest.fixture(scope="module")
def expected(authority, key, other_key):
    return Expected(
        purpose=Purpose.APPROVE,
        certificates={Purpose.APPROVE: (key.chain[0],), Purpose.ISSUE: (other_key.chain[0],)},
        roots=(authority.root_certificate,),
    )


@pytest.fixture(scope="module")
def organisation_expected(expected):
    return Expected(Purpose.ISSUE, expected.certificates, expected.roots, field="Organisation")


def _mismatch(sent, returned, expected, at=None):
    with pytest.raises(NotAsSent) as refusal:
        check_returned(sent, returned, expected, at=at or now())
    return refusal.value.mismatch


@pytest.mark.parametrize("box", [None, (600, 20, 800, 90)], ids=["invisible", "visible"])
def test_a_file_signed_by_the_expected_person_is_taken(page, key, expected, box):
    returned = plugin_signs(page, key, box=box and (300, 20, 500, 90))

    taken = check_returned(page, returned, expected, at=now())

    assert taken.file == returned
    assert taken.signer == key.chain[0]
    assert taken.purpose is Purpose.APPROVE


def test_a_file_signed_with_rsa_is_taken(page, rsa_key, expected):
    purposes = {Purpose.APPROVE: (rsa_key.chain[0],)}
    by_rsa = Expected(Purpose.APPROVE, purposes, expected.roots)

    assert check_returned(page, plugin_signs(page, rsa_key), by_rsa, at=now())


def test_a_planned_field_may_be_filled(
    form_for_two, half_signed, twice_signed, organisation_expected
):
    sent, returned = form_for_two.file(half_signed), form_for_two.file(twice_signed)

    taken = check_returned(sent, returned, organisation_expected, at=SIGNED_AT)

    assert taken.purpose is Purpose.ISSUE


def test_a_plug_in_may_fill_the_planned_field(
    form_for_two, half_signed, other_key, organisation_expected
):
    sent = form_for_two.file(half_signed)

    returned = plugin_signs(sent, other_key, name="Organisation")

    assert check_returned(sent, returned, organisation_expected, at=now())


# --- Refusals ---------------------------------------------------------------------------------


def test_another_file_is_refused(page, key, expected):
    returned = plugin_signs(page, key)

    assert _mismatch(page[:-9] + b"X" + page[-8:], returned, expected) is Mismatch.ANOTHER_FILE
    assert _mismatch(page, page, expected) is Mismatch.ANOTHER_FILE


def test_a_file_that_cannot_be_read_is_refused(page, expected):
    broken = page + b"startxref\n9999999\n%%EOF\n"

    assert _mismatch(page, broken, expected) is Mismatch.UNREADABLE


def test_a_file_that_gained_no_signature_is_refused(page, expected):
    writer = IncrementalPdfFileWriter(BytesIO(page))
    writer.update_root()
    grown = BytesIO()
    writer.write(grown)

    assert _mismatch(page, grown.getvalue(), expected) is Mismatch.NOT_ONE_SIGNATURE


def test_something_added_behind_the_signature_is_refused(page, key, expected):
    returned = plugin_signs(page, key)

    assert _mismatch(page, returned + b"% more\n", expected) is Mismatch.NOT_THE_WHOLE_FILE


def test_the_signature_of_somebody_else_is_refused(page, rsa_key, expected):
    assert _mismatch(page, plugin_signs(page, rsa_key), expected) is Mismatch.ANOTHER_SIGNER


def test_a_signature_for_another_purpose_is_refused(page, other_key, expected):
    assert _mismatch(page, plugin_signs(page, other_key), expected) is Mismatch.ANOTHER_PURPOSE


def test_a_signature_in_another_field_than_planned_is_refused(
    form_for_two, half_signed, other_key, organisation_expected
):
    sent = form_for_two.file(half_signed)

    returned = plugin_signs(sent, other_key)

    assert _mismatch(sent, returned, organisation_expected) is Mismatch.ANOTHER_PURPOSE


def test_a_signature_that_nobody_trusted_vouches_for_is_refused(page, expected, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path).key_for("Học viện mẫu")

    assert _mismatch(page, plugin_signs(page, stranger), expected) is Mismatch.DOES_NOT_HOLD


def test_a_signature_by_an_expired_certificate_is_refused(page, key, expected):
    returned = plugin_signs(page, key)

    later = SIGNED_AT.replace(year=2040)
    assert _mismatch(page, returned, expected, at=later) is Mismatch.DOES_NOT_HOLD


def test_a_signature_over_other_bytes_is_refused(page, key, expected):
    returned = plugin_signs(page, key)
    changed = returned.replace(b"/SigFlags 3", b"/SigFlags 1", 1)

    assert _mismatch(page, changed, expected) is Mismatch.DOES_NOT_HOLD


def _page_of(writer):
    return writer.root["/Pages"]["/Kids"][0]


def _content_replaced(writer):
    stream = generic.StreamObject(stream_data=b"BT ET")
    _page_of(writer)["/Contents"] = writer.add_object(stream)
    _update_page(writer)


def _note_added(writer):
    note = generic.DictionaryObject(
        {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Subtype"): generic.NameObject("/FreeText"),
            generic.NameObject("/Rect"): generic.ArrayObject(
                map(generic.NumberObject, (0, 0, 400, 400))
            ),
            generic.NameObject("/Contents"): generic.pdf_string("another name"),
        }
    )
    _page_of(writer)["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    _update_page(writer)


def _update_page(writer):
    pages = writer.root["/Pages"]
    writer.mark_update(pages["/Kids"].raw_get(0))


def _action_added(writer):
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.NameObject("/S"): generic.NameObject("/JavaScript"),
            generic.NameObject("/JS"): generic.pdf_string("app.alert(1)"),
        }
    )
    writer.update_root()


def _typeface_replaced(writer):
    fonts = _page_of(writer)["/Resources"]["/Font"]
    font = fonts[next(iter(fonts))]
    font["/ToUnicode"] = writer.add_object(generic.StreamObject(stream_data=b"x"))
    writer.update_container(font)


def _title_replaced(writer):
    info = writer.trailer["/Info"]
    info["/Title"] = generic.pdf_string("Another title")
    writer.update_container(info)


def _page_added(writer):
    pages = writer.root["/Pages"]
    pages["/Kids"].append(writer.add_object(generic.DictionaryObject(_page_of(writer))))
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages)


@pytest.mark.parametrize(
    "change",
    [
        _content_replaced,
        _note_added,
        _action_added,
        _typeface_replaced,
        _title_replaced,
        _page_added,
    ],
)
def test_anything_else_that_changed_with_the_signature_is_refused(page, key, expected, change):
    returned = plugin_signs(page, key, change=change)

    assert _mismatch(page, returned, expected) is Mismatch.CHANGED


def test_a_signature_whose_picture_hides_the_page_is_refused(page, key, expected):
    returned = plugin_signs(page, key, box=(0, 0, 590, 800))

    assert _mismatch(page, returned, expected) is Mismatch.CHANGED


def test_what_was_absent_may_not_be_filled_in(page, key, expected):
    """A shadow attack: the sent file refers to an object that only the returned one has."""
    prepared = IncrementalPdfFileWriter(BytesIO(page))
    absent = prepared.allocate_placeholder()
    _page_of(prepared)["/Tabs"] = absent
    _update_page(prepared)
    sent = BytesIO()
    prepared.write(sent)

    def filled(writer):
        writer.objects[(absent.generation, absent.idnum)] = generic.NameObject("/R")

    returned = plugin_signs(sent.getvalue(), key, change=filled)

    assert _mismatch(sent.getvalue(), returned, expected) is Mismatch.CHANGED
