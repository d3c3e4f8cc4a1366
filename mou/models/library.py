"""The library of clauses: a new wording of one, drafted by one officer and approved by another."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import RevisionStatus
from mou.models.programmes import Template
from portal.models import User


class ClauseRevision(models.Model):
    """What a clause of the standard text is to say; with its approval a new version is made."""

    # The version that was read when it was drafted, and what the clause said there.
    template = models.ForeignKey(
        Template, models.PROTECT, related_name="revisions", verbose_name=_("standard text")
    )
    code = models.CharField(_("clause"), max_length=40)
    base = models.TextField(_("until now"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    is_negotiable = models.BooleanField(_("negotiable"), default=True)
    reason = models.TextField(_("reason"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=RevisionStatus.choices,
        default=RevisionStatus.DRAFTED,
    )
    drafted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted"), default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision = models.TextField(_("why not"), blank=True)
    # The version that says it.
    made = models.OneToOneField(
        Template,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="made_by",
        verbose_name=_("made version"),
    )

    class Meta:
        verbose_name = _("revision of a clause")
        verbose_name_plural = _("revisions of clauses")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "code"],
                condition=Q(status=RevisionStatus.DRAFTED),
                name="clauserevision_one_drafted_per_clause",
            ),
            models.CheckConstraint(
                condition=Q(status=RevisionStatus.DRAFTED, decided_at=None)
                | ~Q(status=RevisionStatus.DRAFTED) & Q(decided_at__isnull=False),
                name="clauserevision_decided_at_with_status",
            ),
            models.CheckConstraint(
                condition=~Q(status=RevisionStatus.APPROVED)
                | Q(made__isnull=False) & ~Q(decided_by=F("drafted_by")),
                name="clauserevision_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(reason="") & ~Q(title=""),
                name="clauserevision_says_what_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.template.language})"
