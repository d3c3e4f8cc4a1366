"""What waits for the liaison desk: one named queue each, for its front page and for its lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import (
    engagement_permissions,
    enquiry_permissions,
    enquiry_queues,
    exchange_queues,
    focus_permissions,
    instrument_permissions,
    keeping_permissions,
    notice_permissions,
    post_clock,
    post_permissions,
)
from partners.lifecycle import FILE_WAITS, PostStatus
from partners.models import (
    ContactPoint,
    DirectoryImport,
    Engagement,
    Exchange,
    FocusArea,
    FollowUp,
    InstrumentChange,
    Notice,
    Partner,
    Post,
)
from portal.models import User

# Whoever has more than this to do needs no exact number.
COUNTED = 2000


def due_entries(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Those whose day has come, without what has ended."""
    today = timezone.localdate()
    found = entries.filter(review_due__lte=today)
    if entries.model is ContactPoint:
        over = Q(partner__ended_on__lte=today) | Q(ended_at__isnull=False)
        return found.exclude(over | Q(post__status=PostStatus.CLOSED))
    if entries.model is Post:
        return found.exclude(status=PostStatus.CLOSED)
    return found.exclude(ended_on__lte=today)


def _mine(entries: QuerySet[Any], user: User) -> QuerySet[Any]:
    return due_entries(entries).filter(keeper=user)


def _nobodys(entries: QuerySet[Any], user: User) -> QuerySet[Any]:
    return due_entries(entries).filter(keeper=None)


def _all(entries: QuerySet[Any], user: User) -> QuerySet[Any]:
    return due_entries(entries)


Pick = Callable[[QuerySet[Any], User], QuerySet[Any]]
# Code → words and what is picked; the same for partners, contact points and posts.
DUE: dict[str, tuple[Any, Pick]] = {
    "mine": (_("Mine to confirm"), _mine),
    "nobody": (_("To confirm, kept by nobody"), _nobodys),
    "due": (_("To confirm"), _all),
}


# A part of the desk's front page → its heading.
GROUPS: dict[str, Any] = {
    "directory": _("Liaison desk: directory"),
    "firms": _("Liaison desk: firms"),
    "posts": _("Liaison desk: posts and engagements"),
    "exchanges": _("Liaison desk: exchanges"),
}


@dataclass(frozen=True)
class Queue:
    """Things of one table that wait for one thing, and who does it.

    `url` is the list behind the number; it shows what `pick` finds.
    """

    group: str
    code: str
    text: Any
    may: Callable[[User], bool]
    pick: Callable[[User], QuerySet[Any]]
    url: Callable[[], str]
    urgent: bool = False


def _listed(model: str, query: str) -> Callable[[], str]:
    return lambda: f"{reverse(f'admin:partners_{model}_changelist')}?{query}"


# One line for each thing that waits; every lane adds its own.
QUEUES: list[Queue] = [
    Queue(
        "directory",
        "mine",
        _("Your partners to confirm"),
        keeping_permissions.can_keep,
        lambda user: _mine(Partner.objects.all(), user),
        _listed("partner", "waits=mine"),
        urgent=True,
    ),
    Queue(
        "directory",
        "my_contacts",
        _("Your contact points to confirm"),
        keeping_permissions.can_keep,
        lambda user: _mine(ContactPoint.objects.all(), user),
        _listed("contactpoint", "waits=mine"),
        urgent=True,
    ),
    Queue(
        "directory",
        "my_posts",
        _("Your posts to confirm"),
        keeping_permissions.can_keep,
        lambda user: _mine(Post.objects.all(), user),
        _listed("post", "waits=mine"),
        urgent=True,
    ),
    Queue(
        "directory",
        "stale",
        _("All partners to confirm"),
        keeping_permissions.can_read_directory,
        lambda user: _all(Partner.objects.all(), user),
        _listed("partner", "waits=due"),
    ),
    Queue(
        "directory",
        "stale_contacts",
        _("All contact points to confirm"),
        keeping_permissions.can_read_directory,
        lambda user: _all(ContactPoint.objects.all(), user),
        _listed("contactpoint", "waits=due"),
    ),
    Queue(
        "directory",
        "stale_posts",
        _("All posts to confirm"),
        keeping_permissions.can_read_directory,
        lambda user: _all(Post.objects.all(), user),
        _listed("post", "waits=due"),
    ),
    Queue(
        "directory",
        "files",
        _("Files with entries to apply or drop"),
        keeping_permissions.can_keep,
        lambda user: DirectoryImport.objects.filter(state__in=FILE_WAITS),
        _listed("directoryimport", f"state__in={','.join(FILE_WAITS)}"),
    ),
    *(
        Queue(
            "firms",
            f"enquiry_{code}",
            text,
            enquiry_permissions.works_on_enquiries,
            partial(enquiry_queues.waiting, code),
            _listed("enquiry", f"waits={code}"),
            urgent,
        )
        for code, (text, _pick, urgent) in enquiry_queues.WAITS.items()
    ),
    Queue(
        "posts",
        "postings_ending",
        _("Postings ending within nine months"),
        post_permissions.is_liaison,
        lambda user: post_clock.ending(),
        _listed("posting", "ends=soon"),
    ),
    Queue(
        "posts",
        "minutes",
        _("Engagements to write up"),
        engagement_permissions.can_plan_engagement,
        lambda user: Engagement.objects.visible_to(user).to_write_up(),
        _listed("engagement", "waits=minutes"),
    ),
    Queue(
        "posts",
        "follow_ups",
        _("Follow-ups that are due"),
        engagement_permissions.works_on_follow_ups,
        lambda user: FollowUp.objects.visible_to(user).due(),
        _listed("followup", "waits=due"),
        urgent=True,
    ),
    Queue(
        "firms",
        "notices",
        _("Notices of opportunities to approve"),
        notice_permissions.can_read_notices,
        Notice.objects.to_approve,
        _listed("notice", "waits=approval"),
    ),
    Queue(
        "exchanges",
        "instrument_changes",
        _("Changes of instruments to decide on"),
        instrument_permissions.can_decide_changes,
        InstrumentChange.objects.to_decide,
        _listed("instrumentchange", "waits=decision"),
    ),
    Queue(
        "exchanges",
        "focus_areas",
        _("Focus areas whose matches nobody hears of"),
        focus_permissions.can_define_focus_area,
        lambda user: FocusArea.objects.unheard(focus_permissions.owners()),
        _listed("focusarea", "waits=owner"),
    ),
]


def _exchanges(one: exchange_queues.Queue) -> Queue:
    return Queue(
        "exchanges",
        f"exchanges_{one.code}",
        one.text,
        lambda user: one in exchange_queues.queues_of(user),
        lambda user: exchange_queues.picked(one.code, Exchange.objects.visible_to(user), user),
        _listed("exchange", f"queue={one.code}"),
        urgent=one.urgent,
    )


QUEUES += [_exchanges(one) for one in exchange_queues.QUEUES.values()]


def queues_of(user: User) -> list[Queue]:
    """The queues that this officer works through; the same question is asked once."""
    may = {ask: ask(user) for ask in {queue.may for queue in QUEUES}}
    return [queue for queue in QUEUES if may[queue.may]]


def counted(queue: Queue, user: User) -> int | str:
    """How many wait: “2000+” when there are more than anybody counts."""
    count = queue.pick(user).order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if count > COUNTED else count
