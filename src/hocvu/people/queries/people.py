"""People a person may see, and one person's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone

from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import fold, nfc
from hocvu.people.models import Account, Category, Person, Post, RoleGrant
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.people.rules.sign_in import SignInState, Standing, standing_of
from hocvu.units.models import Unit

_MOST_UNITS_NAMED = 200


def people_open_to(person: Person) -> QuerySet[Person]:
    """Those who hold a post in a unit this person answers for, and the person."""
    reached = Post.objects.filter(
        scope_of(person).reach(Permission.SEE_PEOPLE),
        Q(until_on=None) | Q(until_on__gt=day_of(timezone.now())),
        person=OuterRef("pk"),
    )
    return Person.objects.filter(Exists(reached) | Q(pk=person.pk))


def with_main_post(people: QuerySet[Person]) -> QuerySet[Person]:
    """Each with `unit_name`, `unit_code`, `title` and `category` of the main post held today."""
    return people.annotate(
        main_post=FilteredRelation("posts", condition=Q(posts__until_on=None, posts__is_main=True)),
        unit_name=F("main_post__unit__name"),
        unit_sort_key=F("main_post__unit__sort_key"),
        title=F("main_post__title"),
        category=F("main_post__category"),
    )


def named_like(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Every word of the text occurs in the name; tones, marks and case do not count."""
    for word in fold(text).split():
        people = people.filter(search_key__contains=word)
    return people


def in_units_like(people: QuerySet[Person], text: str, person: Person) -> QuerySet[Person]:
    """Those in the unit of this code, or below a unit with these words in its name."""
    units = units_named_like(units_open_to(person), text).values_list("path", flat=True)
    within = Q(pk__in=[])
    for path in _widest(units[:_MOST_UNITS_NAMED]):
        within |= Q(main_post__unit__path__startswith=path)
    return people.filter(within)


def in_category(people: QuerySet[Person], category: str) -> QuerySet[Person]:
    return people.filter(
        posts__until_on=None, posts__is_main=True, posts__category=Category(category)
    )


def _widest(paths: Iterable[str]) -> list[str]:
    widest: list[str] = []
    for path in sorted(paths):
        if not widest or not path.startswith(widest[-1]):
            widest.append(path)
    return widest


def units_open_to(person: Person) -> QuerySet[Unit]:
    """Units below any role this person holds, and the units of the person's own posts."""
    own = Post.objects.filter(person=person).values("unit")
    return Unit.objects.filter(scope_of(person).reach(Permission.SEE_PEOPLE, "") | Q(pk__in=own))


def units_named_like(units: QuerySet[Unit], text: str) -> QuerySet[Unit]:
    """The unit of exactly this code, or those whose name today or earlier holds every word."""
    exactly = units.filter(code=nfc(text).upper())
    if exactly.exists():
        return exactly
    for word in fold(text).split():
        units = units.filter(search_key__contains=word)
    return units


def units_to_import_into(person: Person) -> QuerySet[Unit]:
    """The units whose rosters this person keeps: those the role was granted on, not those below."""
    paths = scope_of(person).paths(Permission.IMPORT_PEOPLE)
    return Unit.objects.filter(path__in=paths).order_by("path")


@dataclass(frozen=True)
class PersonRecord:
    """One person's page; `main_post` is the one held today."""

    person: Person
    posts: tuple[Post, ...]
    roles: tuple[RoleGrant, ...]

    @property
    def main_post(self) -> Post | None:
        return next((post for post in self.posts if post.until_on is None and post.is_main), None)


def standing_of_account(account: Account, at: datetime) -> Standing:
    state = SignInState(account.failed_sign_ins, account.locked_until)
    return standing_of(state, account.last_used_at, at, is_issued=account.must_change_password)


def record_of(person: Person) -> PersonRecord:
    posts = (
        Post.objects.filter(person=person)
        .select_related("unit")
        .order_by("-is_main", "-from_on", "-pk")
    )
    roles = RoleGrant.objects.in_force_on(day_of(timezone.now())).filter(person=person)
    return PersonRecord(
        person, tuple(posts), tuple(roles.select_related("unit").order_by("unit__path"))
    )
