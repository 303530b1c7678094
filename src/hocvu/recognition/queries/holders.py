"""Who stands on a list: what a decision and its certificates say about them, as of a day."""

from collections.abc import Mapping
from datetime import date

from hocvu.people.models import Category, Person, Post
from hocvu.people.rules.ethnic_groups import name_of
from hocvu.recognition.rules.holders import Holder

_CITIZENS = {Category.CADRE, Category.CIVIL_SERVANT, Category.PUBLIC_EMPLOYEE}
_NATIONALITY = "Việt Nam"  # the law asks it of cadres, civil servants and public employees


def holders_of(unit_names: Mapping[int, str], on: date) -> dict[int, Holder]:
    """People by their ids, as their dossiers read now, with the post they hold on a day.

    `unit_names`: the unit each is listed with, by the person's id. Two queries, whatever their
    number.
    """
    people = Person.objects.in_bulk(list(unit_names))
    held = Post.objects.held_on(on).filter(person__in=list(unit_names), is_main=True)
    posts = {post.person_id: post for post in held.order_by("pk")}
    return {
        pk: _holder(person, posts.get(pk), unit_names[pk]) for pk, person in people.items()
    }  # fmt: skip


def _holder(person: Person, post: Post | None, unit_name: str) -> Holder:
    return Holder(
        full_name=person.full_name,
        birth_text=person.birth_text,
        sex=person.sex,
        birth_place=person.birth_place,
        ethnic_group=name_of(person.ethnic_group),
        nationality=_NATIONALITY if post and post.category in _CITIZENS else "",
        post_title=post.title if post else "",
        unit_name=unit_name,
    )
