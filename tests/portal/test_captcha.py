"""The challenge: answered once, by whoever reads it, in time; everything else stays as typed."""

from __future__ import annotations

import random
import threading

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import path

from portal import captcha, challenges, limits, pictures
from portal.captcha import ChallengeForm
from portal.origin import same_origin_only
from portal.urls import urlpatterns as portal_urls
from tests.challenges import aged, answer_to, answers, asked, read_page

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@same_origin_only()
def page(request):
    """A page as intake's are: what was typed, and the challenge."""
    challenge = ChallengeForm(request.POST or None, request=request, purpose="report")
    if request.method == "POST" and challenge.is_valid():
        return HttpResponse("taken")
    return render(request, "tests/challenge_page.html", {"challenge": challenge})


page.login_required = False
urlpatterns = [path("report/try/", page, name="try"), *portal_urls]
PAGE = "/report/try/"


@pytest.fixture(autouse=True)
def pages(settings):
    folder = settings.BASE_DIR / "tests" / "portal" / "templates"
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder]}
    ]


def shown(client) -> str:
    return client.get(PAGE).content.decode()


def test_answer_a_picture_is_taken_once(client):
    data = answers(shown(client))
    assert client.post(PAGE, data).content == b"taken"
    again = client.post(PAGE, data)
    assert again.content != b"taken"
    assert not CaptchaStore.objects.filter(hashkey__in=asked(data["challenge_stamp"]).keys).exists()


@pytest.mark.parametrize("change", [str.lower, str.upper, lambda code: f" {code[:3]} {code[3:]} "])
def test_answer_a_picture_takes_any_case_and_spaces(client, change):
    data = answers(shown(client))
    data["challenge_answer"] = change(data["challenge_answer"])
    assert client.post(PAGE, data).content == b"taken"


def test_answer_a_picture_wrongly_burns_it_and_shows_another(client):
    data = answers(shown(client), narrative="What I saw")
    right, data["challenge_answer"] = data["challenge_answer"], "nonsense"
    answer = client.post(PAGE, data).content.decode()
    assert "Those were not the characters" in answer
    assert "What I saw" in answer
    assert asked(read_page(answer)).keys != asked(data["challenge_stamp"]).keys
    data["challenge_answer"] = right
    assert client.post(PAGE, data).content != b"taken"


@pytest.mark.parametrize("typed", ["", " ", "?", "-"])
def test_answer_nothing_is_not_taken(client, typed):
    for kind in challenges.KINDS:
        start = client.post(PAGE, {"new_challenge": kind}).content.decode()
        data = answers(start, challenge_answer=typed)
        assert client.post(PAGE, data).content != b"taken"


def test_ask_for_a_new_picture_keeps_what_was_typed(client):
    first = shown(client)
    data = answers(first, new_challenge="picture", narrative="What I saw")
    answer = client.post(PAGE, data).content.decode()
    assert "What I saw" in answer
    assert "There is a problem" not in answer
    assert asked(read_page(answer)).keys != asked(read_page(first)).keys
    assert client.post(PAGE, answers(answer)).content == b"taken"


def test_answer_a_question_in_words_in_any_order(client):
    data = answers(shown(client), new_challenge="question")
    answer = client.post(PAGE, data).content.decode()
    assert "<audio" not in answer
    assert ".png" not in answer
    data = answers(answer)
    words = data["challenge_answer"].split()
    data["challenge_answer"] = f"{words[2].upper()}, {words[0]} and {words[1]}."
    assert client.post(PAGE, data).content == b"taken"


def test_answer_a_question_with_one_word_too_few_is_not_taken(client):
    start = client.post(PAGE, {"new_challenge": "question"}).content.decode()
    data = answers(start)
    data["challenge_answer"] = data["challenge_answer"].partition(" ")[2]
    answer = client.post(PAGE, data).content.decode()
    assert "Those were not the words" in answer
    # Whoever chose words is asked in words again.
    assert asked(read_page(answer)).kind == challenges.QUESTION


def test_answer_after_ten_minutes_says_so(client):
    with time_machine.travel("2026-11-25 12:00:00Z", tick=False):
        data = answers(shown(client), narrative="What I saw")
    with time_machine.travel("2026-11-25 12:10:01Z", tick=False):
        answer = client.post(PAGE, data).content.decode()
    assert "More than ten minutes" in answer
    assert "What I saw" in answer


def test_answer_just_before_ten_minutes_is_taken(client):
    with time_machine.travel("2026-11-25 12:00:00Z", tick=False):
        page = shown(client)
    with time_machine.travel("2026-11-25 12:09:50Z", tick=False):
        assert client.post(PAGE, answers(page)).content == b"taken"


def test_answer_with_an_older_stamp_made_young_is_not_taken(client):
    """The row's own time decides as well: a stamp alone keeps nothing alive."""
    page = shown(client)
    CaptchaStore.objects.update(expiration="2020-01-01T00:00:00Z")
    data = {"challenge_stamp": aged(read_page(page)), "challenge_answer": "ACD"}
    data["challenge_answer"] = answer_to(asked(data["challenge_stamp"]))
    assert client.post(PAGE, data).content != b"taken"


def test_answer_quicker_than_a_person_is_asked_again(client):
    page = shown(client)
    data = answers(page, challenge_stamp=read_page(page))
    answer = client.post(PAGE, data).content.decode()
    assert "quicker than a person" in answer
    assert client.post(PAGE, answers(answer)).content == b"taken"


def test_answer_that_was_forgotten_is_asked_for_and_nobody_is_called_a_program(client):
    page = shown(client)
    left = answers(page, challenge_stamp=read_page(page), challenge_answer=" ")
    answer = client.post(PAGE, left).content.decode()
    assert "Answer the question below" in answer
    assert "quicker than a person" not in answer
    assert client.post(PAGE, answers(answer)).content == b"taken"


def test_fill_in_the_trap_is_told_and_asked_again(client):
    answer = client.post(PAGE, answers(shown(client), subject_line="Buy")).content.decode()
    assert "A field that is not shown was filled in" in answer
    assert 'value="Buy"' not in answer
    assert client.post(PAGE, answers(answer)).content == b"taken"


@pytest.mark.parametrize("stamp", ["", "nonsense", "a:b:c"])
def test_answer_without_a_stamp_of_ours_is_asked(client, stamp):
    answer = client.post(PAGE, {"challenge_stamp": stamp, "challenge_answer": "ACDEFH"})
    assert "Answer the question below" in answer.content.decode()


def test_answer_with_a_stamp_for_another_purpose_is_asked(client, rf):
    form = ChallengeForm(request=rf.get("/report/"), purpose="files")
    data = {
        "challenge_stamp": aged(form.stamp),
        "challenge_answer": answer_to(form.shown),
    }
    assert "Answer the question below" in client.post(PAGE, data).content.decode()


def test_take_an_answer_is_one_statement(rf):
    form = ChallengeForm(request=rf.get("/report/"))
    right = answer_to(form.shown)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert challenges.spend(form.shown.keys[0], "picture", right)
    said = [query["sql"] for query in queries if "captcha_captchastore" in query["sql"]]
    assert len(said) == 1
    assert said[0].startswith("DELETE")
    assert all(column in said[0] for column in ("hashkey", "response", "expiration"))


def test_show_again_what_was_not_answered_keeps_the_picture_and_the_answer(rf):
    request = rf.post("/report/", {})
    first = ChallengeForm(request=request)
    data = {"challenge_stamp": first.stamp, "challenge_answer": "AC"}
    again = ChallengeForm(data, request=request)
    drawn = render_to_string("portal/includes/challenge.html", {"challenge": again})
    assert again.shown.keys == first.shown.keys
    assert 'value="AC"' in drawn


def test_show_a_right_answer_again_beside_a_wrong_field_does_not_spend_it(rf):
    first = ChallengeForm(request=rf.get(PAGE))
    given = answers(f'name="challenge_stamp" value="{first.stamp}"')
    again = ChallengeForm(given, request=rf.post(PAGE))
    render_to_string("portal/includes/challenge.html", {"challenge": again})
    assert ChallengeForm(given, request=rf.post(PAGE)).is_valid()


@pytest.mark.django_db(transaction=True)
def test_answer_eight_times_at_once_is_taken_once(rf):
    for _ in range(20):
        limits.counters.forget()
        form = ChallengeForm(request=rf.get("/report/"))
        data = {"challenge_stamp": aged(form.stamp), "challenge_answer": answer_to(form.shown)}
        assert at_once(8, data, rf) == 1


@pytest.mark.django_db(transaction=True)
def test_answer_two_at_once_of_a_hard_challenge_is_taken_once(rf):
    for _ in range(5):
        made = challenges.issue(purpose="report", kind="picture", level=3, language="en")
        data = {
            "challenge_stamp": aged(challenges.stamp(made)),
            "challenge_answer": answer_to(made, 0),
            "challenge_second": answer_to(made, 1),
        }
        assert at_once(8, data, rf) == 1


def at_once(count, data, rf) -> int:
    """How many of so many threads that send this together are taken."""
    gate, taken = threading.Barrier(count), []

    def run():
        gate.wait()
        try:
            taken.append(ChallengeForm(data, request=rf.post("/report/")).is_valid())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == count
    return sum(taken)


def test_name_of_the_trap_is_the_forms():
    assert captcha.TRAP in ChallengeForm.base_fields


def test_ask_on_a_page_of_the_site_serves_its_pictures_there(client, rf):
    form = ChallengeForm(request=rf.get("/cooperation/interest/"), purpose="interest")
    [part] = form.parts
    assert part["picture"].startswith("/challenge/")
    assert client.get(part["picture"])["Content-Type"] == "image/png"
    data = {"challenge_stamp": aged(form.stamp), "challenge_answer": answer_to(form.shown)}
    answered = ChallengeForm(data, request=rf.post("/cooperation/interest/"), purpose="interest")
    assert answered.is_valid()


def test_picture_is_the_same_each_time_and_small(client):
    form_page = shown(client)
    address = f"/report/challenge/{asked(read_page(form_page)).keys[0]}.png"
    first, again = client.get(address), client.get(address)
    assert first.content == again.content
    assert first["Cache-Control"] == "no-store"
    assert len(first.content) < 12_000


def test_picture_of_the_same_code_with_another_key_is_another():
    assert pictures.draw("ACDEFH", "one") != pictures.draw("ACDEFH", "two")


def test_draw_a_picture_leaves_the_process_its_own_chance():
    """django-simple-captcha's view would seed it with a number that everybody can read."""
    random.seed(1)
    expected = random.random()
    random.seed(1)
    pictures.draw("ACDEFH", "one")
    assert random.random() == expected


def test_codes_are_drawn_from_what_does_not_look_alike():
    made = "".join(challenges.code()[0] for _ in range(500))
    assert set(made) == set(challenges.ALPHABET)
    assert not set("0OQ1IL2Z4568SBGUV") & set(made)
