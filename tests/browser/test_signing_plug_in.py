"""A leader signs ten certificates with the plug-in on their own computer, and much goes wrong.

The steps of one walk, on a phone's width and on a desk's: each begins where the one before ended.
"""

import pytest
from browser_scene import LEADER, NATIONAL, REGISTRAR, player
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect
from signing_plug_in import Mood, SigningPlugIn, started
from visitors import DESK, PHONE

from credentials.files_scene import (
    PASSWORD,
    PASSWORD_FROM,
    keep_certificates,
    keep_pkcs12,
    make_key,
)
from hocvu.classes.actions import enrol_learners
from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.credentials.actions.preparing import prepare_files
from hocvu.credentials.models import Certificate
from hocvu.inspection.queries.register import audit_register
from hocvu.people.models import Person
from hocvu.recognition.models import DecisionEntry, RecognitionDecision
from hocvu.signing import DevelopmentAuthority

pytestmark = pytest.mark.browser
FILES = 10


@pytest.fixture(scope="module", params=[PHONE, DESK])
def width(request):
    return request.param


@pytest.fixture(scope="module")
def decision(house):
    """Ten people recognised; whoever signs for them does so on their own computer."""
    folder = settings.AUTHORITY_FOLDER
    decided = RecognitionDecision.objects.earliest("pk")
    root = DevelopmentAuthority.open(folder).root_certificate
    keep_certificates(folder, "roots.pem", root)
    keep_pkcs12(folder, "school.p12", make_key(folder, decided.issuer.name))
    (folder / "keys.toml").write_text(
        f"""
[[issuer]]
code = "{decided.issuer.code}"
signs = "plug-in"
roots = "roots.pem"
[[issuer.signer]]
name = "{decided.signer_name}"
certificates = "signer.pem"
[issuer.organisation]
pkcs12 = "school.p12"
password_from = "{PASSWORD_FROM}"
"""
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(PASSWORD_FROM, PASSWORD)
        yield _prepared(decided)


@pytest.fixture(scope="module")
def signer(decision):
    key = make_key(settings.AUTHORITY_FOLDER, decision.signer_name)
    keep_certificates(settings.AUTHORITY_FOLDER, "signer.pem", key.chain[0])
    return key


@pytest.fixture(scope="module")
def leader(visitor, width, decision, signer):
    arrived = visitor(width, LEADER, ignore_https_errors=True)
    arrived.opens(f"/signing/{decision.pk}/")
    return arrived


@pytest.fixture(scope="module")
def plug_in(signer):
    return SigningPlugIn(signer)


@pytest.fixture
def listening(plug_in, tmp_path):
    with started(plug_in, tmp_path):
        yield plug_in


def _prepared(decided):
    """The decision once more, for people of a class that is still under way."""
    (first,) = DecisionEntry.objects.filter(decision=decided)[:1]
    training_class, now = TrainingClass.objects.get(code="AI-K2"), timezone.now()
    others = Person.objects.exclude(pk__in=Enrolment.objects.values("person")).order_by("pk")
    people = dict.fromkeys(others.values_list("pk", flat=True)[:FILES])
    enrol_learners(training_class, people, by=player(NATIONAL), at=now)
    enrolments = Enrolment.objects.filter(training_class=training_class).select_related("person")
    with transaction.atomic():
        decided.pk, decided.proposal_id, decided.number = None, None, decided.number + 50
        decided.learner_count, decided._state.adding = FILES, True
        decided.evidence_hash = ""  # it rests on nothing: only how its files are signed is asked
        decided.save()
        for position, enrolment in enumerate(enrolments[:FILES], start=1):
            first.pk, first.result_line_id, first.decision = None, None, decided
            first.position, first.enrolment, first.person = position, enrolment, enrolment.person
            first.full_name, first._state.adding = enrolment.person.full_name, True
            first.save()
    prepare_files(decided, by=player(REGISTRAR), moment=timezone.now)
    return decided


def _says(visitor, *texts):
    status = visitor.page.locator("plug-in-signing [role=status]")
    for text in texts:
        expect(status).to_contain_text(text)


def _issued(decision):
    return Certificate.objects.filter(entry__decision=decision).count()


def test_1_without_the_plug_in_the_next_step_is_said(leader, decision):
    leader.looks("plug-in-1-waiting")

    leader.presses("Ký bằng phần mềm ký số")

    _says(leader, "không trả lời", "ký từng tệp theo cách dưới đây")
    expect(leader.page.get_by_role("link", name="Tải các tệp (zip)")).to_be_visible()
    assert _issued(decision) == 0
    leader.complaints.clear()  # the console has told that nobody listens


def test_2_a_closed_window_and_a_wrong_pin_sign_nothing(leader, listening, decision):
    listening.moods += [Mood.WINDOW_CLOSED, Mood.WRONG_PIN]

    leader.presses("Ký bằng phần mềm ký số")
    _says(leader, "việc ký đã bị hủy", "Bấm lại")
    leader.presses("Ký bằng phần mềm ký số")

    _says(leader, "Sai mã PIN")
    assert _issued(decision) == 0
    leader.looks("plug-in-2-wrong-pin")


def test_3_somebody_elses_certificate_is_refused_in_words(leader, listening, decision, signer):
    listening.key = make_key(settings.AUTHORITY_FOLDER, decision.signer_name)

    leader.presses("Ký bằng phần mềm ký số")

    _says(leader, "không phải chứng thư khai báo")
    assert _issued(decision) == 0
    listening.key = signer


def test_4_what_is_signed_stays_where_the_plug_in_dies_at_the_fifth(leader, listening, decision):
    listening.asked.clear()
    listening.moods += [*[Mood.SIGNS] * 4, Mood.DIES]

    leader.page.get_by_role("button", name="Ký bằng phần mềm ký số").dblclick()

    _says(leader, f"Đã ký và vào sổ 4 trên {FILES}", "dừng giữa chừng")
    assert _issued(decision) == 4
    assert len(listening.asked) == len(set(listening.asked)) == 5  # pressed twice, asked once


def test_5_the_rest_goes_on_although_a_reply_is_lost(leader, listening, decision):
    listening.uploaded.clear()
    listening.moods += [Mood.SIGNS, Mood.DIES_AFTER_UPLOAD]

    leader.presses("Ký bằng phần mềm ký số")

    leader.sees("đã được ký và cấp")
    assert _issued(decision) == FILES
    assert len(listening.uploaded) == len(set(listening.uploaded)) == FILES - 4
    assert audit_register() == []
    leader.looks("plug-in-5-signed")
