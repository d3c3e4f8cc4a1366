"""The way back for somebody who lost the second factor: two others agree, then time passes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.users import User


class RecoveryCause(models.TextChoices):
    LOST = "lost", _("I lost my phone or key")
    STOLEN = "stolen", _("My phone or key was stolen")
    BROKEN = "broken", _("My phone or key is broken")
    REPLACED = "replaced", _("I have a new phone and the old one is gone")


class IdentityCheck(models.TextChoices):
    IN_PERSON = "in_person", _("I met the person")
    CALLED = "called", _("I called the person on a number I knew before")
    VIDEO = "video", _("I saw the person in a video call that I began")


class RecoveryRequestQuerySet(models.QuerySet["RecoveryRequest"]):
    def open(self) -> RecoveryRequestQuerySet:
        return self.filter(used_at=None, refused_at=None)


class RecoveryRequest(models.Model):
    """One person's wish to have the second factor removed, and who agreed to it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_requests")
    cause = models.CharField(_("cause"), max_length=20, choices=RecoveryCause.choices)
    requested_at = models.DateTimeField(_("asked"), default=timezone.now)
    first_approved_at = models.DateTimeField(_("first approval"), null=True, blank=True)
    first_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_check = models.CharField(max_length=20, choices=IdentityCheck.choices, blank=True)
    second_approved_at = models.DateTimeField(_("second approval"), null=True, blank=True)
    second_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_check = models.CharField(max_length=20, choices=IdentityCheck.choices, blank=True)
    # The code is mailed when the waiting time is over; only its hash is kept.
    code_hash = models.CharField(max_length=128, blank=True)
    usable_from = models.DateTimeField(_("usable from"), null=True, blank=True)
    expires_at = models.DateTimeField(_("usable until"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RecoveryRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("lost second factor")
        verbose_name_plural = _("lost second factors")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, refused_at=None),
                name="recoveryrequest_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=Q(first_approved_at=None, first_approved_by=None)
                | Q(first_approved_at__isnull=False, first_approved_by__isnull=False),
                name="recoveryrequest_first_approved_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_at=None, second_approved_by=None)
                | Q(second_approved_at__isnull=False, second_approved_by__isnull=False),
                name="recoveryrequest_second_approved_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_at=None) | Q(first_approved_at__isnull=False),
                name="recoveryrequest_first_before_second",
            ),
            models.CheckConstraint(
                condition=Q(first_approved_by=None) | ~Q(first_approved_by=F("user")),
                name="recoveryrequest_first_is_another_person",
            ),
            models.CheckConstraint(
                condition=Q(second_approved_by=None)
                | (
                    ~Q(second_approved_by=F("user")) & ~Q(second_approved_by=F("first_approved_by"))
                ),
                name="recoveryrequest_second_is_a_third_person",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None)
                | Q(second_approved_at__isnull=False, used_at__gte=F("usable_from")),
                name="recoveryrequest_used_only_when_usable",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None) | Q(used_at=None),
                name="recoveryrequest_used_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None) | Q(refused_at__isnull=False),
                name="recoveryrequest_refused_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.requested_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.refused_at is None

    @property
    def is_usable(self) -> bool:
        """Approved twice, waited for, told of by mail, and not too old."""
        now = timezone.now()
        return bool(
            self.is_open
            and self.code_hash
            and self.usable_from
            and self.expires_at
            and self.usable_from <= now < self.expires_at
        )
