"""The demonstration: a report in every state by the real actions, and keys that unlock the desk."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal import demonstration as people
from portal import outbox
from reporting import envelopes
from reporting.demonstration import desk
from reporting.demonstration.story import Story
from reporting.lifecycle import Status
from reporting.models import Envelope, Feedback, Kind, Report
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMONSTRATION = True
    settings.VAR = tmp_path
    settings.PINS_FILE = str(tmp_path / "keys" / "pins.json")
    (tmp_path / "keys").mkdir()
    call_command("load_reference", verbosity=0)
    people.add_staff()
    OrganisationFactory(owner=UserFactory(email="owner@business.example"))


def test_tell_the_story_leaves_a_report_in_every_state(demonstration):
    desk.make_keys()
    said = []
    Story(said.append).tell()
    outbox.deliver_open()
    assert set(Report.objects.values_list("status", flat=True)) == set(Status.values)
    assert any("receipt" in line for line in said)
    assert Feedback.objects.exists()


def test_tell_the_story_twice_adds_nothing(demonstration):
    desk.make_keys()
    Story(lambda line: None).tell()
    before = Report.objects.count()
    Story(lambda line: None).tell()
    assert Report.objects.count() == before


def test_make_keys_twice_tells_the_same_passphrases(demonstration):
    assert desk.make_keys() == desk.make_keys()


def test_conversations_open_with_the_printed_passphrase(demonstration):
    desk.make_keys()
    Story(lambda line: None).tell()
    keys = desk.unlocked(desk.OFFICERS[0])
    replies = Envelope.objects.filter(kind=Kind.REPLY)
    assert replies.count() > 4
    for reply in replies:
        assert b"text" in envelopes.opened(reply, reply.slots.all(), keys.seeds)


def test_load_outside_demonstration_is_refused(db):
    with pytest.raises(CommandError, match="demonstration mode only"):
        call_command("load_reports_demonstration")
