"""Letters about entries that are to be found true again: names only, and a link to sign in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse

from partners.models import ContactPoint, Partner, Post
from partners.queues import due_entries
from partners.visibility import Level
from portal import mail
from portal.models import User

# A letter names so many; the rest are counted.
NAMED = 30


def ask_keeper(*, user_id: int, mail_key: str) -> None:
    """Worker: to the keeper of what is due, if anything still is."""
    user = User.objects.get(pk=user_id)
    _send(user, "entries_due", mail_key, keeper=user)


def list_stale(*, user_id: int, week: str) -> None:
    """Worker: to an officer of the desk, all that is due."""
    user = User.objects.get(pk=user_id)
    _send(user, "entries_stale", f"partners.stale:{user_id}:{week}")


def _send(user: User, letter: str, key: str, **only: Any) -> None:
    tables: tuple[Any, ...] = (Partner, ContactPoint, Post)
    due = [due_entries(model.objects.filter(**only)) for model in tables]
    count = sum(rows.count() for rows in due)
    if not user.is_active or not count:
        return
    names = [name for rows in due for name in _names(rows)][:NAMED]
    listed = "partners_partner_due" if only else "partners_partner_changelist"
    url = settings.OFFICE_URL + reverse(f"admin:{listed}")
    mail.send(
        template=f"partners/emails/{letter}",
        to=user,
        key=key,
        count=count,
        names=names,
        more=count - len(names),
        url=url if only else f"{url}?waits=due",
    )


def _names(rows: QuerySet[Any]) -> list[str]:
    """Of what is due; mail is read by others too, so only what everybody sees is named."""
    found = rows.filter(visibility=Level.PUBLIC).order_by("review_due", "pk")
    if rows.model is ContactPoint:
        # Its owner is named with it.
        public = Q(partner__visibility=Level.PUBLIC) | Q(post__visibility=Level.PUBLIC)
        found = found.filter(public).select_related("partner", "post")
        return [f"{one.owner}: {one.get_duty_display()}" for one in found[:NAMED]]
    return [str(one) for one in found[:NAMED]]
