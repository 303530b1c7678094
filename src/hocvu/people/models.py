"""People, posts, accounts, role grants, roster imports."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hocvu.units.models import Unit


class Category(models.TextChoices):
    """Categories of person in Vietnamese public service (glossary: public_personnel and others)."""

    CADRE = "cadre", _("cadre")
    CIVIL_SERVANT = "civil_servant", _("civil servant")
    PUBLIC_EMPLOYEE = "public_employee", _("public employee")
    CONTRACT_WORKER = "contract_worker", _("contract worker")
    NON_SPECIALISED = "non_specialised_worker", _("part-time grassroots worker")
    ARMED_FORCES = "armed_forces", _("armed forces")
    OTHER = "other", _("other")


class Sex(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class Role(models.TextChoices):
    TRAINING_OFFICER = "training_officer", _("training officer")
    REGISTRAR = "registrar", _("registrar")
    LEADER = "leader", _("leader")
    INSPECTOR = "inspector", _("inspector")
    ADMINISTRATOR = "administrator", _("administrator")
    TEACHER = "teacher", _("teacher")


class Person(models.Model):
    """A person, whatever accounts and posts they have.

    The date of birth may lack its day or month: old dossiers hold only the year.
    """

    full_name = models.CharField(max_length=150)
    search_key = models.CharField(max_length=150, db_index=True)
    sort_key = models.CharField(max_length=400, db_collation="C", db_index=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    identity_number = models.CharField(max_length=12, null=True, unique=True, db_collation="C")
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    # A code of rules.ethnic_groups; sensitive personal data, see policies.can_see_ethnic_group.
    ethnic_group = models.CharField(max_length=2, blank=True, db_default="")
    # As dossiers write it: a province of today or of then, with or without its commune.
    birth_place = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=Q(identity_number=None) | Q(identity_number__regex=r"^\d{12}$"),
                name="identity_number_has_twelve_digits",
            ),
            models.CheckConstraint(
                condition=Q(birth_day=None) | Q(birth_month__isnull=False),
                name="a_day_of_birth_needs_its_month",
            ),
            models.CheckConstraint(
                condition=Q(birth_month=None) | Q(birth_year__isnull=False),
                name="a_month_of_birth_needs_its_year",
            ),
            models.CheckConstraint(
                condition=Q(ethnic_group="") | Q(ethnic_group__regex=r"^(0[1-9]|[1-4]\d|5[0-4])$"),
                name="ethnic_group_is_one_of_the_54",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def birth_text(self) -> str:
        """`05/02/1970`, `02/1970`, `1970` or nothing, as much as is known."""
        parts = (self.birth_day, self.birth_month)
        known = [f"{part:02d}" for part in parts if part]
        return "/".join([*known, str(self.birth_year)]) if self.birth_year else ""


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, day: date) -> "PostQuerySet":
        return self.filter(
            Q(from_on=None) | Q(from_on__lte=day), Q(until_on=None) | Q(until_on__gt=day)
        )


class Post(models.Model):
    """A person's position in a unit, from one day until another. One of them is the main one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=24, choices=Category.choices)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)  # first day it is no longer held
    is_main = models.BooleanField(default=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(until_on=None, is_main=True),
                name="a_person_has_one_main_post_today",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gt=F("from_on")),
                name="a_post_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AccountManager(BaseUserManager["Account"]):
    def create_account(self, person: Person, username: str, password: str) -> "Account":
        account = self.model(person=person, username=username)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """How a person signs in. A person is not an account: merging or leaving moves only this."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    username = models.CharField(max_length=60, unique=True)
    is_active = models.BooleanField(default=True)
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    must_change_password = models.BooleanField(default=False)  # it was issued by somebody else
    last_used_at = models.DateTimeField(null=True)  # last signed in, made, or given a new password

    USERNAME_FIELD = "username"
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username


class SignedInRequest(HttpRequest):
    """A request of somebody who signed in (every view but the public ones)."""

    user: Account


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force_on(self, day: date) -> "RoleGrantQuerySet":
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)


class RoleGrant(models.Model):
    """A role held on a unit, and so on everything below it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"],
                condition=Q(until_on=None),
                name="a_role_is_granted_once_on_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.unit_id}"


class RosterImport(models.Model):
    """An uploaded roster: read, shown, then taken over or given up.

    `lines` holds what was read and, after the import, what became of each row; `accepted` the
    proposals ticked so far, by kind (`unit_unknown`) or for one row (`12:unit_unknown`).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=250)
    file_sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    lines = models.JSONField(default=list)
    sheet_problems = models.JSONField(default=list)
    accepted = models.JSONField(default=list)
    imported_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(imported_at=None) | Q(given_up_at=None),
                name="an_import_is_not_both_done_and_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"


__all__: list[Any] = [
    "Account",
    "Category",
    "Person",
    "Post",
    "Role",
    "RoleGrant",
    "RosterImport",
    "Sex",
    "SignedInRequest",
]
