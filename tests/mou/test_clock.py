"""The clock: one thing that fails stops nothing else, is seen by staff, and is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from mou import notifications
from mou.actions import clock, life
from mou.lifecycle import MouStatus
from mou.models import Mou, Review
from portal import outbox
from portal.models import OutboxMessage
from portal.models.outbox import STUCK_AFTER
from tests.mou.living import again, in_force, told

pytestmark = pytest.mark.django_db


def over(name: str) -> Mou:
    return in_force(name, ends_on=timezone.localdate() - timedelta(days=1))


@pytest.fixture
def broken(monkeypatch):
    """The end of these agreements fails after it has written something."""
    failing: set[int] = set()
    real = life._record

    def record(event, mou, *rest, **facts):
        real(event, mou, *rest, **facts)
        if mou.pk in failing:
            raise IntegrityError("a row that nobody foresaw")

    monkeypatch.setattr(life, "_record", record)
    return failing


def promised() -> OutboxMessage:
    return OutboxMessage.objects.get(task="mou.lead_on_one")


def test_lead_on_goes_on_after_what_fails(broken, caplog):
    first, second = over("Norrvik AB"), over("Kallvik AB")
    reviewed = in_force("Sundby AB", next_review_on=timezone.localdate())
    broken.add(first.pk)
    clock.lead_on()
    assert (again(first).status, told(first)) == (MouStatus.IN_FORCE, [])
    assert again(second).status == MouStatus.EXPIRED
    assert Review.objects.get().mou == reviewed
    assert f"the clock failed: expire of {first.pk}" in caplog.text
    assert promised().payload == {"duty": "expire", "thing_id": first.pk}


def test_what_fails_again_and_again_is_counted_at_the_desk(broken):
    broken.add(over("Norrvik AB").pk)
    clock.lead_on()
    for _time in range(STUCK_AFTER):
        outbox.deliver_open()
        outbox.retry(message=promised())
    clock.lead_on()
    stuck = OutboxMessage.objects.stuck().get()
    assert stuck.last_error == "IntegrityError: a row that nobody foresaw"


@pytest.mark.parametrize("by", [clock.lead_on, outbox.deliver_open])
def test_what_failed_is_done_by_the_next_tick_or_the_worker(broken, by):
    mou = over("Norrvik AB")
    broken.add(mou.pk)
    clock.lead_on()
    broken.clear()
    by()
    outbox.deliver_open()
    assert again(mou).status == MouStatus.EXPIRED
    assert told(mou).count("expired") == 1
    assert not OutboxMessage.objects.filter(task="mou.lead_on_one").exists()


def test_reminder_that_fails_leaves_the_others(monkeypatch):
    soon = timezone.localdate() + timedelta(days=5)
    first, second = (in_force(name, ends_on=soon) for name in ("Norrvik AB", "Kallvik AB"))
    real = notifications.notify

    def notify(event, *, mou, **more):
        if mou == first:
            raise RuntimeError("not this one")
        real(event, mou=mou, **more)

    monkeypatch.setattr(notifications, "notify", notify)
    clock.lead_on()
    keys = OutboxMessage.objects.filter(task="mou.tell").values_list("key", flat=True)
    assert [key.split(":")[1] for key in keys] == [str(second.pk)]
    assert promised().payload["thing_id"] == first.pk


def test_kind_of_thing_that_cannot_be_found_leaves_the_others(monkeypatch):
    mou = over("Norrvik AB")

    def lost(today):
        raise RuntimeError("no such column")

    monkeypatch.setitem(clock.DUTIES, "terminate", lost)
    clock.lead_on()
    assert again(mou).status == MouStatus.EXPIRED
    assert promised().payload == {"duty": "terminate", "thing_id": None}


def test_offers_go_out_though_a_decision_fails(monkeypatch):
    def lost(today):
        raise RuntimeError("no such column")

    made = []
    monkeypatch.setitem(clock.DUTIES, "apply_decision", lost)
    monkeypatch.setitem(
        clock.DUTIES, "send_offer", lambda today: [clock.Due(1, lambda: made.append(1))]
    )
    clock.offer_due()
    assert made == [1]
