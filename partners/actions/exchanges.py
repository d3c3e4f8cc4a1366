"""What we ask a partner or tell it unasked: written by one, approved by another, sent by law."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import clocks, content, envelopes, exchange_retention, leaving, opening
from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import Attachment, demand, held, move, write
from partners.exchange_lifecycle import Direction, Status
from partners.models import (
    Exchange,
    ExchangeType,
    Instrument,
    Partner,
    Purpose,
    SealedKind,
    UrgencyChoice,
)
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.handling import HandlingCode
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind

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
    "transfer_ground",
    "transfer_decided_on",
)


@transaction.atomic
def draft(*, by: User, keys: Unlocked, files: Iterable[Attachment] = (), **given: Any) -> Exchange:
    """A request, or information given unasked; it goes nowhere yet."""
    if not permissions.can_draft(by):
        raise NotAllowed(_("You may not do this."))
    exchange = Exchange(direction=Direction.OUT, drafted_by=by, responsible=by)
    _set(exchange, given)
    exchange.save(force_insert=True)
    _word(exchange, given, by=by, keys=keys, files=files)
    audit.record("drafted", target=exchange, by=by, kind=AuditKind.COLLECTION, **_codes(exchange))
    return exchange


def draft_from_report(
    *,
    report_id: UUID,
    report_reference: str,
    text: str,
    legal_basis: str,
    handling: str,
    partner: Partner,
    by: User,
    signer: envelopes.Signer,
) -> Exchange:
    """A report is referred to a partner: a draft that carries its sanitised version alone.

    Called in the transaction of the report's own verb, which has asked for right, reason and
    consent; the unit's signature says that it is the unit's text.
    """
    waiting = Exchange.objects.filter(
        report_id=report_id, partner=partner, status__in=(Status.DRAFT, Status.APPROVED)
    )
    if waiting.exists():
        raise AlreadyDone(_("A draft for this partner waits at the liaison desk already."))
    exchange = Exchange(
        direction=Direction.OUT,
        type=ExchangeType.SPONTANEOUS,
        partner=partner,
        purpose=Purpose.PREVENTION,
        urgency=UrgencyChoice.OTHER,
        handling=HandlingCode(handling),
        report_id=report_id,
        report_reference=report_reference,
        drafted_by=by,
    )
    try:
        with transaction.atomic():
            exchange.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyDone(
            _("A draft for this partner waits at the liaison desk already.")
        ) from error
    told = content.written({"facts": text, "laws": legal_basis})
    envelopes.sealed_words(
        exchange, SealedKind.CONTENT, {**told, "files": []}, author=by, signer=signer
    )
    audit.record("drafted", target=exchange, by=by, report=str(report_id), **_codes(exchange))
    return exchange


@transaction.atomic
def edit(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    version: int,
    files: Iterable[Attachment] = (),
    **given: Any,
) -> Exchange:
    """Another wording; an approval that was given lapses with it."""
    exchange = held(exchange, by)
    demand(permissions.can_edit(by, exchange), "edit", exchange, by)
    leaving.check_source(exchange)
    check_version(exchange.content_version, version)
    earlier = opening.read(exchange, keys).content.get("files", [])
    if exchange.report_id is not None:
        _keep_referred(exchange, given)
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
    audit.record("approved", target=exchange, by=by, version=version, **_codes(exchange))
    return exchange


@transaction.atomic
def send(*, exchange: Exchange, by: User, channel: str, channel_reference: str = "") -> Exchange:
    """It has left by this channel; the law is looked at once more, today."""
    exchange = held(exchange, by)
    demand(permissions.can_send(by, exchange), "send", exchange, by)
    leaving.check(exchange)
    exchange.sent_at = timezone.now()
    exchange.channel, exchange.channel_reference = channel, channel_reference
    if exchange.is_spontaneous:
        exchange.due_at = None
    elif exchange.urgency != UrgencyChoice.INSTRUMENT:
        zone = zone_of(exchange.partner)
        exchange.due_at = clocks.reply_due(exchange.sent_at, exchange.urgency, zone)
    moved = move(exchange, "send")
    exchange.save(update_fields=["sent_at", "channel", "channel_reference", "due_at", *moved])
    audit.record(
        "sent",
        target=exchange,
        by=by,
        kind=AuditKind.DISCLOSURE,
        recipient=exchange.partner.code,
        channel=channel,
        version=exchange.content_version,
        transfer_ground=exchange.transfer_ground,
        **_codes(exchange),
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
    exchange.channel, exchange.channel_reference = channel, channel_reference
    _set(exchange, given)
    if exchange.is_spontaneous:
        exchange.due_at = None
    elif exchange.urgency != UrgencyChoice.INSTRUMENT:
        zone = timezone.get_default_timezone()
        exchange.due_at = clocks.reply_due(received_at, exchange.urgency, zone)
    exchange.save(force_insert=True)
    _word(exchange, given, by=by, keys=keys, files=files)
    audit.record(
        "registered", target=exchange, by=by, kind=AuditKind.COLLECTION, **_codes(exchange)
    )
    return exchange


def zone_of(partner: Partner) -> Any:
    """Where the partner's clock hangs; ours where that is not known."""
    try:
        return ZoneInfo(partner.time_zone) if partner.time_zone else timezone.get_default_timezone()
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()


def check_version(stands: int, seen: int) -> None:
    if stands != seen:
        raise AlreadyDone(
            _(
                "Somebody changed the wording while you were at it. Look at what stands now in a "
                "second window, and send yours again only if it still holds."
            )
        )


def check_purpose(exchange: Exchange) -> None:
    chosen: Instrument | None = exchange.instrument
    if chosen is not None and exchange.purpose not in chosen.purposes:
        raise DomainError(_("This instrument does not list the purpose that you chose."))


def keep_handling(exchange: Exchange, code: str) -> None:
    """What a supplier forbade stays forbidden; where nothing was, or for H3, it may be set."""
    if code not in (exchange.handling, HandlingCode.H3) and exchange.handling != HandlingCode.H0:
        raise DomainError(
            _("It came with handling code %(code)s: keep that, or choose H3 and state the limits.")
            % {"code": exchange.handling}
        )
    exchange.handling = HandlingCode(code)


def _keep_referred(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """The unit referred it to this partner and under this code."""
    if given.get("partner", exchange.partner) != exchange.partner:
        raise DomainError(
            _("The unit referred the report to %(partner)s. To others it refers it itself.")
            % {"partner": exchange.partner}
        )
    keep_handling(exchange, given.get("handling", exchange.handling))


def _set(exchange: Exchange, given: Mapping[str, Any]) -> None:
    for name in COLUMNS:
        if name in given:
            setattr(exchange, name, given[name])
    check_purpose(exchange)
    ground, day = exchange.transfer_ground, exchange.transfer_decided_on
    if bool(ground) != isinstance(day, date):
        raise DomainError(_("Give the ground of the transfer together with the day of decision."))
    if ground and not str(given.get("justification") or "").strip():
        raise DomainError(_("Say why the transfer is justified."))


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


def _codes(exchange: Exchange) -> dict[str, Any]:
    """What the record may tell of it."""
    return {
        "partner": exchange.partner.code,
        "instrument": exchange.instrument.code if exchange.instrument else "",
        "purpose": exchange.purpose,
        "handling": exchange.handling,
    }
