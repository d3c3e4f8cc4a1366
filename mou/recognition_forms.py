"""What officers fill in about mutual recognition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from mou.forms import ReasonForm
from mou.models import TrustScheme
from mou.plan_forms import day_field


def _countries() -> list[tuple[str, str]]:
    return [("", _("Choose a country")), *((code, str(name)) for code, name in countries)]


def _last_day() -> forms.DateField:
    field = day_field(gettext_lazy("Last day"))
    field.required = False
    field.help_text = gettext_lazy("Leave it empty while no end is laid down.")
    return field


class RecognitionForm(forms.Form):
    scheme = forms.ModelChoiceField(
        label=gettext_lazy("Our scheme"), queryset=TrustScheme.objects.all(), empty_label=None
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        choices=_countries,
        error_messages={"required": gettext_lazy("Choose the country")},
    )
    partner_scheme = forms.CharField(
        label=gettext_lazy("Their scheme"),
        help_text=gettext_lazy("Its name over there. Leave it empty where you do not know it."),
        max_length=200,
        required=False,
    )
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        help_text=gettext_lazy("The decision or agreement that lays it down, and where it stands."),
        max_length=200,
    )
    valid_from = day_field(gettext_lazy("First day"))
    valid_to = _last_day()

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        first, last = told.get("valid_from"), told.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("The last day has to be on or after the first."))
        return told


class EndRecognitionForm(ReasonForm):
    label = gettext_lazy("Why does it end, or where is that laid down?")

    valid_to = day_field(gettext_lazy("Last day"))
    field_order = ("valid_to", "reason")
