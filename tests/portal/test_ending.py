"""The warning before an end — of a session, an unlocked desk, a draft: how long, and longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal import keyring
from portal.models import SiteSession
from reporting import drafts
from reporting.models import Draft
from tests.factories import MembershipFactory
from tests.reporting.intake import Reporter

pytestmark = pytest.mark.django_db

LEFT = "/accounts/time-left/"
DESK_LEFT = "/admin/time-left/"


@pytest.fixture
def person(client):
    """Signed in, with ten minutes left of the session."""
    client.force_login(MembershipFactory(owner=True).user)
    SiteSession.objects.update(expire_date=timezone.now() + timedelta(minutes=10))
    return client


def test_page_says_how_long_the_session_lasts(person):
    page = person.get("/accounts/").text
    left = int(page.split('data-left="')[1].split('"')[0])
    assert 590 <= left <= 600
    assert "Stay signed in" in page


def test_page_of_a_visitor_warns_of_nothing(client):
    assert "data-left" not in client.get("/").text


def test_looking_makes_nothing_longer(person):
    assert 590 <= person.get(LEFT).json()["seconds"] <= 600
    assert 590 <= person.get(LEFT).json()["seconds"] <= 600


def test_asking_to_stay_gives_the_whole_time_again(person):
    assert person.post(LEFT).json()["seconds"] == settings.SESSION_COOKIE_AGE
    assert person.get(LEFT).json()["seconds"] > settings.SESSION_COOKIE_AGE - 60


def test_ended_session_is_not_brought_back(person):
    SiteSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert person.post(LEFT).status_code == 302
    assert person.get(LEFT).status_code == 302


def test_page_of_another_site_keeps_nobody_signed_in(person):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person.cookies
    assert strict.post(LEFT, headers={"Origin": "https://evil.example"}).status_code == 403
    assert person.get(LEFT).json()["seconds"] <= 600


@pytest.fixture
def unlocked(desk):
    """A desk that nobody has used for ten of its fifteen minutes."""
    client = desk.unlocked(Client(), desk.officer)
    idle(client, 600)
    return client


def idle(client: Client, seconds: int) -> None:
    session = client.session
    session["keyring"] = {**session["keyring"], "seen": session["keyring"]["seen"] - seconds}
    session.save()


def test_desk_says_how_long_it_stays_unlocked_and_looking_does_not_count(unlocked):
    for _again in range(2):
        assert 280 <= unlocked.get(DESK_LEFT).json()["seconds"] <= 300
    assert "Keep it unlocked" in unlocked.get("/admin/").text


def test_asking_to_keep_the_desk_unlocked_counts_as_use(unlocked):
    assert unlocked.post(DESK_LEFT).json()["seconds"] >= keyring.IDLE_SECONDS - 20


def test_locked_desk_is_not_unlocked_by_asking(unlocked):
    idle(unlocked, 600)
    assert unlocked.post(DESK_LEFT).json()["seconds"] == 0
    assert "Keep it unlocked" not in unlocked.get("/admin/").text


def test_stolen_session_without_the_cookie_keeps_no_desk_unlocked(unlocked):
    unlocked.cookies.pop(keyring.COOKIE)
    assert unlocked.post(DESK_LEFT).json()["seconds"] == 0


# --- A report that is being written ---------------------------------------------------------------

DRAFT_LEFT = "/report/time-left/"


@pytest.fixture
def reporter():
    """Somebody who wrote a page, fifty minutes ago."""
    one = Reporter()
    one.tell()
    Draft.objects.update(expires_at=timezone.now() + timedelta(minutes=10))
    return one


def test_looking_at_how_long_a_draft_is_kept_keeps_it_no_longer(reporter):
    for _again in range(2):
        assert 580 <= reporter.client.get(DRAFT_LEFT).json()["seconds"] <= 600


def test_asking_to_keep_a_draft_gives_it_another_hour(reporter):
    answer = reporter.client.post(DRAFT_LEFT)
    assert answer.json()["seconds"] > 3540
    assert answer.cookies[drafts.COOKIE]["max-age"] == 3600
    assert answer["Cache-Control"] == "no-store"


def test_draft_that_is_gone_is_not_brought_back(reporter):
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reporter.client.post(DRAFT_LEFT).json() == {"seconds": 0}
    assert Client().post(DRAFT_LEFT).json() == {"seconds": 0}


def test_page_of_another_site_keeps_no_draft(reporter):
    answer = reporter.client.post(DRAFT_LEFT, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert reporter.client.get(DRAFT_LEFT).json()["seconds"] <= 600


def test_pages_of_a_report_warn_once_something_was_written(reporter):
    lasts = int(drafts.LASTS.total_seconds())
    assert f'data-left="{lasts}"' in reporter.text("who")
    assert "data-left" not in Reporter().text("what")
