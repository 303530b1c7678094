"""Shapes of input."""

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvu.people.models import Category, Role
from hocvu.units.models import Unit, UnitKind


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_(
            "At least 14 characters. A sentence you remember is better than a short riddle."
        ),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        validators=[validate_password],
    )
    again = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new, again = cleaned.get("new"), cleaned.get("again")
        if new and again and new != again:
            self.add_error(
                "again", _("The two new passwords differ. Please type the same one twice.")
            )
        return cleaned


class PeopleFilters(forms.Form):
    name = forms.CharField(label=_("Name"), required=False, max_length=100)
    unit = forms.CharField(label=_("Unit or its code"), required=False, max_length=100)
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=[("", _("all")), *Category.choices]
    )


class UnitFilters(forms.Form):
    name = forms.CharField(label=_("Name or code of the unit"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *UnitKind.choices]
    )


_ROSTER_FILES: Final = ".xlsx,.xlsm,.xls,.ods,.csv,.txt,.xml,.htm,.html,.mht,.mhtml"


class RosterForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=_("Unit of the list"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_("Every unit named in the list must lie in this unit."),
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "An .xlsx, .xls, .ods or .csv file, or a saved web page with the list, as it was sent"
            " to you; 20 MB at most."
        ),
        widget=forms.FileInput({"accept": _ROSTER_FILES}),
    )

    def __init__(self, *arguments: Any, units: QuerySet[Unit], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 — declared above
        field.queryset = units


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.CharField(
        label=_("Code of the unit"),
        max_length=35,
        help_text=_("The role holds for this unit and everything below it."),
    )


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        help_text=_("Small letters, digits and dots, such as an.nv.lechan."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
