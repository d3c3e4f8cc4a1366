"""healthz and readyz: true, quick, and silent about everything else."""

import time

import pytest
from celery import Celery
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from portal import health, pins, tasks
from portal.actions import keys
from tests.sealing_kit import pin


@pytest.fixture
def answer(client, db):
    made = keys.create_keys(units=["desk"], expires=timezone.localdate(), by=None)
    pin(made.pinned, made.root)

    def ask():
        response = client.get(reverse("readyz"))
        return response.status_code, response.json()

    return ask


def broken():
    raise DatabaseError("could not connect to secret-host with password hunter2")


def test_healthz_needs_nothing_else(client):
    # No database mark: touching it would fail the test.
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_is_good_when_every_part_answers(answer):
    status, body = answer()
    assert (status, body["ready"]) == (200, True)
    assert body["parts"] == dict.fromkeys(
        ["database", "migrations", "cache", "broker", "keys"], True
    )


@pytest.mark.django_db
@pytest.mark.parametrize("part", health.PARTS)
def test_readyz_without_a_part_says_which_and_no_more(monkeypatch, answer, part):
    monkeypatch.setitem(health.PARTS, part, broken)
    status, body = answer()
    assert (status, body["ready"]) == (503, False)
    assert [name for name, good in body["parts"].items() if not good] == [part]
    assert "hunter2" not in str(body)


def test_readyz_without_pinned_keys_takes_no_report(answer, settings, tmp_path):
    settings.PINS_FILE = str(tmp_path / "none.json")
    pins.forget()
    assert answer()[1]["parts"]["keys"] is False


def test_readyz_of_the_desk_before_the_first_keys_is_good(client, db, settings, tmp_path):
    settings.PINS_FILE = str(tmp_path / "none.json")
    settings.FACES = frozenset({"office"})
    assert client.get("/readyz").json()["parts"]["keys"] is True


@pytest.mark.django_db
def test_readyz_waits_for_migrations(monkeypatch, answer):
    wanted = health.known_migrations() | {("portal", "9999_tomorrow")}
    monkeypatch.setattr(health, "known_migrations", lambda: wanted)
    assert answer()[1]["parts"]["migrations"] is False


@pytest.mark.django_db
def test_readyz_while_a_newer_release_has_migrated_is_good(monkeypatch, answer):
    wanted = health.known_migrations() - {("portal", "0001_people_and_records")}
    monkeypatch.setattr(health, "known_migrations", lambda: wanted)
    assert answer()[0] == 200


@pytest.mark.django_db
def test_readyz_without_the_real_broker_is_quick_to_say_so(monkeypatch, answer):
    lost = Celery("lost", broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(health, "app", lost)
    begun = time.monotonic()
    assert answer()[1]["parts"]["broker"] is False
    assert time.monotonic() - begun < 4


@pytest.mark.django_db
def test_readyz_without_the_real_cache_still_answers(monkeypatch, answer):
    monkeypatch.setattr(health, "shared", RedisCache("redis://127.0.0.1:1/0", {}))
    status, body = answer()
    assert status == 503
    assert body["parts"]["cache"] is False
    assert body["workers"] == {"default": False, "pdf": False}


@pytest.mark.django_db
def test_readyz_shows_which_queues_have_a_worker(answer):
    cache.clear()
    assert answer()[1]["workers"] == {"default": False, "pdf": False}
    tasks.deliver_open(queue="pdf")
    status, body = answer()
    assert (status, body["workers"]) == (200, {"default": False, "pdf": True})


@pytest.mark.django_db
def test_readyz_is_quick(answer):
    answer()
    begun = time.monotonic()
    for _ in range(10):
        answer()
    assert (time.monotonic() - begun) / 10 < 0.5
