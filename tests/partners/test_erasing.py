"""What the liaison desk noted, told and promised has an end, and leaves its event alone."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from partners.actions import erasing
from partners.models import Engagement, FollowUp, Notice, Participation, Subscription
from portal.models import AuditEvent
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.partners.factories import PartnerFactory

pytestmark = pytest.mark.django_db


def met(officer, days, *, done=True):
    """An engagement that ended so many days ago, with what hangs on it."""
    over = timezone.now() - timedelta(days=days)
    engagement = Engagement.objects.create(
        kind="meeting",
        counterpart="business",
        title="A meeting",
        partner=PartnerFactory(),
        starts_at=over - timedelta(hours=1),
        ends_at=over,
        responsible=officer,
    )
    Participation.objects.create(engagement=engagement, organisation="A firm", people=2)
    FollowUp.objects.create(
        engagement=engagement,
        text="Write to them",
        owner=officer,
        due_on=over.date(),
        done_at=over if done else None,
        done_by=officer if done else None,
    )
    return engagement


def noticed(officer, days):
    day = timezone.localdate() - timedelta(days=days)
    return Notice.objects.create(
        title="A tender", text="Steel", country="NL", sector="x", last_day=day, written_by=officer
    )


def left():
    return {
        model.__name__: model.objects.count()
        for model in (Engagement, Participation, FollowUp, Notice, Subscription)
    }


def world():
    officer = UserFactory(liaison_officer=True)
    old, waits, new = met(officer, 1200), met(officer, 1200, done=False), met(officer, 900)
    noticed(officer, 800), noticed(officer, 600)
    for days in (400, 300, None):
        ended = timezone.now() - timedelta(days=days) if days else None
        Subscription.objects.create(user=officer, country="NL", ended_at=ended)
    return old, waits, new


def test_what_is_over_goes_and_leaves_its_event():
    _old, waits, new = world()
    assert sum(erasing.erase_due().values()) == 3
    assert left() == {
        "Engagement": 2, "Participation": 2, "FollowUp": 2, "Notice": 1, "Subscription": 2,
    }  # fmt: skip
    assert set(Engagement.objects.all()) == {waits, new}
    events = AuditEvent.objects.filter(kind="erasure").values_list("event", flat=True)
    assert set(events) == {"engagement_erased", "notice_erased", "subscription_erased"}
    assert sum(erasing.erase_due().values()) == 0


def test_worker_killed_in_the_middle_leaves_each_whole_or_gone(monkeypatch):
    world()
    record = erasing.audit.record

    def killed(event, **given):
        if event == "notice_erased":
            raise SystemExit
        record(event, **given)

    monkeypatch.setattr(erasing.audit, "record", killed)
    with pytest.raises(SystemExit):
        erasing.erase_due()
    assert left()["Notice"] == 2
    assert left()["Engagement"] == 2
    monkeypatch.setattr(erasing.audit, "record", record)
    assert sum(erasing.erase_due().values()) == 2


@postgresql
def test_worker_erases_and_reads_no_note(roles):
    world()
    with acting_as("worker"):
        assert sum(erasing.erase_due().values()) == 3
        with pytest.raises(ProgrammingError), transaction.atomic():
            Engagement.objects.values_list("minutes").first()
