"""The list of reports: what an officer finds in it, by plain columns alone.

Filters are written down here and every one is read by an index; nothing is counted.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Q, QuerySet

from portal.models import User
from reporting.models import Report
from reporting.queues import QUEUES, picked
from reporting.receipts import ALPHABET

REFERENCE = 10  # characters after the SR-
_MISREAD = str.maketrans("ILO", "110")


def listed(user: User) -> QuerySet[Report]:
    """Every report that this officer may know of, with what the list shows."""
    return Report.objects.visible_to(user).select_related("assigned_to").order_by("-id")


def in_queue(reports: QuerySet[Report], code: str, user: User) -> QuerySet[Report]:
    queue = QUEUES.get(code)
    if queue is None or not user.has_role(*queue.roles):
        return reports
    return picked(queue, reports, user)


def with_label(reports: QuerySet[Report], label_id: int) -> QuerySet[Report]:
    """A report has a label once, so none comes twice."""
    return reports.filter(labels=label_id)


def by_reference(reports: QuerySet[Report], typed: str) -> QuerySet[Report]:
    """A whole reference, or how it begins; with or without “SR” and hyphens."""
    code = plain_reference(typed)
    if not code:
        return reports
    if len(code) > REFERENCE or not set(code) <= set(ALPHABET):
        return reports.none()
    written = f"SR-{code[:5]}-{code[5:]}" if len(code) >= 5 else f"SR-{code}"
    if len(code) == REFERENCE:
        return reports.filter(reference=written)
    return reports.filter(begins_with(written))


def begins_with(written: str) -> Q:
    """By the index on either engine: SQLite compares bytes, and its LIKE reads every row."""
    if connection.vendor == "sqlite":
        return Q(reference__gte=written, reference__lt=written + "~")
    return Q(reference__startswith=written)


def plain_reference(typed: str) -> str:
    """What was typed without what only makes it readable, misread characters put right."""
    code = "".join(typed.upper().replace("-", " ").split())
    return code.removeprefix("SR").translate(_MISREAD)
