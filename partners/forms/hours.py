"""Opening hours as officers type them: one line a weekday, local time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.hours import MOST_SPANS

SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")
Spans = list[list[str]]


def read_spans(typed: str) -> Spans:
    """`8:30-12:00, 13:00–17:00` as pairs of times; ValidationError with what is wrong."""
    found: Spans = []
    for part in filter(None, re.split(r"[,;]\s*|\s+and\s+", typed.strip())):
        match = SPAN.fullmatch(part.strip())
        times = [int(number) for number in match.groups()] if match else []
        if not times or max(times[1], times[3]) > 59 or max(times[0], times[2]) > 24:
            raise forms.ValidationError(
                _("Write hours like 09:00-17:00, several with a comma between them.")
            )
        opens, closes = _clock(times[0], times[1]), _clock(times[2], times[3])
        if not opens < closes <= "24:00" or (found and found[-1][1] > opens):
            raise forms.ValidationError(_("Give hours in order, each from earlier to later."))
        found.append([opens, closes])
    if len(found) > MOST_SPANS:
        raise forms.ValidationError(_("So many spans make no opening hours."))
    return found


def written(spans: Iterable[Iterable[str]]) -> str:
    """What `read_spans` reads."""
    return ", ".join("–".join(span) for span in spans)


def _clock(hours: int, minutes: int) -> str:
    return f"{hours:02}:{minutes:02}"


class SpansField(forms.CharField):
    """The hours of one weekday."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=120, **kwargs)

    def clean(self, value: Any) -> Any:
        return read_spans(super().clean(value))


class HoursForm(forms.Form):
    """Seven fields that become one value `hours`; mixed into forms of places that open."""

    DAYS = tuple(f"day_{number}" for number in range(7))
    day_0 = SpansField(
        label=WEEKDAYS[0],
        help_text=gettext_lazy("Hours by the clock of the place, such as 09:00-12:00, 13:00-17:00"),
    )
    day_1 = SpansField(label=WEEKDAYS[1])
    day_2 = SpansField(label=WEEKDAYS[2])
    day_3 = SpansField(label=WEEKDAYS[3])
    day_4 = SpansField(label=WEEKDAYS[4])
    day_5 = SpansField(label=WEEKDAYS[5])
    day_6 = SpansField(label=WEEKDAYS[6])

    @classmethod
    def typed(cls, hours: dict[str, Any]) -> dict[str, str]:
        """The initial value of each field."""
        return {name: written(hours.get(name[-1], [])) for name in cls.DAYS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        days = {name[-1]: cleaned.pop(name, None) for name in self.DAYS}
        cleaned["hours"] = {day: spans for day, spans in days.items() if spans}
        return cleaned
