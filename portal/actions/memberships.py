"""Joining and leaving an organisation."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, notifications, permissions
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import Handover, Invitation, Membership, Organisation, User
from portal.models.organisations import MembershipQuerySet, MembershipRole

INVITATIONS_A_DAY = 50


@transaction.atomic
def invite(
    *, organisation: Organisation, email: str, role: str, by: User | None, tell: bool = True
) -> Invitation:
    """Invite an address; an older invitation to it is replaced. `by=None` is the portal itself.

    `tell=False` when the caller's own letter carries the link.
    """
    organisation = _lock(organisation)
    if by is not None and not permissions.can_invite(by, organisation):
        raise NotAllowed(_("Only an owner invites people to an organisation."))
    email = email.strip().lower()
    if organisation.memberships.live().filter(user__email=email).exists():
        raise DomainError(_("%(email)s belongs to this organisation already.") % {"email": email})
    now = timezone.now()
    if by is not None and not by.is_staff:
        _refuse_flood(organisation)
    organisation.invitations.filter(email=email, accepted_at=None, revoked_at=None).update(
        revoked_at=now, revoked_by=by
    )
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=MembershipRole(role),
        invited_by=by,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    audit.record("invited", target=invitation, by=by, organisation=organisation, role=role)
    if tell:
        notifications.promise("invited", key=str(invitation.pk), invitation_id=invitation.pk)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, by: User) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not permissions.can_revoke_invitation(by, invitation):
        raise NotAllowed(_("Only an owner takes an invitation back."))
    _refuse_closed(invitation)
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(
        "invitation_revoked", target=invitation, by=by, organisation=invitation.organisation
    )
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """Join by an invitation that was sent to one's own address; it works once."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    _refuse_closed(invitation)
    _refuse_other_person(invitation, by)
    organisation = _lock(invitation.organisation)
    if organisation.memberships.filter(user=by, ended_at=None).exists():
        raise AlreadyDone(_("You belong to this organisation already."))
    membership = Membership.objects.create(user=by, organisation=organisation, role=invitation.role)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), by
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    audit.record(
        "joined", target=membership, by=by, organisation=organisation, role=membership.role
    )
    for owner in _owners(organisation).exclude(user=by):
        notifications.promise(
            "joined",
            key=f"{membership.pk}:{owner.user_id}",
            membership_id=membership.pk,
            to_id=owner.user_id,
        )
    return membership


@transaction.atomic
def sign_up(
    *, invitation: Invitation | None, name: str, password: str, language: str = ""
) -> Membership:
    """Open an account for the invited address and join; the mailed link has proven the address."""
    if invitation is None:
        raise DomainError(_("This invitation is no longer open. Ask for a new one."))
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email,
                password,
                name=" ".join(name.split()),
                language=language or invitation.organisation.language,
            )
    except IntegrityError as error:
        # Asked of the database, which also knows the people whom this face may not see.
        raise AlreadyDone(
            _("There is an account with this address already. Sign in with it.")
        ) from error
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    audit.record("signed_up", target=user, by=user, organisation=invitation.organisation)
    return accept_invitation(invitation=invitation, by=user)


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    organisation = _lock(membership.organisation)
    membership = organisation.memberships.select_for_update().get(pk=membership.pk)
    if not permissions.can_change_role(by, membership):
        raise NotAllowed(_("Only an owner changes what others do for an organisation."))
    _refuse_ended(membership)
    if role != MembershipRole.OWNER:
        _refuse_last_owner(membership)
    before, membership.role = membership.role, MembershipRole(role)
    membership.save(update_fields=["role"])
    if role != MembershipRole.OWNER:
        _take_back_invitations(membership, by)
        _close_handovers(Q(giver=membership))
    audit.record(
        "membership_role_changed",
        target=membership,
        by=by,
        organisation=organisation,
        before=before,
        after=role,
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User) -> Membership:
    """Leave, or end somebody's place; an organisation never loses its last owner this way."""
    organisation = _lock(membership.organisation)
    membership = organisation.memberships.select_for_update().get(pk=membership.pk)
    if not permissions.can_end_membership(by, membership):
        raise NotAllowed(_("Only an owner ends a membership."))
    _refuse_ended(membership)
    _refuse_last_owner(membership)
    membership.ended_at, membership.ended_by = timezone.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    _take_back_invitations(membership, by)
    _close_handovers(Q(giver=membership) | Q(receiver=membership))
    audit.record("membership_ended", target=membership, by=by, organisation=organisation)
    notifications.promise("membership_ended", key=str(membership.pk), membership_id=membership.pk)
    return membership


def _lock(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _owners(organisation: Organisation) -> MembershipQuerySet:
    return organisation.memberships.live().filter(role=MembershipRole.OWNER)


def _refuse_flood(organisation: Organisation) -> None:
    """Letters go out in our name: a firm sends only so many a day."""
    since = timezone.now() - timedelta(days=1)
    if organisation.invitations.filter(created_at__gte=since).count() >= INVITATIONS_A_DAY:
        raise DomainError(_("That were many invitations for one day. Go on tomorrow."))


def _refuse_ended(membership: Membership) -> None:
    if membership.ended_at is not None:
        raise AlreadyDone(_("This membership has ended already."))


def _refuse_last_owner(membership: Membership) -> None:
    others = _owners(membership.organisation).exclude(pk=membership.pk)
    if membership.role == MembershipRole.OWNER and not others.exists():
        raise DomainError(
            _(
                "An organisation keeps at least one owner. Hand it over first, or invite "
                "another owner."
            )
        )


def _refuse_closed(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise AlreadyDone(_("This invitation has been used. Sign in with your account."))
    if invitation.revoked_at is not None:
        raise DomainError(_("This invitation was taken back. Ask for a new one."))
    if not invitation.is_open:
        raise DomainError(_("This invitation has expired. Ask for a new one."))


def _refuse_other_person(invitation: Invitation, by: User) -> None:
    if by.email.lower() != invitation.email.lower():
        raise DomainError(
            _("This invitation is for another address. Sign in with the invited address.")
        )
    if by.is_staff:
        raise DomainError(_("Staff of the administration do not join organisations."))


def _close_handovers(of: Q) -> None:
    """An offer does not come back to life when its giver becomes an owner again."""
    Handover.objects.open().filter(of).update(closed_at=timezone.now())


def _take_back_invitations(membership: Membership, by: User) -> None:
    """Who no longer speaks for the organisation invites nobody to it, not even themselves."""
    Invitation.objects.filter(
        organisation=membership.organisation,
        invited_by=membership.user,
        accepted_at=None,
        revoked_at=None,
    ).update(revoked_at=timezone.now(), revoked_by=by)
