"""The partners' work that can wait, and what the clock starts; each may run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from partners import notifications, post_letters
from partners.actions import enquiries, post_calendar
from portal import outbox


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
