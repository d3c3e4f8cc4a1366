"""Which firms agreed to be named as signatories, and the code of each one's badge."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import CoverStatus, MouStatus
from mou.models.agreements import Mou, new_token
from mou.models.covers import Cover
from portal.models import Organisation, User


def folded(text: str) -> str:
    """As it is compared in the register: no accents, no capitals, single blanks."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())


class ListingQuerySet(models.QuerySet["Listing"]):
    def public(self) -> ListingQuerySet:
        """What anybody may read: named by leave, and only while the agreement is in force.

        A covered member by leave of both, its own and that of its association.
        """
        return self.filter(withdrawn_at=None, mou__status=MouStatus.IN_FORCE).filter(
            Q(cover=None) | Q(cover__status=CoverStatus.CONFIRMED, cover__shown_at__isnull=False)
        )

    def named(self, typed: str) -> ListingQuerySet:
        """Whose name contains what was typed, accents and capitals aside."""
        return self.filter(name_folded__contains=folded(typed))

    def after(self, last: Listing) -> ListingQuerySet:
        """The rows that follow this one in the order of the register."""
        same = Q(name_folded=last.name_folded, pk__gt=last.pk)
        return self.filter(Q(name_folded__gt=last.name_folded) | same)


class Listing(models.Model):
    """A firm's leave to be named in the register and to show the badge; it may end any day."""

    mou = models.ForeignKey(Mou, models.PROTECT, related_name="listings")
    # The member firm that is named as covered by the agreement; else the firm that signed it.
    cover = models.OneToOneField(
        Cover, models.PROTECT, null=True, blank=True, related_name="listing"
    )
    token = models.CharField(max_length=32, unique=True, default=new_token)
    name_folded = models.CharField(max_length=500)
    given_at = models.DateTimeField(_("leave given"), default=timezone.now)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("leave withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the register")
        verbose_name_plural = _("entries of the register")
        constraints = [
            models.UniqueConstraint(
                fields=["mou"], condition=Q(cover=None), name="listing_one_a_signatory"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="listing_withdrawn_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["name_folded", "id"], name="listing_by_name")]

    def __str__(self) -> str:
        return str(self.mou)

    @property
    def is_public(self) -> bool:
        if self.withdrawn_at is not None or self.mou.status != MouStatus.IN_FORCE:
            return False
        return self.cover is None or (self.cover.is_in_force and self.cover.shown_at is not None)

    @property
    def firm(self) -> Organisation:
        """Who is named."""
        return self.mou.organisation if self.cover is None else self.cover.organisation

    @property
    def since(self) -> datetime | None:
        """Since when the agreement has applied to it."""
        if self.cover is None or self.cover.confirmed_at is None or self.mou.in_force_at is None:
            return self.mou.in_force_at
        return max(self.cover.confirmed_at, self.mou.in_force_at)
