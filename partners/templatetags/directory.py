"""Names for the codes of the directory."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django_countries import countries

from partners.hours import Hours
from partners.models import Duty, PartnerType, PostType

register = template.Library()

# Languages of partners that Django cannot name.
NAMED = {"mt": gettext_lazy("Maltese"), "zh": gettext_lazy("Chinese")}


@register.filter
def country_name(code: str) -> str:
    return str(countries.name(code))


@register.filter
def language_names(codes: list[str]) -> str:
    """As one phrase; a language that Django cannot name keeps its code."""
    return ", ".join(_language(code) for code in codes)


@register.filter
def type_name(code: str) -> str:
    return str(PartnerType(code).label)


@register.filter
def post_type_name(code: str) -> str:
    return str(PostType(code).label)


@register.filter
def duty_name(code: str) -> str:
    return str(Duty(code).label)


@register.filter
def zone_name(zone: str) -> str:
    """The place after which a time zone is called: “New York” of `America/New_York`."""
    return zone.rpartition("/")[2].replace("_", " ")


@register.filter
def is_past(day: date) -> bool:
    return day < timezone.localdate()


@register.filter
def hours_lines(hours: Hours) -> list[str]:
    """“Monday: 08:00–12:00, 13:00–16:30”, one line a day on which it is open."""
    return [
        _("%(day)s: %(spans)s")
        % {
            "day": WEEKDAYS[int(day)],
            "spans": ", ".join(f"{begins}–{ends}" for begins, ends in sorted(spans)),
        }
        for day, spans in sorted(hours.items())
        if spans
    ]


def _language(code: str) -> str:
    if code in NAMED:
        return str(NAMED[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
