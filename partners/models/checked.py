"""What every entry of the directory has: a keeper, the day it was found true, a count of edits."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.visibility import Level
from portal.dates import add_months
from portal.models import User


class Checked(models.Model):
    """An entry that somebody keeps true; `version` tells two editors of each other."""

    visibility = models.PositiveSmallIntegerField(
        _("shown to"), choices=Level.choices, default=Level.PUBLIC
    )
    verified_on = models.DateField(_("found true on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("found true by"),
    )
    # Six months after it was last found true; at once for what nobody has confirmed yet.
    review_due = models.DateField(_("to be confirmed by"), default=timezone.localdate)
    keeper = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kept by")
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    # Who wrote it last and when: what two editors are told of each other.
    changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_stale(self) -> bool:
        return self.review_due < timezone.localdate()

    def due_after(self, day: date) -> date:
        """When an entry found true on this day is to be looked at again."""
        return add_months(day, settings.DIRECTORY_REVIEW_MONTHS)
