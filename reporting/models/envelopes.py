"""Ciphertext and who can open it: envelopes and their slots, apart from the plain columns."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.sealing import Context
from reporting.models.reports import Report, this_hour


class Kind(models.TextChoices):
    REPORT = "report", _("Report")  # what was told (reporting/content.py)
    IDENTITY = "identity", _("Identity")  # custodian and supervisor together
    PART = "part", _("Part of a file")  # up to PART bytes of an original
    VIEW = "view", _("Part of a viewing copy")  # the same, metadata removed
    MESSAGE = "message", _("Message from the reporter")
    REPLY = "reply", _("Reply to the reporter")  # signed; the reporter opens it too
    NOTE = "note", _("Desk note")
    SANITISED = "sanitised", _("Sanitised version")
    REFERRAL = "referral", _("Referral")  # what was passed on, and why


class Envelope(models.Model):
    """One sealed thing. `version` numbers what has an order: parts of a file, sanitised texts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="envelopes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveIntegerField(default=1)
    ciphertext = models.BinaryField()
    # Ed25519 over the plaintext, by the unit: replies only. `signed_by` names the key's version.
    signature = models.BinaryField(null=True)
    signed_by = models.CharField(max_length=80, blank=True)
    # The hour only: with the minute, a message could be matched with who was online.
    created_hour = models.DateTimeField(default=this_hour)
    # The officer who wrote it; nothing for what came from outside.
    author_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("envelope")
        verbose_name_plural = _("envelopes")
        indexes = [
            models.Index(fields=["report", "kind"], name="envelope_report_kind"),
            # Identities are erased before the rest.
            models.Index(
                fields=["id"], condition=models.Q(kind=Kind.IDENTITY), name="envelope_identity"
            ),
        ]

    @property
    def context(self) -> Context:
        return Context(self.report_id, self.id, self.kind, self.version)


class Slot(models.Model):
    """The key of an envelope, or half of it, sealed to one recipient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    envelope = models.ForeignKey(Envelope, models.CASCADE, related_name="slots")
    # `unit:desk#1`, `recovery#1`, `identity:custodian#1`, `reporter#1`
    recipient = models.CharField(max_length=80)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(
                fields=["envelope", "recipient"], name="slot_one_per_envelope_and_recipient"
            )
        ]
        indexes = [models.Index(fields=["recipient", "id"], name="slot_recipient")]


class Identifier(models.Model):
    """A container, plate, EORI … of a report, as a keyed hash that only an unlocked desk can make.

    Written when the report is first opened; equal digests are equal identifiers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [
            models.UniqueConstraint(fields=["digest", "report"], name="identifier_once_per_report")
        ]
