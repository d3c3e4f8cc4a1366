"""Who is concerned by what happens to an agreement, an offer or a member firm."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mou import seats
from mou.lifecycle import VersionStatus
from mou.models import Cover, Delegation, Mou, MouOffer
from portal.models import Organisation, User
from portal.models.organisations import MembershipRole

# What is told of: an agreement, an offer, or a member firm of an association.
Thing = Mou | MouOffer | Cover
Recipients = Callable[[Thing], Iterable[User]]


def _people(organisation: Organisation, *roles: str) -> Iterable[User]:
    return User.objects.filter(
        memberships__organisation=organisation,
        memberships__ended_at=None,
        memberships__role__in=roles,
        is_active=True,
    ).distinct()


def owners(thing: Thing) -> Iterable[User]:
    return _people(thing.organisation, MembershipRole.OWNER)


def association(thing: Thing) -> Iterable[User]:
    """The owners of the association that names the firm as its member."""
    return owners(thing.mou) if isinstance(thing, Cover) else []


def signatory(thing: Thing) -> Iterable[User]:
    """Everybody whom the firm named, and who signs in a person's place."""
    if not isinstance(thing, Mou):
        return []
    delegated = Delegation.objects.filter(
        version__mou=thing, version__status=VersionStatus.SIGNING, ended_at=None
    ).select_related("delegate__user")
    found = [*(one for one, _function in seats.named(thing)), *(one.delegate for one in delegated)]
    return [one.user for one in found if one.ended_at is None]


def binding(thing: Thing) -> Iterable[User]:
    """Everybody who may bind the firm."""
    return _people(thing.organisation, MembershipRole.OWNER, MembershipRole.SIGNATORY)


def caseworker(thing: Thing) -> Iterable[User]:
    """The agreement's own caseworker, or all caseworkers while nobody has taken it."""
    if isinstance(thing, Cover):
        return caseworker(thing.mou)
    if isinstance(thing, Mou) and thing.caseworker is not None and thing.caseworker.is_active:
        return [thing.caseworker]
    return User.objects.holding("caseworker")


def countersigners(thing: Thing) -> Iterable[User]:
    """All who may countersign: not the drafter."""
    drafter = thing.current.drafted_by_id if isinstance(thing, Mou) and thing.current else None
    return User.objects.holding("countersigner").exclude(pk=drafter)


def supervisors(thing: Thing) -> Iterable[User]:
    return User.objects.holding("supervisor")


def signers(thing: Thing) -> Iterable[User]:
    """Everybody who signed the version that is now complete."""
    version = thing.current if isinstance(thing, Mou) else None
    return User.objects.filter(signatures__version=version, signatures__status="stamped").distinct()


def due_signers(thing: Thing) -> Iterable[User]:
    """Whoever has to sign next."""
    version = thing.current if isinstance(thing, Mou) else None
    if version is None:
        return signatory(thing)
    table = seats.table_of(version)
    if table.is_full:
        return countersigners(thing)
    return [seat.signer.user for seat in table.waiting if seat.may_be_taken]
