"""Offers in bulk: what an officer chose and confirmed, and firm by firm what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.lifecycle import BatchStatus
from mou.models.programmes import Programme
from mou.models.trust import TrustStatus
from portal.models import Organisation, User


class Outcome(models.TextChoices):
    """What becomes of one firm of a batch; everything but the first two says why it gets none."""

    WAITING = "waiting", gettext_lazy("Will be offered an agreement")
    OFFERED = "offered", gettext_lazy("Offer made")
    AGREEMENT = "agreement", gettext_lazy("Has an agreement, or one in preparation")
    OPEN = "open", gettext_lazy("Has an open offer")
    TAKEN = "taken", gettext_lazy("Accepted an offer before, and its agreement has ended")
    BATCH = "batch", gettext_lazy("Another batch is about to make it an offer")
    DECLINED = "declined", gettext_lazy("Declined an offer less than a year ago")
    BEFORE = "before", gettext_lazy("Was offered an agreement before")
    NOT_HELD = "not_held", gettext_lazy("Its certificate is suspended or not in effect")
    ADDRESS = "address", gettext_lazy("No address is known to write to")
    OFFICER = "officer", gettext_lazy("The address that is known is that of an officer")
    STOPPED = "stopped", gettext_lazy("The batch was stopped before its turn")


class OfferBatch(models.Model):
    """Offers that an officer confirmed together; a worker makes them slice by slice."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="offer_batches")
    # The filter as it was chosen: component, country, authority, granted_since, again, unaddressed.
    chosen = models.JSONField(default=dict)
    status = models.CharField(
        gettext_lazy("status"),
        max_length=20,
        choices=BatchStatus.choices,
        default=BatchStatus.RUNNING,
    )
    # Outcome → how many of the firms; kept by whoever changes an outcome, under the batch's lock.
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(gettext_lazy("confirmed"), default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    resumed = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = gettext_lazy("batch of offers")
        verbose_name_plural = gettext_lazy("batches of offers")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[BatchStatus.FINISHED, BatchStatus.STOPPED],
                    finished_at__isnull=False,
                )
                | Q(status__in=[BatchStatus.RUNNING, BatchStatus.PAUSED], finished_at=None),
                name="offerbatch_finished_at_with_status",
            ),
        ]
        indexes = [models.Index(fields=["status", "id"], name="offerbatch_by_status")]

    def __str__(self) -> str:
        return _("Batch %(number)s") % {"number": self.pk}

    @property
    def done(self) -> int:
        """Of those that were to be offered one: how many have had their turn."""
        return self.total - self.counted(Outcome.WAITING)

    @property
    def total(self) -> int:
        """How many firms were to be offered an agreement when the batch was confirmed."""
        return int(self.counts.get("confirmed", 0))

    def counted(self, outcome: str) -> int:
        return int(self.counts.get(outcome, 0))

    def move(self, found: dict[str, int]) -> None:
        """So many firms that waited have come to these outcomes."""
        counts: dict[str, Any] = dict(self.counts)
        for outcome, number in found.items():
            counts[outcome] = counts.get(outcome, 0) + number
        counts[Outcome.WAITING] = counts.get(Outcome.WAITING, 0) - sum(found.values())
        self.counts = counts


class OfferBatchLine(models.Model):
    """One firm of a batch."""

    batch = models.ForeignKey(OfferBatch, models.PROTECT, related_name="lines")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # The certificate that was found when the batch was confirmed.
    certificate = models.ForeignKey(TrustStatus, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)

    class Meta:
        verbose_name = gettext_lazy("firm of a batch of offers")
        verbose_name_plural = gettext_lazy("firms of a batch of offers")
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "organisation"], name="offerbatchline_firm_once_a_batch"
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "outcome", "id"], name="offerbatchline_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.outcome}"
