"""Posts abroad, the countries each covers, who is posted there and to whom they are accredited."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partners.lifecycle import PostStatus
from partners.models.checked import Checked, Shipped
from partners.models.partners import VisibleQuerySet
from portal.models import User


class PostType(models.TextChoices):
    ATTACHE = "attache", _("Customs attaché")
    # Represents the ministry, not customs: never to be listed as an attaché.
    STRATEGIC = "strategic", _("Strategic post")


class PostQuerySet(VisibleQuerySet):
    def standing(self) -> PostQuerySet:
        """Those that were not closed."""
        return self.exclude(status=PostStatus.CLOSED)

    def attaches(self) -> PostQuerySet:
        """Posts that firms may ask for by country; strategic posts never are."""
        return self.standing().filter(type=PostType.ATTACHE)


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
    # Where the map shows it; without them it stands in the middle of its host country.
    latitude = models.DecimalField(
        _("latitude"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=6, decimal_places=3, null=True, blank=True
    )
    note = models.TextField(_("note of the desk"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(condition=~Q(city=""), name="post_has_a_city"),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="post_stands_on_the_earth",
            ),
        ]
        indexes = [models.Index(fields=["review_due"], name="post_by_review_due")]

    def __str__(self) -> str:
        return self.city

    @property
    def has_ended(self) -> bool:
        return self.status == PostStatus.CLOSED


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

    @property
    def country_name(self) -> str:
        return str(self.country.name)  # type: ignore[attr-defined]


class PostingQuerySet(models.QuerySet["Posting"]):
    def real(self) -> PostingQuerySet:
        """Without those that were called off before they began."""
        return self.filter(called_off_at=None)

    def live(self) -> PostingQuerySet:
        """Begun or to begin, and not over: those that name a person."""
        return self.real().filter(ended_at=None)

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
    # Planned, and nothing came of it.
    called_off_at = models.DateTimeField(null=True, blank=True)
    # Of how many months before its end the liaison desk was told last.
    warned = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
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
            # What is over, or never began, names nobody.
            models.CheckConstraint(
                condition=Q(ended_at=None, called_off_at=None)
                | Q(name="", title="", email="", direct_line="", user=None),
                name="posting_over_names_nobody",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ends_on__isnull=False, called_off_at=None),
                name="posting_ended_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("pk")),
                name="posting_succeeds_another",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="posting_by_end")]

    def __str__(self) -> str:
        return f"{self.name or _('Former holder')} – {self.post}"

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None or self.called_off_at is not None


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
            models.CheckConstraint(
                condition=Q(asked_on=None) | Q(since=None) | Q(since__gte=F("asked_on")),
                name="accreditation_accepted_after_it_was_asked_for",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.posting} – {self.country}"

    @property
    def country_name(self) -> str:
        return str(self.country.name)  # type: ignore[attr-defined]
