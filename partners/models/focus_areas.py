"""Focus areas: what is watched for together with partners, from a day to a day, and by whom."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.partners import Partner
from portal.models import User


class FocusAreaQuerySet(models.QuerySet["FocusArea"]):
    def on(self, day: date) -> FocusAreaQuerySet:
        """Those that hold on this day; the last day counts."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))

    def with_heard(self, owners: models.QuerySet[User]) -> FocusAreaQuerySet:
        """Each with `is_heard`: whether it has an owner, and one of those who may own."""
        return self.annotate(is_heard=Exists(owners.filter(pk=OuterRef("owner"))))

    def unheard(self, owners: models.QuerySet[User]) -> FocusAreaQuerySet:
        """Those that run and whose matches nobody hears of."""
        return self.on(timezone.localdate()).exclude(owner__in=owners)


class FocusArea(models.Model):
    """A priority: goods, direction, mode, origin and partners, with an owner who is told."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=150)
    # Codes of the lists `commodity`, `direction` and `transport_mode`; empty narrows nothing.
    commodities = models.JSONField(_("kinds of goods"), default=list, blank=True)
    directions = models.JSONField(_("directions"), default=list, blank=True)
    modes = models.JSONField(_("modes of transport"), default=list, blank=True)
    # ISO 3166 codes. A report whose country nobody noted fits all the same (partners/focus.py).
    origins = models.JSONField(_("origins"), default=list, blank=True)
    partners: models.ManyToManyField[Partner, Partner] = models.ManyToManyField(
        Partner, blank=True, related_name="focus_areas", verbose_name=_("partners")
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until, that day included"), null=True, blank=True)
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    note = models.TextField(_("note of the desk"), blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # What the data file said when it was loaded; empty for those that officers made.
    shipped = models.CharField(max_length=64, blank=True, editable=False)

    objects = FocusAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("focus area")
        verbose_name_plural = _("focus areas")
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="focusarea_runs_forward",
            ),
            models.CheckConstraint(
                condition=~Q(commodities=[]) | ~Q(directions=[]) | ~Q(modes=[]),
                name="focusarea_narrows_something",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="focusarea_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def countries(self) -> frozenset[str]:
        """Those of its partners; what spans countries has none."""
        return frozenset(str(one.country) for one in self.partners.all() if one.country)
