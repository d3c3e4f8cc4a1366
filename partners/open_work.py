"""What a person at a post leaves behind, and who has it afterwards."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import F

from partners import exchange_permissions
from partners.exchange_lifecycle import OPEN
from partners.models import ContactPoint, Enquiry, Exchange, Partner, Post, Posting
from portal.models import User

# Gives the work of a posting's account to another, or to nobody: the post itself keeps it then.
Transfer = Callable[[Posting, User | None], int]


def _kept_entries(posting: Posting, heir: User | None) -> int:
    return sum(
        model._default_manager.filter(keeper=posting.user).update(keeper=heir)
        for model in (Partner, ContactPoint, Post)
    )


def _enquiries(posting: Posting, heir: User | None) -> int:
    """Questions of firms to this post: whoever reads its mailbox sees those that nobody has."""
    mine = Enquiry.objects.filter(post=posting.post_id, assigned_to=posting.user, closed_at=None)
    return mine.update(assigned_to=heir, version=F("version") + 1)


def _exchanges(posting: Posting, heir: User | None) -> int:
    """Every exchange that goes on: to an heir who may work on it, else to the whole desk."""
    able = heir if heir is not None and exchange_permissions.can_draft(heir) else None
    mine = Exchange.objects.filter(responsible=posting.user).filter(status__in=OPEN)
    return mine.update(responsible=able)


# One line for each kind of work that a person may hold.
TRANSFERS: dict[str, Transfer] = {
    "entries": _kept_entries,
    "enquiries": _enquiries,
    "exchanges": _exchanges,
}


def transfer(posting: Posting) -> dict[str, int]:
    """All open work of this person to the successor, else to the post; how much of each kind."""
    if posting.user is None:
        return {}
    heir = posting.successor.user if posting.successor is not None else None
    return {name: move(posting, heir) for name, move in TRANSFERS.items()}
