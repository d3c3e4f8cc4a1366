"""What the directory is searched by: the words of each entry, and ways to misspell a word."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.models.partners import Partner
from partners.models.posts import Post
from partners.visibility import Level


class SearchPlaceQuerySet(models.QuerySet["SearchPlace"]):
    def seen(self, level: Level, day: date) -> SearchPlaceQuerySet:
        """Those that a reader of this level may find on this day; the last day counts."""
        return self.filter(
            Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day), level__lte=level
        )


class SearchPlace(models.Model):
    """A word stands in an entry, in a field that this level sees."""

    text = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, related_name="search_places")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="search_places")
    # A person's name is found while the person holds the duty.
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    objects = SearchPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("word of an entry")
        verbose_name_plural = _("words of entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(partner=None, post__isnull=False) | Q(partner__isnull=False, post=None),
                name="searchplace_in_a_partner_or_a_post",
            ),
        ]
        indexes = [
            models.Index(fields=["text", "level", "partner"], name="searchplace_by_text"),
        ]

    def __str__(self) -> str:
        return self.text


class SearchKey(models.Model):
    """One way to write a word of this level: as it is, begun, or with letters left out."""

    key = models.CharField(max_length=60)
    text = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=Level.choices)

    class Meta:
        verbose_name = _("spelling of a word")
        verbose_name_plural = _("spellings of words")
        constraints = [
            models.UniqueConstraint(fields=["key", "text", "level"], name="searchkey_once"),
        ]
        indexes = [models.Index(fields=["text", "level"], name="searchkey_by_text")]

    def __str__(self) -> str:
        return f"{self.key} – {self.text}"
