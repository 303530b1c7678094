from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from hocvu.audit.models import AuditEntry
from hocvu.courses.actions import load_catalogue
from hocvu.courses.models import Programme, TimetableSlot
from hocvu.courses.queries import programme_in_force, programmes_in_force
from hocvu.courses.rules import CatalogueIsWrong, read_programme

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)

PROGRAMME = """
code = "short"
version = 1
valid_from = 2026-01-01
name_vi = "Ngắn"
name_en = "Short"
mode = "online"
target_group = "leaders"
days = 1
[[topics]]
code = "A"
title_vi = "Một"
title_en = "One"
kind = "lecture"
periods = 4
[[sessions]]
day = 1
half = "morning"
topic = "A"
[completion]
min_attendance = "4/5"
"""


@pytest.mark.django_db
def test_the_packaged_catalogue_loads_once_however_often_it_is_loaded():
    first = load_catalogue(at=NOON)
    again = load_catalogue(at=NOON)

    assert first >= 4
    assert again == 0
    assert Programme.objects.count() == first


@pytest.mark.django_db
def test_the_four_events_have_their_programmes_with_topics_and_timetables():
    load_catalogue(at=NOON)

    refresher = programme_in_force("commune-leaders-refresher", date(2026, 11, 21))

    assert refresher.required_attendance == Fraction(4, 5)
    assert refresher.timetable.count() == 6
    assert [slot.half for slot in refresher.timetable.all()][:2] == ["morning", "afternoon"]
    assert set(programmes_in_force(date(2026, 11, 21)).values_list("code", flat=True)) >= {
        "leadership-skills-4-0",
        "ai-automation-state-agencies",
        "commune-leaders-refresher",
        "digital-skills-for-all",
    }


@pytest.mark.django_db
def test_a_half_day_may_hold_several_topics():
    load_catalogue(at=NOON)

    refresher = programme_in_force("commune-leaders-refresher", date(2026, 11, 21))

    taught = [
        [slot.topic.code, *(topic.code for topic in slot.also.all())]
        for slot in refresher.timetable.all()
    ]
    assert taught == [["CL1"], ["CL2", "CL4"], ["CL3"], ["CL5", "CL6"], ["CL7"], ["CL8"]]


@pytest.mark.django_db
def test_a_version_entered_while_a_half_day_held_one_topic_is_completed_once():
    load_catalogue(at=NOON)
    TimetableSlot.also.through.objects.all().delete()

    assert load_catalogue(at=NOON) == 0
    assert load_catalogue(at=NOON) == 0

    assert TimetableSlot.also.through.objects.count() == 2
    assert AuditEntry.objects.filter(act="programme_completed").count() == 1


@pytest.mark.django_db
def test_further_topics_that_changed_afterwards_are_refused():
    load_catalogue(at=NOON)
    TimetableSlot.also.through.objects.first().delete()

    with pytest.raises(CatalogueIsWrong, match="new version"):
        load_catalogue(at=NOON)


@pytest.mark.django_db
def test_a_version_that_changed_after_it_was_entered_is_refused():
    load_catalogue(at=NOON)
    Programme.objects.filter(code="digital-skills-for-all").update(days=99)

    with pytest.raises(CatalogueIsWrong, match="new version"):
        load_catalogue(at=NOON)


@pytest.mark.django_db
def test_the_version_in_force_is_the_newest_that_holds_on_the_day():
    for version, since in ((1, date(2025, 1, 1)), (2, date(2026, 6, 1)), (3, date(2027, 1, 1))):
        Programme.objects.create(
            code="p", version=version, name="P", mode="online", days=1, valid_from=since
        )

    assert programme_in_force("p", date(2026, 5, 31)).version == 1
    assert programme_in_force("p", date(2026, 11, 21)).version == 2
    with pytest.raises(Programme.DoesNotExist):
        programme_in_force("p", date(2024, 12, 31))


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ('mode = "online"', 'mode = "by post"'),
        ('kind = "lecture"', 'kind = "song"'),
        ('topic = "A"', 'topic = "B"'),
        ('topic = "A"', 'topic = "A"\nalso = ["B"]'),
        ('topic = "A"', 'topic = "A"\nalso = ["A"]'),
        ("day = 1", "day = 2"),
        ('half = "morning"', 'half = "night"'),
        ('min_attendance = "4/5"', 'min_attendance = "6/5"'),
        ('name_vi = "Ngắn"', ""),
        ("valid_from = 2026-01-01", 'valid_from = "soon"'),
    ],
)
def test_a_programme_that_contradicts_itself_is_refused(said, instead):
    assert read_programme(PROGRAMME).code == "short"

    with pytest.raises(CatalogueIsWrong, match="short"):
        read_programme(PROGRAMME.replace(said, instead))


def test_further_topics_follow_the_order_of_the_programme():
    second = PROGRAMME.replace(
        "[[sessions]]",
        "".join(
            f'[[topics]]\ncode = "{code}"\ntitle_vi = "x"\ntitle_en = "x"\n'
            'kind = "lecture"\nperiods = 1\n'
            for code in "BC"
        )
        + "[[sessions]]",
    )

    told = read_programme(second.replace('topic = "A"', 'topic = "A"\nalso = ["B", "C"]'))

    assert told.timetable[0].topics == ("A", "B", "C")
    with pytest.raises(CatalogueIsWrong, match="in the order"):
        read_programme(second.replace('topic = "A"', 'topic = "A"\nalso = ["C", "B"]'))
