import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509

from hocvu.signing.authority import DevelopmentAuthority
from hocvu.signing.errors import KeyDoesNotMatch, UnusableName

SCHOOL = "Trường Chính trị mẫu thành phố Hải Phòng"


def test_an_authority_is_made_once_and_reloaded_afterwards(tmp_path):
    first = DevelopmentAuthority.open(tmp_path)

    again = DevelopmentAuthority.open(tmp_path)

    assert again.root_certificate == first.root_certificate


def test_an_institution_keeps_its_certificate(tmp_path):
    first = DevelopmentAuthority.open(tmp_path).signer_for(SCHOOL)

    again = DevelopmentAuthority.open(tmp_path).signer_for(SCHOOL)

    assert again.certificate == first.certificate


def test_two_institutions_have_two_certificates(authority):
    one = authority.signer_for("Trường Chính trị Một")

    other = authority.signer_for("Trường Chính trị Hai")

    assert one.certificate.public_key() != other.certificate.public_key()


def test_composed_and_decomposed_spellings_are_the_same_institution(authority):
    composed = authority.signer_for("H\u1ea3i Ph\u00f2ng")

    decomposed = authority.signer_for("Ha\u0309i Pho\u0300ng")

    assert decomposed.certificate == composed.certificate


def test_names_say_in_both_languages_that_there_is_no_legal_value(authority):
    signer = authority.signer_for(SCHOOL)

    for certificate in (authority.root_certificate, signer.certificate):
        said = certificate.subject.rfc4514_string()
        assert "DEVELOPMENT" in said
        assert "No legal value" in said
        assert "không có giá trị pháp lý" in said


def test_a_signer_may_sign_documents_and_nothing_else(signer):
    extensions = signer.certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    constraints = extensions.get_extension_for_class(x509.BasicConstraints).value

    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not constraints.ca


def test_the_root_may_issue_certificates_but_not_sign_documents(authority):
    extensions = authority.root_certificate.extensions
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    constraints = extensions.get_extension_for_class(x509.BasicConstraints).value

    assert usage.key_cert_sign
    assert not usage.content_commitment
    assert constraints == x509.BasicConstraints(ca=True, path_length=0)


def test_the_signer_names_the_key_of_its_authority(authority, signer):
    own = authority.root_certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    named = signer.certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)

    signer.certificate.verify_directly_issued_by(authority.root_certificate)

    assert named.value.key_identifier == own.value.digest


def test_only_the_owner_can_read_the_keys(tmp_path):
    DevelopmentAuthority.open(tmp_path / "keys").signer_for(SCHOOL)

    files = list((tmp_path / "keys").glob("*.pem"))
    assert len(files) == 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_nothing_unfinished_stays_behind(tmp_path):
    DevelopmentAuthority.open(tmp_path).signer_for(SCHOOL)

    assert {file.suffix for file in tmp_path.iterdir()} == {".pem", ".crt"}


def test_an_unfinished_file_of_a_crash_is_not_taken_for_the_authority(tmp_path):
    (tmp_path / ".new-crashed").write_bytes(b"-----BEGIN PRIVATE KEY-----\nMIG")

    authority = DevelopmentAuthority.open(tmp_path)

    assert authority.root_certificate == DevelopmentAuthority.open(tmp_path).root_certificate


def test_of_several_that_race_all_get_the_same_authority_and_signer(tmp_path):
    def opened(_):
        return DevelopmentAuthority.open(tmp_path).signer_for(SCHOOL)

    with ThreadPoolExecutor(8) as racers:
        signers = list(racers.map(opened, range(16)))

    assert len({signer.certificate for signer in signers}) == 1
    assert len({signer.authority for signer in signers}) == 1


def test_a_swapped_key_file_is_refused(tmp_path):
    authority = DevelopmentAuthority.open(tmp_path)
    authority.signer_for(SCHOOL)
    (file,) = tmp_path.glob("signer-*.pem")
    root = (tmp_path / "root.pem").read_bytes()
    key, _, _ = root.partition(b"-----BEGIN CERTIFICATE")
    _, _, certificate = file.read_bytes().partition(b"-----BEGIN CERTIFICATE")
    file.write_bytes(key + b"-----BEGIN CERTIFICATE" + certificate)

    with pytest.raises(KeyDoesNotMatch):
        authority.signer_for(SCHOOL)


@pytest.mark.parametrize("name", ["", "   ", "Trường\nChính trị", "x" * 201])
def test_an_unusable_institution_name_is_refused(authority, name):
    with pytest.raises(UnusableName):
        authority.signer_for(name)


def test_a_long_name_stands_whole_in_the_certificate(authority):
    name = "Trung tâm Bồi dưỡng cán bộ, công chức, viên chức và phát triển nguồn nhân lực số " * 2

    signer = authority.signer_for(name)

    assert signer.name == name.strip()
