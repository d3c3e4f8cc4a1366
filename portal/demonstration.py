"""People of the demonstration: accounts that work, with passwords and codes that are printed."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.actions import memberships, staff
from portal.errors import DomainError
from portal.models import Invitation, Membership, Organisation, StaffRole, User

SEED = "2026"
PASSWORD = "lighthouse-harbour-canal-26"  # noqa: S105 - printed on purpose, refused elsewhere

STAFF = {
    "caseworker@customs.example": ("Karin Lindqvist", [StaffRole.CASEWORKER]),
    "countersigner@customs.example": ("Erik Sandberg", [StaffRole.COUNTERSIGNER]),
    "triage@customs.example": ("Amina Yusuf", [StaffRole.TRIAGE_OFFICER]),
    "supervisor@customs.example": ("Lars Holm", [StaffRole.SUPERVISOR]),
    "liaison@customs.example": ("Sofia Marino", [StaffRole.LIAISON_OFFICER]),
    "dpo@customs.example": ("Peter Vos", [StaffRole.DATA_PROTECTION_OFFICER]),
    "sysadmin@customs.example": ("Jonas Ek", [StaffRole.SYSTEM_ADMINISTRATOR]),
    "custodian@customs.example": ("Maria Nilsen", [StaffRole.IDENTITY_CUSTODIAN]),
    "auditor@customs.example": ("Hanna Weiss", [StaffRole.AUDITOR]),
}


def require_demonstration() -> None:
    """Nothing here exists outside demonstration mode."""
    if not settings.DEMONSTRATION:
        raise DomainError(
            "Demonstration data is refused here: it is made in demonstration mode only, "
            "with PORTAL_MODE=demonstration or `make demo`."
        )


def code_secret(email: str) -> str:
    """The secret of the authenticator app of this account: the same at every run."""
    digest = hashlib.sha256(f"{SEED}:{email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


@transaction.atomic
def add_staff() -> list[User]:
    """The officers of the demonstration, each with a password and an authenticator app."""
    require_demonstration()
    people = []
    for email, (name, roles) in STAFF.items():
        user = User.objects.filter(email=email).first()
        if user is None:
            user = staff.add_staff(email=email, name=name, by=None)
            for role in roles:
                staff.grant_role(user=user, role=role, by=None)
            equip(user)
        people.append(user)
    return people


def equip(user: User) -> None:
    """Give the account its password, its app and its recovery codes."""
    require_demonstration()
    user.password = _hashed()
    user.save(update_fields=["password"])
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, code_secret(user.email))
        RecoveryCodes.activate(user)


@cache
def _hashed() -> str:
    """Hashed once a run: the hash is slow on purpose, and all these passwords are the same."""
    return make_password(PASSWORD)


@transaction.atomic
def join(organisation: Organisation, *, email: str, name: str) -> Membership:
    """The person whom an invitation reached signs up and accepts it."""
    require_demonstration()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name, language="en")
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        equip(user)
    live = organisation.memberships.live().filter(user=user).first()
    if live is not None:
        return live
    invitation = Invitation.objects.get(
        organisation=organisation, email=email, accepted_at=None, revoked_at=None
    )
    return memberships.accept_invitation(invitation=invitation, by=user)
