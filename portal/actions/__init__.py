"""The verbs of the kernel: who joins, who works here, and the way back for the locked out."""

from portal.actions.handovers import accept_handover, close_handover, offer_handover
from portal.actions.memberships import (
    accept_invitation,
    change_role,
    end_membership,
    invite,
    revoke_invitation,
    sign_up,
)
from portal.actions.recovery import (
    announce_recovery,
    approve_recovery,
    refuse_recovery,
    request_recovery,
    use_recovery,
    warn_of_guessing,
)
from portal.actions.staff import (
    add_staff,
    change_details,
    close_account,
    grant_role,
    reopen_account,
    revoke_role,
)

__all__ = [
    "accept_handover",
    "accept_invitation",
    "add_staff",
    "announce_recovery",
    "approve_recovery",
    "change_details",
    "change_role",
    "close_account",
    "close_handover",
    "end_membership",
    "grant_role",
    "invite",
    "offer_handover",
    "refuse_recovery",
    "reopen_account",
    "request_recovery",
    "revoke_invitation",
    "revoke_role",
    "sign_up",
    "use_recovery",
    "warn_of_guessing",
]
