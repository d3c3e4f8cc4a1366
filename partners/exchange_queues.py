"""What waits at the liaison desk among the exchanges: one named queue each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import exchange_permissions as permissions
from partners.exchange_lifecycle import AWAITS_ANSWER, OPEN, RUNNING, Direction, Status
from partners.exchange_retention import DORMANT_MONTHS
from partners.models import Exchange, OurWord
from portal.dates import add_months
from portal.models import StaffRole, User

BOTH = (StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Queue:
    """Exchanges that wait for one thing."""

    code: str
    text: Any
    pick: Callable[[User], Q]
    urgent: bool = False
    roles: tuple[str, ...] = BOTH


def _due(before: timedelta) -> Q:
    ends = timezone.now() + before
    return Q(status__in=AWAITS_ANSWER, paused_at=None, due_at__lte=ends)


def _words(**stand: Any) -> QuerySet[OurWord]:
    """Of an exchange in the query around it."""
    return OurWord.objects.filter(exchange=OuterRef("pk"), **stand)


def _dormant(user: User) -> Q:
    before = add_months(timezone.localdate(), -DORMANT_MONTHS)
    return Q(status__in=OPEN, created_at__date__lt=before)


QUEUES = {
    queue.code: queue
    for queue in (
        Queue("late", _("Exchanges overdue"), lambda user: _due(timedelta(0)), urgent=True),
        Queue("due", _("Exchanges due within a day"), lambda user: _due(SOON)),
        Queue(
            "to_approve",
            _("Exchanges to approve"),
            lambda user: (
                Q(direction=Direction.OUT, status=Status.DRAFT)
                | Q(Exists(_words(by__isnull=False, approved_by=None)), status__in=RUNNING)
            ),
            roles=(StaffRole.SUPERVISOR,),
        ),
        Queue(
            "to_send",
            _("Exchanges to send"),
            lambda user: (
                Q(status=Status.APPROVED)
                | Q(Exists(_words(approved_by__isnull=False)), status__in=RUNNING)
            ),
        ),
        Queue("new", _("Exchanges that came in"), lambda user: Q(status=Status.RECEIVED)),
        Queue(
            "referred",
            _("Drafts from suspicion reports"),
            lambda user: Q(status=Status.DRAFT, report_id__isnull=False),
        ),
        Queue(
            "paused",
            _("Exchanges whose clock is paused"),
            lambda user: Q(status__in=AWAITS_ANSWER, paused_at__isnull=False),
        ),
        Queue(
            "oral",
            _("To be confirmed in writing"),
            lambda user: Q(oral=True, confirmed_at=None, source_withdrawn_at=None, status__in=OPEN),
        ),
        Queue(
            "mine",
            _("My exchanges"),
            lambda user: Q(responsible=user) & Q(status__in=OPEN),
        ),
        Queue(
            "outcome",
            _("Closed exchanges of mine: what came of them?"),
            lambda user: (
                Q(responsible=user, status=Status.CLOSED, outcome="")
                & (Q(sent_at__isnull=False) | Q(direction=Direction.IN))
            ),
        ),
        Queue(
            "retention",
            _("Exchanges erased soon unless kept"),
            lambda user: Q(status=Status.RETENTION_REVIEW),
        ),
        Queue("dormant", _("Exchanges open for more than a year"), _dormant),
    )
}


def queues_of(user: User) -> list[Queue]:
    if not permissions.can_list(user):
        return []
    return [queue for queue in QUEUES.values() if user.has_role(*queue.roles)]


def picked(code: str, exchanges: QuerySet[Exchange], user: User) -> QuerySet[Exchange]:
    queue = QUEUES.get(code)
    return exchanges.filter(queue.pick(user)) if queue is not None else exchanges
