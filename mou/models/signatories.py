"""The people beside the first one whom a firm names to sign for it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.models.agreements import Mou
from portal.models import Membership


class FurtherSignatory(models.Model):
    """One more person of the firm who may sign; how many have to, each version says."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="further_signatories")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    function = models.CharField(_("function"), max_length=120)
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("further signatory")
        verbose_name_plural = _("further signatories")
        constraints = [
            models.UniqueConstraint(
                fields=["mou", "membership"], name="furthersignatory_once_per_agreement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.membership}"
