"""Who may keep instruments and work on exchanges: one predicate a verb.

Liaison officers and supervisors; a system administrator may nothing here, whatever other roles
were granted.
"""

from __future__ import annotations

from partners.models import Instrument, InstrumentParty
from portal.models import StaffRole, User
from portal.permissions import may_see, may_write


def can_read_instruments(user: User) -> bool:
    return may_see(user, "exchange") and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_keep_instruments(user: User) -> bool:
    return may_write(user, "exchange") and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_add_instrument(user: User) -> bool:
    return can_keep_instruments(user)


def can_edit_instrument(user: User, instrument: Instrument) -> bool:
    return can_keep_instruments(user)


def can_end_instrument(user: User, instrument: Instrument) -> bool:
    return can_keep_instruments(user) and instrument.ended_on is None


def can_add_party(user: User, instrument: Instrument) -> bool:
    return can_keep_instruments(user)


def can_end_party(user: User, party: InstrumentParty) -> bool:
    return can_keep_instruments(user) and party.until is None
