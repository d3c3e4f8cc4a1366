"""Signatures on a version, and the documents each step leaves behind."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import SignatureStatus
from mou.models.agreements import MouVersion, Party
from portal.models import User


class SignatureLevel(models.TextChoices):
    """Levels of Reg. (EU) 910/2014; above simple only where configuration names its basis."""

    SIMPLE = "simple", _("Simple electronic signature")
    ADVANCED = "advanced", _("Advanced electronic signature")
    QUALIFIED = "qualified", _("Qualified electronic signature")


LIVE = [SignatureStatus.AUTHORISED, SignatureStatus.SIGNED, SignatureStatus.STAMPED]


class Signature(models.Model):
    """One person's signature for one party: authorised by them, then made by the worker."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(MouVersion, models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=20, choices=Party.choices)
    signer = models.ForeignKey(User, models.PROTECT, related_name="signatures")
    status = models.CharField(
        max_length=20,
        choices=SignatureStatus.choices,
        default=SignatureStatus.AUTHORISED,
    )
    level = models.CharField(
        max_length=20, choices=SignatureLevel.choices, default=SignatureLevel.SIMPLE
    )
    signer_name = models.CharField(max_length=150)
    signer_function = models.CharField(max_length=120)
    document_sha256 = models.CharField(max_length=64)
    evidence = models.JSONField()
    evidence_sha256 = models.CharField(max_length=64)
    authorised_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    stamped_at = models.DateTimeField(null=True, blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "party"],
                condition=Q(status__in=LIVE),
                name="signature_one_live_per_party",
            ),
            models.CheckConstraint(
                condition=~Q(status=SignatureStatus.STAMPED)
                | Q(signed_at__isnull=False, stamped_at__isnull=False),
                name="signature_stamped_has_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.party}"


class Step(models.TextChoices):
    """The documents of a version, in the order in which they come to be."""

    SEALED = "sealed", _("Sealed by the administration")
    BUSINESS = "business", _("Signed by the firm")
    BUSINESS_STAMPED = "business_stamped", _("Signed by the firm, time-stamped")
    ADMINISTRATION = "administration", _("Countersigned")
    ADMINISTRATION_STAMPED = "administration_stamped", _("Countersigned, time-stamped")
    ARCHIVED = "archived", _("Archived")
    EVIDENCE = "evidence", _("Evidence report")


class Document(models.Model):
    """The bytes one step made: where they are kept and what they hash to."""

    version = models.ForeignKey(MouVersion, models.PROTECT, related_name="documents")
    step = models.CharField(max_length=30, choices=Step.choices)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    # An archived file is stamped again in time; each stamp makes a new edition of it.
    edition = models.PositiveSmallIntegerField(default=1)
    renewed_at = models.DateTimeField(null=True, blank=True)
    renew_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["version", "step"], name="document_one_per_step")
        ]
        indexes = [
            models.Index(
                fields=["renew_on"],
                condition=Q(step__in=[Step.ARCHIVED, Step.EVIDENCE]),
                name="document_by_renewal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.step}"

    @property
    def path(self) -> str:
        name = self.step if self.edition == 1 else f"{self.step}-{self.edition}"
        return f"agreements/{self.version.uuid}/{name}.pdf"


class EarlierEdition(models.Model):
    """What an archived file hashed to before it was stamped again; its bytes begin the newer one.

    Whoever got that file keeps finding it by its hash.
    """

    document = models.ForeignKey(Document, models.PROTECT, related_name="earlier")
    edition = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("earlier edition")
        verbose_name_plural = _("earlier editions")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "edition"], name="earlieredition_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.edition}"
