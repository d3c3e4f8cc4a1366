"""Offers of an agreement: one live offer a firm and programme."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import OfferStatus
from mou.models.programmes import Programme
from mou.models.trust import Component, TrustStatus
from portal.models import Organisation, User


class Basis(models.TextChoices):
    TRUST_STATUS = "trust_status", _("Trust status")
    INTEREST = "interest", _("Expression of interest")
    OUTREACH = "outreach", _("Outreach")


class MouOfferQuerySet(models.QuerySet["MouOffer"]):
    def visible_to(self, user: User) -> MouOfferQuerySet:
        """Staff of the agreement desk see all; a firm's people see offers that were sent."""
        if user.has_role("caseworker", "countersigner", "supervisor"):
            return self
        return self.exclude(status=OfferStatus.UNSENT).filter(
            organisation__memberships__user=user,
            organisation__memberships__ended_at=None,
        )

    def lacking_address(self) -> MouOfferQuerySet:
        """Unsent, because nobody knows where to send them."""
        return self.filter(status=OfferStatus.UNSENT, contact_verified_at=None)

    def to_be_sent(self) -> MouOfferQuerySet:
        """Unsent with an address: on their way, or their certificate is not in effect."""
        return self.filter(status=OfferStatus.UNSENT, contact_verified_at__isnull=False)

    def unanswered(self) -> MouOfferQuerySet:
        return self.filter(status=OfferStatus.SENT)

    def offered(self) -> MouOfferQuerySet:
        """Offers that reached the firm: only these count as offered."""
        return self.filter(sent_at__isnull=False)


class MouOffer(models.Model):
    """The administration's offer to one firm to sign an agreement."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mou_offers")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="offers")
    basis = models.CharField(_("basis"), max_length=20, choices=Basis.choices)
    trust_status = models.ForeignKey(
        TrustStatus, models.PROTECT, null=True, blank=True, related_name="offers"
    )
    # The batch that made it; none where it was made by itself.
    batch = models.ForeignKey(
        "mou.OfferBatch", models.PROTECT, null=True, blank=True, related_name="offers"
    )
    # The half of it that the agreement will require, by the programme's rule or an officer's word.
    required_component = models.CharField(
        _("required part of the certificate"),
        max_length=1,
        choices=Component.choices,
        blank=True,
    )
    reason = models.TextField(_("reason"), blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=OfferStatus.choices,
        default=OfferStatus.UNSENT,
    )
    contact_email = models.EmailField(_("contact address"), blank=True)
    contact_source = models.CharField(_("how the address was checked"), max_length=200, blank=True)
    contact_verified_at = models.DateTimeField(null=True, blank=True)
    contact_verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.TextField(_("reason for declining"), blank=True)

    objects = MouOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "programme"],
                condition=Q(
                    status__in=[
                        OfferStatus.UNSENT,
                        OfferStatus.SENT,
                        OfferStatus.ACCEPTED,
                    ]
                ),
                name="mouoffer_one_live_per_firm_and_programme",
            ),
            models.UniqueConstraint(
                fields=["batch", "organisation"],
                condition=Q(batch__isnull=False),
                name="mouoffer_once_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, status__in=[OfferStatus.UNSENT, OfferStatus.WITHDRAWN])
                | Q(sent_at__isnull=False) & ~Q(status=OfferStatus.UNSENT),
                name="mouoffer_sent_at_with_status",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(contact_verified_at__isnull=False),
                name="mouoffer_sent_to_a_verified_address",
            ),
            models.CheckConstraint(
                condition=~Q(basis=Basis.TRUST_STATUS) | Q(trust_status__isnull=False),
                name="mouoffer_trust_basis_names_the_status",
            ),
            models.CheckConstraint(
                condition=Q(required_component="")
                | Q(required_component__in=Component.values, trust_status__isnull=False),
                name="mouoffer_component_of_a_certificate",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="mouoffer_answered_at_with_by",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="mouoffer_by_status"),
        ]

    def __str__(self) -> str:
        return str(self.organisation)
