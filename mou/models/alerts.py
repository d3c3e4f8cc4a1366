"""Alerts: what partner firms are warned of, and where each one has arrived and been read."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import AlertStatus, CoverStatus, MouStatus
from mou.models.agreements import Mou
from mou.models.covers import Cover
from portal.models import Membership, Organisation, User
from portal.models.organisations import MembershipRole


class Handling(models.TextChoices):
    """How far an alert may travel; the narrowest is held by the portal itself."""

    NAMED = "named", _("Owners and signatories only")
    FIRM = "firm", _("Within the firm only")
    CHAIN = "chain", _("The firm and those who work for it")
    OPEN = "open", _("May be passed on")


class Usefulness(models.TextChoices):
    """What a firm says an alert was worth to it: a code, never a text about a case."""

    USED = "used", _("We changed something because of it")
    NEW = "new", _("It was new to us")
    KNOWN = "known", _("We knew it already")
    NOT_OURS = "not_ours", _("It does not concern us")


class Because(models.TextChoices):
    """Why a firm gets an alert."""

    AUDIENCE = "audience", _("It goes to every firm of its audience")
    TOLD = "told", _("It concerns goods or transport that the firm told of")
    UNKNOWN = "unknown", _("Too little is known of the firm to leave it out")


class AlertQuerySet(models.QuerySet["Alert"]):
    def current(self) -> AlertQuerySet:
        """What firms are warned of today."""
        return self.filter(status=AlertStatus.PUBLISHED, expires_on__gte=timezone.localdate())


class Alert(models.Model):
    """A warning to partner firms: a method, its signs, and what to do; approved by another."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("what happens"))
    advice = models.TextField(_("what to do"), blank=True)
    # Codes of the reference lists, which say whom each one concerns; none is every partner firm.
    audience = models.JSONField(_("audience"), default=list, blank=True)
    commodities = models.JSONField(_("commodities"), default=list, blank=True)
    methods = models.JSONField(_("methods"), default=list, blank=True)
    indicators = models.JSONField(_("signs"), default=list, blank=True)
    handling = models.CharField(
        _("may be shared with"), max_length=20, choices=Handling.choices, default=Handling.FIRM
    )
    expires_on = models.DateField(_("last day"))
    status = models.CharField(
        _("status"), max_length=20, choices=AlertStatus.choices, default=AlertStatus.DRAFT
    )
    # Counts up with each change of the text, so that nobody approves what was not read.
    revision = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    remark = models.TextField(_("why it came back"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal = models.TextField(_("why it was withdrawn"), blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="alert_says_something"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | ~Q(approved_by=F("written_by")) & ~Q(approved_by=F("proposed_by")),
                name="alert_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[AlertStatus.PUBLISHED, AlertStatus.EXPIRED])
                | Q(published_at__isnull=False, approved_by__isnull=False),
                name="alert_published_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(status=AlertStatus.WITHDRAWN, withdrawn_at__isnull=False)
                & Q(withdrawn_by__isnull=False)
                & ~Q(withdrawal="")
                | ~Q(status=AlertStatus.WITHDRAWN) & Q(withdrawn_at=None, withdrawn_by=None),
                name="alert_withdrawn_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="alert_by_status"),
            models.Index(fields=["status", "expires_on"], name="alert_by_last_day"),
        ]

    def __str__(self) -> str:
        return self.title


class AlertDeliveryQuerySet(models.QuerySet["AlertDelivery"]):
    def standing(self) -> AlertDeliveryQuerySet:
        """Of current alerts, at firms whose agreement is in force."""
        return self.filter(
            alert__status=AlertStatus.PUBLISHED,
            alert__expires_on__gte=timezone.localdate(),
            mou__status=MouStatus.IN_FORCE,
        ).filter(Q(cover=None) | Q(cover__status=CoverStatus.CONFIRMED))

    def visible_to(self, user: User) -> AlertDeliveryQuerySet:
        """What this person of a firm may read; the narrowest only who may bind the firm."""
        own = Membership.objects.filter(
            organisation=Coalesce(OuterRef("cover__organisation"), OuterRef("mou__organisation")),
            user=user,
            ended_at=None,
        )
        binding = own.exclude(role=MembershipRole.MEMBER)
        return self.standing().filter(
            Exists(own), ~Q(alert__handling=Handling.NAMED) | Q(Exists(binding))
        )


class AlertDelivery(models.Model):
    """An alert at one firm: since when, and who there has acknowledged it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="deliveries")
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="alerts")
    # The member firm that has it through the agreement of its association; else the firm itself.
    cover = models.ForeignKey(Cover, models.PROTECT, null=True, blank=True, related_name="alerts")
    delivered_at = models.DateTimeField(_("delivered"), default=timezone.now)
    because = models.CharField(
        _("why the firm has it"), max_length=20, choices=Because.choices, default=Because.AUDIENCE
    )
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    usefulness = models.CharField(
        _("worth to the firm"), max_length=20, choices=Usefulness.choices, blank=True
    )

    objects = AlertDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert at a firm")
        verbose_name_plural = _("alerts at firms")
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "mou"],
                condition=Q(cover=None),
                name="alertdelivery_once_a_firm",
            ),
            models.UniqueConstraint(
                fields=["alert", "cover"],
                condition=Q(cover__isnull=False),
                name="alertdelivery_once_a_member",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None, usefulness="")
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alertdelivery_acknowledged_at_with_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["alert", "-id"],
                condition=Q(acknowledged_at=None),
                name="alertdelivery_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert} – {self.mou}"

    @property
    def firm(self) -> Organisation:
        """Who has it."""
        return self.mou.organisation if self.cover is None else self.cover.organisation
