"""The seats of a firm at the signing of a version: whom it named, who signs there, who has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mou.lifecycle import SignatureStatus
from mou.models import Delegation, Mou, MouVersion, Party, Signature
from mou.models.signatures import LIVE
from portal.models import Membership, User
from portal.models.organisations import MembershipRole


@dataclass(frozen=True)
class Seat:
    """One person whom the firm has named, who signs in that person's place, and the signature."""

    signatory: Membership
    function: str
    delegation: Delegation | None = None
    signature: Signature | None = None

    @property
    def signer(self) -> Membership:
        return self.signatory if self.delegation is None else self.delegation.delegate

    @property
    def signs_as(self) -> str:
        """The function in which the signer signs."""
        return self.function if self.delegation is None else self.delegation.function

    @property
    def may_be_taken(self) -> bool:
        """Whether the signer still is of the firm and may bind it."""
        return may_bind(self.signer)


@dataclass(frozen=True)
class Table:
    """All seats of a version, and how many of them are needed."""

    needed: int
    seats: Sequence[Seat]
    # The firm's signatures, in the order in which they were given.
    live: Sequence[Signature]

    @property
    def being_made(self) -> Signature | None:
        """The one that the document worker has not finished; the next follows on it."""
        return next((one for one in self.live if one.status != SignatureStatus.STAMPED), None)

    @property
    def is_full(self) -> bool:
        """Whether as many as are needed have signed, be it that one is still being made."""
        return len(self.live) >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - len(self.live), 0)

    @property
    def waiting(self) -> list[Seat]:
        """Who may still sign, while signatures are missing."""
        return [] if self.is_full else [seat for seat in self.seats if seat.signature is None]

    @property
    def is_shared(self) -> bool:
        """Whether more than one person comes in question."""
        return self.needed > 1 or len(self.seats) > 1

    def seat_of(self, user: User) -> Seat | None:
        """Where this person signs, or has signed."""
        return next((seat for seat in self.seats if seat.signer.user_id == user.pk), None)


def named(mou: Mou) -> list[tuple[Membership, str]]:
    """Whom the firm has named, the first one first, each with the function."""
    if mou.signatory is None:
        return []
    others = mou.further_signatories.select_related("membership__user").order_by("pk")
    first = (mou.signatory, mou.signatory_function)
    return [first, *((one.membership, one.function) for one in others)]


def table_of(version: MouVersion) -> Table:
    """In three queries, whatever the number of seats."""
    delegations = {one.signatory_id: one for one in _delegations(version)}
    live = version.signatures.filter(party=Party.BUSINESS, status__in=LIVE).order_by("place")
    # One that was made before signatures said whose place they fill is the first one's.
    given = {one.signatory_id or version.mou.signatory_id: one for one in live}
    seats = [
        Seat(
            signatory=membership,
            function=function,
            delegation=delegations.get(membership.pk),
            signature=given.get(membership.pk),
        )
        for membership, function in named(version.mou)
    ]
    return Table(needed=version.signatures_needed, seats=seats, live=list(live))


def _delegations(version: MouVersion) -> Sequence[Delegation]:
    """Those that hold: both are of the firm and may sign.

    Nobody signs for a person who has left, and when the delegate leaves the named signatory signs
    again.
    """
    live = Delegation.objects.filter(version=version, ended_at=None)
    found = live.select_related("delegate__user", "signatory__user").order_by("pk")
    return [one for one in found if may_bind(one.delegate) and may_bind(one.signatory)]


def may_bind(membership: Membership) -> bool:
    """Whether this person is of the firm now, and more than a member."""
    return membership.ended_at is None and membership.role != MembershipRole.MEMBER
