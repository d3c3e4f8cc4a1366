"""A signatory who hands the signature over to another person of the same firm."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.models.agreements import MouVersion
from portal.models import Membership


class Delegation(models.Model):
    """For one version: the person the text names, and the one who signs in their place."""

    version = models.ForeignKey(MouVersion, models.PROTECT, related_name="delegations")
    signatory = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    delegate = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    function = models.CharField(_("the delegate's function"), max_length=120)
    reason = models.TextField(_("reason"))
    delegated_at = models.DateTimeField(default=timezone.now)
    # Ended where the signatory chose another person after all.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "signatory"],
                condition=Q(ended_at=None),
                name="delegation_one_live_per_signatory",
            ),
            models.UniqueConstraint(
                fields=["version", "delegate"],
                condition=Q(ended_at=None),
                name="delegation_one_live_per_delegate",
            ),
            models.CheckConstraint(
                condition=~Q(delegate=F("signatory")), name="delegation_to_another_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} → {self.delegate}"
