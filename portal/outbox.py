"""Promised work: written with the action, nudged on commit, delivered until done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.models import OutboxMessage

log = logging.getLogger(__name__)
Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}

LONGEST_WAIT = timedelta(minutes=10)


def handler(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of this name."""

    def register(function: Handler) -> Handler:
        _handlers[name] = function
        return function

    return register


def enqueue(task: str, *, key: str, queue: str = "default", **ids: Any) -> OutboxMessage:
    """Promise work in the caller's transaction; the same key is promised once."""
    message, created = OutboxMessage.objects.get_or_create(
        key=key, defaults={"task": task, "queue": queue, "payload": ids}
    )
    if created:
        transaction.on_commit(lambda: nudge(message.pk, queue), robust=True)
    return message


def nudge(message_id: int, queue: str) -> None:
    """Tell a worker that there is work; a lost broker only delays it until the next sweep."""
    try:
        current_app.send_task("portal.tasks.deliver", args=[message_id], queue=queue)
    except Exception as error:
        # Whatever the broker's client raises, the row stays open and the sweep finds it.
        log.warning("nudge failed: %s", type(error).__name__)


def claim(message_id: int) -> OutboxMessage | None:
    """Take one open message for a while; None when it is done, held or not due."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.OUTBOX_CLAIM_SECONDS)
    mine = OutboxMessage.objects.due(now).filter(pk=message_id).update(claimed_until=until)
    return OutboxMessage.objects.get(pk=message_id) if mine else None


def deliver(message_id: int) -> bool:
    """Do one message's work and mark it done; False when there was nothing to do or it failed."""
    message = claim(message_id)
    if message is None:
        return False
    try:
        _handlers[message.task](**message.payload)
    except Exception as error:
        _postpone(message, error)
        return False
    OutboxMessage.objects.filter(pk=message.pk).update(
        done_at=timezone.now(), claimed_until=None, last_error=""
    )
    return True


def deliver_open(limit: int = 200) -> int:
    """Nudge the workers about all that is due; returns how many."""
    due = OutboxMessage.objects.due(timezone.now()).order_by("available_at", "pk")
    rows = list(due.values_list("pk", "queue")[:limit])
    for message_id, queue in rows:
        nudge(message_id, queue)
    return len(rows)


def _postpone(message: OutboxMessage, error: Exception) -> None:
    log.warning("%s failed: %s", message.task, type(error).__name__, exc_info=error)
    attempts = message.attempts + 1
    wait = min(timedelta(seconds=2**attempts), LONGEST_WAIT)
    OutboxMessage.objects.filter(pk=message.pk).update(
        attempts=attempts,
        available_at=timezone.now() + wait,
        claimed_until=None,
        last_error=f"{type(error).__name__}: {error}"[:500],
    )
