"""What threatens a firm: assessments by officers, their ratings, and what the firm is shown."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import RiskStatus
from mou.models.agreements import Mou
from mou.models.surveys import FlowSurvey
from portal.models import User


class RiskAssessment(models.Model):
    """One assessment on the ground of one survey; its versions of threats and answers stay."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="assessments")
    survey = models.ForeignKey(FlowSurvey, models.PROTECT, related_name="assessments")
    version = models.PositiveIntegerField(_("version of the threats"))
    status = models.CharField(
        _("status"), max_length=20, choices=RiskStatus.choices, default=RiskStatus.OPEN
    )
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("risk assessment")
        verbose_name_plural = _("risk assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["mou"],
                condition=Q(status=RiskStatus.OPEN),
                name="riskassessment_one_open_per_agreement",
            ),
            models.CheckConstraint(
                condition=Q(status=RiskStatus.OPEN, settled_at=None)
                | ~Q(status=RiskStatus.OPEN)
                & Q(settled_at__isnull=False, settled_by__isnull=False),
                name="riskassessment_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.begun_at:%Y-%m-%d}"


class RiskRating(models.Model):
    """One threat: likelihood × impact, eased by how mature the firm is, or as an officer says."""

    assessment = models.ForeignKey(RiskAssessment, models.PROTECT, related_name="ratings")
    threat = models.CharField(max_length=20)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    impact = models.PositiveSmallIntegerField(_("impact"))
    # The mean of the answers when it was begun; none where none of the questions applies.
    maturity = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    # Questions whose answers raised the likelihood.
    signs = models.JSONField(default=list, blank=True)
    override = models.PositiveSmallIntegerField(_("set by an officer"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    revision = models.PositiveIntegerField(default=1)
    rated_at = models.DateTimeField(default=timezone.now)
    rated_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("rating of a threat")
        verbose_name_plural = _("ratings of threats")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "threat"], name="riskrating_one_per_threat"
            ),
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)),
                name="riskrating_from_one_to_five",
            ),
            models.CheckConstraint(
                condition=Q(override=None) | Q(override__range=(1, 25)) & ~Q(reason=""),
                name="riskrating_override_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(maturity=None) | Q(maturity__range=(0, 4)),
                name="riskrating_maturity_from_nought_to_four",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} {self.threat}"


class SharedRisks(models.Model):
    """What the firm was shown, word for word; all of an assessment that its pages can read."""

    assessment = models.OneToOneField(RiskAssessment, models.PROTECT, related_name="shared")
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="shared_risks")
    # A list of what was shared of each threat: code, likelihood, impact, residual.
    risks = models.JSONField()
    version = models.PositiveIntegerField()
    note = models.TextField(_("what the firm is told"), blank=True)
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("risks shared with the firm")
        verbose_name_plural = _("risks shared with the firm")

    def __str__(self) -> str:
        return f"{self.mou} {self.shared_at:%Y-%m-%d}"
