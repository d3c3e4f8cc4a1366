"""Whether an organisation takes part in a programme now: all one app may know of another."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.organisations import Organisation


class Standing(models.Model):
    """Written by the app that owns the programme, in its own transaction."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="standings")
    programme = models.CharField(_("programme"), max_length=40)
    in_force = models.BooleanField(_("in force"), default=False)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme"], name="standing_one_per_programme"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.programme}"
