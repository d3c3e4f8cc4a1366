"""The outbox: promised once, done at least once, never lost, never in the way of a request."""

import os
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

from portal import outbox
from portal.models import OutboxMessage
from tests.factories import OutboxMessageFactory


@pytest.fixture
def worked(monkeypatch):
    """A handler called test.work and what it was asked to do."""
    calls = []
    monkeypatch.setitem(outbox._handlers, "test.work", lambda **ids: calls.append(ids))
    return calls


@pytest.fixture
def failing(monkeypatch):
    """A handler that fails until told otherwise."""
    switch = {"fails": True, "runs": 0}

    def work(**ids):
        switch["runs"] += 1
        if switch["fails"]:
            raise RuntimeError("the printer is on fire")

    monkeypatch.setitem(outbox._handlers, "test.work", work)
    return switch


@pytest.fixture(autouse=True)
def broker_rested(monkeypatch):
    monkeypatch.setattr(outbox, "_broker_rests_until", 0.0)
    outbox._nudged.clear()


def later(message, **when):
    """The message as it will stand after that time."""
    shift = timedelta(**when)
    message.refresh_from_db()
    message.available_at -= shift
    if message.claimed_until:
        message.claimed_until -= shift
    message.save()


@pytest.mark.django_db
def test_enqueue_twice_with_one_key_promises_once():
    first = outbox.enqueue("test.work", key="same", number=1)
    assert outbox.enqueue("test.work", key="same", number=2).pk == first.pk
    assert OutboxMessage.objects.get().payload == {"number": 1}


@pytest.mark.django_db
def test_enqueue_in_a_transaction_that_fails_promises_nothing():
    with transaction.atomic():
        outbox.enqueue("test.work", key="k")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_enqueue_nudges_a_worker_once_it_is_committed(
    monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(outbox.app, "send_task", lambda *args, **kwargs: sent.append(kwargs))
    with django_capture_on_commit_callbacks(execute=True):
        message = outbox.enqueue("test.work", key="k", queue="pdf")
        assert sent == []
    assert sent == [{"args": [message.pk], "queue": "pdf"}]


@pytest.mark.django_db
def test_enqueue_of_thousands_leaves_most_to_the_sweep(
    monkeypatch, worked, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(outbox.app, "send_task", lambda *args, **kwargs: sent.append(kwargs))
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(300):
            outbox.enqueue("test.work", key=f"k{number}", number=number)
    assert len(sent) < 300
    assert outbox.deliver_open() == 300
    assert [call["number"] for call in worked] == list(range(300))


@pytest.mark.django_db
def test_deliver_does_the_work_and_marks_it_done(worked):
    message = OutboxMessageFactory(payload={"offer_id": 7})
    assert outbox.deliver(message.pk)
    message.refresh_from_db()
    assert worked == [{"offer_id": 7}]
    assert message.done_at
    assert message.claimed_until is None
    assert not outbox.deliver(message.pk)
    assert len(worked) == 1


@pytest.mark.django_db
def test_deliver_leaves_a_message_that_another_worker_holds(worked):
    message = OutboxMessageFactory(claimed_until=timezone.now() + timedelta(seconds=60))
    assert not outbox.deliver(message.pk)
    assert worked == []


@pytest.mark.django_db
def test_deliver_takes_over_from_a_worker_that_was_killed(worked):
    message = OutboxMessageFactory()
    assert outbox._claim(message.pk)  # then kill -9
    assert outbox.deliver_open() == 0
    later(message, minutes=5)
    assert outbox.deliver_open() == 1
    message.refresh_from_db()
    assert message.attempts == 2


@pytest.mark.django_db
def test_deliver_that_fails_is_tried_again_later_and_later(failing):
    message = OutboxMessageFactory()
    waits = []
    for _ in range(12):
        assert not outbox.deliver(message.pk)
        message.refresh_from_db()
        waits.append((message.available_at - timezone.now()).total_seconds())
        later(message, hours=1)
    assert [round(wait) for wait in waits[:4]] == [2, 4, 8, 16]
    assert max(waits) <= 600
    assert message.last_error == "RuntimeError: the printer is on fire"
    failing["fails"] = False
    assert outbox.deliver_open() == 1
    message.refresh_from_db()
    assert message.last_error == ""


@pytest.mark.django_db
def test_deliver_that_fails_does_not_hold_up_the_others(monkeypatch, failing, worked):
    monkeypatch.setitem(outbox._handlers, "test.fails", lambda: 1 / 0)
    bad = OutboxMessageFactory(task="test.fails")
    OutboxMessageFactory.create_batch(3)
    assert outbox.deliver_open() == 3
    bad.refresh_from_db()
    assert bad.done_at is None


@pytest.mark.django_db
def test_deliver_of_an_unknown_task_keeps_it_open_with_the_error():
    message = OutboxMessageFactory(task="test.from_a_newer_release")
    assert not outbox.deliver(message.pk)
    message.refresh_from_db()
    assert message.done_at is None
    assert message.last_error == "UnknownTask: no handler is called test.from_a_newer_release"


@pytest.mark.django_db
def test_fail_after_the_claim_ran_out_leaves_the_new_claim_alone(monkeypatch):
    message = OutboxMessageFactory()
    taken_over = timezone.now() + timedelta(minutes=9)

    def slow():
        OutboxMessage.objects.update(claimed_until=taken_over)
        raise RuntimeError("too late")

    monkeypatch.setitem(outbox._handlers, "test.work", slow)
    outbox.deliver(message.pk)
    message.refresh_from_db()
    assert message.claimed_until == taken_over


@pytest.mark.django_db
def test_stuck_shows_what_keeps_failing(failing):
    message = OutboxMessageFactory()
    for _ in range(5):
        assert not OutboxMessage.objects.stuck().exists()
        outbox.deliver(message.pk)
        later(message, hours=1)
    assert OutboxMessage.objects.stuck().get() == message


@pytest.mark.django_db
def test_retry_makes_a_waiting_message_due(failing):
    message = OutboxMessageFactory()
    outbox.deliver(message.pk)
    failing["fails"] = False
    assert outbox.deliver_open() == 0
    outbox.retry(message=message)
    assert outbox.deliver_open() == 1


@pytest.mark.django_db
def test_deliver_open_takes_the_asked_queue_only(worked):
    OutboxMessageFactory(queue="pdf", payload={"n": 1})
    OutboxMessageFactory(queue="default", payload={"n": 2})
    assert outbox.deliver_open(queue="pdf") == 1
    assert worked == [{"n": 1}]


@pytest.mark.django_db
def test_deliver_open_stops_when_its_time_is_up(worked):
    OutboxMessageFactory.create_batch(3)
    assert outbox.deliver_open(seconds=0) == 0
    assert worked == []


@pytest.mark.django_db
def test_clear_done_keeps_what_is_open_or_recent(monkeypatch):
    monkeypatch.setattr(settings, "RETENTION_DAYS", {"outbox": 90})
    old, recent = timezone.now() - timedelta(days=91), timezone.now() - timedelta(days=89)
    OutboxMessageFactory(done_at=old)
    kept = {OutboxMessageFactory(done_at=recent).pk, OutboxMessageFactory(available_at=old).pk}
    assert outbox.clear_done() == 1
    assert set(OutboxMessage.objects.values_list("pk", flat=True)) == kept


@pytest.mark.django_db(transaction=True)
def test_deliver_by_many_workers_at_once_works_once(monkeypatch):
    runs = []

    def work(number):
        runs.append(number)
        time.sleep(0.02)

    monkeypatch.setitem(outbox._handlers, "test.work", work)
    messages = [OutboxMessageFactory(payload={"number": n}) for n in range(10)]
    together = threading.Barrier(4)

    def worker():
        together.wait()
        for message in messages:
            outbox.deliver(message.pk)
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(runs) == list(range(10))
    assert not OutboxMessage.objects.filter(done_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_enqueue_of_one_key_by_many_at_once_promises_once():
    together = threading.Barrier(4)

    def promise():
        together.wait()
        outbox.enqueue("test.work", key="same")
        connection.close()

    threads = [threading.Thread(target=promise) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert OutboxMessage.objects.count() == 1


def test_nudge_without_a_broker_neither_raises_nor_waits(tmp_path):
    script = """
import time
import django
django.setup()
from portal import outbox
outbox.nudge(0, "default")  # reads the broker's client in
outbox._broker_rests_until = 0.0
begun = time.monotonic()
told = [outbox.nudge(number, "default") for number in range(20)]
assert told == [False] * 20, told
print(time.monotonic() - begun)
"""
    environment = {**os.environ, "REDIS_URL": "redis://127.0.0.1:1/0", "PORTAL_VAR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 3
    assert "the broker does not answer" in done.stderr
