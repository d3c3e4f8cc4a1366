"""Who signs for the firm, lets another sign, or declines."""

from __future__ import annotations

from django.db.models import Q

from mou import lifecycle, permissions
from mou.lifecycle import SignatureStatus, VersionStatus
from mou.models import Mou, MouVersion, Party
from mou.models.signatures import LIVE
from mou.seats import Seat, Table, may_bind, table_of
from portal.models import User


def can_sign(user: User, version: MouVersion) -> bool:
    """A person whom the firm named, or whom that one put in their place, while still of it."""
    return _takes_part(user, version, table_of(version))


def can_sign_now(user: User, version: MouVersion, table: Table) -> bool:
    """The same, and this person's signature is missing; for pages that have read the table."""
    seat = table.seat_of(user)
    return seat is not None and seat in table.waiting and _takes_part(user, version, table)


def _takes_part(user: User, version: MouVersion, table: Table) -> bool:
    seat = table.seat_of(user)
    return (
        seat is not None
        and seat.may_be_taken
        and user.is_active
        and permissions.text_allows(version.mou, "sign")
        and lifecycle.allows(lifecycle.VERSION, "complete", version.status)
    )


def seat_to_delegate(user: User, mou: Mou) -> Seat | None:
    """The place that this person was named for, while the signature in it is missing.

    A delegate hands nothing on.
    """
    version = mou.versions.filter(status=VersionStatus.SIGNING).first()
    if (
        version is None
        or not user.is_active
        or not permissions.text_allows(mou, "delegate_signing")
    ):
        return None
    version.mou = mou
    table = table_of(version)
    own = (seat for seat in table.waiting if seat.signatory.user_id == user.pk)
    return next((seat for seat in own if may_bind(seat.signatory)), None)


def can_delegate_signing(user: User, mou: Mou) -> bool:
    return seat_to_delegate(user, mou) is not None


def can_decline_to_sign(user: User, mou: Mou) -> bool:
    """Either side: whoever would sign, and has not; never while a signature is being made."""
    version = mou.versions.filter(status=VersionStatus.SIGNING).first()
    if version is None or not permissions.text_allows(mou, "decline_to_sign"):
        return False
    version.mou = mou
    being_made = Q(status__in=[SignatureStatus.AUTHORISED, SignatureStatus.SIGNED])
    if version.signatures.filter(being_made | Q(signer=user, status__in=LIVE)).exists():
        return False
    if permissions.can_countersign(user, version):
        return version.signature_of(Party.ADMINISTRATION) is None
    return can_sign_now(user, version, table_of(version))
