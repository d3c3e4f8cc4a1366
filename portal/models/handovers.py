"""Handing an organisation over: one owner offers the place, the receiver confirms it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.organisations import Membership, MembershipRole, Organisation


class HandoverQuerySet(models.QuerySet["Handover"]):
    def open(self) -> HandoverQuerySet:
        """Offered and not answered, as long as an answer is waited for."""
        earliest = timezone.now() - timedelta(days=settings.HANDOVER_DAYS)
        return self.unanswered().filter(offered_at__gt=earliest)

    def unanswered(self) -> HandoverQuerySet:
        return self.filter(accepted_at=None, closed_at=None)


class Handover(models.Model):
    """An owner's place offered to another member; nothing changes before that person says yes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="handovers")
    giver = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    # What the giver is afterwards; an owner hands over and stays no owner.
    stays_as = models.CharField(_("stays as"), max_length=20, choices=MembershipRole.choices)
    offered_at = models.DateTimeField(_("offered"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    # Refused by the receiver or taken back by the giver.
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.UniqueConstraint(
                fields=["giver"],
                condition=Q(accepted_at=None, closed_at=None),
                name="handover_one_open_per_giver",
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="handover_to_another_person"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(closed_at=None),
                name="handover_accepted_or_closed",
            ),
            models.CheckConstraint(
                condition=~Q(stays_as=MembershipRole.OWNER), name="handover_leaves_no_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"

    @property
    def ends_at(self) -> datetime:
        """From then on nobody takes it over any more."""
        return self.offered_at + timedelta(days=settings.HANDOVER_DAYS)
