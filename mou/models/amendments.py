"""Amendments: a new version of a text in work while the agreement stays in force."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import AmendmentStatus
from mou.models.agreements import Mou
from portal.models import User

CLOSED = [AmendmentStatus.COMPLETED, AmendmentStatus.DROPPED]


class AmendmentKind(models.TextChoices):
    AMENDMENT = "amendment", _("Amendment")
    NOVATION = "novation", _("Novation: the firm’s name or number has changed")
    RENEWAL = "renewal", _("Renewal")


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def open(self) -> AmendmentQuerySet:
        """Those that are neither signed and archived nor dropped: at most one an agreement."""
        return self.exclude(status__in=CLOSED)


class Amendment(models.Model):
    """The way of one new version from its opening to its archive, beside an agreement in force.

    It carries the stage of the text, as the agreement itself does before it is in force.
    """

    mou = models.ForeignKey(Mou, models.PROTECT, related_name="amendments")
    kind = models.CharField(_("kind"), max_length=20, choices=AmendmentKind.choices)
    reason = models.TextField(_("reason"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=AmendmentStatus.choices,
        default=AmendmentStatus.PREPARATION,
    )
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The last day that a renewed text names; none where it runs until somebody ends it.
    ends_on = models.DateField(_("new last day"), null=True, blank=True)
    # Why the text went back; shown until the next one is sent.
    remark = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    drop_reason = models.TextField(blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [
            models.UniqueConstraint(
                fields=["mou"],
                condition=~Q(status__in=CLOSED),
                name="amendment_one_open_per_agreement",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_at__isnull=False)
                | ~Q(status__in=CLOSED) & Q(closed_at=None),
                name="amendment_closed_at_with_status",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind=AmendmentKind.RENEWAL) | Q(ends_on=None),
                name="amendment_only_a_renewal_moves_the_end",
            ),
        ]
        indexes = [models.Index(fields=["status"], name="amendment_by_status")]

    def __str__(self) -> str:
        return f"{self.mou} {self.kind}"
