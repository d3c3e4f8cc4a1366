"""The life of an agreement in force: reviews, suspensions and their causes, notices of its end."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import ReviewStatus
from mou.models.agreements import Mou, Party
from portal.models import User


class ReviewCause(models.TextChoices):
    YEARLY = "yearly", _("Yearly review")
    SUSPENSION = "suspension", _("Review after a suspension")


class ReviewOutcome(models.TextChoices):
    CONTINUE = "continue", _("The agreement goes on as it is")
    AMEND = "amend", _("The agreement is to be amended")
    END = "end", _("The agreement is to end")


class Review(models.Model):
    """Both sides look at the agreement together; what they found is written down."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="reviews")
    cause = models.CharField(_("cause"), max_length=20, choices=ReviewCause.choices)
    status = models.CharField(
        _("status"), max_length=20, choices=ReviewStatus.choices, default=ReviewStatus.OPEN
    )
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    due_on = models.DateField(_("due"))
    answer = models.TextField(_("the firm’s answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.TextField(_("minutes"), blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=ReviewOutcome.choices, blank=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["mou", "cause"],
                condition=~Q(status=ReviewStatus.CLOSED),
                name="review_one_open_per_cause",
            ),
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.CLOSED, closed_at__isnull=False)
                & ~Q(outcome="")
                & ~Q(minutes="")
                | ~Q(status=ReviewStatus.CLOSED) & Q(closed_at=None, outcome=""),
                name="review_closed_with_an_outcome",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="review_by_status_and_due")]

    def __str__(self) -> str:
        return f"{self.mou} {self.due_on}"


class SuspensionCause(models.TextChoices):
    TRUST = "trust", _("The certificate is not valid")
    OFFICER = "officer", _("Decided by an officer")


class Suspension(models.Model):
    """One cause for which an agreement does not apply; it applies again when none is left."""

    mou = models.ForeignKey(Mou, models.PROTECT, related_name="suspensions")
    cause = models.CharField(_("cause"), max_length=20, choices=SuspensionCause.choices)
    reason = models.TextField(_("reason"), blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateField(_("to be looked at again on"), null=True, blank=True)
    imposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.UniqueConstraint(
                fields=["mou", "cause"],
                condition=Q(lifted_at=None),
                name="suspension_one_open_per_cause",
            ),
            models.CheckConstraint(
                condition=Q(cause=SuspensionCause.TRUST)
                | ~Q(reason="") & Q(imposed_by__isnull=False),
                name="suspension_by_an_officer_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.cause}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def live(self) -> NoticeQuerySet:
        """Neither taken back nor refused."""
        return self.filter(taken_back_at=None)


class Notice(models.Model):
    """One side says that the agreement ends: on a day to come, or at once for cause."""

    mou = models.ForeignKey(Mou, models.PROTECT, related_name="notices")
    party = models.CharField(_("given by"), max_length=20, choices=Party.choices)
    reason = models.TextField(_("reason"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # The last day of the agreement; none where it ends at once, when a supervisor agrees.
    last_day = models.DateField(_("last day"), null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["mou"],
                condition=Q(taken_back_at=None, last_day__isnull=False),
                name="notice_one_live_per_agreement",
            ),
            models.UniqueConstraint(
                fields=["mou"],
                condition=Q(taken_back_at=None, last_day=None),
                name="notice_one_proposal_per_agreement",
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=False) | Q(party=Party.ADMINISTRATION),
                name="notice_at_once_is_the_administrations",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("given_by")),
                name="notice_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.last_day or ''}"

    @property
    def is_immediate(self) -> bool:
        return self.last_day is None
