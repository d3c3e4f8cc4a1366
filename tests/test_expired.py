"""One table of all that is erased: what a dry run counts is what the run then does."""

from __future__ import annotations

from io import StringIO

import pytest
from captcha.models import CaptchaStore
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from mou import programme
from partners.models import ExchangeRetentionRun
from portal import expired, reference_files
from portal.models import AuditEvent, OfficeSession, UsedWork
from reporting.lifecycle import Status
from reporting.models import (
    Draft,
    ExportRequest,
    IdentityRequest,
    Kind,
    Pass,
    RetentionRule,
    RetentionRun,
)
from tests.databases import acting_as, postgresql
from tests.factories import OutboxMessageFactory, UserFactory
from tests.mou import test_imports as lists
from tests.mou import test_interest_retention as interests
from tests.partners import enquiry_flows
from tests.partners import test_entry_files as entries
from tests.partners import test_erasing as desk
from tests.partners import test_exchange_retention as exchanges
from tests.partners.factories import HolderFactory
from tests.reporting import test_retention as reports

pytestmark = pytest.mark.django_db
DAY = "2040-06-01T09:00:00+00:00"
RUNS = (RetentionRun, ExchangeRetentionRun)


def run(*, dry):
    return list(expired.table(dry=dry))


def rows():
    """How many rows there are of everything, but of the runs themselves."""
    models = (model for model in apps.get_models() if model not in RUNS)
    return {model: model._default_manager.count() for model in models}


@pytest.fixture
def world(db):
    """Something of every line of the table, and something of each that stays."""
    now, supervisor = timezone.now(), UserFactory(supervisor=True)
    caseworker, liaison = UserFactory(caseworker=True), UserFactory(liaison_officer=True)
    reference_files.load()
    programme.load()
    interests.refused(caseworker), interests.upheld(caseworker), interests.asked()
    lists.compared(caseworker, lists.csv(lists.FIRST))
    desk.world()
    HolderFactory(until=timezone.localdate())
    HolderFactory()
    enquiry_flows.closed()
    entries.compare(entries.HEAD + "partner,one,,,One,customs,NZ,,,,,\n", liaison)
    people = exchanges.People(liaison, supervisor, supervisor)
    for status in ("closed", "retention_review"):
        exchanges.sealed(exchanges.one(people, status=status))
    for report in (reports.full(supervisor), *reports.chain()):
        reports.sealed(report, Kind.IDENTITY)
    held = reports.made(Status.CLOSED)
    held.holds.create(reason="Court case", placed_by=supervisor)
    for key in ("a", "b"):
        Draft.objects.create(pk=key, box=b"b", expires_at=now)
        Pass.objects.create(pk=key, box=b"b", expires_at=now)
    asked = {"reason": "r", "requested_by": supervisor, "expires_at": now}
    IdentityRequest.objects.create(report=held, **asked)
    ExportRequest.objects.create(**asked)
    OutboxMessageFactory(done_at=now)
    OfficeSession.objects.create(session_key="k", session_data="d", expire_date=now)
    CaptchaStore.objects.create(challenge="c", response="r", hashkey="h", expiration=now)
    UsedWork.objects.create(nonce="n", expires_at=now)


def test_dry_run_counts_what_the_run_then_does(world, time_machine):
    time_machine.move_to(DAY)
    before = rows()
    told = run(dry=True)
    assert rows() == before
    assert run(dry=False) == told
    names = {name for name, _what, number in told if number}
    assert names == {name for name, _what, _number in told}
    assert AuditEvent.objects.filter(kind="erasure").exists()


def test_run_leaves_nothing_that_a_dry_run_would_count(world, time_machine):
    time_machine.move_to(DAY)
    run(dry=False)
    stays = {"reports": ("held", "review", "dated"), "exchanges": ("review", "dated")}
    for name, what, number in run(dry=True):
        assert not number or what.startswith(stays.get(name, ())), (name, what)


@postgresql
def test_worker_may_count_and_do_all_of_it(roles, world, time_machine):
    time_machine.move_to(DAY)
    with acting_as("worker"):
        assert run(dry=True) == run(dry=False)


def test_command_prints_every_line_and_loads_the_rules():
    said = StringIO()
    call_command("retention", "--dry-run", stdout=said)
    for name, what, number in run(dry=True):
        assert f"  {name:<24} {what:<32} {number:>8}\n" in said.getvalue()
    call_command("retention", "--load", stdout=said)
    assert RetentionRule.objects.exists()
