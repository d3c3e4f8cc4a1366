"""One agreement from its offer to its end, in words that a stranger understands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.happenings import Happening, history
from mou.lifecycle import MouStatus, ReviewStatus
from mou.models import Mou, Notice, Review
from portal.models import User

OFFER, VERSION = gettext_lazy("The offer"), gettext_lazy("A new version of the text")
IN_FORCE = gettext_lazy("In force")
# An event that begins a phase; every other one belongs to the phase that runs.
PHASES: dict[str, Any] = {
    **dict.fromkeys(["offer_made", "offered"], OFFER),
    **dict.fromkeys(
        ["accepted", "reopened", "signing_declined", "signing_expired"],
        gettext_lazy("Preparing the text"),
    ),
    "agreed": gettext_lazy("Signing"),
    "amendment_opened": VERSION,
    **dict.fromkeys(["archived", "reinstated", "amended", "amendment_dropped"], IN_FORCE),
    "suspended": gettext_lazy("Suspended"),
    **dict.fromkeys(["terminated", "expired", "withdrawn", "declined"], gettext_lazy("Ended")),
}
# Beside an agreement in force these are steps of the new version.
OF_A_VERSION = {"reopened", "signing_declined", "signing_expired", "agreed"}


@dataclass
class Phase:
    """A stretch of the agreement's life and what happened in it, in order."""

    title: str
    entries: list[Happening] = field(default_factory=list)


@dataclass(frozen=True)
class Ahead:
    """A day to come that is known already."""

    day: date
    text: str


class Timeline:
    """What has happened, phase by phase, and what is to come."""

    def __init__(self, mou: Mou, reader: User) -> None:
        self.mou, self.for_staff = mou, reader.is_staff
        self._entries = history(mou, for_staff=self.for_staff, most=None)[::-1]

    @property
    def phases(self) -> list[Phase]:
        found: list[Phase] = []
        amending = False
        for entry in self._entries:
            begins = PHASES.get(entry.event)
            if entry.event == "amendment_opened":
                amending = True
            elif entry.event in ("amended", "amendment_dropped"):
                amending = False
            elif amending and (entry.event in OF_A_VERSION or entry.event == "reinstated"):
                begins = VERSION
            title = str(begins) if begins else ""
            if not found or (title and found[-1].title != title):
                found.append(Phase(title or str(OFFER)))
            found[-1].entries.append(entry)
        return found

    @property
    def ahead(self) -> list[Ahead]:
        """What is known of the days to come, the nearest first."""
        if self.mou.status not in (MouStatus.IN_FORCE, MouStatus.SUSPENDED):
            return []
        days = [Ahead(day, text) for day, text in self._days() if day is not None]
        return sorted(days, key=lambda one: one.day)

    def _days(self) -> Iterator[tuple[date | None, str]]:
        notice = Notice.objects.live().filter(mou=self.mou, last_day__isnull=False).first()
        if notice is not None:
            yield notice.last_day, _("The notice runs out: the last day of the agreement")
        waiting = Review.objects.filter(mou=self.mou).exclude(status=ReviewStatus.CLOSED)
        reviews = list(waiting.order_by("due_on"))
        for review in reviews:
            yield review.due_on, _("Due: %(review)s") % {"review": review.get_cause_display()}
        if not any(review.cause == "yearly" for review in reviews):
            yield self.mou.next_review_on, _("The next yearly review")
        yield self.mou.ends_on, _("The last day, unless it is renewed")

    def rows(self) -> Iterator[list[str]]:
        """For a file."""
        yield [_("Phase"), _("When"), _("What"), _("Who"), _("Reason")]
        for phase in self.phases:
            for one in phase.entries:
                yield [phase.title, _moment(one.at), one.text, one.by, one.reason]
        for coming in self.ahead:
            yield [_("To come"), coming.day.isoformat(), coming.text, "", ""]


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
