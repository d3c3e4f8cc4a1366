"""The feedback that a firm reads: what is said, on what, without a word of any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from mou.feedback_words import words
from mou.models import Cover, Feedback, Mou
from mou.models.feedback import FeedbackQuerySet

MOST = 200


@dataclass(frozen=True)
class Heard:
    """One piece of feedback in the firm's words, and where the thing stands that it is on."""

    at: datetime
    text: str
    sentence: str
    about: str
    url: str


def of(mou: Mou) -> list[Heard]:
    """All that stands and is said to the firm itself, the newest first, in one query.

    An alert is named by its day alone: not everybody of the firm may read each of them.
    """
    return _heard_in(Feedback.objects.filter(mou=mou, cover=None))


def by_member(cover: Cover) -> list[Heard]:
    """The same of a member firm; its association reads none of it."""
    return _heard_in(Feedback.objects.filter(cover=cover))


def _heard_in(found: FeedbackQuerySet) -> list[Heard]:
    found = found.standing()
    found = found.select_related("mou", "cover", "delivery", "measure", "activity", "training")
    return [_heard(one) for one in found.order_by("-pk")[:MOST]]


def _heard(one: Feedback) -> Heard:
    about, url = _subject(one)
    known = words().get(one.code)
    return Heard(one.given_at, _(known.firm) if known else one.code, one.sentence, about, url)


def _subject(one: Feedback) -> tuple[str, str]:
    mou = one.mou
    own = reverse("mou:cover", args=[one.cover.uuid]) if one.cover is not None else ""
    if one.delivery is not None:
        day = date_format(localtime(one.delivery.delivered_at), "j F Y")
        url = own or reverse("mou:alerts", args=[mou.uuid])
        return _("Your answer to an alert of %(day)s") % {"day": day}, url
    if one.measure is not None:
        page = reverse("mou:plan", args=[mou.uuid, "measures"])
        return one.measure.text, f"{page}#line-{one.measure.uuid}"
    if one.activity is not None:
        page = reverse("mou:plan", args=[mou.uuid, "activities"])
        return one.activity.title, f"{page}#line-{one.activity.uuid}"
    title = one.training.title if one.training is not None else ""
    return title, own or reverse("mou:training", args=[mou.uuid])
