"""Files that officers sent to change the directory: what each would change, until it is applied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.lifecycle import FILE_WAITS, ImportState
from partners.models.partners import Partner
from portal.models import User


class FileKind(models.TextChoices):
    CSV = "csv", _("Table (CSV)")
    VCARD = "vcard", _("Cards (vCard)")


class DirectoryImport(models.Model):
    """One file, compared with the directory as it stood when the worker looked."""

    file_name = models.CharField(_("file"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind.choices)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("sent"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.COMPARING
    )
    # Where cards go that do not say where they belong.
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")
    duty = models.CharField(max_length=20, blank=True)
    # How many of each kind; what they were goes when the file is applied or dropped.
    counts = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    # Line and sentence: what is wrong in the file, or why it was not applied.
    errors = models.JSONField(default=list)
    # By whom it was confirmed or dropped.
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("file with entries")
        verbose_name_plural = _("files with entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=(ImportState.COMPARED, ImportState.APPLYING))
                | Q(state=ImportState.REFUSED, changes=[])
                | Q(changes=[], errors=[]),
                name="directoryimport_decided_keeps_no_content",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(ImportState.COMPARING, ImportState.COMPARED, ImportState.DROPPED)
                )
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="directoryimport_applied_when_confirmed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state__in=FILE_WAITS),
                name="directoryimport_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def path(self) -> str:
        """Where the file is kept until it is applied or dropped: it may have to be read again."""
        return f"entries/{self.pk}-{self.sha256[:16]}"
