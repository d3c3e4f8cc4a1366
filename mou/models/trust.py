"""Trust statuses such as AEO: schemes, holders' certificates and what happened to them."""

from __future__ import annotations

import re
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from portal.models import Organisation, User


class TrustScheme(models.Model):
    """A scheme under which customs trusts a firm, with its legal basis and dates."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("trust scheme")
        verbose_name_plural = _("trust schemes")

    def __str__(self) -> str:
        return self.name


class CertificateType(models.TextChoices):
    """Reg. (EU) 952/2013, Art. 38: C, S, and F where both are held together."""

    C = "C", _("AEOC, customs simplifications")
    S = "S", _("AEOS, security and safety")
    F = "F", _("AEOF, customs simplifications with security and safety")


class Component(models.TextChoices):
    """The half of a certificate that an agreement requires; "" where it requires none."""

    SIMPLIFICATIONS = "C", _("Customs simplifications (AEOC)")
    SECURITY = "S", _("Security and safety (AEOS)")


class ComponentState(models.TextChoices):
    NONE = "none", _("Not held")
    VALID = "valid", _("Valid")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Revoked")
    ANNULLED = "annulled", _("Annulled")


COMPONENTS = {
    "C": ("simplifications",),
    "S": ("security",),
    "F": ("simplifications", "security"),
}


class TrustStatus(models.Model):
    """One holder's status; what each half is worth now follows from its events."""

    scheme = models.ForeignKey(TrustScheme, models.PROTECT, related_name="statuses")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="trust_statuses")
    number = models.CharField(_("certificate number"), max_length=60)
    number_normalised = models.CharField(max_length=60, editable=False)
    type = models.CharField(_("type"), max_length=1, choices=CertificateType.choices)
    effective_from = models.DateField(_("effective from"))
    # Beside holder, country, type and date this is what the public list of the Union shows.
    authority = models.CharField(_("competent authority"), max_length=200, blank=True)
    simplifications = models.CharField(
        _("customs simplifications"), max_length=10, choices=ComponentState.choices
    )
    security = models.CharField(
        _("security and safety"), max_length=10, choices=ComponentState.choices
    )

    class Meta:
        verbose_name = _("trust status")
        verbose_name_plural = _("trust statuses")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "number_normalised"], name="truststatus_number_unique"
            ),
            models.CheckConstraint(
                condition=~Q(type="C") | Q(security=ComponentState.NONE),
                name="truststatus_c_holds_no_security",
            ),
            models.CheckConstraint(
                condition=~Q(type="S") | Q(simplifications=ComponentState.NONE),
                name="truststatus_s_holds_no_simplifications",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        self.number_normalised = normalise_number(self.number)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def holds(self, component: str) -> bool:
        """Whether the component C or S is valid now; '' asks for none and is always held."""
        return all(
            getattr(self, field) == ComponentState.VALID for field in COMPONENTS.get(component, ())
        )


def normalise_number(number: str) -> str:
    """A certificate number for comparison: upper case, without white space."""
    return re.sub(r"\s+", "", number).upper()


class StatusEventKind(models.TextChoices):
    GRANTED = "granted", _("Granted")
    AMENDED = "amended", _("Amended")
    SUSPENDED = "suspended", _("Suspended")
    REINSTATED = "reinstated", _("Reinstated")
    DOWNGRADED = "downgraded", _("Downgraded")
    REVOKED = "revoked", _("Revoked")
    ANNULLED = "annulled", _("Annulled")


class StatusEvent(models.Model):
    """Something that happened to a trust status; only ever added."""

    status = models.ForeignKey(TrustStatus, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=StatusEventKind.choices)
    component = models.CharField(max_length=1, choices=CertificateType.choices)
    # Decisions take effect on another day than they are taken; unknown for what came in a list.
    decided_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("status event")
        verbose_name_plural = _("status events")

    def __str__(self) -> str:
        return f"{self.status} {self.kind}"


class ConsentKind(models.TextChoices):
    PUBLICATION = "publication", _("Publication in the list of the Union")
    EXCHANGE = "exchange", _("Exchange with countries that recognise the status")


class StatusConsent(models.Model):
    """A holder's consent about one certificate: given on a day, and taken back at any time."""

    status = models.ForeignKey(TrustStatus, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    given_on = models.DateField(_("given on"))
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("consent of a holder")
        verbose_name_plural = _("consents of holders")
        constraints = [
            models.UniqueConstraint(
                fields=["status", "kind"],
                condition=Q(withdrawn_on=None),
                name="statusconsent_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_by=None)
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False),
                name="statusconsent_withdrawn_on_with_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.kind}"


class TrustDecisionQuerySet(models.QuerySet["TrustDecision"]):
    def waiting(self) -> TrustDecisionQuerySet:
        """Neither in effect nor taken back."""
        return self.filter(applied_at=None, dropped_at=None)

    def held_up(self) -> TrustDecisionQuerySet:
        """Their day came, and they no longer fitted: an officer takes them back or records anew."""
        return self.waiting().exclude(obstacle="")

    def due(self, day: date) -> TrustDecisionQuerySet:
        return self.waiting().filter(effective_on__lte=day)


class TrustDecision(models.Model):
    """A decision on a trust status that takes effect on a later day than it was recorded."""

    status = models.ForeignKey(TrustStatus, models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=StatusEventKind.choices)
    component = models.CharField(max_length=1, choices=CertificateType.choices)
    decided_on = models.DateField()
    effective_on = models.DateField()
    reason = models.TextField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Why it could not take effect on its day; an officer looks at it.
    obstacle = models.TextField(blank=True)

    objects = TrustDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a trust status")
        verbose_name_plural = _("decisions on trust statuses")
        constraints = [
            models.UniqueConstraint(
                fields=["status", "kind", "component"],
                condition=Q(applied_at=None, dropped_at=None),
                name="trustdecision_one_waiting_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(dropped_at=None),
                name="trustdecision_applied_or_dropped",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"],
                condition=Q(applied_at=None, dropped_at=None),
                name="trustdecision_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.kind} {self.effective_on}"


class MutualRecognition(models.Model):
    """A country that recognises the status, and is recognised, from one day to another."""

    scheme = models.ForeignKey(TrustScheme, models.PROTECT, related_name="recognitions")
    country = CountryField(_("country"))
    partner_scheme = models.CharField(_("their scheme"), max_length=200, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    # Unknown until an officer has looked it up in the agreement.
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    # By whom; what a release brought along was recorded by nobody.
    recorded_at = models.DateTimeField(_("recorded"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # A row without a day, since one with a day stands in its place.
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)

    class Meta:
        verbose_name = _("mutual recognition")
        verbose_name_plural = _("mutual recognition")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "country", "valid_from"],
                name="mutualrecognition_country_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["scheme", "country"],
                condition=Q(valid_from=None),
                name="mutualrecognition_country_once_undated",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="mutualrecognition_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None) | Q(valid_from=None),
                name="mutualrecognition_replaced_had_no_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.country.name)  # type: ignore[attr-defined]
