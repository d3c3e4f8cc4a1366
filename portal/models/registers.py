"""What the data protection officer keeps: rights requests, breaches, processing activities.

Their texts may name people: only that officer and the auditor read them, and no event, e-mail
or log repeats them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lifecycle import BreachStatus, RightsStatus
from portal.models.users import User

# Directive (EU) 2016/680, Art. 30; Regulation (EU) 2016/679, Art. 33.
NOTIFIED_WITHIN = timedelta(hours=72)


class Regime(models.TextChoices):
    """Which law a processing falls under."""

    LED = "led", _("Directive (EU) 2016/680: crime")
    GDPR = "gdpr", _("Regulation (EU) 2016/679: everything else")


class RightsKind(models.TextChoices):
    ACCESS = "access", _("Access to their data")
    RECTIFICATION = "rectification", _("Rectification")
    ERASURE = "erasure", _("Erasure")
    RESTRICTION = "restriction", _("Restriction of processing")


class Route(models.TextChoices):
    DIRECT = "direct", _("From the person")
    AUTHORITY = "authority", _("Through the supervisory authority")


class Outcome(models.TextChoices):
    GRANTED = "granted", _("Granted")
    IN_PART = "in_part", _("Granted in part")


class RefusalGround(models.TextChoices):
    """What a right may give way to (Directive (EU) 2016/680, Art. 12(4), 13(3), 15(1), 16(4))."""

    INQUIRY = "inquiry", _("It would obstruct an inquiry or procedure")
    CRIME = "crime", _("It would prejudice the prevention or prosecution of crime")
    SECURITY = "security", _("It would endanger public or national security")
    OTHERS = "others", _("It would harm the rights of others, such as a source")
    UNFOUNDED = "unfounded", _("It is manifestly unfounded or excessive")
    IDENTITY = "identity", _("Who asks could not be established")
    NOTHING = "nothing", _("There are no such data, or they are accurate")


def _by(name: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name=name)


class RightsQuerySet(models.QuerySet["RightsRequest"]):
    def open(self) -> RightsQuerySet:
        return self.exclude(status=RightsStatus.CLOSED)

    def waiting(self) -> RightsQuerySet:
        """Those that the person has no answer to yet."""
        return self.filter(status__in=[RightsStatus.RECEIVED, RightsStatus.IDENTIFIED])


class RightsRequest(models.Model):
    """Somebody asks for what Articles 12–18 give them; a month to answer."""

    kind = models.CharField(_("asks for"), max_length=20, choices=RightsKind.choices)
    regime = models.CharField(_("law"), max_length=8, choices=Regime.choices)
    route = models.CharField(_("came"), max_length=12, choices=Route.choices, default=Route.DIRECT)
    person = models.CharField(_("who asks, and how to reach them"), max_length=300)
    wish = models.TextField(_("what they ask"), max_length=4000)
    status = models.CharField(
        _("status"), max_length=12, choices=RightsStatus.choices, default=RightsStatus.RECEIVED
    )
    received_on = models.DateField(_("received"))
    received_by = _by("received_rights_requests")
    due_on = models.DateField(_("due"))
    extended_at = models.DateTimeField(_("extended"), null=True, blank=True)
    extension_reason = models.CharField(_("why longer"), max_length=500, blank=True)
    identified_at = models.DateTimeField(_("identity checked"), null=True, blank=True)
    identified_by = _by("identified_rights_requests")
    identified_how = models.CharField(_("how it was checked"), max_length=300, blank=True)
    # The data are disputed: whoever uses them has to know (Art. 16(3)).
    contested = models.BooleanField(_("the data are contested"), default=False)
    contested_what = models.CharField(_("which data are marked"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    refusal_ground = models.CharField(
        _("ground of refusal"), max_length=12, choices=RefusalGround.choices, blank=True
    )
    decision = models.TextField(_("decision and reasons"), max_length=4000, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = _by("decided_rights_requests")
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = _by("closed_rights_requests")

    objects = RightsQuerySet.as_manager()

    class Meta:
        verbose_name = _("rights request")
        verbose_name_plural = _("rights requests")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="rightsrequest_decided_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(refusal_ground=""),
                name="rightsrequest_granted_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("received_on")), name="rightsrequest_due_later"
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on"], name="rightsrequest_status_due")]

    def __str__(self) -> str:
        return f"R-{self.pk}"


class BreachQuerySet(models.QuerySet["Breach"]):
    def undecided(self) -> BreachQuerySet:
        """Neither notified nor found to need no notification: the 72 hours run."""
        return self.filter(status=BreachStatus.DISCOVERED)


class Breach(models.Model):
    """A breach of personal data: what happened, and who was told within 72 hours or why not."""

    discovered_at = models.DateTimeField(_("discovered"))
    due_at = models.DateTimeField(_("to be notified by"))
    regime = models.CharField(_("law"), max_length=8, choices=Regime.choices)
    status = models.CharField(
        _("status"), max_length=12, choices=BreachStatus.choices, default=BreachStatus.DISCOVERED
    )
    nature = models.TextField(_("what happened"), max_length=4000)
    categories = models.TextField(_("whose data, and which"), max_length=2000)
    people = models.PositiveIntegerField(_("people concerned, about"), null=True, blank=True)
    consequences = models.TextField(_("likely consequences"), max_length=2000, blank=True)
    measures = models.TextField(_("measures taken"), max_length=4000, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = _by("recorded_breaches")
    notified_at = models.DateTimeField(_("authority notified"), null=True, blank=True)
    notified_by = _by("notified_breaches")
    authority_reference = models.CharField(_("the authority’s number"), max_length=100, blank=True)
    late_reason = models.CharField(_("why later than 72 hours"), max_length=500, blank=True)
    not_notified_reason = models.CharField(_("why not notified"), max_length=1000, blank=True)
    people_told_at = models.DateTimeField(_("people told"), null=True, blank=True)
    people_told_how = models.CharField(
        _("how they were told, or why not"), max_length=1000, blank=True
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = _by("closed_breaches")

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        constraints = [
            models.CheckConstraint(
                condition=Q(notified_at=None) | Q(notified_by__isnull=False),
                name="breach_notified_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(status=BreachStatus.DISCOVERED)
                | Q(notified_at__isnull=False)
                | ~Q(not_notified_reason=""),
                name="breach_notified_or_says_why_not",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status=BreachStatus.DISCOVERED),
                name="breach_undecided",
            )
        ]

    def __str__(self) -> str:
        return f"B-{self.pk}"

    def hours_left(self, now: datetime | None = None) -> int:
        """Full hours until the authority has to know; below zero when that is past."""
        return int((self.due_at - (now or timezone.now())).total_seconds() // 3600)


class ProcessingActivity(models.Model):
    """One line of the register of processing (Art. 24; Regulation (EU) 2016/679, Art. 30)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    regime = models.CharField(_("law"), max_length=8, choices=Regime.choices)
    purpose = models.TextField(_("purpose"), max_length=2000)
    legal_basis = models.TextField(_("legal basis"), max_length=2000)
    people = models.TextField(_("categories of people"), max_length=2000)
    data = models.TextField(_("categories of data"), max_length=2000)
    recipients = models.TextField(_("recipients"), max_length=2000)
    transfers = models.TextField(_("transfers to third countries"), max_length=2000)
    retention = models.TextField(_("kept for"), max_length=2000)
    security = models.TextField(_("security"), max_length=2000)
    profiling = models.CharField(_("profiling"), max_length=300)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    changed_by = _by("changed_activities")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # What the data file said when it was last loaded; empty for a row that an officer wrote.
    shipped = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("processing activity")
        verbose_name_plural = _("processing activities")

    def __str__(self) -> str:
        return self.name
