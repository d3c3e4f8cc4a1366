"""The demonstration: a report in every state by the real actions, and keys that unlock the desk."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count

from portal import demonstration as people
from portal import demonstration_keys as desk
from portal import outbox
from portal.demonstration_registers import fill_registers
from portal.models import Breach, RightsRequest, User
from reporting import envelopes, permissions
from reporting.demonstration import many
from reporting.demonstration.story import Story
from reporting.demonstration.tales import TALES
from reporting.lifecycle import Status
from reporting.models import (
    Envelope,
    ExportRequest,
    Feedback,
    IdentityRequest,
    Kind,
    LegalHold,
    Report,
    RetentionRun,
)
from reporting.statistics import FEWEST
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings, tmp_path):
    settings.DEMONSTRATION = True
    settings.VAR = tmp_path
    settings.PINS_FILE = str(tmp_path / "keys" / "pins.json")
    (tmp_path / "keys").mkdir()
    call_command("load_reference", verbosity=0)
    call_command("load_directory", verbosity=0)
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


def test_tell_the_story_leaves_something_for_everybody_to_do(demonstration):
    desk.make_keys()
    Story(lambda line: None).tell()
    triage, supervisor, custodian = (User.objects.get(email=email) for email in desk.OFFICERS[:3])
    (asked,) = IdentityRequest.objects.live()
    assert permissions.can_release_identity(custodian, asked)
    (export,) = ExportRequest.objects.all()
    assert permissions.can_approve_export(supervisor, export)
    assert not permissions.can_approve_export(triage, export)
    assert LegalHold.objects.filter(lifted_at=None).count() == 1
    (run,) = RetentionRun.objects.all()
    assert run.dry
    assert run.finished_at
    assert run.counts
    assert Report.objects.filter(labels__code="gate-4").count() == 2
    assert Report.objects.count() == len(TALES) + many.HOW_MANY
    counted = Report.objects.order_by().values("category").annotate(n=Count("pk"))
    assert sum(row["n"] >= FEWEST for row in counted if row["category"]) > 2
    Story(lambda line: None).tell()
    assert Report.objects.count() == len(TALES) + many.HOW_MANY, "A second run adds nothing"


def test_fill_registers_leaves_clocks_running(demonstration):
    assert fill_registers()
    assert set(RightsRequest.objects.values_list("status", flat=True)) == {"received", "identified"}
    assert 0 < Breach.objects.undecided().get().hours_left() < 72
    assert not fill_registers()


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
