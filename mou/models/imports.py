"""Imports of certificate lists: the file, what it would change, and the rows it refused."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.models.trust import TrustStatus
from portal.models import User


class ImportStatus(models.TextChoices):
    """First it is compared and applied to nothing; a person confirms; then it is applied."""

    WAITING = "waiting", _("Waiting for a worker")
    COMPARING = "comparing", _("Being compared")
    COMPARED = "compared", _("Waiting for confirmation")
    RUNNING = "running", _("Being applied")
    FINISHED = "finished", _("Applied")
    REFUSED = "refused", _("Refused")
    DROPPED = "dropped", _("Dropped")


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
    # Then what stands in the register and not in the list is shown as gone.
    complete = models.BooleanField(_("the list is complete"), default=False)
    rows_compared = models.PositiveIntegerField(default=0)
    # Kind of difference → how many; besides, "offer" → how many offers would follow.
    counts = models.JSONField(default=dict, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
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
            ),
            models.CheckConstraint(
                condition=models.Q(rows_done=0) | models.Q(confirmed_at__isnull=False),
                name="certificateimport_applied_when_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def path(self) -> str:
        """Where the uploaded bytes are kept until the import is finished."""
        return f"imports/{self.uuid}.csv"


class DifferenceKind(models.TextChoices):
    """What a list would change; the gravest first."""

    ANNULLED = "annulled", _("Annulled")
    REVOKED = "revoked", _("Revoked")
    DOWNGRADED = "downgraded", _("Downgraded")
    SUSPENDED = "suspended", _("Suspended")
    REINSTATED = "reinstated", _("Reinstated")
    CHANGED = "changed", _("Changed")
    NEW = "new", _("New")
    GONE = "gone", _("No longer on the list")


class Difference(models.Model):
    """One thing that a list says otherwise than the register; confirmed, it is applied."""

    batch = models.ForeignKey(CertificateImport, models.CASCADE, related_name="differences")
    kind = models.CharField(_("kind"), max_length=20, choices=DifferenceKind.choices)
    # The line in the file; none for what does not stand in it.
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    number = models.CharField(_("certificate number"), max_length=60)
    holder = models.CharField(_("holder"), max_length=200)
    status = models.ForeignKey(TrustStatus, models.PROTECT, null=True, related_name="+")
    # Field → what the register says, what the list says.
    changes = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="difference_line_unique"),
            models.CheckConstraint(
                condition=models.Q(kind=DifferenceKind.GONE, line=None)
                | ~models.Q(kind=DifferenceKind.GONE) & models.Q(line__isnull=False),
                name="difference_has_a_line_or_is_gone",
            ),
        ]
        indexes = [models.Index(fields=["batch", "kind", "id"], name="difference_by_kind")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


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
