"""Shapes of what is sent to pages of this room."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Language of e-mails to you"), choices=settings.LANGUAGES)
