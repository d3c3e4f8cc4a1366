"""Joint activities as a calendar file, for one or for all of an agreement."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from mou.lifecycle import ActivityStatus
from mou.models import Activity
from portal import calendars
from portal.calendars import Event

STATUS = {
    ActivityStatus.PROPOSED: "TENTATIVE",
    ActivityStatus.AGREED: "CONFIRMED",
    ActivityStatus.HELD: "CONFIRMED",
    ActivityStatus.CANCELLED: "CANCELLED",
}


def calendar(activities: Iterable[Activity]) -> str:
    """The file; a calendar that has an activity already takes it for the newer one."""
    return calendars.calendar((_event(one) for one in activities), product="Agreements")


def attachment(activities: Iterable[Activity], name: str) -> HttpResponse:
    return calendars.attachment(calendar(activities), name)


def _event(one: Activity) -> Event:
    duties = f"{one.administration_duty} / {one.business_duty}"
    return Event(
        uuid=one.uuid,
        changed_at=one.changed_at,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        sequence=one.sequence,
        status=STATUS[ActivityStatus(one.status)],
        title=one.title,
        place=one.place,
        about="\n".join(filter(None, (one.about, duties, one.mou.number))),
    )
