"""The partners' work that can wait, and what the clock starts; each may run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from partners import notifications
from partners.actions import enquiries
from portal import outbox


@outbox.handler("partners.send_letter")
def send_letter(**ids: Any) -> None:
    notifications.send(**ids)


@outbox.handler("partners.tell_desk")
def tell_desk(*, enquiry_id: int, version: int) -> None:
    notifications.tell_desk_of(enquiry_id=enquiry_id, version=version)


@shared_task
def erase_old() -> None:
    """Words of firms' enquiries whose time is over."""
    enquiries.erase_old()
