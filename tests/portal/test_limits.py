"""Limits make it harder and never close; they know nobody."""

from __future__ import annotations

import pickle

import pytest
import time_machine

from portal import challenges, limits
from portal.captcha import ChallengeForm
from portal.limits import Counters
from tests.challenges import aged, answer_to

ADDRESS = "198.51.100.77"


@pytest.fixture(autouse=True)
def nothing_counted():
    limits.counters.forget()


@pytest.fixture
def visit(rf):
    def made(bucket=""):
        request = rf.get("/report/")
        request.bucket = bucket
        return request

    return made


def test_count_of_one_bucket_makes_it_harder_there_alone(visit, settings):
    settings.CHALLENGE_BUCKET_FLOOD = [10, 20, 30]
    levels = []
    for _ in range(40):
        limits.note(visit("one"), "shown")
        levels.append(limits.difficulty(visit("one")))
    assert levels == sorted(levels)
    assert set(levels) == {0, 1, 2, 3}
    assert limits.difficulty(visit("other")) == 0
    assert limits.difficulty(visit()) == 0


def test_count_of_everybody_makes_it_harder_for_all(visit, settings):
    settings.CHALLENGE_FLOOD = [10, 20, 30]
    for number in range(31):
        limits.note(visit(str(number)), "shown")
    assert limits.difficulty(visit("a newcomer")) == 3
    assert limits.difficulty(visit()) == 3


def test_count_fades(visit, settings, monkeypatch):
    settings.CHALLENGE_BUCKET_FLOOD = [10, 20, 40]
    now = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    for _ in range(41):
        limits.note(visit("one"), "shown")
    seen = []
    for _ in range(4):
        seen.append(limits.difficulty(visit("one")))
        now[0] += limits.HALF_LIFE_SECONDS
    assert seen == [3, 2, 1, 0]


def test_a_class_of_thirty_behind_one_address_is_not_even_slowed_far(visit):
    """Thirty people at a training share an address; each takes three pictures and answers one."""
    for _ in range(30):
        for what in ("shown", "shown", "wrong", "shown", "solved"):
            limits.note(visit("the school"), what)
    assert limits.difficulty(visit("the school")) <= 1


@pytest.mark.django_db
def test_flood_shuts_nobody_out(visit, rf, settings):
    settings.CHALLENGE_FLOOD = settings.CHALLENGE_BUCKET_FLOOD = [1, 2, 3]
    for _ in range(100_000):
        limits.counters.add("one", 1)
    form = ChallengeForm(request=visit("one"))
    assert (form.shown.level, len(form.shown.keys), form.shown.length) == (3, 2, 8)
    data = {
        "challenge_stamp": aged(form.stamp),
        "challenge_answer": answer_to(form.shown, 0),
        "challenge_second": answer_to(form.shown, 1),
    }
    assert ChallengeForm(data, request=visit("one")).is_valid()


def test_harder_is_longer():
    assert list(challenges.LENGTHS) == sorted(challenges.LENGTHS)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(limits, "MOST_BUCKETS", 50)
    counted = Counters()
    for number in range(500):
        counted.add(str(number), 1)
        counted.listen(str(number))
    assert len(counted.buckets) == len(counted.listens) == 50
    assert "499" in counted.buckets


def test_bucket_of_an_address_holds_for_a_day_in_one_process():
    one, other = Counters(), Counters()
    with time_machine.travel("2026-11-25 12:00:00Z"):
        today = one.bucket(ADDRESS)
        assert one.bucket(ADDRESS) == today != one.bucket("198.51.100.78")
        assert other.bucket(ADDRESS) != today
        one.add(today, 1)
    with time_machine.travel("2026-11-26 00:00:01Z"):
        assert one.bucket(ADDRESS) != today
        assert today not in one.buckets


def test_bucket_of_one_subscribers_network_is_one():
    counted = Counters()
    assert counted.bucket("2001:db8:1:2::1") == counted.bucket("2001:db8:1:2:ffff::9")
    assert counted.bucket("2001:db8:1:2::1") != counted.bucket("2001:db8:1:3::1")
    assert counted.bucket("") == ""


def test_no_address_is_kept_in_memory():
    counted = Counters()
    counted.add(counted.bucket(ADDRESS), 1)
    kept = pickle.dumps((dict(counted.buckets), counted._key, counted.everybody))
    assert ADDRESS.encode() not in kept
    assert bytes(map(int, ADDRESS.split("."))) not in kept
