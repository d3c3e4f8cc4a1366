"""Instruments changed as the desk changes them: one proposes, another decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from partners.actions import instrument_changes as changes
from partners.models import Instrument, InstrumentChange, InstrumentParty, Purpose
from portal.models import User
from tests.factories import UserFactory

TODAY = date(2026, 11, 26)
WHY = "the publication"
WRITTEN: dict[str, Any] = {
    "title": "Agreement with New Zealand",
    "kind": "agreement",
    "reference": "",
    "signed_on": TODAY,
    "in_force_on": TODAY,
    "purposes": [Purpose.PREVENTION],
    "limits": "",
    "confirmed": True,
    "source": "the publication",
}


def supervisor() -> User:
    return UserFactory(supervisor=True)


def officer() -> User:
    return UserFactory(liaison_officer=True)


def new(by: User | None = None, code: str = "nz", **other: Any) -> InstrumentChange:
    told = {"countries": ["SE", "NZ"], **WRITTEN, **other}
    return changes.propose_instrument(by=by or officer(), reason=WHY, code=code, **told)


def edit(instrument: Instrument, by: User | None = None, **other: Any) -> InstrumentChange:
    told = {**WRITTEN, "version": instrument.version, **other}
    return changes.propose_edit(instrument=instrument, by=by or officer(), reason=WHY, **told)


def end(instrument: Instrument, on: date, by: User | None = None) -> InstrumentChange:
    told = {"reason": WHY, "ended_on": on}
    return changes.propose_end(instrument=instrument, by=by or officer(), **told)


def join(instrument: Instrument, by: User | None = None, **who: Any) -> InstrumentChange:
    return changes.propose_party(instrument=instrument, by=by or officer(), reason=WHY, **who)


def leave(party: InstrumentParty, until: date, by: User | None = None) -> InstrumentChange:
    told = {"reason": WHY, "until": until}
    return changes.propose_party_end(party=party, by=by or officer(), **told)


def decided(change: InstrumentChange, by: User | None = None) -> Instrument:
    """In effect, by another person."""
    done = changes.apply_change(change=change, by=by or supervisor())
    assert done.instrument is not None
    return done.instrument
