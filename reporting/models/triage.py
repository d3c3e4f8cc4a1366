"""What officers decide about a report: grades and their history, referrals, identity, exports."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.handling import HandlingCode
from portal.models import User
from reporting.grades import InformationGrade, SourceGrade
from reporting.models.reports import Report


class Grading(models.Model):
    """One grading by one officer; added, never changed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="gradings")
    source_grade = models.CharField(_("source"), max_length=1, choices=SourceGrade.choices)
    information_grade = models.CharField(
        _("information"), max_length=1, choices=InformationGrade.choices
    )
    handling = models.CharField(_("handling code"), max_length=2, choices=HandlingCode.choices)
    graded_at = models.DateTimeField(default=timezone.now)
    graded_by = models.ForeignKey(User, models.PROTECT, related_name="gradings")

    class Meta:
        verbose_name = _("grading")
        verbose_name_plural = _("gradings")
        indexes = [models.Index(fields=["report", "-id"], name="grading_report")]


class Referral(models.Model):
    """The sanitised version handed over to somebody competent; the text itself lies sealed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="referrals")
    # `unit:drugs`, or the handle of an organisation: `OLAF`, `EUROPOL` …
    receiver = models.CharField(_("receiver"), max_length=60)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    # The envelope of the sanitised text that was handed over.
    envelope_id = models.UUIDField()
    handling = models.CharField(max_length=2, choices=HandlingCode.choices)
    referred_at = models.DateTimeField(default=timezone.now)
    referred_by = models.ForeignKey(User, models.PROTECT, related_name="referrals")

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")


class IdentityRequestQuerySet(models.QuerySet["IdentityRequest"]):
    def live(self) -> IdentityRequestQuerySet:
        """Neither answered for good nor run out."""
        return self.filter(
            expired_at=None, opened_at=None, refused_at=None, expires_at__gt=timezone.now()
        )

    def waiting(self) -> IdentityRequestQuerySet:
        return self.live().filter(released_at=None)

    def released(self) -> IdentityRequestQuerySet:
        return self.live().filter(released_at__isnull=False)


class IdentityRequest(models.Model):
    """A supervisor asks to know who reported; a custodian releases the other half of the key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="identity_requests")
    reason = models.TextField(_("reason"))
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="identity_requests")
    # The custodian's half, sealed to the pinned supervisors' key for this request alone.
    released = models.BinaryField(null=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="released_identities"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="refused_identities"
    )
    refusal = models.CharField(_("why it was refused"), max_length=300, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    # After this nothing is opened any more and the half is deleted.
    expires_at = models.DateTimeField()
    expired_at = models.DateTimeField(null=True, blank=True)

    objects = IdentityRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an identity")
        verbose_name_plural = _("requests for identities")
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(expired_at=None), name="identityrequest_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(released_by=F("requested_by")), name="identityrequest_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(refused_at=None),
                name="identityrequest_released_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(released=None) | Q(opened_at=None, expired_at=None),
                name="identityrequest_half_opens_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.report)

    @property
    def is_live(self) -> bool:
        over = self.expired_at or self.opened_at or self.refused_at
        return not over and self.expires_at > timezone.now()


class ExportRequestQuerySet(models.QuerySet["ExportRequest"]):
    def live(self) -> ExportRequestQuerySet:
        """Neither answered for good nor run out."""
        return self.filter(refused_at=None, exported_at=None, expires_at__gt=timezone.now())

    def waiting(self) -> ExportRequestQuerySet:
        return self.live().filter(approved_at=None)

    def approved(self) -> ExportRequestQuerySet:
        return self.live().filter(approved_at__isnull=False)


class ExportRequest(models.Model):
    """Several reports to be exported together: asked by one, approved by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reports = models.ManyToManyField(Report, related_name="export_requests")
    recipient = models.CharField(_("recipient"), max_length=120)
    reason = models.TextField(_("reason"))
    with_files = models.BooleanField(_("with the files"), default=True)
    # Only the sanitised versions: no clue to any source.
    sanitised = models.BooleanField(_("sanitised only"), default=False)
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="export_requests")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="approved_exports"
    )
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="refused_exports"
    )
    refusal = models.CharField(_("why it was refused"), max_length=300, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)
    # After this it is neither approved nor made any more.
    expires_at = models.DateTimeField()

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an export")
        verbose_name_plural = _("requests for exports")
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(exported_at=None), name="exportrequest_open"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("requested_by")), name="exportrequest_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="exportrequest_approved_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return self.recipient

    @property
    def is_live(self) -> bool:
        return not (self.refused_at or self.exported_at) and self.expires_at > timezone.now()
