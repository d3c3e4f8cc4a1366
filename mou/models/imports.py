"""Imports of certificate lists: the file, how far it got, and the rows it refused."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User


class ImportStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for a worker")
    RUNNING = "running", _("Being read")
    FINISHED = "finished", _("Finished")
    REFUSED = "refused", _("Refused")


class CertificateImport(models.Model):
    """One uploaded list of certificates."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=ImportStatus.choices,
        default=ImportStatus.WAITING,
    )
    refusal = models.TextField(blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("certificate import")
        verbose_name_plural = _("certificate imports")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    rows_done=models.F("rows_new")
                    + models.F("rows_changed")
                    + models.F("rows_unchanged")
                    + models.F("rows_rejected")
                ),
                name="certificateimport_rows_add_up",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def path(self) -> str:
        """Where the uploaded bytes are kept until the import is finished."""
        return f"imports/{self.uuid}.csv"


class RejectedRow(models.Model):
    """A row that was not taken over, with its line in the file, why, and what it said."""

    batch = models.ForeignKey(CertificateImport, models.CASCADE, related_name="rejected")
    line = models.PositiveIntegerField()
    reason = models.TextField()
    values = models.JSONField()

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="rejectedrow_line_unique")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.reason}"


class RowNote(models.Model):
    """A doubt about a row that was taken over all the same."""

    batch = models.ForeignKey(CertificateImport, models.CASCADE, related_name="notes")
    line = models.PositiveIntegerField()
    note = models.TextField()

    class Meta:
        verbose_name = _("note on a row")
        verbose_name_plural = _("notes on rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="rownote_line_unique")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.note}"
