"""The question which attaché answers for a country."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from django_countries import countries


class FinderForm(forms.Form):
    """Read from the address, so that an answer can be kept and sent on."""

    country = forms.ChoiceField(
        label=gettext_lazy("Which country is it about?"),
        error_messages={"invalid_choice": gettext_lazy("Choose a country from the list.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field: Any = self.fields["country"]
        field.choices = [("", gettext_lazy("Choose a country")), *countries]
