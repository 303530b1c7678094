"""Files stay provable when certificates and time stamps grow old; a real authority stamps them."""

import shutil
import subprocess
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from credentials.files_scene import (
    PASSWORD,
    PASSWORD_FROM,
    days_from_now,
    keep_certificates,
    keep_pkcs12,
    make_key,
)
from credentials.recognition_scene import certify, sign_in
from hocvu.credentials.actions import archiving
from hocvu.credentials.actions.archiving import ask_for_renewal, renew_archives
from hocvu.credentials.models import ArchivedFile, ArchiveRun, ArchiveStop
from hocvu.credentials.queries.files import keeping, provable_file
from hocvu.credentials.rules.lasting import RENEWED_BEFORE_END
from hocvu.kernel.errors import NotAllowed
from hocvu.signing import DevelopmentAuthority, DevelopmentTimestampAuthority, serving
from hocvu.verification.queries.files import check_file
from hocvu.verification.rules.verdicts import Verdict
from hocvu_verifier import verify_pdf


@pytest.fixture
def folder(trust, settings):
    return settings.AUTHORITY_FOLDER


@pytest.fixture
def clock(folder):
    """The timestamp authority of these tests: it may be gone for a while."""
    authority = DevelopmentAuthority.open(folder)
    keep_certificates(folder, "clock.pem", authority.root_certificate)
    with ExitStack() as open_now:
        desk = DevelopmentTimestampAuthority(authority.timestamp_key())
        address = open_now.enter_context(serving(desk))
        yield open_now, f'[timestamps]\naddress = "{address}"\nroots = "clock.pem"\n'


@pytest.fixture
def issued(folder, monkeypatch, training_class, registrar):
    """Three certificates of a signer whose own certificate ends in a hundred days."""
    monkeypatch.setenv(PASSWORD_FROM, PASSWORD)
    keep_pkcs12(
        folder, "short.p12", make_key(folder, "Trường Chính trị mẫu", until=days_from_now(100))
    )
    (folder / "keys.toml").write_text(_issuer())
    return certify(training_class, registrar)


def _issuer():
    return f'[[issuer]]\ncode = "TCT-31"\npkcs12 = "short.p12"\npassword_from = "{PASSWORD_FROM}"\n'


@pytest.fixture
def stamping(folder, issued, clock):
    """From now on there is an authority for time."""
    open_now, named = clock
    (folder / "keys.toml").write_text(_issuer() + named)
    return open_now


def _renew():
    return renew_archives(at=timezone.now())


def test_a_file_whose_signer_ends_soon_gets_an_archive_time_stamp(issued, stamping, folder):
    run = _renew()

    root = DevelopmentAuthority.open(folder).root_certificate
    newest = provable_file(issued[0])
    assert (run.examined, run.renewed, run.refused, run.stop_reason) == (3, 3, 0, "")
    assert newest.startswith(issued[0].file)
    assert len(verify_pdf(newest, trusted_roots=[root]).archived) == 1


def test_every_state_of_a_file_is_valid_for_ever(issued, stamping):
    _renew()

    verdicts = {check_file(each).verdict for each in (issued[0].file, provable_file(issued[0]))}

    assert verdicts == {Verdict.VALID}


def test_running_again_writes_nothing_more(issued, stamping):
    _renew()

    again = _renew()

    assert (again.examined, again.renewed) == (0, 0)
    assert ArchivedFile.objects.count() == 6  # as issued, and once renewed


def test_a_renewed_file_is_renewed_again_before_its_stamp_ends(issued, stamping, monkeypatch):
    _renew()
    far = timedelta(days=365 * 20)
    monkeypatch.setattr(archiving, "RENEWED_BEFORE_END", far)

    run = _renew()

    assert run.renewed == 0  # this authority's own certificate ends no later: nothing is gained
    assert run.refused == 3


def test_what_lasts_long_enough_is_left_alone(certificates, folder, clock):
    """Certificates of the development authority last until 2035."""
    (folder / "keys.toml").write_text(clock[1])

    run = _renew()

    assert (run.examined, run.renewed) == (3, 0)


def test_two_at_once_write_nothing_twice(issued, stamping):
    _renew()
    row = ArchivedFile.objects.get(certificate=issued[0], ordinal=1)
    run = ArchiveRun.objects.create(begun_at=timezone.now())
    copy = ArchivedFile(
        certificate=row.certificate,
        ordinal=1,
        packed=b"another",
        sha256="0" * 64,
        protected_until=row.protected_until,
        made_at=row.made_at,
    )

    archiving._keep(run, [copy], renewed=1)

    assert ArchivedFile.objects.filter(certificate=issued[0], ordinal=1).get().pk == row.pk


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils")
def test_other_programs_accept_the_renewed_file(issued, stamping, tmp_path):
    _renew()
    (tmp_path / "file.pdf").write_bytes(provable_file(issued[0]))

    said = subprocess.run(
        ["pdfsig", tmp_path / "file.pdf"], capture_output=True, text=True, check=False
    ).stdout

    assert "Signature is Valid." in said
    assert said.rindex("Total document signed") > said.index("Signature #2")


def test_a_killed_run_goes_on_where_it_was(issued, stamping, monkeypatch):
    monkeypatch.setattr(archiving, "_BATCH", 1)
    keep, calls = archiving._keep, []

    def killed(*args, **more):
        calls.append(args)
        if len(calls) > 4:  # three examined, one renewed
            raise KeyboardInterrupt
        keep(*args, **more)

    monkeypatch.setattr(archiving, "_keep", killed)
    with pytest.raises(KeyboardInterrupt):
        _renew()
    monkeypatch.undo()

    assert _renew().renewed == 2


# --- Refusals ---------------------------------------------------------------------------------


def test_an_authority_that_is_down_stops_the_run_in_words_and_it_goes_on_later(
    issued, stamping, folder, registrar
):
    named = (folder / "keys.toml").read_text()
    (folder / "keys.toml").write_text(named.replace("http://127.0.0.1:", "http://127.0.0.1:1"[:-1]))
    stamping.close()
    stopped = _renew()

    assert stopped.stop_reason == ArchiveStop.TIMESTAMP_AWAY
    assert stopped.renewed == 0
    authority = DevelopmentAuthority.open(folder)
    with serving(DevelopmentTimestampAuthority(authority.timestamp_key())) as address:
        again = f'[timestamps]\naddress = "{address}"\nroots = "clock.pem"\n'
        (folder / "keys.toml").write_text(_issuer() + again)

        assert _renew().renewed == 3


def test_without_an_authority_the_page_says_so(issued, client, registrar):
    run = _renew()
    page = sign_in(client, registrar).get("/register/archive/").content.decode()

    assert run.stop_reason == ArchiveStop.NO_AUTHORITY
    assert "Chưa khai báo dịch vụ cấp dấu thời gian" in page


def test_one_file_that_cannot_be_kept_does_not_hold_up_the_others(issued, stamping, monkeypatch):
    stamp, first = archiving.add_archive_timestamp, issued[0].file

    def refuse_the_first(pdf, **more):
        if pdf == first:
            raise archiving.NothingGained
        return stamp(pdf, **more)

    monkeypatch.setattr(archiving, "add_archive_timestamp", refuse_the_first)

    run = _renew()

    assert (run.renewed, run.refused) == (2, 1)


def test_what_was_kept_is_written_once(issued, stamping):
    _renew()

    with pytest.raises(DatabaseError), transaction.atomic():
        ArchivedFile.objects.filter(ordinal=1).update(packed=b"other")


def test_figures_are_those_of_ones_own_unit(issued, stamping, registrar, stranger):
    _renew()
    before = timezone.now() + RENEWED_BEFORE_END

    own, others = (keeping(each, renewed_before=before) for each in (registrar, stranger))

    assert (own.kept, own.due, own.unknown) == (3, 0, 0)
    assert (others.kept, others.due, others.unknown) == (0, 0, 0)


def test_only_a_registrar_starts_the_renewal(trust, registrar, learners):
    ask_for_renewal(by=registrar, at=datetime(2026, 11, 22, tzinfo=UTC))

    with pytest.raises(NotAllowed):
        ask_for_renewal(by=learners[0], at=datetime(2026, 11, 22, tzinfo=UTC))
