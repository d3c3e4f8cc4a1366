"""On what an exchange stands: the wording that was seen, its law, its handling code, its ground."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Exchange
from portal.errors import AlreadyDone, DomainError
from portal.handling import HandlingCode


def check_version(stands: int, seen: int) -> None:
    if stands != seen:
        raise AlreadyDone(
            _(
                "Somebody changed the wording while you were at it. Look at what stands now in a "
                "second window, and send yours again only if it still holds."
            )
        )


def check_purpose(exchange: Exchange) -> None:
    chosen = exchange.instrument
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


def check_limits(code: str, limits: str) -> None:
    """H3 says that other limits are stated; where we say it, they are."""
    if code == HandlingCode.H3 and not limits.strip():
        raise DomainError(_("State the limits on use that H3 stands for."))


def set_ground(exchange: Exchange, ground: str, day: date | None, why: str) -> None:
    """Of a transfer to a third country: with its day and its justification, or none of them."""
    if bool(ground) != isinstance(day, date):
        raise DomainError(_("Give the ground of the transfer together with the day of decision."))
    if ground and not why:
        raise DomainError(_("Say why the transfer is justified."))
    if isinstance(day, date) and day > timezone.localdate():
        raise DomainError(_("The ground of the transfer cannot be decided in the future."))
    exchange.transfer_ground, exchange.transfer_decided_on = ground, day


def codes(exchange: Exchange) -> dict[str, Any]:
    """What the record may tell of it."""
    return {
        "partner": exchange.partner.code,
        "instrument": exchange.instrument.code if exchange.instrument else "",
        "purpose": exchange.purpose,
        "handling": exchange.handling,
    }
