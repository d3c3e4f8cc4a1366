"""Which holders of certificates an officer looks at, to offer them agreements together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from mou.candidates import Chosen
from mou.models import Component, Programme


def _countries() -> list[tuple[str, str]]:
    return [("", _("Every country")), *((code, str(name)) for code, name in countries)]


class ChooseForm(forms.Form):
    programme = forms.ModelChoiceField(
        Programme.objects.order_by("pk"), label=gettext_lazy("Programme"), empty_label=None
    )
    component = forms.ChoiceField(
        label=gettext_lazy("Part of the certificate that they hold"), required=False
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=_countries, required=False)
    authority = forms.CharField(
        label=gettext_lazy("Competent authority"),
        help_text=gettext_lazy("As it stands on the list of certificates. Empty: every authority."),
        max_length=200,
        required=False,
    )
    granted_since = forms.DateField(
        label=gettext_lazy("In effect since this day or later"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        required=False,
    )
    again = forms.BooleanField(
        label=gettext_lazy("Also those that were offered an agreement before"),
        help_text=gettext_lazy("Whose offer was taken back, or declined more than a year ago."),
        required=False,
    )
    unaddressed = forms.BooleanField(
        label=gettext_lazy("Also those of which no address is known"),
        help_text=gettext_lazy("Their offers wait until an officer enters an address."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["component"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [("", _("Any part")), *Component.choices]

    @property
    def chosen(self) -> Chosen:
        """What was chosen, in codes; only after the form was found valid."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "programme"}
        day = told.pop("granted_since")
        return Chosen(granted_since=day.isoformat() if day else "", **told)
