"""The terms of an agreement in days: when it ends, when it is looked at, how long notice runs."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from mou.models import Amendment, AmendmentKind, MouVersion, Template
from portal.dates import add_months

# Days before the end and before a review on which both sides are reminded.
REMINDED = (90, 60, 30, 7)
# Whoever has not signed is reminded in the last days of a round.
SIGNING_REMINDED = 7


def of(version: MouVersion, day: date) -> tuple[date | None, date]:
    """The last day, where the text has one, and the day of the first review, from this day on."""
    months = version.template.months
    last = add_months(day, months) - timedelta(days=1) if months else None
    return last, add_months(day, _review_months())


def renewed_until(amendment: Amendment, template: Template) -> date | None:
    """The last day that a renewed text names, counted from the end of the old one.

    None for other amendments, which leave the end as it is, and for a text without an end.
    """
    if amendment.kind != AmendmentKind.RENEWAL or not template.months:
        return None
    today = timezone.localdate()
    last = amendment.mou.ends_on
    first = last + timedelta(days=1) if last is not None and last >= today else today
    return add_months(first, template.months) - timedelta(days=1)


def next_review(due: date, today: date) -> date:
    """A year after the last one was due, or after today where that is past already."""
    following = add_months(due, _review_months())
    return following if following > today else add_months(today, _review_months())


def _review_months() -> int:
    return int(settings.AGREEMENT_PLACES["review_months"])


def notice_runs_until(day: date) -> date:
    """The last day of an agreement of which notice is given on this day."""
    return day + timedelta(days=int(settings.AGREEMENT_PLACES["notice_days"]))


def sign_by(days: int, day: date) -> date:
    """The last day of a round of signing that is opened on this day."""
    return day + timedelta(days=days)


def reminder(today: date, day: date) -> int | None:
    """Which reminder is due: the latest that has come, and only that one after an outage."""
    left = (day - today).days
    if left < 0:
        return None
    return next((days for days in sorted(REMINDED) if left <= days), None)
