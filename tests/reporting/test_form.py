"""The form, page by page: nothing typed is lost, one question is needed, one report is filed."""

from __future__ import annotations

import pytest

from portal import reference_files
from reporting import content, envelopes
from reporting.models import Draft, Envelope, Report
from tests.reporting.intake import NARRATIVE, PAGES, Reporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter() -> Reporter:
    return Reporter()


@pytest.fixture
def lists() -> None:
    reference_files.load()


def filed(desk) -> content.Content:
    """What the one report says, opened with the officer's keys."""

    envelope = Envelope.objects.get(kind="report")
    keys = desk.keys_of(desk.officer)
    return content.load(envelopes.opened(envelope, envelope.slots.all(), keys.seeds))


def test_start_page_says_whom_to_call_and_what_is_kept(reporter, settings):
    page = reporter.text()
    for said in ("112", settings.BRAND["hotline"], "do not keep your internet address",
                 "A court or a law", "honest mistake", "Last updated"):  # fmt: skip
        assert said in page


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_is_shown_to_somebody_new(reporter, lists, slug):
    assert reporter.get(slug).status_code == 200
    assert not Draft.objects.exists()


def test_sentence_and_challenge_are_enough(desk, reporter):
    assert reporter.tell().status_code == 302
    assert reporter.send().url == "/report/receipt/"
    assert filed(desk)["what"]["narrative"] == NARRATIVE
    assert Report.objects.count() == 1
