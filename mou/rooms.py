"""The pages that belong to one agreement beside its own: survey, risks, activities and more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mou import cover_permissions
from mou.models import Mou, Party
from mou.plan_steps import PARTS
from portal.models import User


@dataclass(frozen=True)
class Room:
    """One such page: a route by uuid at the firm's side, by id at the desk, where it has one."""

    title: Any
    site: str
    office: str
    shown: Callable[[User, Mou], bool] = lambda user, mou: True
    # What the route asks for besides the agreement.
    part: str = ""


def _was_in_force(user: User, mou: Mou) -> bool:
    return mou.in_force_at is not None


def _has_text(user: User, mou: Mou) -> bool:
    """Of drafts the firm knows those that were sent: accepted for us, or sent back since."""
    if user.is_staff:
        return mou.versions.exists()
    sent = mou.versions.filter(acceptances__party=Party.ADMINISTRATION)
    return bool(mou.remark) or sent.exists()


ROOMS: tuple[Room, ...] = (
    Room(_("Survey of flows"), "mou:survey", "admin:mou_mou_survey"),
    Room(_("Risks"), "mou:risks", "admin:mou_mou_risks"),
    Room(_("The text, clause by clause"), "mou:clauses", "admin:mou_mou_clauses", shown=_has_text),
    *(
        Room(part.title, "mou:plan", "admin:mou_mou_plan", part=part.code)
        for part in PARTS.values()
    ),
    Room(_("Timeline"), "mou:timeline", "admin:mou_mou_timeline"),
    Room(_("Reviews"), "mou:reviews", "", shown=_was_in_force),
    Room(_("Alerts"), "mou:alerts", "", shown=_was_in_force),
    Room(_("Training and guidance"), "mou:training", "", shown=_was_in_force),
    Room(_("Feedback from customs"), "mou:feedback", "", shown=_was_in_force),
    Room(
        _("Member firms"),
        "mou:members",
        "admin:mou_mou_members",
        shown=cover_permissions.can_read_members,
    ),
    Room(_("Register and badge"), "mou:listing", "", shown=_was_in_force),
)


def rooms_of(user: User, mou: Mou) -> list[dict[str, str]]:
    """Links to the pages of this agreement that the reader may open."""
    found = []
    for room in ROOMS:
        name = room.office if user.is_staff else room.site
        if name and room.shown(user, mou):
            at = mou.pk if user.is_staff else mou.uuid
            args = [at, room.part] if room.part else [at]
            found.append({"title": str(room.title), "url": reverse(name, args=args)})
    return found
