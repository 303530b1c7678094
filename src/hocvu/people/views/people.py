"""People: the list, one record, their roles and accounts."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hocvu.kernel.errors import NotPossible
from hocvu.people import policies
from hocvu.people.actions import (
    end_role,
    grant_role,
    issue_account,
    note_details_seen,
    password_state,
    reset_password,
)
from hocvu.people.forms import AccountForm, PeopleFilters, RoleForm
from hocvu.people.models import Account, Category, Person, RoleGrant, SignedInRequest
from hocvu.people.queries import people as queries
from hocvu.people.queries.history import history_of_person
from hocvu.people.rules.ethnic_groups import name_of
from hocvu.people.rules.identity import masked
from hocvu.people.rules.sign_in import Standing
from hocvu.people.views.units import path_items
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import moment


def _category(person: Any) -> str:
    return str(Category(person.category).label) if person.category else ""


COLUMNS = (
    Column(
        "name",
        gettext_lazy("Full name"),
        order_by="sort_key",
        value=lambda person: person.full_name,
        href=lambda person: reverse("people:person", args=[person.pk]),
    ),
    Column(
        "unit",
        gettext_lazy("Unit"),
        order_by="unit_sort_key",
        value=lambda person: person.unit_name,
    ),
    Column("title", gettext_lazy("Post"), value=lambda person: person.title),
    Column("category", gettext_lazy("Category"), order_by="category", value=_category),
    Column(
        "birth",
        gettext_lazy("Date of birth"),
        order_by=("birth_year", "birth_month", "birth_day"),
        value=lambda person: person.birth_text,
    ),
    Column(
        "identity",
        gettext_lazy("Identity number"),
        value=lambda person: masked(person.identity_number) if person.identity_number else "",
        on_phone=False,
    ),
)


def people_list(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    filters = PeopleFilters(request.GET)
    page = ListPage.of(
        request,
        _filtered(person, filters),
        columns=COLUMNS,
        default_sort="name",
        title=gettext_lazy("People"),
        filters=filters,
    )
    may_import = queries.units_to_import_into(person).exists()
    return page.answer("people/people_list.html", {"may_import": may_import})


def _filtered(person: Person, filters: PeopleFilters) -> QuerySet[Person]:
    people = queries.with_main_post(queries.people_open_to(person))
    asked = filters.cleaned_data if filters.is_valid() else {}
    if asked.get("name"):
        people = queries.named_like(people, asked["name"])
    if asked.get("unit"):
        people = queries.in_units_like(people, asked["unit"], person)
    if asked.get("category"):
        people = queries.in_category(people, asked["category"])
    return people


def person_record(request: SignedInRequest, person_id: int) -> HttpResponse:
    actor = request.user.person
    person = get_object_or_404(queries.people_open_to(actor), pk=person_id)
    record = queries.record_of(person)
    post = record.main_post
    account = Account.objects.filter(person=person).first()
    if policies.can_see_ethnic_group(actor, person):
        note_details_seen(person, by=actor, at=now())
    context = {
        "record": record,
        "facts": _facts(actor, record),
        "unit_path": path_items(actor, post.unit) if post else [],
        "may_grant": post is not None and policies.can_grant_roles_on(actor, post.unit),
        "may_manage": policies.can_manage_account_of(actor, person) and actor != person,
        "their_account": account,
        "standing": _standing(account) if account else None,
        "history_entries": history_of_person(person),
        "sections": [
            ("details", _("Details")),
            ("posts", _("Posts")),
            ("roles", _("Roles")),
            ("history", _("What has happened")),
        ],
    }
    return render(request, "people/person.html", context)


def _standing(account: Account) -> tuple[str, str]:
    """Tone and words for how an account stands."""
    match queries.standing_of_account(account, now()):
        case Standing.LOCKED:
            return "warn", _("locked until %(moment)s") % {"moment": moment(account.locked_until)}
        case Standing.IDLE:
            return "warn", _("closed after 45 days without use")
        case Standing.ISSUED:
            return "act", _("one-time password not changed yet")
        case Standing.IN_USE:
            return "good", _("in use")


def _facts(actor: Person, record: queries.PersonRecord) -> list[tuple[str, object]]:
    person, post = record.person, record.main_post
    number = person.identity_number or ""
    seen = number if policies.can_see_identity_number(actor, person) else masked(number)
    facts: list[tuple[str, object]] = [
        (_("Unit"), post.unit.name if post else ""),
        (_("Post"), post.title if post else ""),
        (_("Category"), post.get_category_display() if post else ""),
        (_("Date of birth"), person.birth_text),
        (_("Place of birth"), person.birth_place),
        (_("Sex"), person.get_sex_display() if person.sex else ""),
        (_("Identity number"), seen),
        (_("Telephone"), person.phone),
        (_("E-mail"), person.email),
    ]
    if policies.can_see_ethnic_group(actor, person):
        facts.append((_("Ethnic group"), name_of(person.ethnic_group) or _("not known")))
    return facts


def _person_to_administer(request: SignedInRequest, person_id: int) -> Person:
    """Somebody within reach; whether the act is allowed, the action says."""
    return get_object_or_404(queries.people_open_to(request.user.person), pk=person_id)


class GrantRole(View):
    def get(self, request: SignedInRequest, person_id: int) -> HttpResponse:
        return self._page(request, _person_to_administer(request, person_id), RoleForm())

    def post(self, request: SignedInRequest, person_id: int) -> HttpResponse:
        person = _person_to_administer(request, person_id)
        form = RoleForm(request.POST)
        if form.is_valid():
            actor = request.user.person
            unit = (
                queries.units_open_to(actor).filter(code=form.cleaned_data["unit"].strip()).first()
            )
            if unit is None:
                form.add_error(
                    "unit", _("No unit of yours has this code. It stands on the unit's page.")
                )
            else:
                grant_role(person, form.cleaned_data["role"], unit, by=actor, at=now())
                return HttpResponseRedirect(reverse("people:person", args=[person.pk]), status=303)
        return self._page(request, person, form, 422)

    def _page(
        self, request: SignedInRequest, person: Person, form: RoleForm, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "person": person}
        return render(request, "people/grant_role.html", context, status=status)


@require_POST
def end_role_view(request: SignedInRequest, grant_id: int) -> HttpResponse:
    people = queries.people_open_to(request.user.person)
    grant = get_object_or_404(RoleGrant.objects.filter(person__in=people), pk=grant_id)
    end_role(grant, by=request.user.person, at=now())
    return HttpResponseRedirect(reverse("people:person", args=[grant.person_id]), status=303)


@method_decorator(never_cache, "dispatch")
class CreateAccount(View):
    def get(self, request: SignedInRequest, person_id: int) -> HttpResponse:
        return self._page(request, _person_to_administer(request, person_id), AccountForm())

    def post(self, request: SignedInRequest, person_id: int) -> HttpResponse:
        person = _person_to_administer(request, person_id)
        form = AccountForm(request.POST)
        if form.is_valid():
            try:
                password = issue_account(
                    person, form.cleaned_data["username"], by=request.user.person, at=now()
                )
            except NotPossible as refused:
                form.add_error("username", str(refused))
            else:
                return _slip(request, person, password)
        return self._page(request, person, form, 422)

    def _page(
        self, request: SignedInRequest, person: Person, form: AccountForm, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "person": person}
        return render(request, "people/create_account.html", context, status=status)


@method_decorator(never_cache, "dispatch")
class ResetPassword(View):
    """The answer to the form is the slip itself: a one-time password is kept nowhere."""

    def get(self, request: SignedInRequest, person_id: int) -> HttpResponse:
        person, account = self._of(request, person_id)
        if not policies.can_manage_account_of(request.user.person, person):
            raise Http404
        context = {
            "person": person,
            "their_account": account,
            "password_state": password_state(account),
        }
        return render(request, "people/reset_password.html", context)

    def post(self, request: SignedInRequest, person_id: int) -> HttpResponse:
        person, account = self._of(request, person_id)
        state = request.POST.get("state", "")
        password = reset_password(account, state=state, by=request.user.person, at=now())
        return _slip(request, person, password)

    def _of(self, request: SignedInRequest, person_id: int) -> tuple[Person, Account]:
        person = _person_to_administer(request, person_id)
        return person, get_object_or_404(Account, person=person)


def _slip(request: SignedInRequest, person: Person, password: str) -> HttpResponse:
    """What is printed and handed over."""
    post = queries.record_of(person).main_post
    context = {
        "person": person,
        "unit": post.unit if post else None,
        "password": password,
        "facts": [
            (_("Address"), settings.SITE_ADDRESS + reverse("people:sign_in")),
            (_("Sign-in name"), person.account.username),
        ],
    }
    return render(request, "people/slip.html", context)
