"""The append-only record of what was done and read, its seals and their time stamps."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditKind(models.TextChoices):
    """The six kinds of processing that Directive (EU) 2016/680, Art. 25, wants logged."""

    COLLECTION = "collection", _("Collection")
    ALTERATION = "alteration", _("Alteration")
    CONSULTATION = "consultation", _("Consultation")
    DISCLOSURE = "disclosure", _("Disclosure")
    COMBINATION = "combination", _("Combination")
    ERASURE = "erasure", _("Erasure")


class AuditEvent(models.Model):
    """One thing done or read. No foreign keys: it never blocks nor follows a deletion."""

    event = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=AuditKind.choices)
    actor = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    organisation_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes = [
            models.Index(fields=["target_type", "target_id", "id"], name="auditevent_target"),
            models.Index(fields=["actor", "id"], name="auditevent_actor"),
            models.Index(fields=["organisation_id", "id"], name="auditevent_organisation"),
            # What the reader of the record asks for.
            models.Index(fields=["kind", "id"], name="auditevent_kind"),
            models.Index(fields=["event", "id"], name="auditevent_event"),
            models.Index(fields=["at"], name="auditevent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.target_type} {self.target_id}"


class AuditSeal(models.Model):
    """A link of the chain: vouches for a set of committed events and the seal before it."""

    sequence = models.PositiveBigIntegerField(unique=True)
    # Ids this seal vouches for, as inclusive ranges [[first, last], …].
    covered = models.JSONField()
    # Ids below the highest one covered that were not there yet: late commits come from these.
    # [[first, last, awaited since], …]
    awaited = models.JSONField(default=list)
    # The highest id that this seal and those before it have passed.
    passed = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    # Over the events themselves; kept so that the seal can still be checked when they expired.
    digest = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class AuditStamp(models.Model):
    """A time stamp (RFC 3161) over the hash of one seal, the head of its day."""

    sequence = models.PositiveBigIntegerField(unique=True)
    token = models.BinaryField()
    stamped_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("audit time stamp")
        verbose_name_plural = _("audit time stamps")

    def __str__(self) -> str:
        return f"{self.sequence} {self.stamped_at:%Y-%m-%d}"


class AuditExpiry(models.Model):
    """Says that the events of one seal were dropped on purpose; the seal itself stays."""

    sequence = models.PositiveBigIntegerField(unique=True)
    rule = models.CharField(max_length=60)
    expired_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("expired audit segment")
        verbose_name_plural = _("expired audit segments")

    def __str__(self) -> str:
        return f"{self.sequence} {self.rule}"
