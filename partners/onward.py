"""Whether information may be handed to somebody else than the partner it passed with.

Naples II, Art. 25, and Directive (EU) 2016/680, Art. 35: for another purpose, to a third country,
or where its handling code says so, who supplied it has to agree first; and nobody gets it whom no
instrument covers for the purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import leaving, legal_basis
from partners.models import Exchange, Instrument, OnwardConsent, Partner, Purpose, TransferGround
from portal.errors import DomainError
from portal.handling import HandlingCode

AGREED = (OnwardConsent.GRANTED, OnwardConsent.CONDITIONAL)
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
    if (why := _needs_consent(exchange, onward)) and exchange.onward_consent not in AGREED:
        raise DomainError(
            _(
                "%(why)s It is passed on to nobody else before the consent of who supplied it "
                "is recorded."
            )
            % {"why": why}
        )
    if onward.partner is not None:
        _check_third(onward, onward.partner, on=on)
    if not onward.limits_read:
        raise DomainError(_("Read the limits and conditions first, and say that they allow it."))


def check_not_withdrawn(exchange: Exchange) -> None:
    if exchange.onward_consent == OnwardConsent.WITHDRAWN:
        raise DomainError(_("Who supplied it has taken the consent back: nothing more leaves."))


def _needs_consent(exchange: Exchange, onward: Onward) -> str:
    """Why who supplied it has to agree, as a sentence; empty where it need not."""
    if exchange.handling in HELD_BACK:
        return _("Handling code %(code)s.") % {"code": exchange.handling}
    if exchange.handling == HandlingCode.H1 and onward.purpose == Purpose.PROSECUTION:
        return _("Handling code H1: not in court without leave.")
    if exchange.instrument is None:
        return _("No instrument is recorded under which it passed.")
    if onward.purpose not in exchange.instrument.purposes:
        return _("The instrument under which it passed does not cover this purpose.")
    if onward.purpose != exchange.purpose:
        return _("It passed for another purpose: %(purpose)s.") % {
            "purpose": exchange.get_purpose_display()
        }
    if onward.partner is not None and leaving.is_third_country(onward.partner):
        return _("%(partner)s is outside the European Union.") % {"partner": onward.partner}
    return ""


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
