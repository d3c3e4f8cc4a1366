"""What waits among enquiries from firms: for the desk's front page and for the list's filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.lifecycle import EnquiryStatus
from partners.models import Enquiry
from portal.models import User

Rows = QuerySet[Enquiry]
# Code → words, what is picked, and whether it is urgent.
WAITS: dict[str, tuple[Any, Callable[[Rows, User], Rows], bool]] = {
    "late": (
        _("Enquiries from firms: answer overdue"),
        lambda rows, user: rows.filter(due_at__lt=timezone.now()),
        True,
    ),
    "waiting": (
        _("Enquiries from firms waiting for an answer"),
        lambda rows, user: rows.filter(due_at__isnull=False),
        False,
    ),
    "unassigned": (
        _("Enquiries from firms that nobody has taken on"),
        lambda rows, user: rows.filter(due_at__isnull=False, assigned_to=None),
        False,
    ),
    "mine": (
        _("Enquiries from firms assigned to you"),
        lambda rows, user: rows.filter(assigned_to=user, closed_at=None),
        False,
    ),
    "answered": (
        _("Answered enquiries to close"),
        lambda rows, user: rows.filter(status=EnquiryStatus.ANSWERED),
        False,
    ),
}


def waiting(code: str, user: User) -> Rows:
    """Those that this officer sees."""
    return WAITS[code][1](Enquiry.objects.visible_to(user), user)
