"""Trying the keys before somebody needs them."""

from datetime import datetime

import pytest

from credentials.real_keys import PASSWORD, SCHOOL, in_a_file, issuer, time_from
from credentials.recognition_scene import NOON
from hocvu.config.checking import check_keys
from hocvu.kernel.time import VIETNAM
from hocvu.signing import DevelopmentAuthority
from hocvu.trust.queries.key_states import key_states


@pytest.fixture
def office(school, settings, monkeypatch):
    monkeypatch.setenv("HOCVU_PASSWORD", PASSWORD)
    return DevelopmentAuthority.open(settings.AUTHORITY_FOLDER)


def write(office, text):
    (office.folder / "keys.toml").write_text(text)


def told(at=NOON):
    sentences = []
    return check_keys(at=at, tell=sentences.append), "\n".join(sentences)


def test_an_installation_without_keys_is_told_that_its_signatures_have_no_value(office):
    code, sentences = told()

    assert code == 0
    assert "no signature has legal value" in sentences


def test_every_key_is_tried_and_its_end_is_told(office):
    with time_from(office) as time:
        write(office, issuer(in_a_file(office, "school.p12", SCHOOL)) + time)

        code, sentences = told()

    assert code == 0
    assert sentences.count("✓") == 2
    assert "✓ school.p12: dùng được đến 01/01/2035" in sentences


@pytest.mark.parametrize("what", ["password", "file", "time"])
def test_what_could_not_sign_is_told_with_its_reason(office, monkeypatch, what):
    entry = in_a_file(office, "school.p12", SCHOOL)
    write(office, issuer(entry))
    if what == "password":
        monkeypatch.setenv("HOCVU_PASSWORD", "another")
    elif what == "file":
        (office.folder / "school.p12").unlink()
    else:
        dead = '[timestamps]\naddress = "http://127.0.0.1:1/"\nroots = "root.crt"\n'
        write(office, issuer(entry) + dead)

    code, sentences = told()

    assert code == 1
    assert sentences.count("✕") == 1
    assert "Sửa xong thì chạy lại lệnh này" in sentences


def test_what_is_wrong_is_told_in_both_languages(office, monkeypatch):
    write(office, issuer(in_a_file(office, "school.p12", SCHOOL)))
    monkeypatch.setenv("HOCVU_PASSWORD", "another")

    _code, sentences = told()

    assert "Mật khẩu hoặc mã PIN của khóa ký không đúng" in sentences
    assert "The signing key's PIN was refused" in sentences


def test_a_key_of_another_organisation_is_found_before_it_signs(office):
    another = in_a_file(office, "another.p12", "Học viện khác")
    write(office, issuer(another))

    code, sentences = told()

    assert code == 1
    assert "The certificate names Học viện khác" in sentences
    assert f"not {SCHOOL}. Where both are the same" in sentences
    write(office, issuer(another, 'subject = "HOC VIEN KHAC"\n'))
    assert told()[0] == 0


def test_an_issuer_that_is_no_unit_is_found(office):
    entry = issuer(in_a_file(office, "school.p12", SCHOOL)).replace("TCT-31", "TCT31")
    write(office, entry)

    code, sentences = told()

    assert code == 1
    assert "✕ TCT31" in sentences
    assert "No unit has this code" in sentences


def test_a_certificate_that_is_over_is_told(office):
    write(office, issuer(in_a_file(office, "school.p12", SCHOOL)))

    code, sentences = told(datetime(2035, 6, 1, tzinfo=VIETNAM))

    assert code == 1
    assert "is not valid at" in sentences


def test_a_misspelled_file_is_told_with_its_place(office):
    write(office, '[[issuer]]\ncode = "TCT-31"\n')

    (state,) = key_states(NOON)

    assert state.name == "keys.toml"
    assert "issuer TCT-31: no key is named" in state.why_not


def test_files_that_a_plug_ins_signers_need_are_looked_for(office):
    text = '[[issuer]]\ncode = "TCT-31"\nsigns = "plug-in"\nroots = "root.crt"\n'
    write(office, f'{text}[[issuer.signer]]\nname = "B"\ncertificates = "b.pem"\n')

    assert [each.name for each in key_states(NOON)] == ["b.pem"]
