"""Opening hours as people type them, “Mon-Fri 08:00-16:30”, and as the directory keeps them."""

from __future__ import annotations

import itertools
import re
from typing import Any

from django.utils.translation import gettext as _

from portal.errors import DomainError

Hours = dict[str, list[list[str]]]
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MOST_SPANS = 6
_PART = re.compile(
    r"(?P<first>[A-Za-z]{3})(?:\s*[-–]\s*(?P<last>[A-Za-z]{3}))?\s+"
    r"(?P<spans>[\d:.,\s–-]+)"
)
_SPAN = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})")


def parse(text: str) -> Hours:
    """“Mon-Thu 08:00-12:00, 13:00-16:30; Fri 08:00-12:00”; raises a DomainError that says how."""
    hours: Hours = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        match = _PART.fullmatch(part)
        if match is None:
            raise _unclear(part)
        spans = [_span(one.strip()) for one in match["spans"].split(",")]
        for day in _days(match["first"], match["last"] or match["first"], part):
            if str(day) in hours:
                raise DomainError(_("%(day)s stands there twice.") % {"day": DAYS[day]})
            hours[str(day)] = _in_order(spans, part)
    return dict(sorted(hours.items()))


def write(hours: Any) -> str:
    """The same as text; what cannot be read as hours is left out."""
    parts: list[tuple[int, int, str]] = []
    for day in range(7):
        spans = _readable(hours, day)
        if not spans:
            continue
        if parts and parts[-1][1] == day - 1 and parts[-1][2] == spans:
            parts[-1] = (parts[-1][0], day, spans)
        else:
            parts.append((day, day, spans))
    return "; ".join(
        f"{DAYS[first]}{f'-{DAYS[last]}' if last > first else ''} {spans}"
        for first, last, spans in parts
    )


def _readable(hours: Any, day: int) -> str:
    if not isinstance(hours, dict):
        return ""
    spans = hours.get(str(day), hours.get(day)) or []
    return ", ".join(f"{span[0]}-{span[1]}" for span in spans if len(span) == 2)


def _days(first: str, last: str, part: str) -> range:
    names = [day.lower() for day in DAYS]
    try:
        begin, end = names.index(first.lower()), names.index(last.lower())
    except ValueError:
        raise _unclear(part) from None
    if end < begin:
        raise DomainError(
            _("“%(part)s” runs backwards. A week begins on Mon here and ends on Sun.")
            % {"part": part}
        )
    return range(begin, end + 1)


def _span(text: str) -> list[str]:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise _unclear(text)
    begin, end = (f"{int(match[n]):02}:{match[n + 1]}" for n in (1, 3))
    for clock in (begin, end):
        if clock > "24:00" or clock[3:] > "59":
            raise DomainError(_("“%(time)s” is no time of the day.") % {"time": clock})
    if begin >= end:
        raise DomainError(
            _("“%(span)s” does not end after it begins. Hours past midnight go to the next day.")
            % {"span": text}
        )
    return [begin, end]


def _in_order(spans: list[list[str]], part: str) -> list[list[str]]:
    if len(spans) > MOST_SPANS or any(
        one[1] > other[0] for one, other in itertools.pairwise(spans)
    ):
        raise DomainError(_("The hours in “%(part)s” overlap.") % {"part": part})
    return spans


def _unclear(part: str) -> DomainError:
    return DomainError(
        _("“%(part)s” is not understood. Write hours like “Mon-Fri 08:00-16:30; Sat 09:00-12:00”.")
        % {"part": part}
    )
