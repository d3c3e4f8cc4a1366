"""Whether information may be handed to somebody else than the partner it passed with.

Naples II, Art. 25, and Directive (EU) 2016/680, Art. 35: for another purpose, to a third country,
or where its handling code says so, who supplied it has to agree first; and nobody gets it whom no
instrument covers for the purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import leaving, legal_basis
from partners.models import (
    AGREED,
    Exchange,
    FurtherUse,
    Instrument,
    OnwardConsent,
    Partner,
    Purpose,
    TransferGround,
)
from portal.errors import DomainError
from portal.handling import HandlingCode

# Not to be handed on without the leave of who supplied it.
HELD_BACK = (HandlingCode.H2, HandlingCode.H3)


@dataclass(frozen=True)
class Onward:
    """For whom else, what for and under what; without a `partner` it is a body at home."""

    purpose: str
    partner: Partner | None = None
    instrument: Instrument | None = None
    transfer_ground: str = ""
    # The officer has read limits and conditions, and they allow it.
    limits_read: bool = False

    def told(self) -> dict[str, Any]:
        """What the record may tell of it."""
        return {
            "purpose": self.purpose,
            "third": self.partner.code if self.partner else "",
            "instrument": self.instrument.code if self.instrument else "",
            "transfer_ground": self.transfer_ground,
        }


@transaction.atomic
def check(exchange: Exchange, onward: Onward, *, on: date | None = None) -> None:
    """Refuse with a sentence what use limits or originator control forbid.

    As both stand now: exchange and instrument are read again under lock.
    """
    on = on or timezone.localdate()
    exchange = (
        Exchange.objects.select_for_update(of=("self",))
        .select_related("partner", "instrument")
        .get(pk=exchange.pk)
    )
    if exchange.is_out and exchange.sent_at is None:
        raise DomainError(_("It has not been sent yet: there is nothing to pass on."))
    if exchange.onward_consent in (OnwardConsent.ASKED, OnwardConsent.DECLINED):
        raise DomainError(_("Who supplied it has not agreed: it is passed on to nobody else."))
    check_not_withdrawn(exchange)
    if onward.purpose not in Purpose.values:
        raise DomainError(_("Say for which purpose it is passed on."))
    if onward.partner is not None and onward.partner.pk == exchange.partner_id:
        raise DomainError(_("This is the partner itself: choose it above."))
    _check_consent(exchange, onward)
    if onward.partner is not None:
        _check_third(onward, onward.partner, on=on)
    if not onward.limits_read:
        raise DomainError(_("Read the limits and conditions first, and say that they allow it."))


def check_not_withdrawn(exchange: Exchange) -> None:
    if exchange.onward_consent == OnwardConsent.WITHDRAWN:
        raise DomainError(_("Who supplied it has taken the consent back: nothing more leaves."))


def _check_consent(exchange: Exchange, onward: Onward) -> None:
    """It was given, and reaches each use that this one is."""
    for use, why in _needs_consent(exchange, onward):
        if exchange.onward_consent not in AGREED:
            raise DomainError(
                _(
                    "%(why)s It is passed on to nobody else before the consent of who supplied it "
                    "is recorded."
                )
                % {"why": why}
            )
        if use not in exchange.onward_uses:
            raise DomainError(
                _("%(why)s The recorded consent does not name this use: %(use)s.")
                % {"why": why, "use": str(FurtherUse(use).label).lower()}
            )


def _needs_consent(exchange: Exchange, onward: Onward) -> Iterator[tuple[str, str]]:
    """Each use to which who supplied it has to agree, and why, as a sentence."""
    code = exchange.handling
    if code in HELD_BACK:
        yield FurtherUse.BODY, _("Handling code %(code)s.") % {"code": code}
    if code != HandlingCode.H0 and onward.purpose == Purpose.PROSECUTION:
        yield (
            FurtherUse.COURT,
            _("Handling code %(code)s: not in court without leave.") % {"code": code},
        )
    if exchange.instrument is None:
        yield FurtherUse.BODY, _("No instrument is recorded under which it passed.")
    elif onward.purpose not in exchange.instrument.purposes:
        why = _("The instrument under which it passed does not cover this purpose.")
        yield FurtherUse.PURPOSE, why
    elif onward.purpose != exchange.purpose:
        passed_for = {"purpose": exchange.get_purpose_display()}
        yield FurtherUse.PURPOSE, _("It passed for another purpose: %(purpose)s.") % passed_for
    if onward.partner is not None and leaving.is_third_country(onward.partner):
        outside = {"partner": onward.partner}
        yield FurtherUse.BODY, _("%(partner)s is outside the European Union.") % outside


def _check_third(onward: Onward, partner: Partner, *, on: date) -> None:
    if onward.instrument is None:
        raise leaving.NotCovered(_("Choose the instrument that covers passing it to this body."))
    held = Instrument.objects.select_for_update(of=("self",)).get(pk=onward.instrument.pk)
    why = legal_basis.why_not(
        held, own=legal_basis.own_country(), partner=partner, purpose=onward.purpose, on=on
    )
    if why:
        raise leaving.NotCovered(
            _("It cannot be passed on under “%(instrument)s”. %(why)s")
            % {"instrument": held, "why": why}
        )
    if leaving.is_third_country(partner) and onward.transfer_ground not in TransferGround.values:
        raise leaving.NoGround(
            _("%(partner)s is outside the European Union: record the ground of the transfer.")
            % {"partner": partner}
        )
