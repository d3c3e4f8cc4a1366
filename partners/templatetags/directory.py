"""Names for the codes of the directory."""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
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
def breakable(address: str) -> SafeString:
    """An address of e-mail that a narrow page breaks where its parts meet, not within a word."""
    return format_html_join(
        "", "{}<wbr>", ((part,) for part in re.findall(r"[@.]?[^@.]+|[@.]", address))
    )


@register.filter
def hours_lines(hours: Hours) -> list[str]:
    """“Monday to Thursday: 08:00–12:00, 13:00–16:30”, one line for days that are alike."""
    runs: list[tuple[int, int, str]] = []
    for number in range(7):
        spans = sorted(hours.get(str(number), []))
        text = ", ".join(f"{begins}–{ends}" for begins, ends in spans)
        if runs and runs[-1][1:] == (number - 1, text):
            runs[-1] = (runs[-1][0], number, text)
        elif text:
            runs.append((number, number, text))
    return [_("%(day)s: %(spans)s") % {"day": _days(*run), "spans": text} for *run, text in runs]


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}


def _language(code: str) -> str:
    if code in NAMED:
        return str(NAMED[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
