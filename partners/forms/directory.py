"""Searching and filtering the directory."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partners.models import Group, PartnerType, PostType
from partners.visibility import Level

ALL = [("", _("All"))]


class DirectoryForm(forms.Form):
    """Nothing here is required: an empty form is the whole directory."""

    q = forms.CharField(
        label=_("Words"),
        help_text=_("A name, a country, a subject. Accents and small slips do not matter."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "type": "search"}),
    )
    type = forms.ChoiceField(label=_("Kind"), choices=[*ALL, *PartnerType.choices], required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: Any, level: Level) -> None:
        super().__init__(data)
        seen = Group.objects.visible_at(level)
        groups = seen.values_list("code", "name").order_by("name", "pk")
        self.fields["group"].choices = [*ALL, *groups]  # type: ignore[attr-defined]
        self.fields["country"].choices = [*ALL, *countries]  # type: ignore[attr-defined]


class PostSearchForm(forms.Form):
    """What programs choose posts by; nothing is required."""

    q = forms.CharField(max_length=100, required=False)
    type = forms.ChoiceField(choices=[*ALL, *PostType.choices], required=False)
    country = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [*ALL, *countries]  # type: ignore[attr-defined]
