"""Which instrument lets information pass: signed, in force, both sides bound, purpose listed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.models import Instrument, InstrumentParty, Partner, PartnerType, Purpose

# What binds a country binds its administrations. A body that merely has its seat there is bound
# only where it is named itself.
NATIONAL = (PartnerType.CUSTOMS, PartnerType.POLICE, PartnerType.BORDER, PartnerType.TAX)


def own_country() -> str:
    return str(settings.BRAND["country"])


def covers(instrument: Instrument, *, own: str, partner: Partner, purpose: str, on: date) -> bool:
    """Whether information may pass between these two for this purpose on this day."""
    return not why_not(instrument, own=own, partner=partner, purpose=purpose, on=on)


def covering(*, own: str, partner: Partner, purpose: str, on: date) -> list[Instrument]:
    """The instruments in force on this day that bind both sides and list the purpose."""
    return [one for one in binding(own=own, partner=partner, on=on) if purpose in one.purposes]


def binding(*, own: str, partner: Partner, on: date) -> QuerySet[Instrument]:
    """The instruments in force on this day that bind both sides, whatever for."""
    bound = InstrumentParty.objects.on(on)
    found = Instrument.objects.in_force(on).filter(
        pk__in=bound.filter(_us(own)).values("instrument"),
    )
    found = found.filter(pk__in=bound.filter(_them(partner, own)).values("instrument"))
    return found.order_by("title", "pk")


def why_not(instrument: Instrument, *, own: str, partner: Partner, purpose: str, on: date) -> str:
    """What keeps this instrument from covering it, as a sentence; empty when nothing does."""
    if partner.has_ended:
        return _("%(partner)s is there no longer.") % {"partner": partner}
    if sentence := _not_in_force(instrument, on):
        return sentence
    bound = InstrumentParty.objects.on(on).filter(instrument=instrument)
    if not bound.filter(_us(own)).exists():
        return _("Our own country is not bound by it on this day.")
    if not bound.filter(_them(partner, own)).exists():
        return _("%(partner)s is not bound by it on this day.") % {"partner": partner}
    if purpose not in instrument.purposes:
        return _("It does not cover the purpose “%(purpose)s”.") % {
            "purpose": Purpose(purpose).label if purpose in Purpose.values else purpose
        }
    return ""


def _not_in_force(instrument: Instrument, on: date) -> str:
    if instrument.signed_on is None or instrument.signed_on > on:
        return _("It was not signed on this day.")
    if instrument.in_force_on is None or instrument.in_force_on > on:
        return _("It was not in force on this day.")
    if instrument.ended_on is not None and instrument.ended_on < on:
        return _("It ended on %(day)s.") % {"day": date_format(instrument.ended_on, "j F Y")}
    return ""


def _us(own: str) -> Q:
    return Q(country=own)


def _them(partner: Partner, own: str) -> Q:
    named = Q(partner=partner)
    # A treaty binds us to other countries: what passes inside our own is not its matter.
    abroad = str(partner.country) not in ("", own)
    if abroad and partner.type in NATIONAL:
        return named | Q(country=str(partner.country))
    return named
