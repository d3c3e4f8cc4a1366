"""A firm that two of its three signatories bind together: one of the two has signed."""

from __future__ import annotations

from mou.actions import naming
from mou.models import Mou
from mou.signing_power import SigningPower
from portal import actions
from portal import demonstration as people
from portal.models import User
from portal.models.organisations import MembershipRole

TARGET = "half_signed"
POWER = SigningPower(
    needed=2,
    rule="§ 8 of the articles of association: two members of the board sign together.",
)
BOARD = [("board1", "Elin Strand"), ("board2", "Oskar Lind")]


def name_others(mou: Mou, owner: User) -> None:
    """Two more members of the board, who have joined the firm here."""
    _at, _sign, domain = owner.email.partition("@")
    for box, name in BOARD:
        email = f"{box}@{domain}"
        if not mou.organisation.memberships.filter(user__email=email).exists():
            actions.invite(
                organisation=mou.organisation,
                email=email,
                role=MembershipRole.SIGNATORY,
                by=owner,
            )
        place = people.join(mou.organisation, email=email, name=name)
        if not mou.further_signatories.filter(membership=place).exists():
            naming.add_signatory(mou=mou, signatory=place, function="Member of the board", by=owner)
