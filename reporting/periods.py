"""Periods as ranges of report ids: an id begins with its hour, so its index serves both."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

HOUR = 3600


def first_id(moment: datetime) -> UUID:
    """The lowest id that a report of this hour can have."""
    return UUID(int=(int(moment.timestamp()) // HOUR) << 96)


def hour_of(report_id: UUID) -> int:
    return report_id.int >> 96


def moment_of(report_id: UUID) -> datetime:
    return datetime.fromtimestamp(hour_of(report_id) * HOUR, tz=UTC)


def begin(day: date) -> datetime:
    """The first moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def between(since: datetime | None, before: datetime | None) -> Q:
    """Reports received from the one hour to before the other."""
    found = Q()
    if since is not None:
        found &= Q(id__gte=first_id(since))
    if before is not None:
        found &= Q(id__lt=first_id(before))
    return found
