"""People who log in, and the staff roles granted to them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserQuerySet(models.QuerySet["User"]):
    def holding(self, role: str) -> UserQuerySet:
        """Active staff who hold this role now."""
        return self.filter(
            is_active=True, is_staff=True, grants__role=role, grants__revoked_at=None
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        user: User = self.get(email__iexact=username)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person; firms' people and staff alike, told apart by `is_staff`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=8, default="en", choices=settings.LANGUAGES
    )
    is_staff = models.BooleanField(_("works for the administration"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_case"),
            models.CheckConstraint(
                condition=Q(is_superuser=False) | Q(is_staff=True),
                name="user_superuser_is_staff",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def roles(self) -> frozenset[str]:
        """The staff roles this person holds now; read once per object."""
        if not self.is_staff or not self.is_active:
            return frozenset()
        if not hasattr(self, "_roles"):
            live = self.grants.filter(revoked_at=None)
            self._roles = frozenset(live.values_list("role", flat=True))
        return self._roles

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


class StaffRole(models.TextChoices):
    CASEWORKER = "caseworker", _("Caseworker")
    COUNTERSIGNER = "countersigner", _("Countersigner")
    TRIAGE_OFFICER = "triage_officer", _("Triage officer")
    SUPERVISOR = "supervisor", _("Supervisor")
    IDENTITY_CUSTODIAN = "identity_custodian", _("Identity custodian")
    LIAISON_OFFICER = "liaison_officer", _("Liaison officer")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")


class RoleGrant(models.Model):
    """One staff role given to one person, by another, until revoked."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(_("role"), max_length=40, choices=StaffRole.choices)
    granted_at = models.DateTimeField(default=timezone.now)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="granted_roles"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="revoked_roles"
    )

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(revoked_at=None),
                name="rolegrant_one_live_per_user_and_role",
            ),
            models.CheckConstraint(
                condition=~Q(granted_by=F("user")), name="rolegrant_nobody_grants_own_access"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False),
                name="rolegrant_revoked_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"
