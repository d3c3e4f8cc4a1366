"""Measures that one side takes against a threat: by when, by whom, and what proves them."""

from __future__ import annotations

import hashlib
import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import MeasureStatus
from mou.models.agreements import Mou, Party
from portal.models import User


class Measure(models.Model):
    """One measure; a duty answers for it, whoever holds that duty."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="measures")
    party = models.CharField(_("whose measure"), max_length=20, choices=Party.choices)
    duty = models.CharField(_("who answers for it"), max_length=120)
    text = models.TextField(_("what is done"))
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=20, choices=MeasureStatus.choices, default=MeasureStatus.PROPOSED
    )
    proposed_by = models.CharField(max_length=20, choices=Party.choices)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposer = models.ForeignKey(User, models.PROTECT, related_name="+")
    proof = models.TextField(_("what proves it"), blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it was dropped, given back or postponed last.
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=[MeasureStatus.DONE, MeasureStatus.VERIFIED])
                | ~Q(proof="") & Q(reported_by__isnull=False),
                name="measure_done_has_a_proof",
            ),
            models.CheckConstraint(
                condition=~Q(status=MeasureStatus.VERIFIED)
                | Q(verified_by__isnull=False) & ~Q(verified_by=F("reported_by")),
                name="measure_verified_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status=MeasureStatus.DROPPED) | ~Q(reason=""),
                name="measure_dropped_says_why",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="measure_by_status_and_due")]

    def __str__(self) -> str:
        return f"{self.mou} {self.due_on}"

    @property
    def proof_mark(self) -> str:
        """What names the proof in a form, so that another one in the meantime is noticed."""
        return hashlib.sha256(self.proof.encode()).hexdigest()

    @property
    def is_overdue(self) -> bool:
        return self.status == MeasureStatus.AGREED and self.due_on < timezone.localdate()
