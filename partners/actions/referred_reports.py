"""What a unit refers to a partner: a draft at the desk, led by the report until it has left.

Each is called in the transaction of the report's own verb, which has asked for right, reason and
consent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import content, envelopes, exchange_retention
from partners.actions.exchange_footing import codes, keep_handling
from partners.actions.exchange_holding import move
from partners.exchange_lifecycle import Direction, Status
from partners.models import Exchange, ExchangeType, Partner, Purpose, SealedKind, UrgencyChoice
from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.handling import HandlingCode
from portal.models import User

UNSENT = (Status.DRAFT, Status.APPROVED)


def draft_from_report(
    *,
    report_id: UUID,
    report_reference: str,
    text: str,
    legal_basis: str,
    handling: str,
    partner: Partner,
    author: User,
    by: User,
    signer: envelopes.Signer,
) -> Exchange:
    """Carries its sanitised version alone, signed by the unit.

    `author` worded that, and approves it as little as `by`, who hands it over.
    """
    if _unsent(report_id).filter(partner=partner).exists():
        raise _waits()
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
        raise _waits() from error
    told = content.written({"facts": text, "laws": legal_basis})
    envelopes.sealed_words(
        exchange, SealedKind.CONTENT, {**told, "files": []}, author=author, signer=signer
    )
    audit.record("drafted", target=exchange, by=by, report=str(report_id), **codes(exchange))
    return exchange


def keep_referred(exchange: Exchange, given: Mapping[str, Any]) -> None:
    """The unit referred it to this partner and under this code."""
    if given.get("partner", exchange.partner) != exchange.partner:
        raise DomainError(
            _("The unit referred the report to %(partner)s. To others it refers it itself.")
            % {"partner": exchange.partner}
        )
    keep_handling(exchange, given.get("handling", exchange.handling))


def drop_for_report(*, report_id: UUID, handling: str, by: User) -> int:
    """The report is under a stricter code now: what carries another and has not left never does.

    Referred anew, it is asked for the consent that the new code wants.
    """
    if handling == HandlingCode.H0:
        return 0
    found = _unsent(report_id).exclude(handling=handling).select_for_update(of=("self",))
    dropped = list(found.order_by("pk"))
    for exchange in dropped:
        exchange.closed_at = timezone.now()
        exchange.review_due = exchange_retention.next_review(exchange)
        exchange.save(update_fields=["closed_at", "review_due", *move(exchange, "discard")])
        audit.record("graded_anew", target=exchange, by=by, handling=handling)
    return len(dropped)


def withdraw_for_report(*, report_id: UUID, by: User) -> int:
    """The source of a report took its consent back: no exchange made of it leaves any more.

    For good: a source that agrees again is referred anew. The partner's own consent, to what the
    partner told, is another matter and stays as it is.
    """
    made = Exchange.objects.filter(report_id=report_id, source_withdrawn_at=None)
    made = made.exclude(status=Status.ERASED)
    found = list(made.select_for_update(of=("self",)).order_by("pk"))
    for exchange in found:
        exchange.source_withdrawn_at = timezone.now()
        exchange.save(update_fields=["source_withdrawn_at"])
        audit.record("source_withdrew", target=exchange, by=by)
    return len(found)


def _unsent(report_id: UUID) -> Any:
    return Exchange.objects.filter(report_id=report_id, status__in=UNSENT)


def _waits() -> AlreadyDone:
    return AlreadyDone(_("A draft for this partner waits at the liaison desk already."))
