"""The law under which information may pass: instruments, their parties and their purposes."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partners.models.partners import Partner


class InstrumentKind(models.TextChoices):
    CONVENTION = "convention", _("Convention")
    EU_LAW = "eu_law", _("Law of the European Union")
    AGREEMENT = "agreement", _("Agreement on mutual assistance")
    MEMORANDUM = "memorandum", _("Memorandum")


class Purpose(models.TextChoices):
    """What information under an instrument may serve."""

    PREVENTION = "prevention", _("Preventing and detecting offences against customs law")
    INVESTIGATION = "investigation", _("Investigating offences")
    PROSECUTION = "prosecution", _("Prosecution and punishment")
    ADMINISTRATIVE = "administrative", _("Correct application of customs law")
    RECOVERY = "recovery", _("Recovery of customs debts")


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def in_force(self, day: date | None = None) -> InstrumentQuerySet:
        """Signed, entered into force and not ended on this day; the last day counts."""
        day = day or timezone.localdate()
        return self.filter(
            Q(in_force_on__lte=day), Q(signed_on__lte=day), Q(ended_on=None) | Q(ended_on__gte=day)
        )


class Instrument(models.Model):
    """A treaty, a law or a memorandum; an exchange needs one in force for both sides."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=InstrumentKind.choices)
    reference = models.CharField(_("where it is published"), max_length=200, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    # The last day.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    # Codes of Purpose.
    purposes = models.JSONField(_("purposes"), default=list)
    limits = models.TextField(_("limits on use"), blank=True)
    confirmed = models.BooleanField(_("dates confirmed"), default=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    shipped = models.CharField(max_length=64, blank=True, editable=False)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [
            models.CheckConstraint(
                condition=Q(in_force_on=None) | Q(signed_on__isnull=False),
                name="instrument_in_force_was_signed",
            ),
            models.CheckConstraint(
                condition=Q(in_force_on=None)
                | Q(ended_on=None)
                | Q(ended_on__gte=F("in_force_on")),
                name="instrument_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        """Its last day is over; an end that is still to come can be moved."""
        return self.ended_on is not None and self.ended_on < timezone.localdate()


class InstrumentPartyQuerySet(models.QuerySet["InstrumentParty"]):
    def on(self, day: date) -> InstrumentPartyQuerySet:
        """Those who are bound on this day; the last day counts."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class InstrumentParty(models.Model):
    """A country, or a partner without one, bound by an instrument from a day to a day."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="parties")
    country = CountryField(_("country"), blank=True)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="instrument_parties"
    )
    since = models.DateField(_("bound since"), null=True, blank=True)
    until = models.DateField(_("until, that day included"), null=True, blank=True)

    objects = InstrumentPartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party of an instrument")
        verbose_name_plural = _("parties of instruments")
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="instrumentparty_runs_forward",
            ),
            models.CheckConstraint(
                condition=(Q(country="") & Q(partner__isnull=False))
                | (~Q(country="") & Q(partner=None)),
                name="instrumentparty_country_or_partner",
            ),
            models.UniqueConstraint(
                fields=["instrument", "country"],
                condition=~Q(country="") & Q(until=None),
                name="instrumentparty_one_open_per_country",
            ),
            models.UniqueConstraint(
                fields=["instrument", "partner"],
                condition=Q(partner__isnull=False, until=None),
                name="instrumentparty_one_open_per_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner or self.country} – {self.instrument}"

    @property
    def has_ended(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()
