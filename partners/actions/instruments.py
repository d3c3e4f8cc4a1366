"""The verbs of instruments: the desk says what binds whom, since when and for what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners.actions.keeping import check_version
from partners.models import Instrument, InstrumentParty, Partner, Purpose
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User

WRITTEN = (
    "title",
    "kind",
    "reference",
    "signed_on",
    "in_force_on",
    "purposes",
    "limits",
    "confirmed",
    "source",
)


@transaction.atomic
def add_instrument(*, by: User, code: str, **written: Any) -> Instrument:
    if not permissions.can_add_instrument(by):
        raise NotAllowed(_("You may not do this."))
    if Instrument.objects.filter(code=code).exists():
        raise DomainError(_("Another instrument goes by this code already. Choose another."))
    instrument = Instrument(code=code)
    _write(instrument, written)
    instrument.save(force_insert=True)
    audit.record("instrument_added", target=instrument, by=by, code=code)
    return instrument


@transaction.atomic
def edit_instrument(
    *, instrument: Instrument, by: User, version: int, **written: Any
) -> Instrument:
    """Refused when somebody changed it since the editor looked at it."""
    held = _held(instrument)
    if not permissions.can_edit_instrument(by, held):
        raise NotAllowed(_("There is no such instrument."))
    check_version(held, version)
    changed = sorted(name for name in WRITTEN if getattr(held, name) != written[name])
    _write(held, written)
    held.version += 1
    held.save()
    audit.record("instrument_edited", target=held, by=by, fields=changed)
    return held


@transaction.atomic
def end_instrument(*, instrument: Instrument, by: User, ended_on: date) -> Instrument:
    """Its last day; nothing is sent under it afterwards."""
    held = _held(instrument)
    if not permissions.can_keep_instruments(by):
        raise NotAllowed(_("There is no such instrument."))
    if held.ended_on is not None:
        raise AlreadyDone(_("It has been ended already."))
    if held.in_force_on is not None and ended_on < held.in_force_on:
        raise DomainError(_("It cannot end before it entered into force."))
    held.ended_on = ended_on
    held.version += 1
    held.save(update_fields=["ended_on", "version"])
    audit.record("instrument_ended", target=held, by=by, ended_on=ended_on.isoformat())
    return held


@transaction.atomic
def add_party(
    *,
    instrument: Instrument,
    by: User,
    country: str = "",
    partner: Partner | None = None,
    since: date | None = None,
) -> InstrumentParty:
    """A country, or an organisation that is bound by name."""
    held = _held(instrument)
    if not permissions.can_add_party(by, held):
        raise NotAllowed(_("There is no such instrument."))
    if bool(country) == (partner is not None):
        raise DomainError(_("Choose a country or an organisation, and not both."))
    same = held.parties.filter(country=country, partner=partner)
    if same.filter(until=None).exists():
        raise AlreadyDone(_("This party is on the list already."))
    if same.filter(Q(until__gte=since) if since else Q()).exists():
        raise DomainError(
            _("This party was bound before. Give the day on which it is bound again.")
        )
    party = InstrumentParty.objects.create(
        instrument=held, country=country, partner=partner, since=since
    )
    audit.record("party_added", target=held, by=by, party=party.pk)
    return party


@transaction.atomic
def end_party(*, party: InstrumentParty, by: User, until: date) -> InstrumentParty:
    """The last day on which it is bound."""
    _held(party.instrument)
    held = InstrumentParty.objects.select_for_update(of=("self",)).get(pk=party.pk)
    if not permissions.can_keep_instruments(by):
        raise NotAllowed(_("There is no such party."))
    if held.until is not None:
        raise AlreadyDone(_("It has been ended already."))
    if held.since is not None and until < held.since:
        raise DomainError(_("It cannot end before it began."))
    held.until = until
    held.save(update_fields=["until"])
    audit.record("party_ended", target=held.instrument, by=by, party=held.pk)
    return held


def _held(instrument: Instrument) -> Instrument:
    return Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)


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
