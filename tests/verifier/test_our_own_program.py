"""What `hocvu.signing` writes is what the verifier knows: the two were written separately."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
import typst

from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
    DevelopmentTimestampAuthority,
    Evidence,
    Filling,
    SignatureField,
    TimestampClient,
    Words,
    add_archive_timestamp,
    compile_form,
    write_second_tails,
    write_tails,
)
from hocvu.signing.timestamps import now
from hocvu_verifier import AddedAfterSigning, NotVerified, SignedByAnother, verify_pdf
from verifier.pdf_forge import hole_of, update

INSTITUTION = "Trường Chính trị mẫu thành phố Hải Phòng"
WORDS = Words(location="Hải Phòng", contact="https://hocvu.example.vn")
SIGNED_AT = datetime(2026, 2, 5, 7, 5, 9, tzinfo=UTC)
FIELDS = (SignatureField("Person", (300, 60, 90, 60)), SignatureField("Organisation", None))
FILLING = Filling(b"0 0 1 rg 10 10 5 5 re f", None, "Cấp giấy chứng nhận")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return DevelopmentAuthority.open(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def trusted(authority):
    return [authority.root_certificate]


@pytest.fixture(scope="module")
def page():
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    return typst.Compiler(font_paths=fonts).compile(
        b'#set document(title: "M")\n#rect(width: 3cm)',
        format="pdf",
        pdf_standards="a-2b",
        timestamp=SIGNED_AT,
    )


@pytest.fixture(scope="module")
def clock(authority):
    desk = DevelopmentTimestampAuthority(authority.timestamp_key())
    return TimestampClient.beside(desk.answer, [authority.root_certificate])


@pytest.fixture(scope="module")
def write(authority, page):
    form = compile_form(page, fonts=[], qr=None)

    def written(algorithm=Algorithm.ECDSA_P256_SHA256, timestamps=None):
        key = authority.key_for(INSTITUTION, algorithm)
        with key.open() as session:
            (tail,) = write_tails(
                form, [FILLING], session=session, words=WORDS, at=SIGNED_AT, timestamps=timestamps
            )
        return form.file(tail)

    return written


@pytest.fixture(scope="module")
def pdf(write):
    return write()


@pytest.fixture(scope="module")
def archive(authority, clock):
    """Lift a file to B-LTA, or renew its archive."""
    evidence = Evidence(
        (authority.root_certificate,), (authority.revocation_list(now() - timedelta(minutes=1)),)
    )
    return lambda pdf: add_archive_timestamp(pdf, evidence=evidence, timestamps=clock, at=now())


@pytest.fixture(scope="module")
def countersigned(authority, page):
    form = compile_form(page, fonts=[], qr=None, fields=FIELDS)
    with authority.key_for(INSTITUTION).open() as session:
        tails = write_tails(form, [FILLING], session=session, words=WORDS, at=SIGNED_AT)
    with authority.key_for("Học viện mẫu").open() as session:
        more = {"session": session, "words": WORDS, "reason": "Phát hành", "at": SIGNED_AT}
        (tail,) = write_second_tails(form, tails, **more)
    return form.file(tail)


@pytest.mark.parametrize(
    "algorithm",
    [Algorithm.ECDSA_P256_SHA256, Algorithm.ECDSA_P384_SHA384, Algorithm.ECDSA_P521_SHA512],
)
def test_certificates_are_ours_to_the_letter(write, trusted, algorithm):
    pdf = write(algorithm)

    verified = verify_pdf(pdf, trusted_roots=trusted)

    assert verified.is_ours
    assert verified.signer_name == INSTITUTION
    assert verified.signed_at == SIGNED_AT
    assert verified.sha256 == sha256(pdf).digest()


def test_files_signed_one_by_one_are_ours_too(authority, page, trusted):
    signer = authority.signer_for(INSTITUTION)
    about = {"reason": "Thử", "location": "Hải Phòng", "contact": "a@example.vn"}

    pdf = signer.sign(page, **about, at=SIGNED_AT)

    assert verify_pdf(pdf, trusted_roots=trusted).is_ours


def test_the_short_way_tells_what_the_long_way_tells(write, authority, tmp_path):
    """A file that was seen before takes the short way; a root never seen begins with the long."""
    stranger = DevelopmentAuthority.open(tmp_path).root_certificate
    pdf = write()

    long_way = verify_pdf(pdf, trusted_roots=[stranger, authority.root_certificate])
    short_way = verify_pdf(pdf, trusted_roots=[stranger, authority.root_certificate])

    assert short_way == long_way


def test_what_was_learnt_under_one_root_is_not_believed_under_another(pdf, trusted, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path).root_certificate
    verify_pdf(pdf, trusted_roots=trusted)

    with pytest.raises(SignedByAnother):
        verify_pdf(pdf, trusted_roots=[stranger])


def test_both_signatures_are_told(countersigned, trusted):
    verified = verify_pdf(countersigned, trusted_roots=trusted)

    assert [each.signer_name for each in (verified, *verified.further)] == [
        INSTITUTION,
        "Học viện mẫu",
    ]
    assert all(each.is_ours for each in (verified, *verified.further))


def test_a_stamped_file_proves_its_time(write, clock, trusted):
    verified = verify_pdf(write(timestamps=clock), trusted_roots=trusted)

    assert verified.is_ours
    assert verified.time_stamp.at > SIGNED_AT


def test_an_archived_file_is_known_by_what_was_registered(write, clock, archive, trusted):
    stamped = write(timestamps=clock)

    verified = verify_pdf(archive(archive(stamped)), trusted_roots=trusted)

    assert verified.is_ours
    assert verified.sha256 == sha256(stamped).digest()
    assert len(verified.archived) == 2


def test_two_signatures_may_be_archived(countersigned, archive, trusted):
    verified = verify_pdf(archive(countersigned), trusted_roots=trusted)

    assert len(verified.further) == len(verified.archived) == 1
    assert verified.sha256 == sha256(countersigned).digest()


def test_nothing_can_be_put_behind_an_archived_file(write, clock, archive, trusted):
    archived = archive(write(timestamps=clock))

    with pytest.raises(AddedAfterSigning):
        verify_pdf(update(archived, {4: b"<<>>"}), trusted_roots=trusted)


@pytest.mark.parametrize("stretch", ["in front of the hole", "in the hole", "behind the hole"])
def test_a_change_of_any_byte_is_refused(pdf, trusted, stretch):
    start, end = hole_of(pdf)
    positions = {
        "in front of the hole": range(0, start, 97),
        "in the hole": range(start, end, 3),
        "behind the hole": range(end, len(pdf)),
    }[stretch]
    for position in positions:
        changed = bytearray(pdf)
        changed[position] ^= 1 << position % 8
        with pytest.raises(NotVerified):
            verify_pdf(bytes(changed), trusted_roots=trusted)
