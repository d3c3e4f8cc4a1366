"""Proof of work: real, for this purpose and level, and once."""

from __future__ import annotations

import json
import threading

import altcha
import pytest
import time_machine
from django.db import connection

from portal import challenges, limits, work
from portal.captcha import ChallengeForm
from portal.models import UsedWork
from portal.tasks import clear_old
from tests.challenges import aged, answer_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    limits.counters.forget()


def solved(purpose: str = "report", level: int = 0, **changes: object) -> str:
    """What the browser's worker sends, calculated here by the library's own solver."""
    asked = altcha.Challenge.from_dict(json.loads(work.challenge(purpose, level)))
    solution = altcha.solve_challenge(asked)
    for name, value in changes.items():
        setattr(asked.parameters, name, value)
    return altcha.Payload(asked, solution).to_base64()


def test_show_work_is_taken_once():
    done = solved()
    assert work.spend(done, "report", 0)
    assert not work.spend(done, "report", 0)


def test_show_work_for_something_else_is_not_taken():
    done = solved("report", 1)
    assert not work.spend(done, "interest", 1)
    assert not work.spend(done, "report", 2)
    assert work.spend(done, "report", 1)


@pytest.mark.parametrize(
    "changes", [{"cost": 1}, {"data": {"purpose": "report", "level": 9}}, {"nonce": "0" * 32}]
)
def test_show_work_that_was_made_easier_is_not_taken(changes):
    assert not work.spend(solved(**changes), "report", 0)


@pytest.mark.parametrize("payload", ["", "x", "e30=", "W10=", "bnVsbA==", "é", "A" * 5000])
def test_show_nonsense_is_no_work(payload):
    assert not work.spend(payload, "report", 0)


def test_show_work_after_ten_minutes_is_not_taken():
    with time_machine.travel("2026-11-25 12:00:00Z", tick=False):
        done = solved()
    with time_machine.travel("2026-11-25 12:10:01Z", tick=False):
        assert not work.spend(done, "report", 0)


def test_search_is_longer_the_harder_it_is():
    assert list(work.SEARCHES) == sorted(set(work.SEARCHES))


@pytest.mark.django_db(transaction=True)
def test_show_work_eight_times_at_once_is_taken_once():
    for _ in range(5):
        done, taken, gate = solved(), [], threading.Barrier(8)

        def show(done=done, taken=taken, gate=gate):
            gate.wait()
            try:
                taken.append(work.spend(done, "report", 0))
            finally:
                connection.close()

        threads = [threading.Thread(target=show) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(taken), sum(taken)) == (8, 1)


def form_with(rf, level: int, payload: str, second: str = "") -> ChallengeForm:
    made = challenges.issue(purpose="report", kind="picture", level=level, language="en")
    data = {
        "challenge_stamp": aged(challenges.stamp(made)),
        "challenge_answer": answer_to(made),
        "challenge_second": answer_to(made, 1) if second == "right" else second,
        "challenge_work": payload,
    }
    return ChallengeForm(data, request=rf.post("/report/"))


@pytest.mark.parametrize("level", [1, 2])
def test_work_takes_the_place_of_the_second_answer(rf, level):
    assert form_with(rf, level, solved("report", level)).is_valid()
    assert not form_with(rf, level, "").is_valid()
    assert form_with(rf, level, "", second="right").is_valid()


def test_in_a_flood_work_takes_the_place_of_nothing(rf):
    assert not form_with(rf, 3, solved("report", 3)).is_valid()
    assert form_with(rf, 3, solved("report", 3), second="right").is_valid()
    # Nobody is shut out for want of script.
    assert form_with(rf, 3, "", second="right").is_valid()


def test_with_work_less_time_is_asked_for(rf, settings):
    settings.CHALLENGE_SECONDS = (2, 4)
    for payload, expected in ((solved(), True), ("", False)):
        first = ChallengeForm(request=rf.get("/report/"))
        data = {
            "challenge_stamp": aged(first.stamp, 3),
            "challenge_answer": answer_to(first.shown),
            "challenge_work": payload,
        }
        assert ChallengeForm(data, request=rf.post("/report/")).is_valid() is expected


def test_clear_what_is_old_forgets_answers_and_work_that_ran_out():
    with time_machine.travel("2026-11-25 12:00:00Z", tick=False):
        challenges.issue(purpose="report", kind="picture", level=1, language="en")
        assert work.spend(solved(), "report", 0)
    with time_machine.travel("2026-11-25 12:09:00Z", tick=False):
        clear_old()
        assert UsedWork.objects.count() == 1
    with time_machine.travel("2026-11-25 12:11:00Z", tick=False):
        kept = challenges.issue(purpose="report", kind="picture", level=0, language="en")
        clear_old()
        assert challenges.are_live(kept.keys)
        assert UsedWork.objects.count() == 0
