"""Which reports a legal hold stops: the one that is held, and all that is merged with it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from reporting.models import LegalHold, Report


def targets(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """For each report the one that it went into in the end; itself when it was not merged."""
    into: dict[UUID, UUID] = {}
    ask = set(ids)
    while ask:
        merged = Report.objects.filter(pk__in=ask, merged_into__isnull=False)
        found: dict[UUID, UUID] = dict(merged.values_list("pk", "merged_into_id"))
        into |= found
        ask = set(found.values()) - into.keys()
    return {pk: _end(pk, into) for pk in ids}


def _end(pk: UUID, into: dict[UUID, UUID]) -> UUID:
    """Only a report that stands by itself takes another in, so that there is no circle."""
    while pk in into:
        pk = into[pk]
    return pk


def held(ids: Collection[UUID]) -> set[UUID]:
    """Those of these that a live hold stops, on whatever was merged with them and however deep."""
    live = targets(LegalHold.objects.filter(lifted_at=None).values_list("report_id", flat=True))
    stopped = set(live.values())
    return {pk for pk, target in targets(ids).items() if target in stopped}
