"""The verbs by which two people change an instrument: one proposes, a supervisor decides.

Locks: the instrument first, then the change, as sending locks an exchange and then its instrument;
parties are locked by their instrument.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import exchange_notifications as notifications
from partners import instrument_permissions as permissions
from partners import instrument_terms as terms
from partners import lifecycle
from partners.actions import instruments
from partners.actions.keeping import check_version
from partners.lifecycle import INSTRUMENT_CHANGE
from partners.models import ChangeKind, Instrument, InstrumentChange, InstrumentParty, Partner
from portal import audit, who_was_first
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.lifecycle import after
from portal.models import User

# What moving a change along is called in the record.
MOVED = ("change_applied", "change_rejected", "change_withdrawn")


@transaction.atomic
def propose_instrument(
    *, by: User, reason: str, code: str, countries: list[str], **written: Any
) -> InstrumentChange:
    """A new one, with the countries that it binds."""
    _allow(permissions.can_propose_instrument(by))
    countries = list(dict.fromkeys(countries))
    values = {"code": code, **written, "countries": countries}
    return _propose(ChangeKind.ADD, None, values, by=by, reason=reason, subject=code)


@transaction.atomic
def propose_edit(
    *, instrument: Instrument, by: User, version: int, reason: str, **written: Any
) -> InstrumentChange:
    """Refused when somebody changed it since the proposer looked at it."""
    held = _locked(instrument)
    _allow(permissions.can_propose_edit(by, held))
    check_version(held, version)
    before = terms.as_it_stands(held)
    if before == terms.packed({name: written[name] for name in terms.WRITTEN}):
        raise DomainError(_("Nothing would be another than it is."))
    return _propose(ChangeKind.EDIT, held, written, before=before, by=by, reason=reason)


@transaction.atomic
def propose_end(
    *, instrument: Instrument, by: User, reason: str, ended_on: date
) -> InstrumentChange:
    held = _locked(instrument)
    _allow(permissions.can_keep_instruments(by))
    before, values = terms.packed({"ended_on": held.ended_on}), {"ended_on": ended_on}
    return _propose(ChangeKind.END, held, values, before=before, by=by, reason=reason)


@transaction.atomic
def propose_party(
    *,
    instrument: Instrument,
    by: User,
    reason: str,
    country: str = "",
    partner: Partner | None = None,
    since: date | None = None,
) -> InstrumentChange:
    held = _locked(instrument)
    _allow(permissions.can_propose_party(by, held))
    values = {"country": country, "partner": partner, "since": since}
    subject = country or f"partner:{partner.pk if partner else ''}"
    return _propose(ChangeKind.ADD_PARTY, held, values, by=by, reason=reason, subject=subject)


@transaction.atomic
def propose_party_end(
    *, party: InstrumentParty, by: User, reason: str, until: date
) -> InstrumentChange:
    held = _locked(party.instrument)
    _allow(permissions.can_keep_instruments(by))
    before = terms.packed({"until": held.parties.get(pk=party.pk).until})
    values, subject = {"party": party, "until": until}, f"party:{party.pk}"
    return _propose(
        ChangeKind.END_PARTY, held, values, before=before, by=by, reason=reason, subject=subject
    )


@transaction.atomic
def apply_change(*, change: InstrumentChange, by: User) -> InstrumentChange:
    """From now on the instrument covers what was proposed; only as the proposer had seen it."""
    held = _held(change)
    _demand(permissions.can_apply_change(by, held), "apply", held, by)
    if held.is_stale:
        raise AlreadyDone(
            _(
                "The instrument was changed after this was proposed, so it cannot be put into "
                "effect. Reject it, or let it be withdrawn and proposed again."
            )
        )
    make, event = instruments.KINDS[held.kind]
    rows = make(held.instrument, **terms.unpacked(held.proposed))
    for row in rows:
        row.save()
    if held.kind == ChangeKind.ADD:
        held.instrument = rows[0]  # type: ignore[assignment]
    _decide(held, "apply", by)
    audit.record("change_applied", target=held, by=by)
    assert held.instrument is not None  # noqa: S101 - instrumentchange_of_an_instrument
    audit.record(
        event,
        target=held.instrument,
        by=by,
        change=held.pk,
        proposed_by=held.proposed_by_id,
        subject=held.subject,
        fields=_changed(held.before, held.proposed),
    )
    return held


@transaction.atomic
def reject_change(*, change: InstrumentChange, by: User, note: str) -> InstrumentChange:
    """Nothing changes; the proposer reads why."""
    held = _held(change)
    _demand(permissions.can_reject_change(by, held), "reject", held, by)
    held.note = _words(note)
    _decide(held, "reject", by)
    audit.record("change_rejected", target=held, by=by)
    return held


@transaction.atomic
def withdraw_change(*, change: InstrumentChange, by: User) -> InstrumentChange:
    """By whoever proposed it."""
    held = _held(change)
    _demand(permissions.can_withdraw_change(by, held), "withdraw", held, by)
    _decide(held, "withdraw", by)
    audit.record("change_withdrawn", target=held, by=by)
    return held


def _propose(
    kind: ChangeKind,
    held: Instrument | None,
    values: Mapping[str, Any],
    *,
    by: User,
    reason: str,
    subject: str = "",
    before: terms.Packed | None = None,
) -> InstrumentChange:
    """Kept beside the instrument, once it is sure that it could be; one of its kind at a time."""
    version = held.version if held is not None else 0
    proposed = terms.packed(values)
    instruments.KINDS[kind][0](held, **values)
    try:
        with transaction.atomic():
            change = InstrumentChange.objects.create(
                instrument=held,
                kind=kind,
                subject=subject,
                before=before or {},
                proposed=proposed,
                reason=_words(reason),
                base_version=version,
                proposed_by=by,
            )
    except IntegrityError as error:
        raise AlreadyDone(
            _("The same is proposed already: it has to be decided on or withdrawn first.")
        ) from error
    audit.record("change_proposed", target=change, by=by, what=kind.value, subject=subject)
    notifications.tell_deciders(change)
    return change


def _decide(held: InstrumentChange, verb: str, by: User) -> None:
    held.status = after(INSTRUMENT_CHANGE, verb, held)
    held.decided_by, held.decided_at = by, timezone.now()
    held.save()
    if by.pk != held.proposed_by_id:
        notifications.tell_proposer(held)


def _locked(instrument: Instrument) -> Instrument:
    return Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)


def _held(change: InstrumentChange) -> InstrumentChange:
    known = InstrumentChange.objects.only("instrument_id").get(pk=change.pk)
    instrument = _locked(Instrument(pk=known.instrument_id)) if known.instrument_id else None
    held = InstrumentChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if instrument is not None:
        held.instrument = instrument
    return held


def _allow(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("There is no such instrument."))


def _demand(allowed: bool, verb: str, change: InstrumentChange, by: User) -> None:
    """Refuse what a predicate did not allow: by its state with a sentence, else as unknown."""
    if allowed:
        return
    if not permissions.can_read_instruments(by):
        raise NotAllowed(_("There is no such change."))
    if not lifecycle.allows(INSTRUMENT_CHANGE, verb, change.status):
        who_was_first.tell(change, moved=MOVED, by=by)
        after(INSTRUMENT_CHANGE, verb, change)
    if verb == "withdraw":
        raise DomainError(_("Only whoever proposed it withdraws it."))
    raise DomainError(_("A supervisor has to decide on it, and somebody else than proposed it."))


def _changed(before: terms.Packed, proposed: terms.Packed) -> list[str]:
    return sorted(name for name, value in proposed.items() if before.get(name) != value)


def _words(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise DomainError(_("Say why."))
    return text
