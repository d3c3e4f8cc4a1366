"""An engagement as a file for somebody's own calendar."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from partners.lifecycle import EngagementStatus
from partners.models import Engagement
from portal import calendars
from portal.requests import PersonRequest

STATUS = {EngagementStatus.PLANNED: "TENTATIVE", EngagementStatus.CANCELLED: "CANCELLED"}


def calendar(request: PersonRequest, object_id: int) -> HttpResponse:
    """Without what came of it."""
    one = get_object_or_404(Engagement.objects.visible_to(request.user), pk=object_id)
    event = calendars.Event(
        uuid=one.uuid,
        changed_at=one.changed_at,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        sequence=one.sequence,
        status=STATUS.get(EngagementStatus(one.status), "CONFIRMED"),
        title=one.title,
        place=one.place,
        about=one.topics,
    )
    text = calendars.calendar([event], product="Engagements")
    return calendars.attachment(text, f"engagement-{one.pk}.ics")
