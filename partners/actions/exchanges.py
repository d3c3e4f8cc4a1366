"""What we ask a partner or tell it unasked: written by one, approved by another, sent by law."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import clocks, content, exchange_retention, leaving, opening
from partners import exchange_permissions as permissions
from partners.actions.exchange_footing import (
    check_limits,
    check_purpose,
    check_version,
    codes,
    set_ground,
)
from partners.actions.exchange_holding import Attachment, demand, held, move, way, write
from partners.actions.exchange_pauses import go_on
from partners.actions.referred_reports import keep_referred
from partners.exchange_lifecycle import Direction, Status
from partners.models import Channel, Exchange, Partner, SealedKind, UrgencyChoice
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from portal.retention import given_reason

# What an editor sets of the plain columns.
COLUMNS = (
    "type",
    "partner",
    "instrument",
    "purpose",
    "urgency",
    "handling",
    "their_reference",
    "oral",
    "due_at",
)


@transaction.atomic
def draft(
    *,
    by: User,
    keys: Unlocked,
    files: Iterable[Attachment] = (),
    uuid: UUID | None = None,
    **given: Any,
) -> Exchange:
    """A request, or information given unasked; it goes nowhere yet."""
    if not permissions.can_draft(by):
        raise NotAllowed(_("You may not do this."))
    exchange = Exchange(direction=Direction.OUT, drafted_by=by, responsible=by)
    _set(exchange, given)
    _begin(exchange, uuid)
    _word(exchange, given, by=by, keys=keys, files=files)
    audit.record("drafted", target=exchange, by=by, kind=AuditKind.COLLECTION, **codes(exchange))
    return exchange


@transaction.atomic
def edit(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    version: int,
    files: Iterable[Attachment] = (),
    left_out: Collection[str] = (),
    **given: Any,
) -> Exchange:
    """Another wording; an approval that was given lapses with it.

    Files that went along stay, but for those that are `left_out`.
    """
    exchange = held(exchange, by)
    demand(permissions.can_edit(by, exchange), "edit", exchange, by)
    leaving.check_source(exchange)
    check_version(exchange.content_version, version)
    stood = opening.read(exchange, keys).content.get("files", [])
    earlier = [file for file in stood if file["id"] not in left_out]
    if exchange.report_id is not None:
        keep_referred(exchange, given)
    _set(exchange, given)
    exchange.drafted_by, exchange.content_version = by, exchange.content_version + 1
    exchange.approved_by = exchange.approved_at = None
    move(exchange, "edit")
    exchange.save()
    _word(exchange, given, by=by, keys=keys, files=files, earlier=earlier)
    audit.record("edited", target=exchange, by=by, version=exchange.content_version)
    return exchange


@transaction.atomic
def approve(*, exchange: Exchange, by: User, version: int) -> Exchange:
    """A supervisor who wrote none of it, for the wording that was read."""
    exchange = held(exchange, by)
    demand(permissions.can_approve(by, exchange), "approve", exchange, by)
    check_version(exchange.content_version, version)
    leaving.check(exchange)
    exchange.approved_by, exchange.approved_at = by, timezone.now()
    exchange.save(update_fields=["approved_by", "approved_at", *move(exchange, "approve")])
    audit.record("approved", target=exchange, by=by, version=version, **codes(exchange))
    return exchange


@transaction.atomic
def send(*, exchange: Exchange, by: User, channel: str, channel_reference: str = "") -> Exchange:
    """It has left by this channel; the law is looked at once more, today."""
    exchange = held(exchange, by)
    demand(permissions.can_send(by, exchange), "send", exchange, by)
    leaving.check(exchange)
    exchange.sent_at = timezone.now()
    _by(exchange, channel, channel_reference)
    if exchange.is_spontaneous:
        exchange.due_at = None
    elif exchange.urgency == UrgencyChoice.INSTRUMENT:
        _check_due(exchange, exchange.sent_at)
    else:
        zone = zone_of(exchange.partner)
        exchange.due_at = clocks.reply_due(exchange.sent_at, exchange.urgency, zone)
    moved = move(exchange, "send")
    fields = ["sent_at", "channel", "channel_reference", "oral", "due_at", *moved]
    exchange.save(update_fields=fields)
    audit.record(
        "sent",
        target=exchange,
        by=by,
        kind=AuditKind.DISCLOSURE,
        recipient=exchange.partner.code,
        channel=exchange.channel,
        version=exchange.content_version,
        transfer_ground=exchange.transfer_ground,
        **codes(exchange),
    )
    return exchange


@transaction.atomic
def discard(*, exchange: Exchange, by: User) -> Exchange:
    """It is not sent after all."""
    exchange = held(exchange, by)
    demand(permissions.can_discard(by, exchange), "discard", exchange, by)
    exchange.closed_at = timezone.now()
    exchange.review_due = exchange_retention.next_review(exchange)
    exchange.save(update_fields=["closed_at", "review_due", *move(exchange, "discard")])
    audit.record("discarded", target=exchange, by=by)
    return exchange


@transaction.atomic
def register(
    *,
    by: User,
    keys: Unlocked,
    received_at: datetime,
    channel: str,
    channel_reference: str = "",
    files: Iterable[Attachment] = (),
    uuid: UUID | None = None,
    **given: Any,
) -> Exchange:
    """What a partner asks or tells; the clock runs from its receipt, not from this entry."""
    if not permissions.can_register(by):
        raise NotAllowed(_("You may not do this."))
    if received_at > timezone.now():
        raise DomainError(_("It cannot have come in the future. Look at the day and the hour."))
    exchange = Exchange(
        direction=Direction.IN, status=Status.RECEIVED, drafted_by=by, responsible=by
    )
    exchange.received_at = received_at
    _set(exchange, given)
    _by(exchange, channel, channel_reference)
    if exchange.is_spontaneous:
        exchange.due_at = None
    elif exchange.urgency == UrgencyChoice.INSTRUMENT:
        _check_due(exchange, received_at)
    else:
        zone = timezone.get_default_timezone()
        exchange.due_at = clocks.reply_due(received_at, exchange.urgency, zone)
    _begin(exchange, uuid)
    _word(exchange, given, by=by, keys=keys, files=files)
    audit.record(
        "registered",
        target=exchange,
        by=by,
        kind=AuditKind.COLLECTION,
        channel=exchange.channel,
        **codes(exchange),
    )
    return exchange


@transaction.atomic
def set_aside(*, exchange: Exchange, by: User, reason: str) -> Exchange:
    """It was entered by mistake; what is right is entered anew, and its clock runs from receipt."""
    exchange = held(exchange, by)
    demand(permissions.can_set_aside(by, exchange), "set_aside", exchange, by)
    reason = given_reason(reason)
    exchange.closed_at = timezone.now()
    exchange.review_due = exchange_retention.next_review(exchange)
    fields = ["closed_at", "review_due", *move(exchange, "set_aside"), *go_on(exchange)]
    exchange.save(update_fields=fields)
    audit.record("set_aside", target=exchange, by=by, reason=reason)
    return exchange


def _begin(exchange: Exchange, uuid: UUID | None) -> None:
    """The form carries the number of what it makes, so that sent twice it makes one."""
    exchange.uuid = uuid or exchange.uuid
    try:
        with transaction.atomic():
            exchange.save(force_insert=True)
    except IntegrityError as error:
        made = Exchange.objects.filter(uuid=exchange.uuid).first()
        if made is None:
            raise
        raise AlreadyDone(
            _(
                "This was sent before, and is kept as %(reference)s. Send it again only if it is "
                "another one."
            )
            % {"reference": made}
        ) from error


def _check_due(exchange: Exchange, begins: datetime) -> None:
    if exchange.due_at is not None and exchange.due_at <= begins:
        raise DomainError(_("The answer cannot be due before its clock begins: give another day."))


def _by(exchange: Exchange, channel: str, reference: str) -> None:
    """By which channel it passed; what is said by word of mouth is confirmed in writing later."""
    passed = way(channel, reference)
    exchange.channel, exchange.channel_reference = passed["channel"], passed["reference"]
    exchange.oral = exchange.oral or exchange.channel == Channel.ORAL


def zone_of(partner: Partner) -> Any:
    """Where the partner's clock hangs; ours where that is not known."""
    try:
        return ZoneInfo(partner.time_zone) if partner.time_zone else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def _set(exchange: Exchange, given: Mapping[str, Any]) -> None:
    for name in COLUMNS:
        if name in given:
            setattr(exchange, name, given[name])
    check_purpose(exchange)
    if exchange.is_out:
        check_limits(exchange.handling, str(given.get("limits") or ""))
    why = str(given.get("justification") or "").strip()
    ground = given.get("transfer_ground", exchange.transfer_ground)
    set_ground(
        exchange, ground, given.get("transfer_decided_on", exchange.transfer_decided_on), why
    )


def _word(
    exchange: Exchange,
    given: Mapping[str, Any],
    *,
    by: User,
    keys: Unlocked,
    files: Iterable[Attachment],
    earlier: Iterable[dict[str, Any]] = (),
) -> None:
    told = content.written(given)
    if not told.get("object") and not told.get("facts"):
        raise DomainError(_("Say what it is about: the object and reason, or the facts."))
    write(
        exchange,
        SealedKind.CONTENT,
        {**told, "files": list(earlier)},
        by=by,
        keys=keys,
        files=files,
        version=exchange.content_version,
    )
