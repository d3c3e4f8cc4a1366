"""The verbs of keys: made in a ceremony, held by officers, unlocked, rotated, recovered."""

from portal.actions.keys.ceremony import Ceremony, Made, create_keys, new_key
from portal.actions.keys.custody import confirm_desk_key, names_for, set_up_desk_key, wrap
from portal.actions.keys.unlocking import TooManyTries, lock_desk, open_keys, unlock_desk

__all__ = [
    "Ceremony",
    "Made",
    "TooManyTries",
    "confirm_desk_key",
    "create_keys",
    "lock_desk",
    "names_for",
    "new_key",
    "open_keys",
    "set_up_desk_key",
    "unlock_desk",
    "wrap",
]
