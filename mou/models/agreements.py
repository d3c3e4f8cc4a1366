"""Agreements (the relationship), their versions (the document) and who accepted which text."""

from __future__ import annotations

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import MouStatus, SignatureStatus, VersionStatus
from mou.models.offers import Basis, MouOffer
from mou.models.programmes import Programme, Template
from mou.models.trust import Component, TrustStatus
from mou.signature_fields import MOST_SIGNATORIES
from portal.models import Membership, Organisation, User


class Party(models.TextChoices):
    BUSINESS = "business", _("The firm")
    ADMINISTRATION = "administration", _("The administration")


ENDED = [MouStatus.WITHDRAWN, MouStatus.TERMINATED, MouStatus.EXPIRED]


class MouQuerySet(models.QuerySet["Mou"]):
    def visible_to(self, user: User) -> MouQuerySet:
        """Staff of the agreement desk see all; others see their own organisations' agreements."""
        if user.has_role("caseworker", "countersigner", "supervisor"):
            return self
        return self.filter(
            organisation__memberships__user=user,
            organisation__memberships__ended_at=None,
        )


class Mou(models.Model):
    """One firm's agreement with the administration under one programme."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=30, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mous")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="mous")
    offer = models.OneToOneField(
        MouOffer, models.PROTECT, null=True, blank=True, related_name="mou"
    )
    # What the agreement rests on now; at first what the offer rested on.
    basis = models.CharField(
        _("basis"), max_length=20, choices=Basis.choices, default=Basis.INTEREST
    )
    trust_status = models.ForeignKey(
        TrustStatus, models.PROTECT, null=True, blank=True, related_name="mous"
    )
    # The half of the trust status that this agreement rests on: C, S, or none.
    required_component = models.CharField(
        _("required part of the certificate"),
        max_length=1,
        choices=Component.choices,
        blank=True,
    )
    signatory = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="signs"
    )
    signatory_function = models.CharField(_("the signatory's function"), max_length=120, blank=True)
    caseworker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=MouStatus.choices,
        default=MouStatus.PREPARATION,
    )
    created_at = models.DateTimeField(default=timezone.now)
    in_force_at = models.DateTimeField(null=True, blank=True)
    # The last day on which it is in force; none where it runs until somebody ends it.
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    # Since when the signed text names the firm otherwise than the register; for the desk's queue.
    renamed_at = models.DateTimeField(null=True, blank=True)
    # Why the firm sent the text back; shown to the caseworker until the next draft.
    remark = models.TextField(blank=True)

    objects = MouQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme"],
                condition=~Q(status__in=ENDED),
                name="mou_one_live_per_firm_and_programme",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[MouStatus.IN_FORCE, MouStatus.SUSPENDED])
                | Q(in_force_at__isnull=False),
                name="mou_in_force_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_at__isnull=False)
                | ~Q(status__in=ENDED) & Q(ended_at=None),
                name="mou_ended_at_with_status",
            ),
            models.CheckConstraint(
                condition=Q(signatory=None) | ~Q(signatory_function=""),
                name="mou_signatory_has_a_function",
            ),
            models.CheckConstraint(
                condition=Q(basis=Basis.TRUST_STATUS) | Q(trust_status=None),
                name="mou_trust_status_with_basis",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="mou_by_status"),
            models.Index(fields=["ends_on"], name="mou_by_last_day"),
            models.Index(fields=["next_review_on"], name="mou_by_next_review"),
            models.Index(
                fields=["renamed_at"],
                condition=Q(renamed_at__isnull=False),
                name="mou_by_renamed_at",
            ),
            models.Index(fields=["-in_force_at"], name="mou_by_in_force_at"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def current(self) -> MouVersion | None:
        """The newest version that is not void."""
        return self.versions.exclude(status=VersionStatus.VOID).order_by("-number").first()

    @property
    def earlier(self) -> models.QuerySet[Mou]:
        """The firm's agreements under this programme before this one, the newest first."""
        own = {"organisation": self.organisation_id, "programme": self.programme_id}
        return Mou.objects.filter(**own, pk__lt=self.pk).order_by("-pk")

    @property
    def signed(self) -> MouVersion | None:
        """The version that binds: signed by both, archived, and not superseded."""
        return self.versions.filter(status=VersionStatus.SIGNED).order_by("-number").first()


def new_token() -> str:
    """128 random bits for the address of the verification page."""
    return secrets.token_urlsafe(16)


class MouVersion(models.Model):
    """One text of an agreement; frozen once agreed (a trigger refuses any later change)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    template = models.ForeignKey(Template, models.PROTECT, related_name="versions")
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=VersionStatus.choices,
        default=VersionStatus.DRAFT,
    )
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    # The amendment that it was made for; none for the texts before the agreement is in force.
    amendment = models.ForeignKey(
        "mou.Amendment", models.PROTECT, null=True, blank=True, related_name="versions"
    )
    token = models.CharField(max_length=32, unique=True, default=new_token)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    survey_note = models.TextField(_("why no survey was made"), blank=True)
    # The last day of the round of signing, laid down when the document was sealed.
    sign_by = models.DateField(_("to be signed by"), null=True, blank=True)
    # How many of the signatories that the firm has named sign together, and what says so.
    signatures_needed = models.PositiveSmallIntegerField(_("signatures of the firm"), default=1)
    signing_power = models.TextField(_("why the firm needs so many signatures"), blank=True)
    # What the document waits for, in words for staff; empty when nothing is wrong.
    waiting_for = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["mou", "number"], name="mouversion_number_unique"),
            models.UniqueConstraint(
                fields=["mou"],
                condition=Q(
                    status__in=[
                        VersionStatus.DRAFT,
                        VersionStatus.AGREED,
                        VersionStatus.SIGNING,
                        VersionStatus.SEALING,
                    ]
                ),
                name="mouversion_one_open_per_agreement",
            ),
            models.CheckConstraint(
                condition=Q(signatures_needed__range=(1, MOST_SIGNATORIES)),
                name="mouversion_signatures_needed_in_range",
            ),
            models.CheckConstraint(
                condition=Q(signatures_needed=1) | ~Q(signing_power=""),
                name="mouversion_says_why_so_many_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mou} v{self.number}"

    def signature_of(self, party: str) -> models.Model | None:
        """This party's live signature, if there is one."""
        return self.signatures.filter(
            party=party,
            status__in=[
                SignatureStatus.AUTHORISED,
                SignatureStatus.SIGNED,
                SignatureStatus.STAMPED,
            ],
        ).first()


class Acceptance(models.Model):
    """One party accepted the text with this hash."""

    version = models.ForeignKey(MouVersion, models.PROTECT, related_name="acceptances")
    party = models.CharField(max_length=20, choices=Party.choices)
    content_hash = models.CharField(max_length=64)
    accepted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [
            models.UniqueConstraint(fields=["version", "party"], name="acceptance_one_per_party")
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.party}"
