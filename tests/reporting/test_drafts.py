"""Drafts: opened by the cookie alone, gone after an hour, and never a clear byte in the table."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone

from reporting import drafts
from reporting.drafts import COOKIE, PART, Held
from reporting.models import Draft, DraftPart
from tests.reporting.intake import NARRATIVE, Reporter, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Held:
    made = Held(
        b"s" * drafts.SECRET, {"answers": {"what": {"narrative": [NARRATIVE]}}}, is_new=True
    )
    drafts.keep(made)
    made.is_new = False
    return made


def test_table_shows_neither_text_nor_key(held):
    row = Draft.objects.get()
    assert NARRATIVE.encode() not in bytes(row.box)
    assert held.secret not in bytes(row.box)
    assert held.secret.hex() not in row.id


def test_secret_opens_the_draft_and_another_does_not(held):
    assert drafts.opened(held.secret).answers == held.answers
    assert drafts.opened(b"t" * drafts.SECRET) is None


def test_box_in_another_row_does_not_open(held):
    other = Held(b"o" * drafts.SECRET, {"answers": {}}, is_new=True)
    drafts.keep(other)
    mine, theirs = Draft.objects.get(pk=held.id), Draft.objects.get(pk=other.id)
    Draft.objects.filter(pk=other.id).update(box=mine.box)
    Draft.objects.filter(pk=held.id).update(box=theirs.box)
    assert drafts.opened(held.secret) is None
    assert drafts.opened(other.secret) is None


def test_length_of_a_box_tells_little(held):
    before = len(Draft.objects.get().box)
    held.told["answers"]["what"]["narrative"] = [NARRATIVE + " More."]
    drafts.keep(held)
    assert len(Draft.objects.get().box) == before


@pytest.mark.parametrize("cookie", ["", "x", "é", "%%%", "A" * 500])
def test_cookie_that_is_none_of_ours_is_nobodys(cookie):
    request = RequestFactory().get("/report/")
    request.COOKIES[COOKIE] = cookie
    assert drafts.secret_of(request) is None
    assert drafts.find(request) is None


def test_hour_begins_anew_with_each_page():
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        reporter = Reporter()
        reporter.tell()
        clock.move_to(start + timedelta(minutes=50))
        assert NARRATIVE in reporter.text("what")
        clock.move_to(start + timedelta(minutes=105))
        assert NARRATIVE in reporter.text("what")
        clock.move_to(start + timedelta(minutes=166))
        assert NARRATIVE not in reporter.text("what")


def test_parts_of_a_file_come_back_in_order_and_are_never_clear(held):
    data = bytes(range(256)) * (PART // 256) + b"the end"
    file = "12345678-1234-5678-1234-567812345678"
    drafts.keep_parts(held, file, "original", data)
    assert DraftPart.objects.count() == 2
    assert b"".join(drafts.parts(held, file, "original")) == data
    assert b"the end" not in bytes(DraftPart.objects.get(number=1).box)


def test_discarding_leaves_nothing(held):
    drafts.keep_parts(held, "0" * 32, "original", b"file")
    drafts.hold_receipt(held, {"receipt": "x"})
    drafts.discard(held.secret)
    assert not Draft.objects.exists()
    assert not DraftPart.objects.exists()


def test_login_session_is_never_asked_for(client, django_user_model):
    client.force_login(django_user_model.objects.create(email="who@business.example"))
    assert "who@business.example" not in client.get(url("what")).content.decode()
