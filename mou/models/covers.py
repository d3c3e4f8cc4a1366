"""Member firms that the agreement of their association covers, and since when."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import CoverStatus, MouStatus
from mou.models.agreements import Mou
from portal.models import Organisation, User

LIVE = [CoverStatus.NAMED, CoverStatus.CONFIRMED]
ENDED = [one for one in CoverStatus if one not in LIVE]


class CoverQuerySet(models.QuerySet["Cover"]):
    def live(self) -> CoverQuerySet:
        """Named or confirmed, and not ended."""
        return self.filter(status__in=LIVE)

    def in_force(self) -> CoverQuerySet:
        """Confirmed by the firm, while the agreement of its association is in force."""
        return self.filter(status=CoverStatus.CONFIRMED, mou__status=MouStatus.IN_FORCE)

    def visible_to(self, user: User) -> CoverQuerySet:
        """Staff of the agreement desk see all; others those of their firms as a member."""
        if user.has_role("caseworker", "countersigner", "supervisor"):
            return self
        return self.filter(
            organisation__memberships__user=user, organisation__memberships__ended_at=None
        )


class Cover(models.Model):
    """One firm's place under the agreement of its association; a new one each time it joins."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="covers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="covers")
    status = models.CharField(
        _("status"), max_length=20, choices=CoverStatus.choices, default=CoverStatus.NAMED
    )
    # As the association wrote it: a number that it typed shall not tell it whose number that is.
    named_as = models.CharField(_("named as"), max_length=200)
    # Where the association says the firm is written to; believed only once an officer checked it.
    contact_email = models.EmailField(_("contact address"), blank=True)
    named_at = models.DateTimeField(_("named"), default=timezone.now)
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(_("reason"), blank=True)
    # The association's leave to name this member; the firm's own is its entry of the register.
    shown_at = models.DateTimeField(null=True, blank=True)
    shown_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("covered member firm")
        verbose_name_plural = _("covered member firms")
        constraints = [
            models.UniqueConstraint(
                fields=["mou", "organisation"],
                condition=Q(status__in=LIVE),
                name="cover_one_live_per_firm_and_agreement",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="cover_confirmed_at_with_by",
            ),
            models.CheckConstraint(
                condition=~Q(status=CoverStatus.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="cover_confirmed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status__in=LIVE, ended_at=None)
                | Q(status__in=ENDED, ended_at__isnull=False),
                name="cover_ended_at_with_status",
            ),
            models.CheckConstraint(
                condition=~Q(status=CoverStatus.REFUSED) | ~Q(end_reason=""),
                name="cover_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(shown_at=None, shown_by=None)
                | Q(shown_at__isnull=False, shown_by__isnull=False),
                name="cover_shown_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["mou", "status", "id"], name="cover_by_status")]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.mou}"

    @property
    def known_as(self) -> str:
        """The firm's name as its association may read it: its own word until the firm says yes."""
        return self.named_as if self.confirmed_at is None else self.organisation.legal_name

    @property
    def is_in_force(self) -> bool:
        """Whether the firm is covered at this moment."""
        return self.status == CoverStatus.CONFIRMED and self.mou.status == MouStatus.IN_FORCE
