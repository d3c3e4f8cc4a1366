"""The kernel's scheduled work."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from portal import (
    actions,
    audit_chain,
    challenges,
    expired,
    health,
    notifications,
    outbox,
    sessions,
    work,
)
from portal.models import RecoveryRequest


@shared_task
def deliver(message_id: int) -> None:
    outbox.deliver(message_id)


@shared_task
def deliver_open(queue: str) -> None:
    health.worker_seen(queue)
    outbox.deliver_open(queue=queue)


@shared_task
def seal_audit() -> None:
    audit_chain.seal_committed()


@shared_task
def stamp_audit() -> None:
    """Once a day; asked every hour, so that a service that was down is asked again."""
    audit_chain.stamp_head()


@shared_task
def clear_old() -> None:
    """What the table of retention lets go."""
    outbox.clear_done()
    sessions.clear_expired()
    challenges.clear_expired()
    work.clear_expired()


@shared_task
def clear_challenges() -> None:
    """Challenges live for minutes, and so do their answers."""
    challenges.clear_expired()
    work.clear_expired()


@expired.line("done work")
def _done_work(dry: bool) -> int:
    return outbox.clear_done(dry=dry)


@expired.line("sessions")
def _sessions(dry: bool) -> int:
    return sessions.clear_expired(dry=dry)


@expired.line("challenges")
def _challenges(dry: bool) -> dict[str, int]:
    return {
        "asked": challenges.clear_expired(dry=dry),
        "answered by work": work.clear_expired(dry=dry),
    }


@outbox.handler("portal.send_letter")
def send_letter(**ids: Any) -> None:
    notifications.send(**ids)


@outbox.handler("portal.tell_recovery")
def tell_recovery(event: str, request_id: int) -> None:
    notifications.tell_recovery(event, request_id)


@outbox.handler("portal.announce_recovery")
def announce_recovery(request_id: int) -> None:
    request = RecoveryRequest.objects.select_related("user").get(pk=request_id)
    code = actions.announce_recovery(request=request)
    if code:
        notifications.send_recovery_code(request, code)
