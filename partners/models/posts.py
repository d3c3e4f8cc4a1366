"""Posts abroad, the countries each covers, who is posted there and to whom they are accredited."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partners.models.checked import Checked, Shipped
from partners.models.partners import VisibleQuerySet
from portal.models import User


class PostType(models.TextChoices):
    ATTACHE = "attache", _("Customs attaché")
    # Represents the ministry, not customs: never to be listed as an attaché.
    STRATEGIC = "strategic", _("Strategic post")


class PostStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    VACANT = "vacant", _("Vacant")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")


class PostQuerySet(VisibleQuerySet):
    def attaches(self) -> PostQuerySet:
        """Posts that firms may ask for by country; strategic posts never are."""
        return self.filter(type=PostType.ATTACHE).exclude(status=PostStatus.CLOSED)


class Post(Checked, Shipped):
    """A place abroad; its mailbox outlives the people posted there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=40, unique=True)
    type = models.CharField(_("type"), max_length=20, choices=PostType.choices)
    status = models.CharField(
        _("status"), max_length=20, choices=PostStatus.choices, default=PostStatus.ACTIVE
    )
    city = models.CharField(_("city"), max_length=80)
    host_country = CountryField(_("host country"))
    mission = models.CharField(_("mission"), max_length=200, blank=True)
    # A strategic post carries the title of its holder: “Financial Counsellor”.
    title = models.CharField(_("title of the post"), max_length=120, blank=True)
    portfolio = models.TextField(_("portfolio"), blank=True)
    services = models.TextField(_("what it does for business"), blank=True)
    counterparts = models.TextField(_("usual counterparts"), blank=True)
    email = models.EmailField(_("mailbox of the post"), blank=True)
    phone = models.CharField(_("telephone of the post"), max_length=40, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60)
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    holidays = models.CharField(_("holidays of"), max_length=2, blank=True)
    note = models.TextField(_("note of the desk"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [models.CheckConstraint(condition=~Q(city=""), name="post_has_a_city")]
        indexes = [models.Index(fields=["review_due"], name="post_by_review_due")]

    def __str__(self) -> str:
        return self.city


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def on(self, day: date) -> CoverageQuerySet:
        """Those that hold on this day; the last day counts."""
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class Coverage(models.Model):
    """A post covers a country: its host, or one covered from elsewhere."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="coverages")
    country = CountryField(_("country"))
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until, that day included"), null=True, blank=True)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverages")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "country"],
                condition=Q(until=None),
                name="coverage_one_open_per_country",
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="coverage_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["country"], name="coverage_by_country")]

    def __str__(self) -> str:
        return f"{self.country} – {self.post}"


class PostingQuerySet(models.QuerySet["Posting"]):
    def on(self, day: date) -> PostingQuerySet:
        """Who is posted on this day; the last day counts."""
        return self.filter(Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


class Posting(models.Model):
    """A person at a post from a day to a day; the person's data go when the posting ends."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(Post, models.PROTECT, related_name="postings")
    # An account of ours when there is one; the person may have none.
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="postings")
    name = models.CharField(_("name"), max_length=150, blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("own address"), blank=True)
    direct_line = models.CharField(_("direct line"), max_length=40, blank=True)
    starts_on = models.DateField(_("begins on"))
    # The last day; empty while no end is known.
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    successor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessor"
    )
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="posting_runs_forward",
            ),
            # What is over names nobody.
            models.CheckConstraint(
                condition=Q(ended_at=None)
                | Q(ended_at__isnull=False, ends_on__isnull=False, email="", direct_line=""),
                name="posting_ended_keeps_no_contact",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="posting_by_end")]

    def __str__(self) -> str:
        return f"{self.name} – {self.post}"


class AccreditationKind(models.TextChoices):
    HOST = "host", _("To the host country")
    SIDE = "side", _("To a country covered from elsewhere")


class Accreditation(models.Model):
    """A person is accredited to a country from a day to a day; posting and accreditation differ."""

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="accreditations")
    country = CountryField(_("country"))
    kind = models.CharField(_("kind"), max_length=10, choices=AccreditationKind.choices)
    asked_on = models.DateField(_("asked for on"), null=True, blank=True)
    since = models.DateField(_("accepted on"), null=True, blank=True)
    until = models.DateField(_("until, that day included"), null=True, blank=True)

    class Meta:
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        constraints = [
            models.UniqueConstraint(
                fields=["posting", "country"], name="accreditation_one_per_country"
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                name="accreditation_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting} – {self.country}"
