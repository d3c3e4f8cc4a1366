"""What the system does when an answer is nearly due or overdue: note it once, call the desk."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from partners import clocks, exchange_notifications
from partners.models import Exchange
from portal import audit

# More than this in one minute is left to the next one.
AT_ONCE = 200
LONGEST = max(clocks.REMINDED.values())


def remind_due() -> int:
    """Every running exchange whose time comes; returns how many people were called for."""
    now = timezone.now()
    return sum(_remind(pk) for pk in _near(now)) + sum(_find_late(pk) for pk in _late(now))


def _near(now: datetime) -> list[int]:
    found = Exchange.objects.ends_before(now + LONGEST).filter(reminded_at=None, due_at__gt=now)
    rows = found.order_by("due_at").values_list("pk", "due_at", "urgency")[:AT_ONCE]
    return [pk for pk, due, urgency in rows if due and clocks.remind_at(due, urgency) <= now]


def _late(now: datetime) -> list[int]:
    found = Exchange.objects.ends_before(now).filter(late_told_at=None)
    return list(found.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _remind(pk: int) -> bool:
    now = timezone.now()
    exchange = _held(pk, now + LONGEST)
    if exchange is None or exchange.reminded_at is not None:
        return False
    exchange.reminded_at = now
    exchange.save(update_fields=["reminded_at"])
    audit.record("reminded", target=exchange, by=None)
    exchange_notifications.remind(exchange)
    return True


@transaction.atomic
def _find_late(pk: int) -> bool:
    now = timezone.now()
    exchange = _held(pk, now)
    if exchange is None or exchange.late_told_at is not None:
        return False
    exchange.late_told_at = now
    exchange.reminded_at = exchange.reminded_at or now
    exchange.save(update_fields=["late_told_at", "reminded_at"])
    audit.record("found_late", target=exchange, by=None, due=_told(exchange.due_at))
    exchange_notifications.call(exchange)
    return True


def _held(pk: int, before: datetime) -> Exchange | None:
    """Under lock, if its clock still runs and still ends before this."""
    held = Exchange.objects.select_for_update(of=("self",)).filter(pk=pk)
    return held.ends_before(before).first()


def _told(at: datetime | None) -> str:
    return at.isoformat(timespec="minutes") if at else ""
