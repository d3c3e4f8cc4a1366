"""Expressions of interest: firms that ask for an agreement, and what became of each."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from mou.lifecycle import InterestStatus
from mou.models.agreements import new_token
from mou.models.offers import MouOffer
from portal.models import User


class Interest(models.Model):
    """A firm asks for an agreement; it needs no certificate, no EORI and no customs activity."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    firm_name = models.CharField(_("firm"), max_length=200)
    country = CountryField(_("country"))
    national_id = models.CharField(_("registration number"), max_length=40, blank=True)
    eori = models.CharField(_("EORI number"), max_length=17, blank=True)
    role = models.CharField(_("what the firm does"), max_length=40)
    about = models.TextField(_("why"), blank=True)
    person = models.CharField(_("who writes"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=20, choices=InterestStatus.choices, default=InterestStatus.RECEIVED
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.TextField(_("reason of the refusal"), blank=True)
    # The way to a review, mailed with the refusal.
    token = models.CharField(max_length=32, unique=True, default=new_token)
    objection = models.TextField(_("what the firm says to it"), blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # From then on nothing is left of who asked and what was said (mou/retention.py).
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    offer = models.OneToOneField(
        MouOffer, models.PROTECT, null=True, blank=True, related_name="interest"
    )

    class Meta:
        verbose_name = _("expression of interest")
        verbose_name_plural = _("expressions of interest")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=InterestStatus.REFUSED)
                | ~Q(refusal="")
                | Q(erased_at__isnull=False),
                name="interest_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=InterestStatus.ACCEPTED) | Q(offer__isnull=False),
                name="interest_accepted_with_an_offer",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(firm_name="", national_id="", eori="", about="", person="")
                & Q(email="", phone="", refusal="", objection=""),
                name="interest_erased_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=models.F("decided_by")),
                name="interest_reviewed_by_another",
            ),
        ]
        indexes = [models.Index(fields=["status", "-id"], name="interest_by_status")]

    def __str__(self) -> str:
        return self.firm_name or gettext("Erased")

    @property
    def review_until(self) -> datetime | None:
        """Until when the firm may ask for a review of a refusal."""
        if self.decided_at is None:
            return None
        return self.decided_at + timedelta(days=settings.INTEREST_REVIEW_DAYS)
