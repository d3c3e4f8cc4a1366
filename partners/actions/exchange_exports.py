"""Handing an exchange out as a PDF: opened with a reason, recorded as disclosed to whom."""

from __future__ import annotations

from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import leaving, opening
from partners.exchange_lifecycle import Status
from partners.models import Exchange, OnwardConsent
from partners.opening import Opened
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.handling import HandlingCode
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind

# Not to be handed on without the leave of who supplied it.
HELD_BACK = (HandlingCode.H2, HandlingCode.H3)


def export(
    *, exchange: Exchange, keys: Unlocked, by: User, recipient: str, reason: str, onward: bool
) -> Opened:
    """Open it to hand it out; `onward` is to anybody but the partner of the exchange.

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
        onward=onward,
        handling=exchange.handling,
    )
    return opened


def check_leaving(exchange: Exchange, *, onward: bool) -> None:
    """The law before it is sent; the supplier's consent before it goes to anybody else."""
    leaving.check_source(exchange)
    if onward:
        _check_onward(exchange)
    elif exchange.is_out and exchange.sent_at is None:
        if exchange.status != Status.APPROVED:
            raise DomainError(_("A supervisor has to approve it before it leaves the desk."))
        leaving.check_today(exchange)
    elif exchange.answer_approved_by_id is not None:
        leaving.check_word_today(exchange)


def _check_onward(exchange: Exchange) -> None:
    if exchange.is_out and exchange.sent_at is None:
        raise DomainError(_("It has not been sent yet: there is nothing to pass on."))
    if exchange.onward_consent in (OnwardConsent.ASKED, OnwardConsent.DECLINED):
        raise DomainError(_("Who supplied it has not agreed: it is passed on to nobody else."))
    if exchange.onward_consent == OnwardConsent.WITHDRAWN:
        raise DomainError(_("Who supplied it has taken the consent back: nothing more leaves."))
    agreed = (OnwardConsent.GRANTED, OnwardConsent.CONDITIONAL)
    if exchange.handling in HELD_BACK and exchange.onward_consent not in agreed:
        raise DomainError(
            _(
                "Handling code %(code)s: it is passed on to nobody else before the consent of who "
                "supplied it is recorded."
            )
            % {"code": exchange.handling}
        )


def answer_is_shown(exchange: Exchange) -> bool:
    """An answer that nobody approved is a draft and leaves with nothing."""
    return exchange.answer_approved_by_id is not None
