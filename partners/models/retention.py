"""How long exchanges are kept, what stops their erasure, and what is left of them afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.exchanges import Exchange
from portal.models import User
from portal.models.retention import DayOfRetention, KeptFor


class ExchangeRule(KeptFor):
    """For what came of an exchange: how long it is kept, where that stands, and who is sure."""

    source = models.CharField(_("where that stands"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta(KeptFor.Meta):
        verbose_name = _("retention rule of exchanges")
        verbose_name_plural = _("retention rules of exchanges")


class ExchangeHold(models.Model):
    """Stops the erasure of an exchange until another person than placed it lifts it."""

    exchange = models.ForeignKey(
        Exchange, models.PROTECT, related_name="holds", verbose_name=_("exchange")
    )
    reason = models.CharField(_("reason"), max_length=300)
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    placed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )

    class Meta:
        verbose_name = _("legal hold of an exchange")
        verbose_name_plural = _("legal holds of exchanges")
        constraints = [
            models.UniqueConstraint(
                fields=["exchange"], condition=Q(lifted_at=None), name="exchangehold_one_live"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="exchangehold_lifted_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None) | ~Q(lifted_by=F("placed_by")),
                name="exchangehold_takes_two",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="exchangehold_with_reason"),
        ]

    def __str__(self) -> str:
        return str(self.exchange)


class ExchangeTombstone(models.Model):
    """That an exchange was erased: which, by which rule, when. Nothing of what it said."""

    exchange_uuid = models.UUIDField(unique=True)
    reference = models.CharField(_("reference"), max_length=20)
    rule = models.CharField(_("rule"), max_length=40)
    erased_at = models.DateTimeField(_("erased"), default=timezone.now)

    class Meta:
        verbose_name = _("tombstone of an exchange")
        verbose_name_plural = _("tombstones of exchanges")

    def __str__(self) -> str:
        return self.reference


class ExchangeRetentionRun(DayOfRetention):
    """What one day did, or would have done, with exchanges."""

    class Meta(DayOfRetention.Meta):
        verbose_name = _("retention run of exchanges")
        verbose_name_plural = _("retention runs of exchanges")
