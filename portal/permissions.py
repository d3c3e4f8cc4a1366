"""Who may do what to people and records: one predicate a verb, and the table of the desk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from portal.models import (
    Handover,
    Invitation,
    Membership,
    Organisation,
    RecoveryRequest,
    RoleGrant,
    StaffRole,
    User,
)
from portal.models.organisations import MembershipQuerySet, MembershipRole
from portal.models.users import UserQuerySet


@dataclass(frozen=True)
class Duty:
    """The staff roles that may at most write and read one kind of thing; cases narrow it."""

    write: frozenset[str]
    read: frozenset[str]


def _duty(*, write: Iterable[str] = (), read: Iterable[str] = ()) -> Duty:
    return Duty(frozenset(write), frozenset(read))


# Who may do what, deny by default: what is not here is nobody's, and a system administrator
# reads no content. Firms and reporters act on what is theirs, by the predicates of each app.
DUTIES: dict[str, Duty] = {
    "agreement": _duty(
        write=[StaffRole.CASEWORKER],
        read=[StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR],
    ),
    "signature": _duty(
        write=[StaffRole.COUNTERSIGNER],
        read=[StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR],
    ),
    "report": _duty(
        write=[StaffRole.TRIAGE_OFFICER],
        read=[StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR],
    ),
    # Nobody writes it after receipt; both together open it, case by case.
    "source_identity": _duty(read=[StaffRole.IDENTITY_CUSTODIAN, StaffRole.SUPERVISOR]),
    "alert": _duty(
        write=[StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR],
        read=[StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR, StaffRole.CASEWORKER],
    ),
    "directory_contact": _duty(write=[StaffRole.LIAISON_OFFICER], read=[StaffRole.LIAISON_OFFICER]),
    "exchange": _duty(
        write=[StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR],
        read=[StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR],
    ),
    # Rights requests, breaches, processing: their texts may name people.
    "register": _duty(
        write=[StaffRole.DATA_PROTECTION_OFFICER],
        read=[StaffRole.DATA_PROTECTION_OFFICER, StaffRole.AUDITOR],
    ),
    # Written by the system alone.
    "access_log": _duty(read=[StaffRole.DATA_PROTECTION_OFFICER, StaffRole.AUDITOR]),
}
_NOBODY = _duty()


def may_write(user: User, kind: str) -> bool:
    return user.has_role(*DUTIES.get(kind, _NOBODY).write)


def may_see(user: User, kind: str) -> bool:
    return user.has_role(*DUTIES.get(kind, _NOBODY).read)


# Table → the roles that read it at the desk. A table that is not here is shown to nobody;
# apps add theirs with `may_read`. Nothing is added, changed or deleted by hand.
READERS: dict[str, frozenset[str]] = {
    "portal.user": frozenset({StaffRole.SYSTEM_ADMINISTRATOR, StaffRole.SUPERVISOR}),
    "portal.rolegrant": frozenset(
        {StaffRole.SYSTEM_ADMINISTRATOR, StaffRole.SUPERVISOR, StaffRole.AUDITOR}
    ),
    "portal.organisation": DUTIES["agreement"].read,
    "portal.membership": DUTIES["agreement"].read,
    "portal.invitation": DUTIES["agreement"].read,
    "portal.recoveryrequest": frozenset(
        {StaffRole.CASEWORKER, StaffRole.SUPERVISOR, StaffRole.SYSTEM_ADMINISTRATOR}
    ),
    "portal.auditevent": DUTIES["access_log"].read,
    "portal.rightsrequest": DUTIES["register"].read,
    "portal.breach": DUTIES["register"].read,
    "portal.processingactivity": DUTIES["register"].read,
    "portal.outboxmessage": frozenset({StaffRole.SYSTEM_ADMINISTRATOR}),
    "portal.referenceitem": frozenset(StaffRole.values),
    "portal.sealingkey": frozenset({StaffRole.SUPERVISOR, StaffRole.AUDITOR}),
    "portal.deskkey": frozenset({StaffRole.SUPERVISOR, StaffRole.AUDITOR}),
}


def may_read(label: str, *roles: str) -> None:
    """An app's line of the table: these roles read this table at the desk."""
    READERS[label] = frozenset(roles)


def can_read(user: User, label: str) -> bool:
    return user.has_role(*READERS.get(label, ()))


def staff_role_required(*roles: str) -> Callable:
    """A view for holders of one of these roles; for others it does not exist."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            user = request.user
            if not isinstance(user, User) or not user.has_role(*roles):
                raise Http404
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


# --- Organisations --------------------------------------------------------------------------


def can_manage(user: User, organisation: Organisation) -> bool:
    """Its owners, and the caseworkers who look after agreements."""
    return user.has_role(StaffRole.CASEWORKER) or owns(user, organisation)


def can_invite(user: User, organisation: Organisation) -> bool:
    return can_manage(user, organisation)


def can_revoke_invitation(user: User, invitation: Invitation) -> bool:
    return can_manage(user, invitation.organisation)


def can_change_role(user: User, membership: Membership) -> bool:
    return can_manage(user, membership.organisation)


def can_end_membership(user: User, membership: Membership) -> bool:
    """Anybody may leave; owners and caseworkers may end others' membership."""
    return membership.user_id == user.pk or can_manage(user, membership.organisation)


def can_offer_handover(user: User, receiver: Membership) -> bool:
    """An owner, to somebody else who belongs to the same organisation now."""
    return owns(user, receiver.organisation) and receiver.user_id != user.pk


def can_accept_handover(user: User, handover: Handover) -> bool:
    """The person to whom it was offered, while that person belongs to the organisation."""
    receiver = handover.receiver
    return receiver.user_id == user.pk and receiver.ended_at is None and user.is_active


def can_close_handover(user: User, handover: Handover) -> bool:
    return user.pk in (handover.giver.user_id, handover.receiver.user_id)


def owns(user: User, organisation: Organisation) -> bool:
    return user.is_active and not user.is_staff and _owners(organisation).filter(user=user).exists()


def _owners(organisation: Organisation) -> MembershipQuerySet:
    return organisation.memberships.live().filter(role=MembershipRole.OWNER)


# --- Staff ----------------------------------------------------------------------------------


def can_add_staff(user: User) -> bool:
    return user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_grant_role(user: User, person: User) -> bool:
    return (
        user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)
        and person.is_staff
        and person.is_active
        and person.pk != user.pk
    )


def can_revoke_role(user: User, grant: RoleGrant) -> bool:
    return user.has_role(StaffRole.SYSTEM_ADMINISTRATOR) and grant.user_id != user.pk


def can_close_account(user: User, person: User) -> bool:
    return user.has_role(StaffRole.SYSTEM_ADMINISTRATOR) and person.pk != user.pk


# --- Keys -----------------------------------------------------------------------------------

UNIT_KEY, CUSTODIAN_KEY, SUPERVISOR_KEY = "unit:", "identity:custodian", "identity:supervisor"
# Exchanges with partners abroad: no triage officer opens them by that office.
LIAISON_KEY = "liaison:desk"
# What is written by the holders of these keys is signed.
SIGNING_KEYS = (UNIT_KEY, LIAISON_KEY)
# Which sealing keys the holders of a role work with; units go by their beginning.
KEYS_OF: dict[str, tuple[str, ...]] = {
    StaffRole.TRIAGE_OFFICER: (UNIT_KEY,),
    StaffRole.SUPERVISOR: (UNIT_KEY, LIAISON_KEY, SUPERVISOR_KEY),
    StaffRole.LIAISON_OFFICER: (LIAISON_KEY,),
    StaffRole.IDENTITY_CUSTODIAN: (CUSTODIAN_KEY,),
}


def can_set_up_desk_key(user: User) -> bool:
    """A system administrator reads no content, whatever other roles were granted."""
    return user.has_role(*KEYS_OF) and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def works_with_key(user: User, name: str) -> bool:
    """Whether the sealing key of this name goes with the person's roles.

    Nobody holds both halves of an identity's key: a supervisor is no custodian.
    """
    begins = {begin for role in user.roles for begin in KEYS_OF.get(role, ())}
    if SUPERVISOR_KEY in begins:
        begins.discard(CUSTODIAN_KEY)
    return can_set_up_desk_key(user) and name.startswith(tuple(begins))


def can_add_officer(user: User, officer: User) -> bool:
    """Whoever works with keys gives them on; nobody adds themselves."""
    return can_set_up_desk_key(user) and can_set_up_desk_key(officer) and user.pk != officer.pk


def can_end_desk_key(user: User, officer: User) -> bool:
    """A supervisor, for others, whether or not they still work here."""
    return user.has_role(StaffRole.SUPERVISOR) and user.pk != officer.pk


# --- A lost second factor -------------------------------------------------------------------


def can_approve_recovery(user: User, request: RecoveryRequest) -> bool:
    """First somebody responsible who knows the person, then a third person."""
    if not request.is_open or request.second_approved_by_id or user.pk == request.user_id:
        return False
    if request.first_approved_by_id is None:
        return _answers_for(user, request.user)
    return user.pk != request.first_approved_by_id and _confirms(user, request)


def can_refuse_recovery(user: User, request: RecoveryRequest) -> bool:
    """The person, and whoever could approve or has approved."""
    return request.is_open and (
        user.pk in (request.user_id, request.first_approved_by_id, request.second_approved_by_id)
        or can_approve_recovery(user, request)
    )


def _answers_for(user: User, person: User) -> bool:
    if person.is_staff:
        return user.has_role(StaffRole.SUPERVISOR)
    if fellow_owners(person).exists():
        return fellow_owners(person).filter(pk=user.pk).exists()
    return user.has_role(StaffRole.CASEWORKER)


def _confirms(user: User, request: RecoveryRequest) -> bool:
    if request.user.is_staff:
        return user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)
    first = request.first_approved_by
    # Where no fellow owner could answer for the person, the desk's second eye is a supervisor.
    if first is not None and first.is_staff:
        return user.has_role(StaffRole.SUPERVISOR)
    return user.has_role(StaffRole.CASEWORKER)


def fellow_owners(person: User) -> UserQuerySet:
    """The other owners of the organisations this person belongs to now."""
    mine = Organisation.objects.filter(memberships__user=person, memberships__ended_at=None)
    found: UserQuerySet = User.objects.filter(
        is_active=True,
        memberships__organisation__in=mine,
        memberships__role=MembershipRole.OWNER,
        memberships__ended_at=None,
    )
    return found.exclude(pk=person.pk).distinct()


def told_of_recovery(request: RecoveryRequest) -> set[User]:
    """Who hears of each step: fellow owners and those who may approve it."""
    person = request.user
    roles: tuple[StaffRole, ...]
    if person.is_staff:
        roles = (StaffRole.SUPERVISOR, StaffRole.SYSTEM_ADMINISTRATOR)
    elif fellow_owners(person).exists():
        roles = (StaffRole.CASEWORKER,)
    else:
        roles = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
    told = set(fellow_owners(person)) if not person.is_staff else set()
    for role in roles:
        told |= set(User.objects.holding(role))
    return told - {person}


# --- Registers --------------------------------------------------------------------------------


def can_keep_registers(user: User) -> bool:
    return may_write(user, "register")


def can_read_log(user: User) -> bool:
    return may_see(user, "access_log")
