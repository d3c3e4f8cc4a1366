"""Signatures on a version, and the documents each step leaves behind."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import SignatureStatus
from mou.models.agreements import MouVersion, Party
from mou.signature_fields import MOST_SIGNATORIES, business_field
from portal.models import Membership, User


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
    # The firm's first, second, … signature, in the order in which they are made.
    place = models.PositiveSmallIntegerField(default=1)
    # Whom the text names, where another signs in that person's place; none for the administration.
    signatory = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+"
    )
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
                fields=["version", "party", "place"],
                condition=Q(status__in=LIVE),
                name="signature_one_live_per_place",
            ),
            models.UniqueConstraint(
                fields=["version", "signer"],
                condition=Q(status__in=LIVE),
                name="signature_one_live_per_person",
            ),
            models.UniqueConstraint(
                fields=["version", "signatory"],
                condition=Q(status__in=LIVE),
                name="signature_one_live_per_signatory",
            ),
            models.CheckConstraint(
                condition=Q(party=Party.BUSINESS, place__range=(1, MOST_SIGNATORIES))
                | Q(party=Party.ADMINISTRATION, place=1),
                name="signature_place_of_its_party",
            ),
            models.CheckConstraint(
                condition=~Q(status=SignatureStatus.STAMPED)
                | Q(signed_at__isnull=False, stamped_at__isnull=False),
                name="signature_stamped_has_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.field}"

    @property
    def field(self) -> str:
        """The field of the document that holds it."""
        return business_field(self.place) if self.party == Party.BUSINESS else self.party


class Step(models.TextChoices):
    """The documents of a version, in the order in which they come to be."""

    SEALED = "sealed", _("Sealed by the administration")
    BUSINESS = "business", _("Signed by the firm")
    BUSINESS_STAMPED = "business_stamped", _("Signed by the firm, time-stamped")
    BUSINESS_2 = "business_2", _("Signed by the firm a second time")
    BUSINESS_2_STAMPED = "business_2_stamped", _("Signed by the firm a second time, time-stamped")
    BUSINESS_3 = "business_3", _("Signed by the firm a third time")
    BUSINESS_3_STAMPED = "business_3_stamped", _("Signed by the firm a third time, time-stamped")
    ADMINISTRATION = "administration", _("Countersigned")
    ADMINISTRATION_STAMPED = "administration_stamped", _("Countersigned, time-stamped")
    ARCHIVED = "archived", _("Archived")
    EVIDENCE = "evidence", _("Evidence report")


# Of each signature of the firm: the document that it makes, and the same with its time stamp.
FIRM_STEPS = (
    (Step.BUSINESS, Step.BUSINESS_STAMPED),
    (Step.BUSINESS_2, Step.BUSINESS_2_STAMPED),
    (Step.BUSINESS_3, Step.BUSINESS_3_STAMPED),
)


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
