"""Writing what a roster says about people and posts, many rows at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from hocvu.people.actions.joining import NewPerson, insert_people
from hocvu.people.models import Category, Person, Post
from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.roster_taking import Outcome, RosterLine, Taking

_ROWS_AT_ONCE: Final = 2_000


@dataclass(frozen=True)
class Written:
    """People whose posts changed, and the new ones by row."""

    ids: set[int]
    added: dict[int, int]


def write_takings(takings: Sequence[Taking], today: date) -> Written:
    """Add, mend and move people in a few statements, inside the caller's transaction."""
    added = [taking for taking in takings if taking.outcome is Outcome.ADDED]
    new_ids = insert_people([_new_person(taking.line) for taking in added])
    _update_people([taking for taking in takings if taking.person_changes])
    changed = [taking for taking in takings if taking.post_changes and taking.person]
    _update_posts(changed, today)
    ids = {*new_ids, *(taking.person.pk for taking in changed if taking.person)}
    return Written(ids, dict(zip((t.line.row for t in added), new_ids, strict=True)))


def _new_person(line: RosterLine) -> NewPerson:
    birth = line.birth
    return NewPerson(
        full_name=line.full_name,
        unit_id=line.unit_id or 0,
        category=line.category or line.category_proposed or Category.OTHER.value,
        sex=line.sex,
        birth_year=birth.year if birth else None,
        birth_month=birth.month if birth else None,
        birth_day=birth.day if birth else None,
        identity_number=line.identity_number,
        title=line.title,
        phone=line.phone,
        email=line.email,
        ethnic_group=line.ethnic_group,
        birth_place=line.birth_place,
        from_on=date.fromisoformat(line.from_on) if line.from_on else None,
    )


def _update_people(takings: Sequence[Taking]) -> None:
    changes = {taking.person.pk: taking.person_changes for taking in takings if taking.person}
    people = list(Person.objects.select_for_update().filter(pk__in=changes).order_by("pk"))
    for person in people:
        for name, value in changes[person.pk].items():
            if isinstance(value, PartialDate):
                person.birth_year, person.birth_month, person.birth_day = (
                    value.year,
                    value.month,
                    value.day,
                )
            else:
                setattr(person, name, value)
    Person.objects.bulk_update(
        people,
        [
            *("sex", "identity_number", "phone", "email", "ethnic_group", "birth_place"),
            *("birth_year", "birth_month", "birth_day"),
        ],
        batch_size=_ROWS_AT_ONCE,
    )


def _update_posts(takings: Sequence[Taking], today: date) -> None:
    """A title or category is put right in place; a new unit ends the old post, begins another."""
    wanted = {taking.person.pk: taking for taking in takings if taking.person}
    held = {
        post.person_id: post
        for post in Post.objects.select_for_update()
        .filter(person__in=wanted, until_on=None, is_main=True)
        .order_by("pk")
    }
    mended: list[Post] = []
    ended: list[Post] = []
    new: list[Post] = []
    for pk, taking in wanted.items():
        post = held.get(pk)
        starts = date.fromisoformat(taking.line.from_on) if taking.line.from_on else today
        if post is None:
            new.append(_post(pk, taking.line, starts))
        elif "unit_id" not in taking.post_changes or (post.from_on and post.from_on >= today):
            for name, value in taking.post_changes.items():
                setattr(post, name, value)
            mended.append(post)
        else:
            post.until_on = today
            ended.append(post)
            category = taking.line.category or post.category
            new.append(_post(pk, replace(taking.line, category=category), today))
    Post.objects.bulk_update(mended, ["unit", "title", "category"], batch_size=_ROWS_AT_ONCE)
    Post.objects.bulk_update(ended, ["until_on"], batch_size=_ROWS_AT_ONCE)
    Post.objects.bulk_create(new, batch_size=_ROWS_AT_ONCE)


def _post(person_id: int, line: RosterLine, starts: date) -> Post:
    return Post(
        person_id=person_id,
        unit_id=line.unit_id or 0,
        title=line.title,
        category=line.category or Category.OTHER.value,
        from_on=starts,
    )


def lines_with_outcomes(takings: Iterable[Taking], written: Written) -> Iterable[RosterLine]:
    for taking in takings:
        known = taking.person.pk if taking.person else written.added.get(taking.line.row)
        yield replace(taking.line, outcome=taking.outcome.value, person_id=known)
