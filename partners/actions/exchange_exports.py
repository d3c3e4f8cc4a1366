"""Handing an exchange out as a PDF: opened with a reason, recorded as disclosed to whom."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import leaving, opening
from partners import onward as passing_on
from partners.exchange_lifecycle import Status
from partners.models import Exchange
from partners.onward import Onward
from partners.opening import Opened
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind


def export(
    *,
    exchange: Exchange,
    keys: Unlocked,
    by: User,
    recipient: str,
    reason: str,
    onward: Onward | None = None,
) -> Opened:
    """Open it to hand it out; `onward` says on what footing to anybody but its partner.

    Not for use inside a transaction: a refusal has to stay recorded.
    """
    if not permissions.can_export(by, exchange):
        opening.refuse(exchange, by, why="right")
        raise NotAllowed(_("There is no such exchange."))
    if not recipient.strip():
        raise DomainError(_("Say who gets it."))
    check_leaving(exchange, onward=onward)
    opened = opening.open_exchange(exchange=exchange, keys=keys, by=by, reason=reason)
    audit.record(
        "exported",
        target=exchange,
        by=by,
        kind=AuditKind.DISCLOSURE,
        reason=" ".join(reason.split()),
        recipient=" ".join(recipient.split()),
        onward=onward is not None,
        handling=exchange.handling,
        **(onward.told() if onward is not None else {}),
    )
    return opened


@transaction.atomic
def check_leaving(exchange: Exchange, *, onward: Onward | None) -> None:
    """The law before it is sent; the supplier's consent before it goes to anybody else.

    As it stands now, and not as it stood when the officer's page was made.
    """
    exchange.refresh_from_db(from_queryset=Exchange.objects.select_for_update(of=("self",)))
    leaving.check_source(exchange)
    if onward is not None:
        passing_on.check(exchange, onward)
    elif exchange.is_out and exchange.sent_at is None:
        if exchange.status != Status.APPROVED:
            raise DomainError(_("A supervisor has to approve it before it leaves the desk."))
        leaving.check_today(exchange)
    elif exchange.answer_approved_by_id is not None:
        leaving.check_word_today(exchange)


def answer_is_shown(exchange: Exchange) -> bool:
    """An answer that nobody approved is a draft and leaves with nothing."""
    return exchange.answer_approved_by_id is not None
