"""What a person at a post leaves behind, and who has it afterwards."""

from __future__ import annotations

from collections.abc import Callable

from partners.models import ContactPoint, Partner, Post, Posting
from portal.models import User

# Gives the work of one account to another, or to nobody: the mailbox of the post keeps it then.
Transfer = Callable[[User, User | None], int]


def _kept_entries(user: User, heir: User | None) -> int:
    return sum(
        model._default_manager.filter(keeper=user).update(keeper=heir)
        for model in (Partner, ContactPoint, Post)
    )


# One line for each kind of work that a person may hold.
TRANSFERS: dict[str, Transfer] = {"entries": _kept_entries}


def transfer(posting: Posting) -> dict[str, int]:
    """All open work of this person to the successor, else to the post; how much of each kind."""
    if posting.user is None:
        return {}
    heir = posting.successor.user if posting.successor is not None else None
    return {name: move(posting.user, heir) for name, move in TRANSFERS.items()}
