"""Who signs for the firm, lets another sign, or declines."""

from __future__ import annotations

from django.db.models import Q

from mou import lifecycle, permissions
from mou.lifecycle import SignatureStatus, VersionStatus
from mou.models import Delegation, Mou, MouVersion, Party
from mou.models.signatures import LIVE
from portal.models import Membership, User
from portal.models.organisations import MembershipRole


def can_sign(user: User, version: MouVersion) -> bool:
    """Only the person the firm named, or whom that one put in their place, while still of it."""
    signatory = signer_of(version)
    return (
        signatory is not None
        and signatory.user_id == user.pk
        and signatory.ended_at is None
        and signatory.role != MembershipRole.MEMBER
        and user.is_active
        and permissions.text_allows(version.mou, "sign")
        and lifecycle.allows(lifecycle.VERSION, "complete", version.status)
    )


def delegation_of(version: MouVersion) -> Delegation | None:
    """Who signs in the named signatory's place, if anybody does.

    It holds while both are of the firm and may sign: nobody signs for a person who has left, and
    when the delegate leaves the named signatory signs again.
    """
    live = Delegation.objects.filter(
        version=version, ended_at=None, delegate__ended_at=None, signatory__ended_at=None
    ).exclude(delegate__role=MembershipRole.MEMBER)
    live = live.exclude(signatory__role=MembershipRole.MEMBER)
    return live.select_related("delegate__user", "signatory__user").first()


def signer_of(version: MouVersion) -> Membership | None:
    """Who signs for the firm: the named signatory, or the delegate."""
    delegation = delegation_of(version)
    return delegation.delegate if delegation is not None else version.mou.signatory


def can_delegate_signing(user: User, mou: Mou) -> bool:
    """The named signatory, while the firm has not signed; a delegate hands nothing on."""
    signatory = mou.signatory
    if signatory is None or signatory.user_id != user.pk or signatory.ended_at is not None:
        return False
    if signatory.role == MembershipRole.MEMBER or not user.is_active:
        return False
    version = mou.versions.filter(status=VersionStatus.SIGNING).first()
    return (
        version is not None
        and permissions.text_allows(mou, "delegate_signing")
        and version.signature_of(Party.BUSINESS) is None
    )


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
    return can_sign(user, version) and version.signature_of(Party.BUSINESS) is None
