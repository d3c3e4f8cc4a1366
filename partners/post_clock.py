"""What the calendar does to posts: who is warned of which ends, and which posts have a day due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partners.lifecycle import PostStatus
from partners.models import Post, Posting
from portal.dates import add_months

# So many months before the end of a posting the liaison desk is told, once each.
WARNED_MONTHS = (9, 6, 3)


def stage(ends_on: date, today: date) -> int | None:
    """The warning that this end has come to: 9, 6 or 3; None while it is far, or over."""
    reached = [months for months in WARNED_MONTHS if today >= add_months(ends_on, -months)]
    return min(reached) if reached and ends_on >= today else None


def ending(today: date | None = None) -> QuerySet[Posting]:
    """Postings that end within nine months."""
    today = today or timezone.localdate()
    return Posting.objects.live().filter(
        ends_on__gte=today, ends_on__lte=add_months(today, max(WARNED_MONTHS))
    )


def to_warn(today: date) -> Iterator[tuple[Posting, int]]:
    """Those that have come to a warning that was not given yet."""
    for posting in ending(today).order_by("pk"):
        assert posting.ends_on is not None  # noqa: S101 - asked for above
        months = stage(posting.ends_on, today)
        if months is not None and (posting.warned is None or months < posting.warned):
            yield posting, months


def posts_due(today: date) -> QuerySet[Post]:
    """Posts with a posting that is over, or a status that does not fit who is there today."""
    live = Posting.objects.live().filter(post=OuterRef("pk"))
    manned = Exists(live.on(today))
    return Post.objects.filter(
        Q(Exists(live.filter(ends_on__lt=today)))
        | Q(manned, status=PostStatus.VACANT)
        | (Q(status=PostStatus.ACTIVE) & ~Q(manned))
    )
