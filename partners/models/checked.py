"""What entries of the directory have: a keeper, a day found true, edits counted, a source."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.visibility import Level
from portal.dates import add_months
from portal.models import User


class Shipped(models.Model):
    """An entry that may come with the portal: loaded from a file once, edited thereafter."""

    source = models.CharField(_("where we know it from"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    # What the data file said when it was last loaded; empty for entries that officers made.
    shipped = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Checked(models.Model):
    """An entry that somebody keeps true; `version` tells two editors of each other."""

    visibility = models.PositiveSmallIntegerField(
        _("shown to"), choices=Level.choices, default=Level.PUBLIC
    )
    verified_on = models.DateField(_("confirmed on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
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
