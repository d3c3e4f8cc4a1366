"""What every table of retention has in common: rules that the desk may change, a day's run."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.users import User


class KeptFor(models.Model):
    """A rule for one group: when it is looked at, and when it is erased."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    review_months = models.PositiveIntegerField(_("reviewed after, in months"))
    erase_months = models.PositiveIntegerField(_("erased after, in months"))
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(erase_months__gte=models.F("review_months")),
                name="%(class)s_reviewed_before_erased",
            )
        ]

    def __str__(self) -> str:
        return self.name


class DayOfRetention(models.Model):
    """What one day's retention did, or would have done, in numbers by rule; resumed if broken."""

    day = models.DateField(_("day"))
    dry = models.BooleanField(_("dry run"), default=False)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # {rule: {what: how many}}
    counts = models.JSONField(_("counts"), default=dict)
    # Where it goes on: the step, and the last row that it has looked at.
    step = models.PositiveSmallIntegerField(default=0)
    after_due = models.DateField(null=True)
    after_id = models.UUIDField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(dry=False), name="%(class)s_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
