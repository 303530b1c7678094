import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from hocvu.signing import (
    CertificateNotValidAt,
    Filling,
    Form,
    KeyDoesNotMatch,
    NotAForm,
    QrModules,
    SignatureField,
    TimeWithoutZone,
    compile_form,
    signatures_over,
    with_specimen,
    write_second_tails,
    write_tails,
)
from hocvu.signing.pades import P256_ORDER
from hocvu.signing.profiles import SIGNERS_VALID_UNTIL, VALID_FROM
from hocvu.signing.spelling import text
from signing.specimens import SIGNED_AT, pyhanko_says, without_padding

RANGE = re.compile(rb"/ByteRange \[0 (\d+) (\d+) ")

needs_qpdf = pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs Debian's qpdf")
needs_poppler = pytest.mark.skipif(
    shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils"
)


def _write(form, fillings, key, words, at=SIGNED_AT):
    with key.open() as session:
        return write_tails(form, fillings, session=session, words=words, at=at)


@pytest.fixture(scope="module")
def files(form, tail, form_for_two, half_signed, twice_signed):
    """One certificate signed once, one half signed, one signed twice."""
    return [form.file(tail), form_for_two.file(half_signed), form_for_two.file(twice_signed)]


# --- What independent programs say -----------------------------------------------------------


def test_pyhanko_finds_each_kind_of_signature_valid(form, filling, words, keys, authority):
    for algorithm, key in keys.items():
        (tail,) = _write(form, [filling], key, words)

        (status,) = pyhanko_says(form.file(tail), authority.root_certificate)

        assert status.bottom_line, algorithm
        assert status.coverage.name == "ENTIRE_FILE"
        assert status.md_algorithm == algorithm.hash_name
        assert (status.pkcs7_signature_mechanism == "rsassa_pss") is algorithm.is_rsa


def test_pyhanko_finds_both_signatures_valid_and_the_second_over_the_whole_file(
    form_for_two, twice_signed, authority
):
    first, second = pyhanko_says(form_for_two.file(twice_signed), authority.root_certificate)

    assert first.bottom_line
    assert first.docmdp_ok
    assert second.bottom_line
    assert second.coverage.name == "ENTIRE_FILE"


@needs_poppler
def test_pdfsig_finds_the_signatures_valid(files, tmp_path):
    for file in (files[0], files[2]):
        (tmp_path / "file.pdf").write_bytes(file)

        said = subprocess.run(
            ["pdfsig", tmp_path / "file.pdf"], capture_output=True, text=True, check=False
        ).stdout

        assert said.count("Signature is Valid.") == said.count("Signature #")
        assert said.rindex("Total document signed") > said.rindex("Signature #")
        assert "ETSI.CAdES.detached" in said


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_verifies_each_kind_of_message(form, filling, words, keys, tmp_path):
    root, signed, message = tmp_path / "root.pem", tmp_path / "signed", tmp_path / "message"
    for algorithm, key in keys.items():
        (tail,) = _write(form, [filling], key, words)
        file = form.file(tail)
        start, end = (int(each) for each in RANGE.search(file).groups())
        signed.write_bytes(file[:start] + file[end:])
        message.write_bytes(without_padding(bytes.fromhex(file[start + 1 : end - 1].decode())))
        root.write_bytes(key.chain[-1].public_bytes(serialization.Encoding.PEM))

        said = subprocess.run(
            [
                *("openssl", "cms", "-verify", "-binary", "-cades", "-purpose", "any"),
                *("-inform", "DER", "-in", message, "-content", signed),
                *("-CAfile", root, "-out", tmp_path / "out"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )

        assert said.returncode == 0, f"{algorithm}: {said.stderr}"


@needs_qpdf
def test_qpdf_finds_nothing_wrong_with_the_files(files, tmp_path):
    for file in files:
        (tmp_path / "file.pdf").write_bytes(file)

        said = subprocess.run(
            ["qpdf", "--check", tmp_path / "file.pdf"], capture_output=True, text=True, check=False
        )

        assert said.returncode == 0, said.stdout + said.stderr


@needs_poppler
def test_the_page_shows_the_text_and_the_code(form, tail, tmp_path):
    file = tmp_path / "file.pdf"
    file.write_bytes(form.file(tail))

    printed = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout
    subprocess.run(["pdftoppm", "-r", "110", "-png", "-singlefile", file, file], check=True)

    assert "Giấy chứng nhận" in printed.decode()
    assert "Nguyễn Văn Ước" in printed.decode()
    with Image.open(f"{file}.png") as image:
        (code,) = zxingcpp.read_barcodes(image)
    assert code.text == "https://hocvu.example.vn/v/1#2"


# --- Shape --------------------------------------------------------------------------------------


def test_a_certificate_is_one_revision_and_its_signature_permits_no_change(form, tail):
    reader = PdfFileReader(BytesIO(form.file(tail)))
    (signature,) = reader.embedded_regular_signatures

    assert reader.xrefs.total_revisions == 1
    assert form.file(tail).count(b"%%EOF") == 1
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert signature.self_reported_timestamp == SIGNED_AT
    assert signature.sig_object["/Reason"] == "12/QĐ-TCT, 0000017"
    assert signature.sig_object["/Location"] == "Hải Phòng"


def test_the_first_of_two_signatures_leaves_room_for_the_second_only(form_for_two, twice_signed):
    first, second = PdfFileReader(
        BytesIO(form_for_two.file(twice_signed))
    ).embedded_regular_signatures

    assert first.docmdp_level.name == "FILL_FORMS"
    assert (first.field_name, second.field_name) == ("Person", "Organisation")
    assert second.sig_object["/Reason"] == "Phát hành"


def test_the_second_signature_leaves_every_byte_before_it_as_it_was(half_signed, twice_signed):
    assert twice_signed.startswith(half_signed)


def test_a_stored_tail_is_small_and_comes_back_byte_for_byte(form, tail):
    packed = form.pack(tail)

    assert form.unpack(packed) == tail
    assert len(packed) < 6 * 1024


def test_a_tail_packed_with_one_form_is_refused_by_another(form, form_for_two, tail):
    packed = form.pack(tail)

    with pytest.raises(NotAForm):
        form_for_two.unpack(packed)


def test_a_form_that_knows_a_specimen_stores_tails_in_half_of_the_room(form, filling, key, words):
    specimen = Filling(b"BT /V0 9 Tf ET\n", filling.qr, "12/QĐ-TCT, 0000001")

    wiser = with_specimen(form, specimen, key=key, words=words, at=SIGNED_AT - timedelta(days=9))
    with key.open() as session:
        (tail,) = write_tails(wiser, [filling], session=session, words=words, at=SIGNED_AT)

    assert wiser.unpack(wiser.pack(tail)) == tail
    assert len(wiser.pack(tail)) < 0.7 * len(form.pack(tail))
    assert wiser.prefix == form.prefix
    assert wiser.id != form.id
    assert Form.from_bytes(wiser.to_bytes()) == wiser


def test_the_same_specimen_gives_the_same_form(form, filling, key, words):
    ids = {
        with_specimen(form, filling, key=key, words=words, at=SIGNED_AT).id for _again in range(2)
    }

    assert len(ids) == 1


@pytest.mark.parametrize("harm", [lambda packed: packed[:-1], lambda packed: packed + b"\0"])
def test_a_damaged_packed_tail_is_refused(form, tail, harm):
    with pytest.raises(NotAForm):
        form.unpack(harm(form.pack(tail)))


def test_the_hash_of_a_file_needs_only_its_tail(form, tail):
    assert form.sha256(tail) == hashlib.sha256(form.file(tail)).hexdigest()


def test_a_batch_writes_each_as_it_would_be_written_alone(form, filling, rsa_key, words):
    fillings = [replace(filling, reason=f"12/QĐ-TCT, {number}") for number in range(3)]

    together = _write(form, fillings, rsa_key, words)

    for alone, tail in zip(fillings, together, strict=True):
        (again,) = _write(form, [alone], rsa_key, words)
        assert _without_message(again) == _without_message(tail)


def _without_message(tail):
    before, _opens, rest = tail.partition(b"/Contents <")
    return before, rest.partition(b">")[2]


def test_an_elliptic_signature_has_the_lower_of_its_two_forms(key):
    with key.open() as session:
        signatures = signatures_over(session, [bytes([each]) * 32 for each in range(20)])

    assert all(decode_dss_signature(each)[1] <= P256_ORDER // 2 for each in signatures)


def test_what_archives_ask_of_a_page_is_kept(form, page, tail):
    before = PdfFileReader(BytesIO(page))
    after = PdfFileReader(BytesIO(form.file(tail)))

    assert after.root["/Metadata"].data == before.root["/Metadata"].data
    assert dict(after.trailer_view["/Info"]) == dict(before.trailer_view["/Info"])
    assert len(after.root["/OutputIntents"]) == 1
    assert b"DigestMethod" not in form.file(tail)  # ISO 19005-2, 6.4.3


def test_the_typefaces_of_the_page_are_still_objects_of_their_own(form, tail):
    page = PdfFileReader(BytesIO(form.file(tail))).root["/Pages"]["/Kids"][0]
    fonts = page["/Resources"]["/Font"]

    assert len(fonts) > 1
    assert all(isinstance(fonts.raw_get(each), generic.IndirectObject) for each in fonts)


# --- Forms ----------------------------------------------------------------------------------------


def test_a_stored_form_is_the_form(form, form_for_two):
    for each in (form, form_for_two):
        again = Form.from_bytes(each.to_bytes())

        assert again == each
        assert again.id == each.id


def test_the_same_page_gives_the_same_form(page, typeface, form, key):
    again = compile_form(page, fonts=[typeface], qr=form.qr, certificates=key.chain)

    assert again.id == form.id


@pytest.mark.parametrize("harm", [lambda octets: octets[:40], lambda octets: b"x" + octets])
def test_bytes_that_are_no_form_are_refused(form, harm):
    with pytest.raises(NotAForm):
        Form.from_bytes(harm(form.to_bytes()))


@pytest.mark.parametrize("octets", [b"", b"not a PDF", b"%PDF-1.7\n%%EOF\n"])
def test_what_is_not_a_pdf_becomes_no_form(typeface, octets):
    with pytest.raises(NotAForm):
        compile_form(octets, fonts=[typeface], qr=None)


def test_a_signed_file_becomes_no_form(signed, typeface):
    with pytest.raises(NotAForm):
        compile_form(signed, fonts=[typeface], qr=None)


def test_two_typefaces_of_one_name_become_no_form(page, typeface):
    with pytest.raises(NotAForm):
        compile_form(page, fonts=[typeface, typeface], qr=None)


@pytest.mark.parametrize("names", [[], ["A", "A"], ["A", "B", "C"]])
def test_a_form_has_one_field_or_two_of_different_names(page, names):
    with pytest.raises(NotAForm):
        compile_form(page, fonts=[], qr=None, fields=[SignatureField(each) for each in names])


# --- Refusals -------------------------------------------------------------------------------------


def test_a_form_with_a_code_refuses_a_certificate_without_one(form, filling, key, words):
    with pytest.raises(NotAForm):
        _write(form, [replace(filling, qr=None)], key, words)


def test_a_form_without_a_code_refuses_a_certificate_with_one(form_for_two, filling, key, words):
    with pytest.raises(NotAForm):
        _write(form_for_two, [filling], key, words)


def test_a_form_for_one_signature_takes_no_second(form, tail, other_key, words):
    with other_key.open() as session, pytest.raises(NotAForm):
        write_second_tails(
            form, [tail], session=session, words=words, reason="Phát hành", at=SIGNED_AT
        )


def test_a_file_that_has_both_signatures_takes_no_third(
    form_for_two, twice_signed, other_key, words
):
    with other_key.open() as session, pytest.raises(NotAForm):
        write_second_tails(
            form_for_two,
            [twice_signed],
            session=session,
            words=words,
            reason="Phát hành",
            at=SIGNED_AT,
        )


@pytest.mark.parametrize(
    "at", [VALID_FROM - timedelta(days=1), SIGNERS_VALID_UNTIL + timedelta(days=1)]
)
def test_nothing_is_signed_outside_the_validity_of_the_certificate(form, filling, key, words, at):
    with pytest.raises(CertificateNotValidAt):
        _write(form, [filling], key, words, at=at)


def test_nothing_is_signed_at_a_time_without_a_zone(form, filling, key, words):
    with pytest.raises(TimeWithoutZone):
        _write(form, [filling], key, words, at=SIGNED_AT.replace(tzinfo=None))


class BrokenDevice:
    """A session whose every second signature is another one's."""

    def __init__(self, session):
        self.key = session.key
        self._session = session

    def sign(self, digests):
        signatures = self._session.sign(digests)
        return [signatures[position // 2 * 2] for position in range(len(signatures))]


def test_a_device_that_signs_wrongly_is_found_out_before_anything_is_issued(
    form, filling, rsa_key, words
):
    other = replace(filling, reason="12/QĐ-TCT, 0000018")
    with rsa_key.open() as session, pytest.raises(KeyDoesNotMatch):
        write_tails(
            form, [filling, other], session=BrokenDevice(session), words=words, at=SIGNED_AT
        )


# --- Properties -----------------------------------------------------------------------------------


@given(st.text(max_size=60))
@settings(max_examples=15)
def test_any_reason_arrives_whole(form, filling, key, words, reason):
    (tail,) = _write(form, [replace(filling, reason=reason)], key, words)

    (signature,) = PdfFileReader(BytesIO(form.file(tail))).embedded_regular_signatures
    assert signature.sig_object["/Reason"] == reason


@given(st.integers(1, 25), st.data())
@settings(max_examples=20)
def test_modules_are_packed_as_they_stand(size, data):
    row = st.lists(st.integers(0, 1), min_size=size, max_size=size)
    matrix = data.draw(st.lists(row, min_size=size, max_size=size))

    packed = QrModules.of(matrix)

    width = (size + 7) // 8
    bits = "".join(f"{each:08b}" for each in packed.rows)
    assert [
        [int(bit) for bit in bits[start : start + size]] for start in range(0, len(bits), 8 * width)
    ] == matrix


def test_plain_words_stay_readable_and_others_become_utf_16():
    assert text("Hanoi 2026") == b"(Hanoi 2026)"
    assert text("a(b") == b"<FEFF006100280062>"
    assert text("Hà") == b"<FEFF004800E0>"
