"""Promised work: written with the action, nudged on commit, delivered until done."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from portal.celery import app
from portal.expired import drop
from portal.models import OutboxMessage

log = logging.getLogger(__name__)
Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
# Work of which nothing is kept once it is done: its row names a thing and the second of its birth.
_forgotten: set[str] = set()

LONGEST_WAIT = timedelta(minutes=10)
# After the broker failed, nobody waits for it again before this many seconds have passed.
BROKER_PAUSE = 5.0
_broker_rests_until = 0.0
# A flood (an import of thousands) is left to the sweep, so that the broker holds no pile of nudges.
NUDGES_A_SECOND = 50
_nudged: deque[float] = deque(maxlen=NUDGES_A_SECOND)


class UnknownTask(Exception):
    """No handler goes by this name here; the message stays open until a worker has one."""


def handler(name: str, *, forget: bool = False) -> Callable[[Handler], Handler]:
    """Register the function that does the work of this name; it may run twice.

    With `forget` its row goes when the work is done, so the same key may be promised again.
    """

    def register(function: Handler) -> Handler:
        _handlers[name] = function
        if forget:
            _forgotten.add(name)
        return function

    return register


def enqueue(
    task: str,
    *,
    key: str,
    queue: str = "default",
    not_before: datetime | None = None,
    **ids: Any,
) -> OutboxMessage:
    """Promise work in the caller's transaction; the same key is promised once."""
    message = OutboxMessage(key=key, task=task, queue=queue, payload=ids)
    if not_before is not None:
        message.available_at = not_before
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        # Adding first needs no right to read what others promised.
        return OutboxMessage.objects.only("key").get(key=key)
    if not_before is None:
        transaction.on_commit(lambda: nudge(message.pk, queue), robust=True)
    return message


def enqueue_all(task: str, promised: dict[str, dict[str, Any]]) -> None:
    """Promise a heap of work, key → ids, in one statement; the sweep does it, nobody is nudged."""
    OutboxMessage.objects.bulk_create(
        (OutboxMessage(key=key, task=task, payload=ids) for key, ids in promised.items()),
        ignore_conflicts=True,
    )


def enqueue_new(task: str, *, key: str, since: datetime, **ids: Any) -> OutboxMessage:
    """Promise work under a key that is nobody's yet, as if promised at `since`.

    No savepoint is needed, and the moment of an anonymous report is not written down.
    """
    message = OutboxMessage(key=key, task=task, payload=ids, created_at=since, available_at=since)
    message.save(force_insert=True)
    transaction.on_commit(lambda: nudge(message.pk, message.queue), robust=True)
    return message


def nudge(message_id: int, queue: str) -> bool:
    """Tell a worker that there is work; without a broker the sweep finds it a little later."""
    global _broker_rests_until
    now = time.monotonic()
    flooded = len(_nudged) == NUDGES_A_SECOND and now - _nudged[0] < 1
    if flooded or now < _broker_rests_until:
        return False
    _nudged.append(now)
    try:
        app.send_task("portal.tasks.deliver", args=[message_id], queue=queue)
    except Exception as error:
        # Whatever the broker's client raises: the row stays open, so nothing is lost.
        _broker_rests_until = time.monotonic() + BROKER_PAUSE
        log.warning("the broker does not answer: %s", type(error).__name__)
        return False
    return True


def deliver(message_id: int) -> bool:
    """Do one message's work and mark it done; False when there was nothing to do or it failed."""
    message = _claim(message_id)
    if message is None:
        return False
    try:
        _handler_of(message.task)(**message.payload)
    except Exception as error:
        _postpone(message, error)
        return False
    mine = OutboxMessage.objects.filter(pk=message.pk)
    if message.task in _forgotten:
        mine.delete()
    else:
        mine.update(done_at=timezone.now(), claimed_until=None, last_error="")
    return True


def deliver_open(*, queue: str | None = None, seconds: float = 20.0) -> int:
    """Do the work that is due, oldest first, for about this long; returns how much was done.

    The sweep works instead of nudging again: a busy worker finds no pile of repeated nudges.
    """
    until = time.monotonic() + seconds
    done = 0
    while batch := _due(queue):
        for message_id in batch:
            if time.monotonic() >= until:
                return done
            done += deliver(message_id)
    return done


def retry(*, message: OutboxMessage) -> None:
    """Make an open message due now, whatever it waits for."""
    OutboxMessage.objects.filter(pk=message.pk, done_at=None).update(available_at=timezone.now())


def reopen(key: str, *, untouched_since: datetime) -> None:
    """Make work due again that counts as done since before this time and yet is not done."""
    OutboxMessage.objects.filter(key=key, done_at__lt=untouched_since).update(
        done_at=None, available_at=timezone.now()
    )


def clear_done(*, dry: bool = False) -> int:
    """Forget what was done long ago; until then the same key is not promised again."""
    before = timezone.now() - timedelta(days=settings.RETENTION_DAYS["outbox"])
    return drop(OutboxMessage.objects.filter(done_at__lt=before), dry=dry)


def _due(queue: str | None) -> list[int]:
    due = OutboxMessage.objects.due(timezone.now())
    if queue is not None:
        due = due.filter(queue=queue)
    return list(due.order_by("available_at", "pk").values_list("pk", flat=True)[:50])


def _claim(message_id: int) -> OutboxMessage | None:
    """Take one open message for a while; None when it is done, held or not due.

    The attempt counts from here, so work that kills its worker is seen to fail as well.
    """
    now = timezone.now()
    until = now + timedelta(seconds=settings.OUTBOX_CLAIM_SECONDS)
    mine = OutboxMessage.objects.due(now).filter(pk=message_id)
    if not mine.update(claimed_until=until, attempts=F("attempts") + 1):
        return None
    return OutboxMessage.objects.get(pk=message_id)


def _handler_of(task: str) -> Handler:
    if task not in _handlers:
        # Outside a worker nobody has read the apps' tasks yet.
        autodiscover_modules("tasks")
    try:
        return _handlers[task]
    except KeyError:
        raise UnknownTask(f"no handler is called {task}") from None


def _postpone(message: OutboxMessage, error: Exception) -> None:
    log.warning("%s failed: %s", message.task, type(error).__name__, exc_info=error)
    wait = min(timedelta(seconds=2 ** min(message.attempts, 16)), LONGEST_WAIT)
    # Only this worker's own claim: when it was too slow, another may hold the message by now.
    OutboxMessage.objects.filter(
        pk=message.pk, done_at=None, claimed_until=message.claimed_until
    ).update(
        available_at=timezone.now() + wait,
        claimed_until=None,
        last_error=f"{type(error).__name__}: {error}"[:500],
    )
