"""How long reports are kept, what stops their erasure, and what is left of them afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User
from portal.models.retention import DayOfRetention, KeptFor
from reporting.models.reports import Report


class RetentionRule(KeptFor):
    """For one group of statuses: when it is looked at, and when it is erased (house policy)."""

    class Meta(KeptFor.Meta):
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")


class LegalHold(models.Model):
    """Stops every erasure of a report until another person than placed it lifts it."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=300)
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="placed_holds")
    lifted_at = models.DateTimeField(null=True, blank=True)
    # Empty though it is lifted: by who placed it, before it took two (migration 0005).
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="lifted_holds"
    )

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(lifted_at=None), name="legalhold_one_live"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False),
                name="legalhold_lifted_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | ~Q(lifted_by=F("placed_by")),
                name="legalhold_takes_two",
            ),
        ]

    def __str__(self) -> str:
        return str(self.report)


class Tombstone(models.Model):
    """That something was erased: which, by which rule, when. Nothing of what it said."""

    report_id = models.UUIDField()
    reference = models.CharField(max_length=16)
    # `report` for all of it, `identity` for who reported.
    what = models.CharField(max_length=12)
    rule = models.CharField(max_length=40)
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tombstone")
        verbose_name_plural = _("tombstones")
        constraints = [
            models.UniqueConstraint(fields=["report_id", "what"], name="tombstone_one_each")
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.what})"


class RetentionRun(DayOfRetention):
    """What one day did, or would have done, with reports."""

    class Meta(DayOfRetention.Meta):
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
