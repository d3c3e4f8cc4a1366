"""Files that officers sent to change the directory: what each would change, until it is applied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User


class FileKind(models.TextChoices):
    CSV = "csv", _("Table (CSV)")
    VCARD = "vcard", _("Cards (vCard)")


class ImportState(models.TextChoices):
    """First it is compared and changes nothing; then a person applies or drops it."""

    COMPARED = "compared", _("Waiting for confirmation")
    APPLIED = "applied", _("Applied")
    DROPPED = "dropped", _("Dropped")


class DirectoryImport(models.Model):
    """One file, compared with the directory as it stood then."""

    file_name = models.CharField(_("file"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind.choices)
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(_("sent"), default=timezone.now)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState.choices, default=ImportState.COMPARED
    )
    # How many of each kind; what they were goes when the file is applied or dropped.
    counts = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("file with entries")
        verbose_name_plural = _("files with entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.COMPARED) | Q(changes=[], errors=[]),
                name="directoryimport_decided_keeps_no_content",
            ),
        ]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(state=ImportState.COMPARED),
                name="directoryimport_waiting",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
