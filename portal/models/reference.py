"""Reference lists: codes of the trade, shipped as data files and edited thereafter."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

CHAPTERS = {f"{number:02}" for number in range(1, 98)}


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

    def clean(self) -> None:
        """A code that concerns some goods alone names all their chapters rightly, or is refused."""
        named = self.attributes.get("chapters", []) if isinstance(self.attributes, dict) else []
        if not isinstance(named, list):
            named = [named]
        wrong = [str(one) for one in named if one not in CHAPTERS]
        if wrong:
            raise ValidationError(
                said("“%(wrong)s” is no HS chapter. Write two digits, from 01 to 97.")
                % {"wrong": ", ".join(wrong)}
            )
