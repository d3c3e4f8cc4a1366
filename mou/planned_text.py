"""What both sides have agreed to do, as a part of the text that they sign."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from mou import measured_threats
from mou.documents import ClauseContent
from mou.labels import say
from mou.lifecycle import ActivityStatus, MeasureStatus
from mou.models import Activity, Measure, Mou, Party

CODE = "PLAN"
MOST = 50


def planned(mou: Mou, language: str) -> list[ClauseContent]:
    """One clause with the agreed measures and coming activities; none where nothing is agreed."""
    measures = Measure.objects.filter(mou=mou, status=MeasureStatus.AGREED).order_by("due_on", "pk")
    coming = Activity.objects.filter(
        mou=mou, status=ActivityStatus.AGREED, starts_at__gte=timezone.now()
    ).order_by("starts_at", "pk")
    told = [_measure(mou, one, language) for one in measures[:MOST]]
    told += [_activity(one, language) for one in coming[:MOST]]
    if not told:
        return []
    title = say("Measures and joint activities", language)
    return [{"code": CODE, "title": title, "paragraphs": told}]


def _measure(mou: Mou, one: Measure, language: str) -> str:
    ours = one.party == Party.ADMINISTRATION
    party = settings.BRAND["administration"] if ours else mou.organisation.legal_name
    told = say("%(party)s (%(duty)s), by %(day)s: %(text)s", language) % {
        "party": party,
        "duty": one.duty,
        "day": date_format(one.due_on, "j F Y"),
        "text": " ".join(one.text.split()),
    }
    threats = "; ".join(say(threat.title, language) for threat in measured_threats.of(one))
    if not threats:
        return told
    return f"{told} " + say("(Against: %(threats)s.)", language) % {"threats": threats}


def _activity(one: Activity, language: str) -> str:
    return say("Together, on %(day)s: %(title)s (%(ours)s; %(theirs)s).", language) % {
        "day": date_format(timezone.localtime(one.starts_at), "j F Y"),
        "title": one.title,
        "ours": one.administration_duty,
        "theirs": one.business_duty,
    }
