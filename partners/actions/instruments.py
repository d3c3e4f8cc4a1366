"""What each kind of change makes of an instrument; nothing here is saved or decided.

Asked twice by `instrument_changes`: whether it could be when it is proposed, and what is written
when somebody else has decided. The instrument is locked, and with it its parties.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django_countries import countries as known_countries

from partners.instrument_terms import WRITTEN
from partners.models import ChangeKind, Instrument, InstrumentParty, Partner, Purpose
from portal.errors import AlreadyDone, DomainError

# The rows to save, in this order.
Rows = list[Instrument | InstrumentParty]


def add(instrument: Instrument | None, *, code: str, countries: list[str], **written: Any) -> Rows:
    """With the countries that it binds, so that what it covers is decided as a whole."""
    if Instrument.objects.filter(code=code).exists():
        raise DomainError(_("Another instrument goes by this code already. Choose another."))
    if unknown := [one for one in countries if one not in known_countries]:
        raise DomainError(_("There is no country “%(code)s”.") % {"code": unknown[0]})
    made = Instrument(code=code)
    _write(made, written)
    return [made, *(InstrumentParty(instrument=made, country=one) for one in countries)]


def edit(instrument: Instrument, **written: Any) -> Rows:
    _write(instrument, written)
    instrument.version += 1
    return [instrument]


def end(instrument: Instrument, *, ended_on: date) -> Rows:
    """Its last day; nothing is sent under it afterwards."""
    if instrument.has_ended:
        raise AlreadyDone(_("It has been ended already."))
    if instrument.in_force_on is not None and ended_on < instrument.in_force_on:
        raise DomainError(_("It cannot end before it entered into force."))
    instrument.ended_on = ended_on
    instrument.version += 1
    return [instrument]


def add_party(
    instrument: Instrument, *, country: str, partner: Partner | None, since: date | None
) -> Rows:
    """A country, or an organisation that is bound by name."""
    if bool(country) == (partner is not None):
        raise DomainError(_("Choose a country or an organisation, and not both."))
    same = instrument.parties.filter(country=country, partner=partner)
    if same.filter(until=None).exists():
        raise AlreadyDone(_("This party is on the list already."))
    if same.filter(Q(until__gte=since) if since else Q()).exists():
        raise DomainError(
            _("This party was bound before. Give the day on which it is bound again.")
        )
    return [InstrumentParty(instrument=instrument, country=country, partner=partner, since=since)]


def end_party(instrument: Instrument, *, party: InstrumentParty, until: date) -> Rows:
    """The last day on which it is bound."""
    held = instrument.parties.get(pk=party.pk)
    if held.has_ended:
        raise AlreadyDone(_("It has been ended already."))
    if held.since is not None and until < held.since:
        raise DomainError(_("It cannot end before it began."))
    held.until = until
    return [held]


# Kind → what it makes, and what that is called in the record of the instrument.
KINDS: dict[str, tuple[Callable[..., Rows], str]] = {
    ChangeKind.ADD: (add, "instrument_added"),
    ChangeKind.EDIT: (edit, "instrument_edited"),
    ChangeKind.END: (end, "instrument_ended"),
    ChangeKind.ADD_PARTY: (add_party, "party_added"),
    ChangeKind.END_PARTY: (end_party, "party_ended"),
}


def _write(instrument: Instrument, written: dict[str, Any]) -> None:
    for name in WRITTEN:
        setattr(instrument, name, written[name])
    if not instrument.purposes or set(instrument.purposes) - set(Purpose.values):
        raise DomainError(_("Choose at least one purpose from the list."))
    signed, force, ended = instrument.signed_on, instrument.in_force_on, instrument.ended_on
    if force is not None and signed is None:
        raise DomainError(_("What is in force was signed: give that day too."))
    if force is not None and signed is not None and force < signed:
        raise DomainError(_("It cannot enter into force before it was signed."))
    if force is not None and ended is not None and ended < force:
        raise DomainError(_("It cannot enter into force after it ended."))
