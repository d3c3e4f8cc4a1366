"""What every place in the directory is asked: its country, its time zone, its languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_LANGUAGES = 12
PHONE = RegexValidator(
    r"^\+?[0-9 ()./-]*(?:(?:ext|x)\.? ?[0-9]+)?\Z",
    gettext_lazy("Write the number with digits, beginning with + and the country’s code."),
)
NO_PLACES = ("Etc/", "posix/", "right/", "SystemV/")
Choices = list[tuple[str, Any]]


@cache
def time_zones() -> Choices:
    """Every time zone of a place, and UTC."""
    names = sorted(name for name in available_timezones() if "/" in name)
    places = [name for name in names if not name.startswith(NO_PLACES)]
    return [(name, name.replace("_", " ")) for name in ["UTC", *places]]


def countries_or(nothing: Any) -> Choices:
    """Every country by its name, after a line for none."""
    return [("", nothing), *countries]


class LanguagesField(forms.CharField):
    """Codes of languages with commas between them; kept as a list."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        codes = [one for one in re.split(r"[\s,;]+", str(value or "").lower()) if one]
        for code in codes:
            if not LANGUAGE.fullmatch(code):
                raise forms.ValidationError(
                    _("“%(code)s” is no code of a language. Use codes like en, fr, pt.")
                    % {"code": code[:20]}
                )
        if len(codes) > MOST_LANGUAGES:
            raise forms.ValidationError(_("Name the most important languages only."))
        return list(dict.fromkeys(codes))

    def validate(self, value: Any) -> None:
        """Nothing more: an empty list is one."""

    def run_validators(self, value: Any) -> None:
        """Those of text do not fit a list."""
