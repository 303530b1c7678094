"""Files that a plug-in signs: prepared without a signature, and countersigned by the organisation.

pyHanko's own signer stands for the plug-in; hocvu_verifier, pdfsig and qpdf judge the result.
"""

import shutil
import subprocess
from datetime import timedelta

import pytest

from hocvu.signing import (
    CertificateNotValidAt,
    Expected,
    NotAForm,
    NotAReadablePdf,
    Purpose,
    QrPlace,
    certificates_in,
    check_returned,
    provable_until,
)
from hocvu.signing.countersigning import Countersigner
from hocvu.signing.forms import Form
from hocvu.signing.profiles import SIGNERS_VALID_UNTIL
from hocvu.signing.timestamps import now
from hocvu.signing.unsigned import compile_unsigned, write_unsigned
from hocvu_verifier import MoreThanOneSignature, NotSigned, verify_pdf
from signing.specimens import SIGNED_AT
from signing.test_returned import plugin_signs


@pytest.fixture(scope="module")
def bare_form(page, typeface):
    return compile_unsigned(page, fonts=[typeface], qr=QrPlace(60, 60, 90))


@pytest.fixture(scope="module")
def prepared(bare_form, filling):
    return bare_form.file(write_unsigned(bare_form, filling))


@pytest.fixture(scope="module")
def returned(prepared, rsa_key):
    return plugin_signs(prepared, rsa_key, box=(300, 20, 500, 90))


@pytest.fixture(scope="module")
def countersigned(returned, other_key, words):
    return Countersigner(other_key, words).sign(returned, reason="Phát hành", at=now())


def _checked(file, program, tmp_path):
    (tmp_path / "file.pdf").write_bytes(file)
    return subprocess.run(
        [*program, tmp_path / "file.pdf"], capture_output=True, text=True, check=False
    )


def test_a_prepared_file_says_plainly_that_nobody_signed_it(prepared, authority):
    with pytest.raises(NotSigned):
        verify_pdf(prepared, trusted_roots=[authority.root_certificate])


def test_a_form_without_signatures_is_kept_and_read_like_any_other(bare_form, filling, prepared):
    kept = Form.from_bytes(bare_form.to_bytes())
    tail = write_unsigned(bare_form, filling)

    assert kept.file(kept.unpack(bare_form.pack(tail))) == prepared
    assert len(bare_form.pack(tail)) < 2_500


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs Debian's qpdf")
def test_other_programs_read_a_prepared_file(prepared, tmp_path):
    assert _checked(prepared, ["qpdf", "--check"], tmp_path).returncode == 0


def test_what_the_plug_in_signed_is_taken(prepared, returned, rsa_key, authority):
    expected = Expected(
        Purpose.APPROVE, {Purpose.APPROVE: (rsa_key.chain[0],)}, (authority.root_certificate,)
    )

    taken = check_returned(prepared, returned, expected, at=now())
    verified = verify_pdf(returned, trusted_roots=[authority.root_certificate])

    assert taken.signer == rsa_key.chain[0]
    assert not verified.is_ours


def test_the_organisation_signs_behind_the_person(returned, countersigned, authority, other_key):
    verified = verify_pdf(countersigned, trusted_roots=[authority.root_certificate])

    (organisation,) = verified.further
    assert countersigned.startswith(returned)
    assert organisation.certificate == other_key.chain[0]


def test_a_file_twice_countersigned_says_so(countersigned, other_key, words, authority):
    """The verifier counts: nothing that was signed later is taken for the organisation's."""
    with pytest.raises(NotAReadablePdf):
        Countersigner(other_key, words).sign(countersigned, reason="Phát hành", at=now())


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils")
def test_other_programs_accept_both_signatures(countersigned, tmp_path):
    said = _checked(countersigned, ["pdfsig"], tmp_path).stdout

    assert said.count("Signature is Valid.") == 2
    assert said.rindex("Total document signed") > said.index("Signature #2")


def test_how_long_a_file_can_be_proved(returned, countersigned, authority):
    roots = [authority.root_certificate]

    assert provable_until(countersigned, roots) <= SIGNERS_VALID_UNTIL
    assert provable_until(returned, roots).year <= 2031  # its RSA key has 2048 bits
    assert len(certificates_in(countersigned)) == 3


# --- Refusals ---------------------------------------------------------------------------------


def test_a_form_for_signatures_is_not_written_without(form, filling):
    with pytest.raises(NotAForm):
        write_unsigned(form, filling)


def test_a_page_that_cannot_be_read_is_no_form(typeface):
    with pytest.raises(NotAForm):
        compile_unsigned(b"%PDF-1.7\nno page", fonts=[typeface], qr=None)


def test_an_organisation_whose_certificate_is_over_signs_nothing(returned, other_key, words):
    over = other_key.chain[0].not_valid_after_utc + timedelta(days=1)

    with pytest.raises(CertificateNotValidAt):
        Countersigner(other_key, words).sign(returned, reason="Phát hành", at=over)


def test_a_countersignature_on_a_certified_file_is_refused_by_every_reader(
    form, tail, other_key, words, authority
):
    signed = Countersigner(other_key, words).sign(form.file(tail), reason="x", at=SIGNED_AT)

    with pytest.raises(MoreThanOneSignature):
        verify_pdf(signed, trusted_roots=[authority.root_certificate])
