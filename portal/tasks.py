"""The kernel's scheduled work."""

from __future__ import annotations

from celery import shared_task

from portal import outbox


@shared_task
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task
def deliver_open() -> None:
    outbox.deliver_open()
