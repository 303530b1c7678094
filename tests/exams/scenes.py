"""What the scenes of these tests are made of."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from hocvu.classes.models import Enrolment
from hocvu.exams.queries.pages import attempt_page
from hocvu.kernel.vietnamese import fold, given_name_sort_key, text_sort_key
from hocvu.people.models import Account, Person, RoleGrant
from hocvu.questions.models import Question
from hocvu.units.models import Unit, path_below

NINE = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # 09:00 in Viet Nam
MINUTE = timedelta(minutes=1)


def unit(parent, code, kind, name):
    return Unit.objects.create(
        code=code,
        kind=kind,
        parent=parent,
        path=path_below(parent, code),
        name=name,
        search_key=fold(name),
        sort_key=text_sort_key(name),
    )


def person(name):
    made = Person.objects.create(
        full_name=name, search_key=fold(name), sort_key=given_name_sort_key(name)
    )
    Account.objects.create(person=made, username=f"user{made.pk}", password="!")
    return made


def grant(someone, role, on_unit):
    RoleGrant.objects.create(person=someone, role=role, unit=on_unit, from_on=date(2026, 1, 1))
    return someone


def question(code, kind, options, component, **more):
    """In use; `options` such as "a b* c*": right ones carry a star."""
    more = {"version": 1, "put_in_use_at": NINE - 60 * MINUTE} | more
    return Question.objects.create(
        code=code,
        kind=kind,
        stem=f"Nội dung {code}",
        stem_en=f"Stem {code}",
        options=[
            {
                "id": name.rstrip("*"),
                "text": f"{code} {name.rstrip('*')}",
                "text_en": f"{code} {name.rstrip('*')} en",
                "right": name.endswith("*"),
                "why": f"Vì {code} {name.rstrip('*')}",
                "why_en": f"Because {code} {name.rstrip('*')}",
            }
            for name in options.split()
        ],
        component_code=component,
        level="CB2",
        topic="T",
        target_group="public_personnel",
        source="test",
        **more,
    )


def enrol(training_class, someone, on_unit):
    return Enrolment.objects.create(
        training_class=training_class,
        person=someone,
        unit=on_unit,
        bridge_point=training_class.bridge_points.get(is_main=True),
        enrolled_at=NINE - 60 * MINUTE,
    )


def close(sitting):
    """From now on it is over for everybody."""
    sitting.closes_at = timezone.now()
    sitting.save(update_fields=["closes_at"])


def looked_at(attempt):
    """The page of an attempt as its learner meets it once the test has closed."""
    return attempt_page(attempt, reader=attempt.person, at=attempt.sitting.closes_at)
