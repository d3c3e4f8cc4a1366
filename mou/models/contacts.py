"""The contact network: who is reached for which duty, on both sides, and whether it still holds."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.models.agreements import Mou, Party
from portal.models import User


class ContactPoint(models.Model):
    """A duty, not a person: who holds it now may be named, and may change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="contacts")
    party = models.CharField(_("side"), max_length=20, choices=Party.choices)
    duty = models.CharField(_("duty"), max_length=120)
    holder = models.CharField(_("held now by"), max_length=150, blank=True)
    reached = models.CharField(_("how it is reached"), max_length=200)
    hours = models.CharField(_("hours"), max_length=120)
    deputy = models.CharField(_("deputy, and how reached"), max_length=200, blank=True)
    verified_on = models.DateField(_("confirmed on"), default=timezone.localdate)
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["mou", "party", "duty"],
                condition=Q(ended_at=None),
                name="contactpoint_one_per_duty",
            ),
        ]
        indexes = [
            models.Index(
                fields=["verified_on"],
                condition=Q(ended_at=None),
                name="contactpoint_by_confirmed_on",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.duty}"

    @property
    def due_on(self) -> date:
        """When it has to be confirmed again."""
        return self.verified_on + timedelta(days=settings.AGREEMENT_CONTACT_CONFIRM_DAYS)

    @property
    def is_overdue(self) -> bool:
        return self.ended_at is None and self.due_on < timezone.localdate()
