"""The verbs of notices and subscriptions, and the digest that tells what is new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import notice_permissions as permissions
from partners import notifications
from partners.actions.keeping import check_version
from partners.actions.once import save_once
from partners.lifecycle import NOTICE
from partners.models import Notice, Subscription
from portal import audit, reference
from portal.errors import DomainError, NotAllowed
from portal.lifecycle import after
from portal.models import User

WRITTEN = ("title", "text", "country", "sector", "visibility", "last_day")
# Nobody gets two letters of a subscription within this.
AT_MOST_EVERY = timedelta(hours=20)
# So many subscriptions of one person, and so many people told in one run.
MOST = 20
TOLD_AT_ONCE = 500


@transaction.atomic
def write_notice(*, by: User, uuid: UUID | None = None, **written: Any) -> Notice:
    """A draft that no firm sees."""
    if not permissions.can_write_notice(by):
        raise NotAllowed(_("Only liaison officers and people at posts write notices."))
    notice = Notice(written_by=by)
    _write(notice, written)
    made = save_once(notice, uuid)
    if made is notice:
        audit.record("notice_written", target=notice, by=by)
    elif made.written_by_id != by.pk:
        raise NotAllowed(_("There is no such notice."))
    return made


@transaction.atomic
def edit_notice(*, notice: Notice, by: User, version: int, **written: Any) -> Notice:
    """Whoever changes it last is its writer: another person approves it."""
    notice = _lock(notice)
    _demand(permissions.can_edit_notice(by, notice), notice, "edit")
    check_version(notice, version)
    _write(notice, written)
    notice.written_by = by
    _keep(notice)
    audit.record("notice_edited", target=notice, by=by)
    return notice


@transaction.atomic
def propose_notice(*, notice: Notice, by: User) -> Notice:
    notice = _lock(notice)
    _demand(permissions.can_propose_notice(by, notice), notice, "propose")
    notice.status = after(NOTICE, "propose", notice)
    _keep(notice)
    audit.record("notice_proposed", target=notice, by=by)
    return notice


@transaction.atomic
def return_notice(*, notice: Notice, by: User) -> Notice:
    """Back to be written better."""
    notice = _lock(notice)
    _demand(permissions.can_return_notice(by, notice), notice, "return")
    notice.status = after(NOTICE, "return", notice)
    _keep(notice)
    audit.record("notice_returned", target=notice, by=by)
    return notice


@transaction.atomic
def approve_notice(*, notice: Notice, by: User) -> Notice:
    """Firms read it from now until its last day; subscribers hear of it with the next digest."""
    notice = _lock(notice)
    _demand(permissions.can_approve_notice(by, notice), notice, "approve")
    if notice.last_day < timezone.localdate():
        raise DomainError(_("Its last day is past. Send it back to be changed."))
    notice.status = after(NOTICE, "approve", notice)
    notice.approved_by, notice.published_at = by, timezone.now()
    _keep(notice)
    audit.record("notice_approved", target=notice, by=by)
    return notice


@transaction.atomic
def withdraw_notice(*, notice: Notice, by: User) -> Notice:
    notice = _lock(notice)
    _demand(permissions.can_withdraw_notice(by, notice), notice, "withdraw")
    notice.status = after(NOTICE, "withdraw", notice)
    _keep(notice)
    audit.record("notice_withdrawn", target=notice, by=by)
    return notice


@transaction.atomic
def subscribe(*, by: User, country: str = "", sector: str = "") -> Subscription:
    """From now on; the same asked again changes nothing."""
    if not permissions.can_subscribe(by):
        raise NotAllowed(_("Subscriptions are for people of firms."))
    if sector and sector not in dict(reference.choices("sector")):
        raise DomainError(_("Choose a sector of the list."))
    live = Subscription.objects.live().filter(user=by)
    if live.count() >= MOST:
        raise DomainError(_("You have %(count)d subscriptions. End one first.") % {"count": MOST})
    try:
        with transaction.atomic():
            made = Subscription.objects.create(user=by, country=country, sector=sector)
    except IntegrityError:
        return live.get(country=country, sector=sector)
    audit.record("notices_subscribed", target=made, by=by)
    return made


@transaction.atomic
def unsubscribe(*, subscription: Subscription) -> Subscription:
    """By its owner or by whoever holds the letter's link; done twice it is done."""
    held = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    if held.ended_at is None:
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        audit.record("notices_unsubscribed", target=held, by=None)
    return held


def send_digest() -> int:
    """Worker: promise one letter for each subscription with news since it was last told.

    What is told and the promise are one transaction, so that a worker that dies tells twice
    nothing and leaves out nothing.
    """
    now = timezone.now()
    newest = Notice.objects.filter(published_at__isnull=False).order_by("-published_at").first()
    if newest is None or newest.published_at is None:
        return 0
    waiting = Subscription.objects.live().filter(
        told_until__lt=min(newest.published_at, now - AT_MOST_EVERY)
    )
    ids = list(waiting.order_by("told_until").values_list("pk", flat=True)[:TOLD_AT_ONCE])
    return sum(_tell(pk, now) for pk in ids)


@transaction.atomic
def _tell(pk: int, now: Any) -> bool:
    held = Subscription.objects.select_for_update(of=("self",)).filter(pk=pk, ended_at=None).first()
    if held is None or held.told_until >= now:
        return False
    news = list(notifications.news_for(held, since=held.told_until, until=now))
    since, held.told_until = held.told_until, now
    held.save(update_fields=["told_until"])
    if news:
        notifications.tell_subscriber(held, since=since, until=now)
    return bool(news)


def _write(notice: Notice, written: dict[str, Any]) -> None:
    for name in WRITTEN:
        setattr(notice, name, written[name])
    if notice.sector not in dict(reference.choices("sector")):
        raise DomainError(_("Choose a sector of the list."))
    if notice.last_day < timezone.localdate():
        raise DomainError(_("Choose a last day that is still to come."))


def _keep(notice: Notice) -> None:
    notice.version += 1
    notice.save()


def _lock(notice: Notice) -> Notice:
    return Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)


def _demand(allowed: bool, notice: Notice, verb: str) -> None:
    if not allowed:
        after(NOTICE, verb, notice)
        raise NotAllowed(_("There is no such notice."))
