"""The verbs of keys: made in a ceremony, held by officers, unlocked, rotated, recovered."""

from portal.actions.keys.ceremony import RECOVERY, Ceremony, Made, create_keys, new_key
from portal.actions.keys.custody import (
    add_officer,
    confirm_desk_key,
    end_desk_key,
    missing_for,
    names_for,
    recognise,
    revoke,
    set_up_desk_key,
    wrap,
)
from portal.actions.keys.recovery import (
    Shares,
    begin_recovery,
    drill,
    move_recovered,
    recovered,
    renew_recovery,
)
from portal.actions.keys.rotation import (
    Moved,
    add_key,
    begin_rotation,
    finish_rotation,
    move_slots,
    unfinished,
    waiting,
)
from portal.actions.keys.unlocking import TooManyTries, lock_desk, open_keys, unlock_desk

__all__ = [
    "RECOVERY",
    "Ceremony",
    "Made",
    "Moved",
    "Shares",
    "TooManyTries",
    "add_key",
    "add_officer",
    "begin_recovery",
    "begin_rotation",
    "confirm_desk_key",
    "create_keys",
    "drill",
    "end_desk_key",
    "finish_rotation",
    "lock_desk",
    "missing_for",
    "move_recovered",
    "move_slots",
    "names_for",
    "new_key",
    "open_keys",
    "recognise",
    "recovered",
    "renew_recovery",
    "revoke",
    "set_up_desk_key",
    "unfinished",
    "unlock_desk",
    "waiting",
    "wrap",
]
