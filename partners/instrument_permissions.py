"""Who may read instruments, propose what they say and decide on it: one predicate a verb.

Liaison officers and supervisors; a system administrator may nothing here, whatever other roles
were granted.
"""

from __future__ import annotations

from partners.lifecycle import INSTRUMENT_CHANGE, allows
from partners.models import Instrument, InstrumentChange, InstrumentParty
from portal.models import StaffRole, User
from portal.permissions import may_see, may_write


def can_read_instruments(user: User) -> bool:
    return may_see(user, "exchange") and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_keep_instruments(user: User) -> bool:
    return may_write(user, "exchange") and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_propose_instrument(user: User) -> bool:
    return can_keep_instruments(user)


def can_propose_edit(user: User, instrument: Instrument) -> bool:
    return can_keep_instruments(user)


def can_propose_end(user: User, instrument: Instrument) -> bool:
    return can_keep_instruments(user) and not instrument.has_ended


def can_propose_party(user: User, instrument: Instrument) -> bool:
    return can_keep_instruments(user)


def can_propose_party_end(user: User, party: InstrumentParty) -> bool:
    return can_keep_instruments(user) and not party.has_ended


def can_decide_changes(user: User) -> bool:
    return can_keep_instruments(user) and user.has_role(StaffRole.SUPERVISOR)


def _decides(verb: str, user: User, change: InstrumentChange) -> bool:
    """A supervisor who did not propose it: nobody makes the law under which they send."""
    other = can_decide_changes(user) and change.proposed_by_id != user.pk
    return other and allows(INSTRUMENT_CHANGE, verb, change.status)


def can_apply_change(user: User, change: InstrumentChange) -> bool:
    return _decides("apply", user, change)


def can_reject_change(user: User, change: InstrumentChange) -> bool:
    return _decides("reject", user, change)


def can_withdraw_change(user: User, change: InstrumentChange) -> bool:
    """Whoever proposed it."""
    own = can_keep_instruments(user) and change.proposed_by_id == user.pk
    return own and allows(INSTRUMENT_CHANGE, "withdraw", change.status)
