"""Who is told that the desk waits or that there is a message; never what about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from portal import notifications, outbox
from portal.models import Organisation, StaffRole, User
from portal.models.organisations import MembershipRole
from reporting.letters import DIGEST_LASTS, LETTERS, digest_time
from reporting.models.reports import next_hour

OFFICERS = (StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR)


def send(letter: str, **ids: Any) -> None:
    """Worker: write the letter from the present facts and send it."""
    # The key is part of the promise: two pings are two messages.
    key = ids.pop("mail_key")
    notifications.send_written(LETTERS[letter], key=key, **ids)


def ping(*roles: StaffRole) -> None:
    """Call everybody who holds one of these roles, now. At most once a minute each.

    A flood of reports is a flood at the desk, not in the officers' mail; and the promise holds
    no report, so that nobody can tell from it which one came at that minute.
    """
    minute = timezone.now().strftime("%Y-%m-%dT%H:%M")
    for user_id in _holders(roles):
        _promise("pinged", f"{minute}:{user_id}", to_id=user_id)


def send_due_digest() -> None:
    """Promise today's digest when its time has come; missed, it is left out.

    Promised twice it is sent once, so a worker that was down sends no pile of old ones.
    """
    now = timezone.now()
    day = timezone.localdate(now)
    if not digest_time(day) <= now < digest_time(day) + DIGEST_LASTS:
        return
    for user_id in _holders(OFFICERS):
        _promise("digest", f"{day}:{user_id}", to_id=user_id, day=day.isoformat())


def tell_firm(organisation: Organisation) -> None:
    """Promise the owners *you have a message*, when the hour is full.

    Call it when something new lies under /report/ours/. The hour's wait hides which act at the
    desk it belongs to; in one hour there is one letter.
    """
    at = next_hour()
    owners = User.objects.filter(
        memberships__organisation=organisation,
        memberships__ended_at=None,
        memberships__role=MembershipRole.OWNER,
        is_active=True,
    )
    for user_id in owners.order_by("pk").values_list("pk", flat=True).distinct():
        _promise("firm_message", f"{at:%Y-%m-%dT%H}:{user_id}", not_before=at, to_id=user_id)


def _holders(roles: Iterable[StaffRole]) -> list[int]:
    holding = User.objects.none()
    for role in roles:
        holding = holding | User.objects.holding(role)
    return sorted(set(holding.values_list("pk", flat=True)))


def _promise(letter: str, occasion: str, **ids: Any) -> None:
    key = f"reporting.{letter}:{occasion}"
    outbox.enqueue("reporting.send_letter", key=key, letter=letter, mail_key=key, **ids)
