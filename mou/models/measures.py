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
    # The threats that it lowers, of those shared with the firm, and the version that names them.
    threats = models.JSONField(_("threats that it lowers"), default=list, blank=True)
    threats_version = models.PositiveIntegerField(null=True, blank=True)
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
        told = [self.proof, *sorted(one.sha256 for one in self.files.all())]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    @property
    def is_overdue(self) -> bool:
        return self.status == MeasureStatus.AGREED and self.due_on < timezone.localdate()


class MeasureFile(models.Model):
    """A file that proves a measure; kept as it came, and never added to what was verified."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="files")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of a measure")
        verbose_name_plural = _("files of measures")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return f"measures/{self.measure.uuid}/{self.uuid}"
