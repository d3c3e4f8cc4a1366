"""Who is asked whether entries of the directory still hold, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from partners import keeping_permissions as permissions
from partners.models import ContactPoint, Partner, Post
from partners.queues import due_entries
from portal import outbox
from portal.models import OutboxMessage, StaffRole, User

TABLES: tuple[Any, ...] = (Partner, ContactPoint, Post)


@transaction.atomic
def ask_keepers(today: date | None = None) -> int:
    """One letter a keeper in each week in which something is due, and on the day it becomes due.

    May run as often as it likes: a letter of the same day or week is promised once.
    """
    today = today or timezone.localdate()
    asked = 0
    for keeper_id, newest in _due_by_keeper().items():
        if not permissions.can_keep(User.objects.get(pk=keeper_id)):
            continue
        week = f"partners.due:{keeper_id}:{_week(today)}"
        promised = OutboxMessage.objects.filter(key=week).first()
        if promised is None:
            _ask(week, keeper_id)
            asked += 1
        elif newest == today and timezone.localdate(promised.created_at) < today:
            _ask(f"partners.due:{keeper_id}:{today:%Y-%m-%d}", keeper_id)
            asked += 1
    return asked


@transaction.atomic
def list_stale(today: date | None = None) -> int:
    """Once a week, to everybody at the liaison desk: all that is due, whoever keeps it."""
    today = today or timezone.localdate()
    if not any(due_entries(model.objects.all()).exists() for model in TABLES):
        return 0
    officers = list(User.objects.holding(StaffRole.LIAISON_OFFICER))
    for officer in officers:
        outbox.enqueue(
            "partners.list_stale",
            key=f"partners.stale:{officer.pk}:{_week(today)}",
            user_id=officer.pk,
            week=_week(today),
        )
    return len(officers)


def _ask(key: str, keeper_id: int) -> None:
    outbox.enqueue("partners.ask_keeper", key=key, user_id=keeper_id, mail_key=key)


def _due_by_keeper() -> dict[int, date]:
    """Keeper → the latest day on which one of the entries became due."""
    found: dict[int, date] = {}
    for model in TABLES:
        rows = due_entries(model.objects.exclude(keeper=None)).values_list("keeper", "review_due")
        for keeper_id, day in rows:
            found[keeper_id] = max(day, found.get(keeper_id, day))
    return found


def _week(day: date) -> str:
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02}"
