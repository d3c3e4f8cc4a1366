"""Reference lists: codes of the trade, shipped as data files and edited thereafter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ReferenceItem(models.Model):
    """One code of one list, with what else the list says of it."""

    list = models.CharField(_("list"), max_length=40)
    code = models.CharField(_("code"), max_length=40)
    label = models.CharField(_("label"), max_length=200)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    # What the data file said when it was last loaded; empty for a row that officers made.
    shipped = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("reference item")
        verbose_name_plural = _("reference items")
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="referenceitem_code_unique"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="referenceitem_validity_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} – {self.label}"
