"""Who may do what to people and records: one predicate a verb, and the table of the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from portal.models import (
    Invitation,
    Membership,
    Organisation,
    RecoveryRequest,
    RoleGrant,
    StaffRole,
    User,
)
from portal.models.organisations import MembershipRole

_DESK = (StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)

# Table → the roles that read it at the desk. A table that is not here is shown to nobody;
# apps add theirs with `may_read`. Nothing is added, changed or deleted by hand.
READERS: dict[str, frozenset[str]] = {
    "portal.user": frozenset({StaffRole.SYSTEM_ADMINISTRATOR, StaffRole.SUPERVISOR}),
    "portal.rolegrant": frozenset(
        {StaffRole.SYSTEM_ADMINISTRATOR, StaffRole.SUPERVISOR, StaffRole.AUDITOR}
    ),
    "portal.organisation": frozenset(_DESK),
    "portal.membership": frozenset(_DESK),
    "portal.invitation": frozenset(_DESK),
    "portal.recoveryrequest": frozenset(
        {StaffRole.CASEWORKER, StaffRole.SUPERVISOR, StaffRole.SYSTEM_ADMINISTRATOR}
    ),
    "portal.auditevent": frozenset({StaffRole.AUDITOR, StaffRole.DATA_PROTECTION_OFFICER}),
    "portal.outboxmessage": frozenset({StaffRole.SYSTEM_ADMINISTRATOR}),
    "portal.referenceitem": frozenset(StaffRole.values),
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


def owns(user: User, organisation: Organisation) -> bool:
    return user.is_active and not user.is_staff and _owners(organisation).filter(user=user).exists()


def _owners(organisation: Organisation) -> object:
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


def fellow_owners(person: User) -> object:
    """The other owners of the organisations this person belongs to now."""
    mine = Organisation.objects.filter(memberships__user=person, memberships__ended_at=None)
    return (
        User.objects.filter(
            is_active=True,
            memberships__organisation__in=mine,
            memberships__role=MembershipRole.OWNER,
            memberships__ended_at=None,
        )
        .exclude(pk=person.pk)
        .distinct()
    )


def told_of_recovery(request: RecoveryRequest) -> set[User]:
    """Who hears of each step: fellow owners and those who may approve it."""
    person = request.user
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
