"""The kernel's scheduled work."""

from __future__ import annotations

from celery import shared_task

from portal import outbox, sessions


@shared_task
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task
def deliver_open(queue: str) -> None:
    outbox.deliver_open(queue=queue)


@shared_task
def clear_old() -> None:
    """What the table of retention lets go."""
    outbox.clear_done()
    sessions.clear_expired()
