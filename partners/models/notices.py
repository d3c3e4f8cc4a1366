"""Notices of opportunities by country and sector, and who wants to hear of them."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from partners import visibility
from partners.lifecycle import NoticeStatus
from partners.visibility import Level
from portal import reference
from portal.models import User


class NoticeReach(models.IntegerChoices):
    """To whom a notice is shown; no notice is for officers alone."""

    PUBLIC = Level.PUBLIC, _("Everybody")
    PARTNER = Level.PARTNER, _("Firms with a memorandum in force")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def shown_at(self, level: Level) -> NoticeQuerySet:
        """Published, not over, and for readers of this level; who wrote it is not theirs."""
        found = self.filter(
            status=NoticeStatus.PUBLISHED,
            last_day__gte=timezone.localdate(),
            visibility__lte=level,
        )
        return found.defer("written_by", "approved_by", "version")

    def visible_to(self, user: User | AnonymousUser) -> NoticeQuerySet:
        return self.shown_at(visibility.level_of(user))

    def to_approve(self, user: User) -> NoticeQuerySet:
        return self.filter(status=NoticeStatus.PROPOSED).exclude(written_by=user)


class Notice(models.Model):
    """An opportunity for firms in a country, until a last day; approved by a second person."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    country = CountryField(_("country"))
    # A code of the list `sector`.
    sector = models.CharField(_("sector"), max_length=40)
    visibility = models.PositiveSmallIntegerField(
        _("shown to"), choices=NoticeReach.choices, default=NoticeReach.PARTNER
    )
    last_day = models.DateField(_("last day"))
    status = models.CharField(
        _("status"), max_length=20, choices=NoticeStatus.choices, default=NoticeStatus.DRAFTED
    )
    written_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of an opportunity")
        verbose_name_plural = _("notices of opportunities")
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("written_by")), name="notice_takes_two"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[NoticeStatus.DRAFTED, NoticeStatus.PROPOSED])
                & Q(approved_by=None, published_at=None)
                | Q(approved_by__isnull=False, published_at__isnull=False)
                & ~Q(status__in=[NoticeStatus.DRAFTED, NoticeStatus.PROPOSED]),
                name="notice_published_with_an_approval",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=NoticeReach.values), name="notice_for_firms_or_everybody"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-id"], name="notice_by_status"),
            models.Index(fields=["country", "-id"], name="notice_by_country"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sector_label(self) -> str:
        return reference.label("sector", self.sector)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def live(self) -> SubscriptionQuerySet:
        return self.filter(ended_at=None)


class Subscription(models.Model):
    """Somebody of a firm wants to hear of notices; empty is any country, any sector."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="notice_subscriptions")
    country = CountryField(_("country"), blank=True)
    sector = models.CharField(_("sector"), max_length=40, blank=True)
    begun_at = models.DateTimeField(default=timezone.now)
    # What was published until then has been told.
    told_until = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription to notices")
        verbose_name_plural = _("subscriptions to notices")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "country", "sector"],
                condition=Q(ended_at=None),
                name="subscription_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["told_until"], condition=Q(ended_at=None), name="subscription_to_tell"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country or '*'} {self.sector or '*'}"

    @property
    def sector_label(self) -> str:
        return reference.label("sector", self.sector) if self.sector else ""
