"""What we say to a partner that asked: one wording of each kind, beside what is sealed of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.exchanges import Exchange
from portal.models import User


class LeavesAs(models.TextChoices):
    """What our wording is, once it leaves; approved as one, it leaves as no other."""

    ANSWER = "answer", _("Answer")
    QUESTION = "question", _("Question")
    NOTICE = "notice", _("Notice that the clock is paused")
    REFUSAL = "refusal", _("Refusal")


class OurWord(models.Model):
    """A kind of word: written by one, approved by another; nobody's again once it has left."""

    exchange = models.ForeignKey(Exchange, models.PROTECT, related_name="our_words")
    leaves_as = models.CharField(max_length=8, choices=LeavesAs.choices)
    # Of the envelope that holds the wording as it stands.
    version = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("word of ours")
        verbose_name_plural = _("words of ours")
        constraints = [
            models.UniqueConstraint(fields=["exchange", "leaves_as"], name="ourword_one_per_kind"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | (Q(by__isnull=False) & ~Q(approved_by=F("by"))),
                name="ourword_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="ourword_approved_at_with_by",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_leaves_as_display())

    @property
    def is_drafted(self) -> bool:
        """Worded, and neither approved nor on its way."""
        return self.by_id is not None and self.approved_by_id is None

    @property
    def is_approved(self) -> bool:
        return self.approved_by_id is not None


def word_of(exchange: Exchange, leaves_as: str) -> OurWord | None:
    """Read from the page's prefetched rows where there are any."""
    return next((one for one in exchange.our_words.all() if one.leaves_as == leaves_as), None)


def approved_words(exchange: Exchange) -> list[OurWord]:
    """What may leave, or could where the law covers it, in the order of the kinds."""
    order = list(LeavesAs)
    found = [one for one in exchange.our_words.all() if one.is_approved]
    return sorted(found, key=lambda one: order.index(LeavesAs(one.leaves_as)))
