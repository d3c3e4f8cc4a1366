"""What waits at the triage desk: one named queue each, for its front page and for the list.

Each queue is read by an index that holds little more than the queue (reporting/models/reports.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import StaffRole, User
from reporting import due, permissions
from reporting.lifecycle import NEW, OPEN, TO_DO, Priority, Status
from reporting.models import Report

# Nobody works through more than this; a long queue is not counted to its end.
COUNTED = 2000


@dataclass(frozen=True)
class Queue:
    """Reports that wait for one thing."""

    code: str
    text: Any
    pick: Callable[[User], Q]
    urgent: bool = False
    roles: tuple[str, ...] = permissions.READERS


def _urgent(user: User) -> Q:
    return Q(status__in=TO_DO) & (Q(urgent=True) | Q(priority=Priority.P1))


def _dormant(user: User) -> Q:
    """Their review is due; what is worked on is never erased by itself."""
    return Q(
        status__in=[status for status in OPEN if status not in NEW],
        review_due__lte=timezone.localdate(),
        merged_into=None,
    ) & ~Q(status=Status.ERASED)


QUEUES = {
    queue.code: queue
    for queue in (
        Queue("urgent", _("To look at now"), _urgent, urgent=True),
        Queue("overdue", _("Overdue"), lambda user: due.ends_before(timezone.now()), urgent=True),
        Queue(
            "escalated",
            _("Escalated to you"),
            lambda user: Q(status__in=TO_DO, escalated_at__isnull=False),
            urgent=True,
            roles=(StaffRole.SUPERVISOR,),
        ),
        Queue("new", _("New"), lambda user: Q(status__in=NEW)),
        Queue("mine", _("Mine"), lambda user: Q(assigned_to=user, status__in=OPEN)),
        Queue(
            "due",
            _("Due within a day"),
            lambda user: due.ends_before(timezone.now() + due.SOON),
        ),
        Queue("news", _("New word from the reporter"), lambda user: Q(news_at__isnull=False)),
        Queue(
            "waiting",
            _("Waiting for the reporter"),
            lambda user: Q(status__in=OPEN, asked_at__isnull=False),
        ),
        Queue(
            "unassigned",
            _("Nobody’s yet"),
            lambda user: Q(status__in=TO_DO, assigned_to=None),
        ),
        Queue(
            "retention",
            _("Erased soon unless kept"),
            lambda user: Q(status=Status.RETENTION_REVIEW),
        ),
        Queue("dormant", _("Open for long without an event"), _dormant),
    )
}


def queues_of(user: User) -> list[Queue]:
    """The queues that this officer works through."""
    if not permissions.can_list(user):
        return []
    return [queue for queue in QUEUES.values() if user.has_role(*queue.roles)]


def picked(queue: Queue, reports: QuerySet[Report], user: User) -> QuerySet[Report]:
    return reports.filter(queue.pick(user))


def counted(queue: Queue, user: User) -> str:
    """How many wait: “2000+” when there are more than anybody counts."""
    found = picked(queue, Report.objects.visible_to(user), user)
    count = found.order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if count > COUNTED else str(count)
