"""The directory: administrations and organisations, their groups and their secure channels."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partners import visibility
from partners.models.checked import Checked, Shipped
from partners.visibility import Level
from portal.models import User


class PartnerType(models.TextChoices):
    CUSTOMS = "customs", _("Customs administration")
    POLICE = "police", _("Police")
    BORDER = "border", _("Border service")
    TAX = "tax", _("Tax administration")
    EU_BODY = "eu_body", _("Body of the European Union")
    INTERNATIONAL = "international", _("International organisation")
    REGIONAL = "regional", _("Regional organisation")
    FORUM = "forum", _("Forum")
    ASSOCIATION = "association", _("Association")


class VisibleQuerySet(models.QuerySet):
    """Entries whose own visibility lets this reader find them."""

    def visible_to(self, user: User | AnonymousUser) -> VisibleQuerySet:
        return self.visible_at(visibility.level_of(user))

    def visible_at(self, level: Level) -> VisibleQuerySet:
        return self.filter(visibility__lte=level)


class PartnerQuerySet(VisibleQuerySet):
    def current(self) -> PartnerQuerySet:
        """Those that still exist."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=timezone.localdate()))


class GroupQuerySet(models.QuerySet["Group"]):
    def visible_at(self, level: Level) -> GroupQuerySet:
        """A group tells of the organisation whose members these are."""
        return self.filter(Q(organisation=None) | Q(organisation__visibility__lte=level))


class Group(Shipped):
    """Partners that belong together, each from a day to a day: the customs services of the EU."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    about = models.TextField(_("what it is"), blank=True)
    # The organisation whose members these are, if there is one.
    organisation = models.ForeignKey(
        "Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="member_groups",
        verbose_name=_("organisation"),
    )

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """Tells whether another editor changed it: of what an editor writes."""
        return hashlib.sha256(json.dumps([self.name, self.about]).encode()).hexdigest()

    @property
    def version(self) -> int:
        """The same as a number, for files: another once an editor changed it."""
        return int(self.fingerprint[:7], 16)


class Partner(Checked, Shipped):
    """One administration or organisation abroad; firms at home are `portal.Organisation`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Part of its address, and the handle that a report is referred to by: `OLAF`, `customs:NL`.
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    local_name = models.CharField(_("name in its own language"), max_length=300, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=PartnerType.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    country = CountryField(_("country"), blank=True)
    area = models.CharField(_("area it covers"), max_length=200, blank=True)
    competent_for = models.TextField(_("what it is competent for"), blank=True)
    about = models.TextField(_("what it is"), blank=True)
    for_business = models.TextField(_("what it means for business"), blank=True)
    website = models.URLField(_("web site"), blank=True)
    # ISO 639-1 codes.
    languages = models.JSONField(_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    # Weekday 0–6 (Monday first) → [["08:00", "16:30"], …], local time.
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    # Country code whose days of the list `holiday` it keeps.
    holidays = models.CharField(_("holidays of"), max_length=2, blank=True)
    is_coordinating = models.BooleanField(_("central coordinating unit"), default=False)
    note = models.TextField(_("note of the desk"), blank=True)
    groups = models.ManyToManyField(Group, through="GroupMembership", related_name="partners")
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="partner_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")), name="partner_is_no_part_of_itself"
            ),
            models.CheckConstraint(
                condition=Q(visibility__lte=Level.RESTRICTED), name="partner_visibility_known"
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="partner_by_name"),
            models.Index(fields=["type", "name", "id"], name="partner_by_type"),
            models.Index(fields=["country", "name"], name="partner_by_country"),
            models.Index(fields=["review_due"], name="partner_by_review_due"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_ended(self) -> bool:
        """From its last day on; an end that is still to come changes nothing yet."""
        return self.ended_on is not None and self.ended_on <= timezone.localdate()


class GroupMembershipQuerySet(models.QuerySet["GroupMembership"]):
    def on(self, day: date) -> GroupMembershipQuerySet:
        """Those that hold on this day; the last day counts."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class GroupMembership(Shipped):
    """A partner belongs to a group from a day to a day."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="group_memberships")
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until, that day included"), null=True, blank=True)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a group")
        verbose_name_plural = _("memberships of groups")
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="groupmembership_runs_forward",
            ),
            models.UniqueConstraint(
                fields=["group", "partner"],
                condition=Q(until=None),
                name="groupmembership_one_open_per_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} – {self.group}"


class SecureChannel(models.Model):
    """A channel that exists beside the portal, recorded and not replaced: CENcomm, SIENA …"""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="channels")
    name = models.CharField(_("channel"), max_length=60)
    reference = models.CharField(_("how it is reached there"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("secure channel")
        verbose_name_plural = _("secure channels")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "name"],
                condition=Q(ended_at=None),
                name="securechannel_one_per_partner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.partner}"

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None
