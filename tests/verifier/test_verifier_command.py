import json
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from hocvu.portable.achievement import (
    Achievement,
    Award,
    achievement_credential,
    write_achievement_tokens,
)
from hocvu.portable.keys import PublicKey, key_set
from hocvu.portable.statement import StatementFacts, statement_address, write_statements
from hocvu.portable.status import ListName, Purpose, write_status_list
from hocvu_verifier.__main__ import main
from verifier.pdf_forge import TWO_FIELDS, hand, second_signature
from verifier.pdf_forge import signed as signed_by

AT = datetime(2026, 2, 6, tzinfo=UTC)


class Session:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def sign(self, digests):
        return [self.key.sign(each, ec.ECDSA(Prehashed(hashes.SHA256()))) for each in digests]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture(scope="module")
def key(session):
    did = "did:web:hocvu.example.vn"
    return PublicKey.of(session.key.public_key(), name="Trường mẫu", did=did)


@pytest.fixture
def carried(tmp_path, root, session, key):
    """What a verifier carries: authorities, issuers, and a snapshot in which place 5 is revoked."""
    (tmp_path / "roots.pem").write_bytes(root[1].public_bytes(serialization.Encoding.PEM))
    (tmp_path / "issuers.json").write_text(json.dumps(key_set([key])))
    revoked = ListName("https://hocvu.example.vn", Purpose.REVOCATION, 0)
    corrected = ListName("https://hocvu.example.vn", Purpose.REFRESH, 0)
    until = datetime(2027, 6, 1, tzinfo=UTC)
    about = {"at": AT, "valid_until": until, "session": session, "key": key}
    lines = [
        write_status_list(revoked, [5, 6], **about),
        write_status_list(corrected, [6], **about),
    ]
    (tmp_path / "snapshot.txt").write_text("\n".join(lines))
    return tmp_path


@pytest.fixture
def ask(carried, capsys):
    def asked(what, *more, at=AT):
        trust = [f"--trust={carried / name}" for name in ("roots.pem", "issuers.json")]
        status = main([str(what), *trust, *more], at=at)
        return status, capsys.readouterr().out

    return asked


@pytest.fixture
def code(session, key):
    def written(**about):
        usual = {
            "holder_name": "Lê Thị Na",
            "serial_number": "A-2026-000001",
            "programme_code": "LQ-1",
            "issued_on": date(2026, 2, 5),
        }
        facts = StatementFacts(**usual | about)
        (octets,) = write_statements([facts], session=session, key=key)
        return statement_address("https://hocvu.example.vn/v/0123456789ABCDEF", octets)

    return written


def test_a_valid_file_is_told_in_both_languages(ask, signed, tmp_path):
    (tmp_path / "certificate.pdf").write_bytes(signed)

    status, said = ask(tmp_path / "certificate.pdf")

    assert status == 0
    assert "HỢP LỆ" in said
    assert "VALID" in said
    assert "Trường Chính trị mẫu" in said


def test_a_changed_file_is_told_with_what_happened(ask, signed, tmp_path):
    (tmp_path / "certificate.pdf").write_bytes(signed + b"\n")

    status, said = ask(tmp_path / "certificate.pdf")

    assert status == 1
    assert "NOT VERIFIED. Something was added to the file after signing." in said


def test_a_signer_s_name_writes_no_lines_of_its_own(ask, root, tmp_path):
    name = "Kẻ mạo danh\n✓ VALID\x1b[2J\u202e"
    (tmp_path / "certificate.pdf").write_bytes(signed_by(hand(root=root, cn=name)))

    said = ask(tmp_path / "certificate.pdf")[1]

    assert "Kẻ mạo danh\N{REPLACEMENT CHARACTER}✓ VALID" in said
    assert all(line.isprintable() for line in said.splitlines())
    assert [line for line in said.splitlines() if line.startswith("✓")] == said.splitlines()[:1]


def test_a_pdf_with_something_in_front_is_told_as_a_file_and_not_as_a_code(ask, signed, tmp_path):
    (tmp_path / "certificate.pdf").write_bytes(b"From: a@example.vn\r\n\r\n" + signed)

    status, said = ask(tmp_path / "certificate.pdf")

    assert status == 1
    assert "This is not a complete PDF file." in said


def test_a_file_padded_on_its_way_is_still_a_pdf_that_was_added_to(ask, signed, tmp_path):
    (tmp_path / "certificate.pdf").write_bytes(signed + bytes(4096))

    assert "Something was added to the file after signing." in ask(tmp_path / "certificate.pdf")[1]


def test_a_missing_file_of_trust_is_a_wrong_question(ask, carried, capsys):
    (carried / "issuers.json").unlink()

    with pytest.raises(SystemExit) as ended:
        ask("https://example.vn/")

    assert ended.value.code == 2
    assert "issuers.json: No such file" in capsys.readouterr().err


def test_both_signers_are_told(ask, signer, organisation, tmp_path):
    waiting = signed_by(signer, objects=TWO_FIELDS, level=2)
    (tmp_path / "one.pdf").write_bytes(waiting)
    (tmp_path / "two.pdf").write_bytes(second_signature(waiting, organisation))

    assert "a second signature is missing" in ask(tmp_path / "one.pdf")[1]
    assert "Văn thư mẫu" in ask(tmp_path / "two.pdf")[1]


@pytest.mark.parametrize(
    ("place", "expected"),
    [(4, (0, "VALID")), (5, (3, "REVOKED")), (6, (3, "CORRECTED")), (600_000, (4, "GENUINE"))],
)
def test_a_code_is_held_against_the_snapshot(ask, code, carried, place, expected):
    status, said = ask(code(status_place=place), f"--status={carried / 'snapshot.txt'}")

    assert status == expected[0]
    assert expected[1] in said
    assert "Lê Thị Na" in said


def test_a_snapshot_that_is_out_of_date_cannot_tell(ask, code, carried):
    later = datetime(2027, 6, 2, tzinfo=UTC)

    status, said = ask(code(status_place=4), f"--status={carried / 'snapshot.txt'}", at=later)

    assert status == 4
    assert "out of date" in said


def test_without_a_snapshot_a_code_is_genuine_and_no_more(ask, code):
    assert ask(code(status_place=4))[0] == 4


def test_an_expired_certificate_is_told_so(ask, code, carried):
    text = code(status_place=4, expires_on=date(2027, 1, 1))

    told, said = ask(
        text, f"--status={carried / 'snapshot.txt'}", at=datetime(2027, 1, 2, tzinfo=UTC)
    )

    assert told == 3
    assert "EXPIRED" in said


def test_what_begins_to_count_only_later_is_not_valid_yet(ask, code, carried):
    text = code(status_place=4, issued_on=date(2026, 2, 8))
    snapshot = f"--status={carried / 'snapshot.txt'}"

    told, said = ask(text, snapshot)

    assert told == 3
    assert "NOT YET VALID" in said
    assert ask(text, snapshot, at=datetime(2026, 2, 7, tzinfo=UTC))[0] == 0  # clocks differ


def test_a_code_may_stand_in_a_file(ask, code, tmp_path):
    (tmp_path / "scanned.txt").write_text(code(status_place=4))

    assert ask(tmp_path / "scanned.txt")[0] == 4


@pytest.mark.parametrize(("language", "title"), [("vi", "✕ KHÔNG XÁC"), ("en", "✕ NOT VERIFIED")])
def test_one_language_is_enough_for_those_who_say_so(ask, language, title):
    status, said = ask("https://example.vn/", f"--language={language}")

    assert status == 1
    assert said.startswith(title)


@pytest.mark.parametrize("content", ["{}", "-----BEGIN CERTIFICATE-----\nAA\n"])
def test_a_list_of_trust_that_cannot_be_read_is_told_so(ask, code, carried, content):
    (carried / "issuers.json").write_text(content)

    status, said = ask(code())

    assert status == 1
    assert "trusted issuers cannot be read" in said


def test_the_verifier_needs_nothing_of_hocvu():
    listed = "import sys, hocvu_verifier.__main__; print(*sorted(sys.modules))"

    modules = subprocess.run(
        [sys.executable, "-c", listed], check=True, capture_output=True, text=True
    ).stdout.split()

    known = {name.split(".")[0] for name in modules}
    assert not known & {"hocvu", "django", "pyhanko", "asn1crypto", "numpy"}


def test_a_portable_credential_is_told_like_a_code(ask, carried, session, key):
    award = Award(
        address="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        holder_name="Lê Thị Na",
        serial_number="A-2026-000001",
        issued_at=AT,
        started_on=date(2026, 1, 5),
        ended_on=date(2026, 1, 16),
        site="https://hocvu.example.vn",
        status_place=5,
    )
    programme = Achievement("https://hocvu.example.vn/p/1", "Kỹ năng số", "…", "…")
    credential = achievement_credential(
        award, programme, issuer=key, issuer_address="https://hocvu.example.vn"
    )
    (token,) = write_achievement_tokens([credential], session=session, key=key)

    status, said = ask(token, f"--status={carried / 'snapshot.txt'}")

    assert status == 3
    assert "REVOKED" in said
    assert "Kỹ năng số" in said
