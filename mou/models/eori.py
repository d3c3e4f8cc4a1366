"""Checks of EORI numbers: who asked, what was answered, when; one of three results."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Organisation, User


class EoriResult(models.TextChoices):
    VALID = "valid", _("Exists")
    INVALID = "invalid", _("Does not exist")
    UNKNOWN = "unknown", _("Not known")


class EoriCheck(models.Model):
    """One question about a firm's number; unknown until it is answered, and after a fault."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="eori_checks")
    eori = models.CharField(_("EORI number"), max_length=17)
    result = models.CharField(
        _("result"), max_length=10, choices=EoriResult.choices, default=EoriResult.UNKNOWN
    )
    # By the Commission's service, or by a person, who says how.
    by_hand = models.BooleanField(_("checked by hand"), default=False)
    response = models.TextField(_("what was answered"), blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("check of an EORI number")
        verbose_name_plural = _("checks of EORI numbers")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(result=EoriResult.UNKNOWN),
                name="eoricheck_unknown_until_answered",
            ),
            models.CheckConstraint(
                condition=Q(by_hand=False) | ~Q(response=""), name="eoricheck_by_hand_says_how"
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(answered_at=None),
                name="eoricheck_one_open_per_firm",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.eori} {self.result}"
