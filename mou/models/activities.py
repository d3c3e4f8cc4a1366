"""What both sides do together: when, where, who answers for it on each side, what came of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import ActivityStatus
from mou.models.agreements import Mou, Party
from portal.models import User


class Activity(models.Model):
    """One joint activity; `sequence` grows with each change, as calendars want it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="activities")
    title = models.CharField(_("what"), max_length=120)
    about = models.TextField(_("about"), blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    business_duty = models.CharField(_("who answers for the firm"), max_length=120)
    administration_duty = models.CharField(_("who answers for the administration"), max_length=120)
    status = models.CharField(
        _("status"), max_length=20, choices=ActivityStatus.choices, default=ActivityStatus.PROPOSED
    )
    proposed_by = models.CharField(max_length=20, choices=Party.choices)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposer = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.TextField(_("outcome"), blank=True)
    follow_up = models.TextField(_("what follows"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("joint activity")
        verbose_name_plural = _("joint activities")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="activity_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(status=ActivityStatus.HELD) | ~Q(outcome=""),
                name="activity_held_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(status=ActivityStatus.CANCELLED) | ~Q(reason=""),
                name="activity_cancelled_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "starts_at"], name="activity_by_status_and_start")
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.title}"
