"""What is sealed of an exchange: its wordings, words and files, and the slots that open them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.exchanges import Exchange
from portal.sealing import Context


class SealedKind(models.TextChoices):
    CONTENT = "content", _("Request")  # what is asked or told (partners/content.py)
    ANSWER = "answer", _("Answer")  # ours, as a draft and as it went out
    WORD = "word", _("Word")  # what went to and fro, by the verb that brought it
    FILE = "file", _("File")  # the bytes of one attachment


class ExchangeEnvelope(models.Model):
    """One sealed thing of an exchange; `version` numbers wordings."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="envelopes")
    kind = models.CharField(max_length=12, choices=SealedKind.choices)
    version = models.PositiveIntegerField(default=1)
    ciphertext = models.BinaryField()
    # Ed25519 over the plaintext, by the liaison desk or the unit that handed a report over.
    signature = models.BinaryField()
    signed_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now)
    author_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("sealed part of an exchange")
        verbose_name_plural = _("sealed parts of exchanges")
        constraints = [
            models.UniqueConstraint(
                fields=["exchange", "kind", "version"],
                condition=Q(kind__in=["content", "answer"]),
                name="exchangeenvelope_one_per_wording",
            ),
        ]

    @property
    def context(self) -> Context:
        return Context(self.exchange.uuid, self.id, self.kind, self.version)


class ExchangeSlot(models.Model):
    """The key of an envelope, sealed to one recipient."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    envelope = models.ForeignKey(ExchangeEnvelope, models.CASCADE, related_name="slots")
    recipient = models.CharField(max_length=80)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("slot of an exchange")
        verbose_name_plural = _("slots of exchanges")
        constraints = [
            models.UniqueConstraint(
                fields=["envelope", "recipient"], name="exchangeslot_one_per_recipient"
            ),
        ]
        indexes = [models.Index(fields=["recipient", "id"], name="exchangeslot_recipient")]
