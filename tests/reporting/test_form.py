"""The form, page by page: nothing typed is lost, one question is needed, one report is filed."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from portal import pins, reference_files
from reporting import content, envelopes
from reporting.drafts import COOKIE
from reporting.models import Draft, Envelope, Report
from tests.challenges import answers
from tests.reporting.intake import NARRATIVE, PAGES, Reporter, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter() -> Reporter:
    return Reporter()


@pytest.fixture
def lists() -> None:
    reference_files.load()


def filed(desk: Any) -> content.Content:
    """What the one report says, opened with the officer's keys."""
    envelope = Envelope.objects.get(kind="report")
    keys = desk.keys_of(desk.officer)
    return content.load(envelopes.opened(envelope, envelope.slots.all(), keys.seeds))


# --- Before the form ------------------------------------------------------------------------


def test_start_page_says_whom_to_call_and_what_is_kept(reporter, settings):
    page = reporter.text()
    for said in ("112", settings.BRAND["hotline"], "do not keep your internet address",
                 "A court or a law", "honest mistake", "Last updated"):  # fmt: skip
        assert said in page


@pytest.mark.parametrize("slug", [*PAGES, "files"])
def test_every_page_is_shown_to_somebody_new_and_keeps_nothing(reporter, lists, slug):
    answer = reporter.get(slug)
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Draft.objects.exists()


def test_no_page_sets_a_cookie_but_the_drafts(reporter, lists):
    reporter.tell()
    for slug in ("", *PAGES, "files", "check", "done"):
        reporter.get(slug)
    assert set(reporter.client.cookies) == {COOKIE}
    about = reporter.client.cookies[COOKIE]
    assert (about["path"], about["samesite"], about["httponly"]) == ("/report/", "Strict", True)


# --- What is needed, and what is only doubted -----------------------------------------------


def test_sentence_and_challenge_are_enough(desk, reporter):
    assert reporter.tell().status_code == 302
    assert reporter.send().url == url("receipt")
    assert filed(desk)["what"]["narrative"] == NARRATIVE
    assert Report.objects.count() == 1
    assert not Draft.objects.filter(size__gt=0).exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [("", "Tell us what"), ("too short", "a little more"), ("x" * 10_001, "Shorten it")],
)
def test_narrative_of_a_wrong_length_is_kept_and_said(reporter, told, sentence):
    page = reporter.tell(narrative=told).content.decode()
    assert sentence in page
    assert "Error:" in page
    assert told in reporter.text("what")
    assert "still to be put right" in reporter.text("check")


def test_report_that_is_not_whole_is_not_sent(desk, reporter):
    reporter.tell()
    challenge = answers(reporter.text("check"))
    reporter.tell(narrative="too short")
    assert reporter.client.post(url("check"), challenge).status_code == 200
    assert not Report.objects.exists()


def test_numbers_are_doubted_and_sent_as_typed(desk, lists, reporter):
    reporter.tell()
    reporter.post("transport", mode="6")
    reporter.post("transport", mode="6", containers="csqu 3054384\nCSQU3054383", imo="1")
    page = reporter.text("check")
    assert page.count("You can leave it as it is.") == 2
    reporter.send()
    first, second = filed(desk)["transport"]["containers"]
    assert (first["raw"], first["normalised"]) == ("csqu 3054384", "CSQU3054384")
    assert first["warning"]
    assert not second["warning"]


def test_text_is_composed_and_rid_of_control_characters(desk, reporter):
    reporter.tell(narrative="Cafe\u0301 \u202eturned\x00\x07 " + NARRATIVE)
    reporter.send()
    assert filed(desk)["what"]["narrative"] == "Café turned " + NARRATIVE


# --- Conditional questions ------------------------------------------------------------------


def test_hotline_stays_in_sight_once_it_is_happening_now(reporter, lists):
    assert "Happening now?" not in reporter.text("where")
    reporter.tell(happening_now="yes")
    for slug in ("where", "about", "check"):
        assert "Happening now?" in reporter.text(slug)


def test_mode_of_transport_decides_which_numbers_are_asked(reporter, lists):
    assert 'name="imo"' not in reporter.text("transport")
    page = reporter.post("transport", mode="1").content.decode()
    assert 'name="imo"' in page
    assert 'name="flight"' not in page
    assert 'name="flight"' in reporter.post("transport", mode="4").content.decode()


def test_number_already_given_is_shown_whatever_the_mode(reporter, lists):
    reporter.post("transport", mode="1")
    reporter.post("transport", mode="1", imo="9074729")
    assert "9074729" in reporter.post("transport", mode="5", imo="9074729").content.decode()


def test_line_of_work_brings_its_signs_and_strangers_see_the_public_ones(reporter, lists):
    assert 'value="CA1"' not in reporter.text("signs")
    page = reporter.post("signs", role="road_carrier").content.decode()
    assert 'value="CA1"' in page
    assert 'value="CA3"' not in page


# --- Modes ----------------------------------------------------------------------------------


def test_who_chooses_nothing_is_anonymous(desk, reporter):
    reporter.tell()
    reporter.send()
    assert filed(desk)["about"]["mode"] == "anonymous"
    assert not Envelope.objects.filter(kind="identity").exists()


def test_confidential_asks_for_a_way_to_reach_them(reporter):
    page = reporter.post("about", mode="confidential").content.decode()
    assert 'name="phone"' in page
    assert "Error:" not in page
    page = reporter.post("about", mode="confidential", phone="").content.decode()
    assert "Give a telephone number" in page


def test_identity_lies_in_an_envelope_of_its_own(desk, reporter):
    reporter.tell()
    reporter.post("about", mode="named")
    reporter.post("about", mode="named", name="Kim Falk", phone="+46 1", safe_times="evenings")
    reporter.send()
    told = filed(desk)
    assert told["about"]["may_contact"] is True
    assert "Kim Falk" not in str(told)
    assert Envelope.objects.filter(kind="identity").count() == 1


def test_who_goes_back_to_anonymous_leaves_no_identity(desk, reporter):
    reporter.tell()
    reporter.post("about", mode="named")
    reporter.post("about", mode="named", name="Kim Falk", phone="+46 1")
    reporter.post("about", mode="anonymous")
    reporter.send()
    assert not Envelope.objects.filter(kind="identity").exists()
    assert "safe_times" not in filed(desk)["about"]


# --- Several of a kind ----------------------------------------------------------------------


def people(*names: str) -> dict[str, str]:
    return {f"who-{number}-name": name for number, name in enumerate(names)}


@pytest.mark.parametrize("number", ["9" * 5000, "99", "²", "-1", "one", ""])
def test_remove_what_was_never_there_keeps_the_others(desk, reporter, number):
    reporter.tell()
    assert reporter.post("who", **people("Karl"), remove=number).status_code == 302
    assert "Karl" in reporter.text("who")


def test_people_are_added_and_removed_and_the_others_stay(desk, reporter):
    reporter.tell()
    reporter.post("who", **people("Karl"), add="1")
    assert 'id="who-2"' in reporter.text("who")
    reporter.post("who", **people("Karl", "Lena"), add="1")
    reporter.post("who", **people("Karl", "Lena", "Max"), remove="1")
    reporter.send()
    assert [one["name"] for one in filed(desk)["who"]] == ["Karl", "Max"]


def test_no_more_people_than_fit_are_asked_for(reporter):
    for number in range(1, 25):
        reporter.post("who", **people(*["X"] * min(number, 20)), add="1")
    assert "as many as fit" in reporter.text("who")


# --- Nothing is lost ------------------------------------------------------------------------


def test_back_button_shows_what_was_typed(reporter, lists):
    reporter.tell()
    reporter.post("goods", goods="White boxes", categories=["TOBACCO", "FUEL"])
    page = reporter.text("goods")
    assert "White boxes" in page
    assert page.count("checked") == 2


def test_boxes_can_be_unticked(reporter, lists):
    reporter.post("goods", categories=["TOBACCO"], goods="x")
    reporter.post("goods", goods="x")
    assert "checked" not in reporter.text("goods")


def test_lost_draft_begins_anew_with_what_was_just_typed(reporter, lists):
    reporter.tell()
    Draft.objects.all().delete()
    reporter.post("where", place="Gate 4")
    assert "no longer kept" in reporter.text("when")
    assert "no longer kept" not in reporter.text("when")
    assert "Gate 4" in reporter.text("where")


def test_check_of_a_lost_draft_says_so(reporter):
    reporter.tell()
    Draft.objects.all().delete()
    assert reporter.get("check").status_code == 410
    assert "Begin again" in reporter.text("check")


def test_wrong_challenge_keeps_every_answer(desk, reporter, lists):
    reporter.tell()
    reporter.post("where", place="Gate 4")
    data = answers(reporter.text("check")) | {"challenge_answer": "wrong"}
    page = reporter.client.post(url("check"), data).content.decode()
    assert "Those were not the characters" in page
    assert "Gate 4" in page
    assert reporter.send().status_code == 302
    assert filed(desk)["where"]["place"] == "Gate 4"


def test_new_challenge_keeps_every_answer_and_is_no_error(reporter):
    reporter.tell()
    data = answers(reporter.text("check")) | {"new_challenge": "question"}
    page = reporter.client.post(url("check"), data).content.decode()
    assert NARRATIVE in page
    assert "Error:" not in page


def test_far_too_much_text_is_answered_with_a_sentence(reporter):
    reporter.tell()
    answer = reporter.tell(narrative="x" * 3_000_000)
    assert answer.status_code == 413
    assert NARRATIVE in reporter.text("what")


def test_post_from_elsewhere_is_shown_again_and_not_kept(reporter):
    answer = reporter.client.post(
        url("what"), {"narrative": NARRATIVE}, headers={"Origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert NARRATIVE in answer.content.decode()
    assert not Draft.objects.exists()


def test_two_pages_open_at_once_overwrite_nothing_of_each_other(reporter, lists):
    reporter.tell()
    reporter.get("where")
    reporter.get("when")
    reporter.post("when", seen="Friday")
    reporter.post("where", place="Gate 4")
    assert "Friday" in reporter.text("when")


# --- Sending --------------------------------------------------------------------------------


def test_sent_again_it_is_the_same_report_and_the_receipt_is_shown(desk, reporter):
    reporter.tell()
    data = answers(reporter.text("check"))
    reporter.client.post(url("check"), data)
    again = reporter.client.post(url("check"), data)
    assert again.url == url("receipt")
    assert Report.objects.count() == 1
    assert len(reporter.receipt()) == 29


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_file_one_report(desk, reporter):
    reporter.tell()
    data = answers(reporter.text("check"))
    cookie = reporter.client.cookies[COOKIE].value
    said: list[Any] = []

    def click() -> None:
        client = Client()
        client.cookies[COOKIE] = cookie
        said.append(client.post(url("check"), data))
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert [answer.status_code for answer in said] == [302] * 4
    assert Report.objects.count() == 1


def test_nothing_can_be_sealed_so_everything_is_kept(desk, reporter, settings, tmp_path):
    reporter.tell()
    data = answers(reporter.text("check"))
    settings.PINS_FILE = str(tmp_path / "none")
    pins.forget()
    page = reporter.client.post(url("check"), data).content.decode()
    assert "Nothing is lost" in page
    assert NARRATIVE in reporter.text("what")


# --- Receipt --------------------------------------------------------------------------------


def sent(reporter: Reporter, **how: str) -> str:
    reporter.tell()
    if how:
        reporter.post("how", **how)
    reporter.send()
    return reporter.receipt()


def test_receipt_stays_until_its_end_is_typed_back(desk, reporter):
    code = sent(reporter)
    page = reporter.post("receipt", last_group="AAAAA").content.decode()
    assert "That is not its end" in page
    assert code.split("-")[-1] in page
    assert reporter.post("receipt", last_group=code[-5:].lower()).url == url("done")
    assert not Draft.objects.exists()
    assert reporter.client.cookies[COOKIE].value == ""
    assert reporter.get("receipt").status_code == 404


def test_receipt_tells_the_dates_of_the_law_to_who_learned_it_at_work(desk, reporter):
    sent(reporter, through_work="yes")
    page = reporter.text("receipt")
    assert "7 days" in page
    assert "3 months" in page
    assert Report.objects.get().feedback_due


def test_receipt_is_in_no_address(desk, reporter):
    reporter.tell()
    answer = reporter.send()
    assert answer.url == url("receipt")
    assert not answer.content


# --- Leaving --------------------------------------------------------------------------------


def test_quick_exit_deletes_the_draft_and_leads_away(reporter, settings):
    reporter.tell()
    answer = reporter.get("leave")
    assert answer.url == settings.INTAKE_EXIT_URL
    assert not Draft.objects.exists()
    assert reporter.client.cookies[COOKIE].value == ""


@pytest.mark.parametrize("slug", ["", *PAGES, "files", "check", "done"])
def test_quick_exit_is_on_every_page(reporter, lists, slug):
    reporter.tell()
    assert f'href="{url("leave")}"' in reporter.text(slug)


def test_draft_can_be_deleted_from_the_start_page(reporter):
    reporter.tell()
    assert "Go on with it" in reporter.text()
    reporter.post("discard")
    assert not Draft.objects.exists()
