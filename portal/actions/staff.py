"""People of the administration: their accounts and the roles they hold."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, notifications, permissions
from portal.actions import leaving
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import RoleGrant, StaffRole, User


@transaction.atomic
def add_staff(*, email: str, name: str, by: User | None) -> User:
    """An account without a password: the person sets one by a link sent to this address."""
    if by is not None and not permissions.can_add_staff(by):
        raise NotAllowed(_("Only a system administrator adds staff."))
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise AlreadyDone(_("There is an account with this address already."))
    user = User.objects.create_user(email, None, name=" ".join(name.split()), is_staff=True)
    # Without a password nobody enters but by a link sent to this address: that proves it.
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    audit.record("staff_added", target=user, by=by)
    notifications.promise("staff_added", key=str(user.pk), to_id=user.pk)
    return user


@transaction.atomic
def grant_role(*, user: User, role: str, by: User | None) -> RoleGrant:
    """Give a role; nobody gives one to themselves. `by=None` is set-up, not a person."""
    user = _lock(user)
    if by is not None and not permissions.can_grant_role(by, user):
        raise NotAllowed(_("Only another system administrator grants roles, and to staff only."))
    if user.grants.filter(role=role, revoked_at=None).exists():
        raise AlreadyDone(_("%(name)s holds this role already.") % {"name": user})
    grant = RoleGrant.objects.create(user=user, role=StaffRole(role), granted_by=by)
    audit.record("role_granted", target=user, by=by, role=role)
    notifications.promise("role_granted", key=str(grant.pk), grant_id=grant.pk)
    return grant


@transaction.atomic
def revoke_role(*, grant: RoleGrant, by: User) -> RoleGrant:
    # One lock for all holders of the role, so that two cannot revoke each other's at once.
    live = list(
        RoleGrant.objects.select_for_update(of=("self",)).filter(role=grant.role, revoked_at=None)
    )
    grant = RoleGrant.objects.select_related("user").get(pk=grant.pk)
    if not permissions.can_revoke_role(by, grant):
        raise NotAllowed(_("Only another system administrator revokes a role."))
    if grant.revoked_at is not None:
        raise AlreadyDone(_("This role has been revoked already."))
    if grant.role == StaffRole.SYSTEM_ADMINISTRATOR and len(live) == 1:
        raise DomainError(_("One system administrator must remain."))
    grant.revoked_at, grant.revoked_by = timezone.now(), by
    grant.save(update_fields=["revoked_at", "revoked_by"])
    audit.record("role_revoked", target=grant.user, by=by, role=grant.role)
    leaving.mark_known(grant.user)
    notifications.promise("role_revoked", key=str(grant.pk), grant_id=grant.pk)
    return grant


@transaction.atomic
def close_account(*, user: User, by: User) -> User:
    """The person can no longer log in; every session ends with the next request."""
    return _admit(user, by, active=False, event="account_closed")


@transaction.atomic
def reopen_account(*, user: User, by: User) -> User:
    return _admit(user, by, active=True, event="account_reopened")


@transaction.atomic
def change_details(*, user: User, name: str, language: str) -> User:
    """People keep their own name and language right; the record tells that they did.

    Officers countersign in their name, so nobody of the staff changes their own.
    """
    user = _lock(user)
    name = user.name if user.is_staff else " ".join(name.split())
    changed = [
        field
        for field, value in (("name", name.strip()), ("language", language))
        if getattr(user, field) != value
    ]
    user.name, user.language = name.strip(), language
    user.save(update_fields=["name", "language"])
    if changed:
        audit.record("details_changed", target=user, by=user, fields=changed)
    return user


def _admit(user: User, by: User, *, active: bool, event: str) -> User:
    user = _lock(user)
    if not permissions.can_close_account(by, user):
        raise NotAllowed(_("Only another system administrator closes or opens an account."))
    if user.is_active == active:
        raise AlreadyDone(_("This has been done already."))
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(event, target=user, by=by)
    leaving.mark_known(user)
    return user


def _lock(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)
