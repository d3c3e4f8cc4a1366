"""Negotiation: what both sides say about a clause, and the other wordings they propose."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import AmendmentStatus, ProposalStatus
from mou.models.agreements import Mou, MouVersion, Party
from portal.models import User


class ClauseProposalQuerySet(models.QuerySet["ClauseProposal"]):
    def open(self) -> ClauseProposalQuerySet:
        """Those that wait for the other side: at most one a clause."""
        return self.filter(status=ProposalStatus.OPEN)

    def accepted(self) -> ClauseProposalQuerySet:
        """Those that both sides want, in the order of their acceptance.

        What was accepted for a new version that was dropped goes with it.
        """
        dropped = Q(version__amendment__status=AmendmentStatus.DROPPED)
        return self.filter(status=ProposalStatus.ACCEPTED).exclude(dropped).order_by("decided_at")


class ClauseProposal(models.Model):
    """Another wording for one clause, proposed by one side and answered by the other."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="proposals")
    # The text that was read when it was made.
    version = models.ForeignKey(MouVersion, models.PROTECT, related_name="proposals")
    code = models.CharField(_("clause"), max_length=40)
    language = models.CharField(_("language"), max_length=8)
    # What the clause said then, so that the difference can be shown for ever.
    base = models.TextField()
    wording = models.TextField(_("wording"))
    reason = models.TextField(_("reason"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ProposalStatus.choices,
        default=ProposalStatus.OPEN,
    )
    # The proposal that this one answers with yet another wording.
    counters = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="countered_by"
    )
    party = models.CharField(max_length=20, choices=Party.choices)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("why it was refused"), blank=True)
    # The first draft that says it.
    written_in = models.ForeignKey(
        MouVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ClauseProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed wording")
        verbose_name_plural = _("proposed wordings")
        constraints = [
            models.UniqueConstraint(
                fields=["mou", "code"],
                condition=Q(status=ProposalStatus.OPEN),
                name="clauseproposal_one_open_per_clause",
            ),
            models.CheckConstraint(
                condition=Q(status=ProposalStatus.OPEN, decided_at=None)
                | ~Q(status=ProposalStatus.OPEN) & Q(decided_at__isnull=False),
                name="clauseproposal_decided_at_with_status",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProposalStatus.REFUSED) | ~Q(decision=""),
                name="clauseproposal_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(wording="") & ~Q(reason=""),
                name="clauseproposal_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=Q(written_in=None) | Q(status=ProposalStatus.ACCEPTED),
                name="clauseproposal_only_accepted_is_written",
            ),
        ]
        indexes = [models.Index(fields=["status", "party"], name="clauseproposal_by_status")]

    def __str__(self) -> str:
        return f"{self.mou} {self.code}"


class ClauseComment(models.Model):
    """What one side says about a clause; the other reads it."""

    mou = models.ForeignKey(Mou, models.PROTECT, related_name="clause_comments")
    version = models.ForeignKey(MouVersion, models.PROTECT, related_name="comments")
    code = models.CharField(_("clause"), max_length=40)
    text = models.TextField(_("comment"))
    party = models.CharField(max_length=20, choices=Party.choices)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("comment on a clause")
        verbose_name_plural = _("comments on clauses")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="clausecomment_says_something")
        ]
        indexes = [models.Index(fields=["mou", "code"], name="clausecomment_by_clause")]

    def __str__(self) -> str:
        return f"{self.mou} {self.code}"
