"""Agreements with something planned that is late or waits: for queues, figures and reminders."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mou.lifecycle import ActivityStatus, MeasureStatus
from mou.models import Activity, ContactPoint, Measure, Mou, Party
from mou.models.agreements import ENDED
from portal.models import User


def overdue_measures() -> QuerySet[Measure]:
    return Measure.objects.filter(
        status=MeasureStatus.AGREED, due_on__lt=timezone.localdate()
    ).exclude(mou__status__in=ENDED)


def stale_contacts(day: date | None = None) -> QuerySet[ContactPoint]:
    """To be confirmed again by either side."""
    since = (day or timezone.localdate()) - timedelta(days=settings.AGREEMENT_CONTACT_CONFIRM_DAYS)
    return ContactPoint.objects.filter(ended_at=None, verified_on__lt=since).exclude(
        mou__status__in=ENDED
    )


def overdue(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    return mous.filter(pk__in=overdue_measures().order_by().values("mou_id"))


def to_verify(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Done, by somebody else than this officer."""
    done = Measure.objects.filter(mou=OuterRef("pk"), status=MeasureStatus.DONE)
    return mous.filter(Exists(done.exclude(reported_by=user))).exclude(status__in=ENDED)


def to_agree(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    """Proposed by the firm."""
    theirs = {"mou": OuterRef("pk"), "proposed_by": Party.BUSINESS}
    measures = Measure.objects.filter(status=MeasureStatus.PROPOSED, **theirs)
    activities = Activity.objects.filter(status=ActivityStatus.PROPOSED, **theirs)
    return mous.filter(Q(Exists(measures)) | Q(Exists(activities))).exclude(status__in=ENDED)


def to_confirm(mous: QuerySet[Mou], user: User) -> QuerySet[Mou]:
    return mous.filter(pk__in=stale_contacts().order_by().values("mou_id"))
