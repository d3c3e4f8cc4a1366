"""What happened to an agreement, as its readers may know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from mou.event_words import CONFIDENTIAL, EVENTS, OF_DOCUMENTS, OF_MEMBERS
from mou.models import HistoryEntry, Mou
from portal.models import User


@dataclass(frozen=True)
class Happening:
    """One thing that was done, in words."""

    text: str
    at: datetime
    by: str
    reason: str
    event: str = ""


def history(mou: Mou, *, for_staff: bool, most: int | None = 200) -> list[Happening]:
    """What happened, the newest first. Outside the desk only people of the firm are named."""
    told = set(EVENTS) if for_staff else set(EVENTS) - CONFIDENTIAL
    events = list(_events(mou).filter(event__in=told).order_by("-id")[:most])
    people = _people(mou, {pk for event in events if (pk := event.actor_id)}, for_staff)

    def name(event: HistoryEntry) -> str:
        if event.actor_id is None:
            of_documents = event.event in OF_DOCUMENTS
            return _("The document service") if of_documents else _("The portal, by itself")
        if event.event in OF_MEMBERS and not for_staff:
            return _("The member firm")
        return str(people.get(event.actor_id) or _("The administration"))

    return [
        Happening(str(EVENTS[event.event]), event.at, name(event), event.reason, event.event)
        for event in events
    ]


def _people(mou: Mou, ids: set[int], for_staff: bool) -> dict[int, User]:
    """Whom the reader may know: the firm its own people, of whatever time."""
    if for_staff:
        return User.objects.in_bulk(ids)
    own = mou.organisation.memberships.filter(user__in=ids).values("user")
    return User.objects.filter(pk__in=own, is_staff=False).in_bulk()


def _events(mou: Mou) -> Any:
    versions = mou.versions.values_list("pk", flat=True)
    targets = Q(target_type="mou.mou", target_id=str(mou.pk))
    targets |= Q(target_type="mou.mouversion", target_id__in=[str(pk) for pk in versions])
    if mou.offer_id:
        targets |= Q(target_type="mou.mouoffer", target_id=str(mou.offer_id))
    return HistoryEntry.objects.filter(targets, organisation_id=mou.organisation_id)
