"""The partners' work that can wait, and what the clock starts; each may run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from partners import entry_letters, exchange_notifications, notifications, post_letters
from partners.actions import (
    applying,
    comparing,
    enquiries,
    erasing,
    exchange_clocks,
    exchange_keeping,
    exchange_retaining,
    files,
    notices,
    post_calendar,
    reminding,
)
from partners.models import DirectoryImport
from portal import expired, outbox
from portal.models import User


@outbox.handler("partners.send_letter")
def send_letter(**ids: Any) -> None:
    notifications.send(**ids)


@outbox.handler("partners.tell_desk")
def tell_desk(*, enquiry_id: int, version: int) -> None:
    notifications.tell_desk_of(enquiry_id=enquiry_id, version=version)


@outbox.handler("partners.tell_of_end")
def tell_of_end(*, posting_id: int, months: int) -> None:
    post_letters.send(posting_id=posting_id, months=months)


@outbox.handler("partners.lead_post_on", forget=True)
def lead_post_on(*, post_id: int) -> None:
    post_calendar.lead_post_on(post_id=post_id)


@shared_task
def lead_posts_on() -> None:
    post_calendar.lead_posts_on()


@shared_task
def erase_old() -> None:
    """Words of firms' enquiries whose time is over."""
    enquiries.erase_old()


@outbox.handler("partners.ask_keeper")
def ask_keeper(*, user_id: int, mail_key: str) -> None:
    entry_letters.ask_keeper(user_id=user_id, mail_key=mail_key)


@outbox.handler("partners.list_stale")
def list_stale(*, user_id: int, week: str) -> None:
    entry_letters.list_stale(user_id=user_id, week=week)


@shared_task
def keep_directory() -> None:
    """Every hour, so that a day on which nothing ran is made up for; each runs once a day."""
    reminding.ask_keepers()
    reminding.list_stale()
    erasing.erase_due()
    files.drop_abandoned()
    files.refuse_stuck()


@outbox.handler("partners.compare_file")
def compare_file(*, batch_id: int, by_id: int) -> None:
    batch = DirectoryImport.objects.get(pk=batch_id)
    comparing.compare_file(batch=batch, by=User.objects.get(pk=by_id))


@outbox.handler("partners.apply_file")
def apply_file(*, batch_id: int) -> None:
    applying.apply_file(batch=DirectoryImport.objects.get(pk=batch_id))


@shared_task
def send_notices() -> None:
    """Daily: what is new among notices, to whoever asked for it."""
    notices.send_digest()


@outbox.handler(exchange_notifications.TASK)
def send_exchange_letter(**ids: Any) -> None:
    exchange_notifications.send(**ids)


@shared_task
def remind_due() -> None:
    """Every minute: answers that are nearly due or overdue."""
    exchange_clocks.remind_due()


@shared_task
def retain_exchanges() -> None:
    """Asked every quarter of an hour; does one day's work once, in pieces."""
    exchange_retaining.retain(day=timezone.localdate())


@expired.line("enquiries of firms")
def _enquiries(dry: bool) -> dict[str, int]:
    return {"words erased": enquiries.erase_old(dry=dry, at_once=None)}


@expired.line("directory and desk")
def _directory(dry: bool) -> dict[str, int]:
    return erasing.erase_due(dry=dry, at_once=None)


@expired.line("files of entries")
def _files(dry: bool) -> dict[str, int]:
    return {"dropped, not decided": files.drop_abandoned(dry=dry, at_once=None)}


@expired.line("exchanges")
def _exchanges(dry: bool) -> dict[str, int]:
    run = exchange_retaining.retain(day=timezone.localdate(), dry=dry, seconds=float("inf"))
    return expired.by_rule(run.counts)


expired.loads_rules(exchange_keeping.load_rules)
