"""Published status lists held against the register: here, and by somebody without a database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from credentials.recognition_scene import NOON
from hocvu.credentials.actions import correct_certificate, reinstate_certificate, revoke_certificate
from hocvu.credentials.actions.status_lists import publish_status_lists
from hocvu.credentials.rules.causes import Ruling
from hocvu.inspection.queries.findings import Finding, Trouble
from hocvu.inspection.queries.register import audit_register
from hocvu.portable.status import (
    ListName,
    Purpose,
    place,
    prove_status_list,
    write_status_list,
)
from hocvu.register import commands
from hocvu.trust.actions.published_keys import publish_keys_of
from hocvu.trust.queries.believed import register_keys
from hocvu.trust.queries.signing_keys import did, installation_key, public_key

LATER = NOON + timedelta(hours=2)
RULING = Ruling("09/QĐ-TCT", date(2026, 11, 20), "issuer_error")
WHOLE = "✓ Nhật ký nguyên vẹn. / The log is whole."


@pytest.fixture
def published(certificates):
    """Three certificates; the keys of their issuer and the lists are given away."""
    publish_keys_of(certificates[0].issuer)
    publish_status_lists(at=LATER)
    return certificates


@pytest.fixture
def forge(settings):
    """Sign a list with the installation's own key, and put it in the place of the genuine one."""

    def forged(purpose, places, *, at=LATER):
        key, name = installation_key(), ListName(settings.SITE_ADDRESS, purpose, 1)
        with key.open() as session:
            text = write_status_list(
                name, places, at=at, session=session, key=public_key(key, did())
            )
        (settings.REGISTER_FOLDER / "status" / purpose.value / "1").write_text(text)

    return forged


@pytest.fixture
def outsider(settings):
    """Downloads the log and the lists; what was found, as the lines told of the lists."""

    def looked():
        told = []
        commands.audit_register(
            str(settings.REGISTER_FOLDER),
            [key.to_text() for key in register_keys()],
            lists=commands.StatusLists(
                LATER, issuers=str(settings.AUTHORITY_FOLDER / "issuers.json")
            ),
            tell=told.append,
        )
        return told

    return looked


def place_of(certificate):
    return place(certificate.status_list, certificate.status_index)


def revoked(certificate, registrar):
    revoke_certificate(certificate, ruling=RULING, by=registrar, at=NOON)
    return certificate


def test_lists_of_an_untouched_register_agree_for_everybody(published, registrar, outsider):
    first, second, third = published
    revoked(first, registrar)
    says = replace(second.holder, full_name="Phạm Văn Ẩn")
    ruling = Ruling("10/QĐ-TCT", date(2026, 11, 20), "written_wrong")
    correct_certificate(second, says, ruling=ruling, by=registrar, at=NOON)
    revoked(third, registrar)
    reinstate_certificate(third, ruling_number="11/QĐ", reason="Nhầm", by=registrar, at=NOON)
    publish_status_lists(at=LATER)

    assert audit_register() == []
    told = outsider()
    assert "4 danh sách, 3 chỗ" in told[-2]
    assert told[-1] == WHOLE


def test_a_hidden_revocation_is_found_by_everybody(published, registrar, forge, outsider):
    first = revoked(published[0], registrar)

    forge(Purpose.REVOCATION, [])

    assert audit_register() == [Finding(Trouble.STATUS_HIDDEN, first.serial_number)]
    assert f"status/revocation/1#{first.status_index}; 3" in outsider()[-1]


def test_a_certificate_in_force_that_a_list_takes_back_is_found_by_everybody(
    published, forge, outsider
):
    first = published[0]

    forge(Purpose.REVOCATION, [place_of(first)])

    assert audit_register() == [Finding(Trouble.STATUS_UNFOUNDED, first.serial_number)]
    assert f"status/revocation/1#{first.status_index}" in outsider()[-1]


def test_a_bit_of_nobody_is_found_by_everybody(published, forge, outsider):
    taken = {each.status_index for each in published}
    index = next(each for each in range(4) if each not in taken)

    forge(Purpose.REVOCATION, [place(1, index)])

    where = f"status/revocation/1#{index}"
    assert audit_register() == [Finding(Trouble.STATUS_UNFOUNDED, where)]
    assert where in outsider()[-1]


def test_a_revoked_certificate_that_is_called_corrected_is_found_by_everybody(
    published, registrar, forge, outsider
):
    first = revoked(published[0], registrar)

    forge(Purpose.REFRESH, [place_of(first)])

    assert audit_register() == [Finding(Trouble.STATUS_UNFOUNDED, first.serial_number)]
    assert f"status/refresh/1#{first.status_index}; 3" in outsider()[-1]


def test_a_revocation_hidden_only_from_those_who_read_documents_is_found_here(
    published, registrar, settings
):
    first, key = revoked(published[0], registrar), installation_key()
    publish_status_lists(at=LATER)
    assert audit_register() == []
    shown = settings.REGISTER_FOLDER / "status-proved" / "revocation" / "1"
    name = ListName(settings.SITE_ADDRESS, Purpose.REVOCATION, 1)

    with key.open() as session:
        public = public_key(key, did())
        shown.write_text(prove_status_list(name, [], at=LATER, session=session, key=public))

    assert audit_register() == [Finding(Trouble.STATUS_HIDDEN, first.serial_number)]

    shown.write_text(shown.read_text().replace("revocation", "refresh"))
    assert audit_register() == [Finding(Trouble.PUBLICATION_DAMAGED, "status-proved/revocation/1")]


def test_a_list_still_on_its_way_is_no_trouble(published, registrar, forge, outsider):
    revoked(published[0], registrar)

    forge(Purpose.REVOCATION, [], at=NOON + timedelta(minutes=4))

    assert audit_register() == []
    assert outsider()[-1] == WHOLE
