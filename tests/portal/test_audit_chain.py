"""The chain over the audit record: it notices every change that somebody with all rights makes."""

import random
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from portal import audit_chain, tasks
from portal.audit_verification import verify
from portal.models import AuditEvent, AuditExpiry, AuditSeal, AuditStamp
from tests.databases import postgresql, without_triggers
from tests.factories import AuditEventFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chain():
    """Three seals over two events each; ids 1 to 6."""
    for first in (1, 3, 5):
        AuditEventFactory(pk=first, reason="because", facts={"b": 1, "a": [None, "å"]})
        AuditEventFactory(pk=first + 1)
        assert audit_chain.seal_committed() == 2


def by_a_database_administrator(statement):
    with without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def retention_role():
    """Acts as the one PostgreSQL role that may drop expired events; SQLite has none."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "DO $$ BEGIN CREATE ROLE portal_retention; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
        cursor.execute("GRANT SELECT, DELETE ON portal_auditevent TO portal_retention")
        cursor.execute("GRANT SELECT ON portal_auditseal TO portal_retention")
        cursor.execute("GRANT SELECT, INSERT ON portal_auditexpiry TO portal_retention")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_retention")
        cursor.execute("SET ROLE portal_retention")
        yield
        cursor.execute("RESET ROLE")


def test_verify_of_an_untouched_record_finds_nothing(chain):
    AuditEventFactory(pk=7)
    report = verify()
    assert report.good
    assert (report.seals, report.sealed, report.unsealed) == (3, 6, 1)


def test_verify_of_an_empty_record_finds_nothing():
    assert verify().good


def test_seal_committed_of_nothing_new_adds_no_seal(chain):
    assert audit_chain.seal_committed() == 0
    assert AuditSeal.objects.count() == 3


def test_seal_committed_of_many_events_makes_several_seals(monkeypatch):
    monkeypatch.setattr(audit_chain, "SEGMENT", 4)
    AuditEventFactory.create_batch(10)
    assert audit_chain.seal_committed() == 10
    assert list(AuditSeal.objects.order_by("sequence").values_list("count", flat=True)) == [4, 4, 2]
    assert verify().good


TAMPERING = {
    "actor": "UPDATE portal_auditevent SET actor = 'user:9' WHERE id = 3",
    "time": "UPDATE portal_auditevent SET at = '2020-01-01 00:00:00+00:00' WHERE id = 3",
    "reason": "UPDATE portal_auditevent SET reason = 'other' WHERE id = 3",
    "facts": "UPDATE portal_auditevent SET facts = '{\"a\": 2}' WHERE id = 3",
    "firm": "UPDATE portal_auditevent SET organisation_id = 99 WHERE id = 3",
    "removed event": "DELETE FROM portal_auditevent WHERE id = 3",
    "target": "UPDATE portal_auditevent SET target_id = 'x' WHERE id IN (3, 4)",
    "altered seal": "UPDATE portal_auditseal SET count = 1 WHERE sequence = 2",
    "seal rewritten": "UPDATE portal_auditseal SET hash = 'aa' WHERE sequence = 2",
    "head rewritten": "UPDATE portal_auditseal SET hash = 'aa' WHERE sequence = 3",
    "broken chain": "UPDATE portal_auditseal SET previous_hash = 'aa' WHERE sequence = 2",
    "seal dated back": "UPDATE portal_auditseal SET sealed_at = '2020-01-01 00:00:00+00:00'",
    "removed seal": "DELETE FROM portal_auditseal WHERE sequence = 2",
    "first seal removed": "DELETE FROM portal_auditseal WHERE sequence = 1",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_verify_after_tampering_finds_it(chain, how):
    by_a_database_administrator(TAMPERING[how])
    assert not verify().good


def test_verify_names_the_events_that_were_removed(chain):
    by_a_database_administrator("DELETE FROM portal_auditevent WHERE id IN (3, 4)")
    assert verify().findings == ["Of seal 2, these events were removed: 3–4."]


def test_verify_names_where_an_event_was_altered(chain):
    by_a_database_administrator("UPDATE portal_auditevent SET event = 'x' WHERE id = 3")
    assert verify().findings == ["Among events 3–4, sealed by 2, at least one was altered."]


def test_verify_finds_an_event_slipped_in_below_the_head():
    AuditEventFactory(pk=1)
    AuditEventFactory(pk=9)
    audit_chain.seal_committed()
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        AuditEventFactory(pk=10)
        audit_chain.seal_committed()
        AuditEventFactory(pk=5)
        assert verify().findings == ["These events were inserted later: 5."]


def test_verify_finds_an_event_replaced_by_another_of_the_same_number(chain):
    by_a_database_administrator("DELETE FROM portal_auditevent WHERE id = 2")
    AuditEventFactory(pk=2, event="innocent")
    assert not verify().good


def test_verify_with_a_head_noted_elsewhere_finds_a_chain_made_anew(chain):
    head = verify().head
    by_a_database_administrator("DELETE FROM portal_auditseal")
    by_a_database_administrator("UPDATE portal_auditevent SET actor = 'user:9' WHERE id = 3")
    audit_chain.seal_committed()
    assert verify().good  # nothing within the database can tell
    assert verify(expected_head=head).findings == ["The head that was noted elsewhere is not here."]


def test_seal_of_a_late_commit_goes_into_the_next_seal():
    AuditEventFactory(pk=1)
    AuditEventFactory(pk=4)
    audit_chain.seal_committed()
    AuditEventFactory(pk=2)
    report = verify()
    assert report.good
    assert report.unsealed == 1
    assert audit_chain.seal_committed() == 1
    last = AuditSeal.objects.get(sequence=2)
    assert (last.covered, last.passed) == ([[2, 2]], 4)
    assert [gap[:2] for gap in last.awaited] == [[3, 3]]
    assert verify().good


def test_seal_drops_what_was_awaited_for_a_day():
    AuditEventFactory(pk=1)
    AuditEventFactory(pk=4)
    audit_chain.seal_committed()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        AuditEventFactory(pk=7)
        audit_chain.seal_committed()
    awaited = AuditSeal.objects.get(sequence=2).awaited
    assert [gap[:2] for gap in awaited] == [[5, 6]]
    assert verify().good


@postgresql
def test_seal_while_a_transaction_is_open_takes_its_event_later():
    written, sealed = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            AuditEventFactory(event="slow")
            written.set()
            sealed.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    AuditEventFactory(event="quick")
    assert audit_chain.seal_committed() == 1
    sealed.set()
    thread.join()
    assert verify().unsealed == 1
    assert audit_chain.seal_committed() == 1
    report = verify()
    assert report.good
    assert report.sealed == 2


def test_seal_by_many_workers_at_once_keeps_one_chain():
    AuditEventFactory.create_batch(20)
    together = threading.Barrier(4)

    def worker():
        together.wait()
        audit_chain.seal_committed()
        connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify()
    assert report.good
    assert report.sealed == 20


# --- Time stamps ----------------------------------------------------------------------------


def test_stamp_head_once_a_day_is_enough(chain, trust_service):
    tasks.stamp_audit()
    tasks.stamp_audit()
    AuditEventFactory()
    audit_chain.seal_committed()
    tasks.stamp_audit()
    assert list(AuditStamp.objects.values_list("sequence", flat=True)) == [3]
    report = verify()
    assert report.good
    assert report.stamps == 1
    assert abs(report.stamped_until - timezone.now()) < timedelta(minutes=1)


def test_stamp_head_without_a_service_is_tried_again(chain, trust_service):
    trust_service.stop()
    try:
        with pytest.raises(TimestampRequestError):
            tasks.stamp_audit()
    finally:
        trust_service.start()
    tasks.stamp_audit()
    assert AuditStamp.objects.count() == 1


def test_verify_finds_a_chain_rewritten_under_its_time_stamp(chain, trust_service):
    audit_chain.stamp_head()
    by_a_database_administrator("DELETE FROM portal_auditseal")
    by_a_database_administrator("UPDATE portal_auditevent SET actor = 'user:9' WHERE id = 3")
    audit_chain.seal_committed()
    assert verify().findings == ["The time-stamped seal 3 is missing."]


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda token: b"\x30\x00", "it cannot be read"),
        (lambda token: token[:-20] + bytes(20), "it is over something else"),
    ],
)
def test_verify_finds_a_forged_time_stamp(chain, trust_service, change, finding):
    stamp = audit_chain.stamp_head()
    with without_triggers(connection):
        AuditStamp.objects.update(token=change(bytes(stamp.token)))
    assert verify().findings == [f"The time stamp of seal 3 is wrong: {finding}."]


def test_verify_finds_a_time_stamp_moved_to_another_seal(chain, trust_service):
    audit_chain.stamp_head()
    by_a_database_administrator("UPDATE portal_auditstamp SET sequence = 2")
    assert verify().findings == ["The time stamp of seal 2 is wrong: it is over something else."]


# --- Expiry ---------------------------------------------------------------------------------


def test_expire_drops_whole_segments_and_keeps_their_seals(settings):
    settings.RETENTION_DAYS = {"audit": 1096}
    with time_machine.travel(timezone.now() - timedelta(days=1100)):
        AuditEventFactory.create_batch(3)
        audit_chain.seal_committed()
    AuditEventFactory.create_batch(2)
    audit_chain.seal_committed()
    with retention_role():
        assert audit_chain.expire() == 3
        assert audit_chain.expire() == 0
    report = verify()
    assert report.good
    assert (report.seals, report.sealed, report.expired) == (2, 2, 3)


def test_verify_finds_expiry_that_nobody_declared(chain):
    by_a_database_administrator("DELETE FROM portal_auditevent WHERE id < 3")
    assert not verify().good


@postgresql
def test_expire_by_any_other_role_is_refused(settings, chain):
    settings.RETENTION_DAYS = {"audit": 0}
    with pytest.raises(DatabaseError, match="append-only"):
        audit_chain.expire()
    assert AuditEvent.objects.count() == 6


def test_verify_finds_events_that_came_back_after_expiry(settings, chain):
    AuditExpiry.objects.create(sequence=1, rule="audit")
    assert verify().findings == ["Seal 1 has expired, but 2 of its events are here."]


def test_expire_leaves_the_record_append_only(settings, chain):
    settings.RETENTION_DAYS = {"audit": 0}
    with retention_role():
        audit_chain.expire()
    AuditEventFactory()
    with pytest.raises(DatabaseError, match="append-only"):
        AuditEvent.objects.all().delete()


# --- The command ----------------------------------------------------------------------------


def test_verify_audit_says_what_it_vouches_for(chain):
    AuditEventFactory()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "3 seals, 6 events sealed, 0 expired, 1 not yet sealed" in out.getvalue()
    assert "Head: 3:" in out.getvalue()


def test_verify_audit_of_a_changed_record_exits_with_1(chain):
    by_a_database_administrator("UPDATE portal_auditevent SET event = 'x' WHERE id = 3")
    errors = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_audit", stdout=StringIO(), stderr=errors)
    assert "events 3–4" in errors.getvalue()


# --- While work goes on ---------------------------------------------------------------------


def write_and_sometimes_think_better_of_it(until, seed):
    """Short and long transactions, every third of them undone: what leaves gaps and comes late."""
    chance = random.Random(seed)
    try:
        while time.monotonic() < until:
            with transaction.atomic():
                AuditEventFactory()
                time.sleep(chance.random() / 50)
                transaction.set_rollback(chance.random() < 0.3)
            time.sleep(chance.random() / 50)
    finally:
        connections.close_all()


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.soak)])
def test_verify_while_work_goes_on_finds_nothing(seconds):
    until = time.monotonic() + seconds
    writers = [
        threading.Thread(target=write_and_sometimes_think_better_of_it, args=[until, seed])
        for seed in range(4)
    ]
    for writer in writers:
        writer.start()
    while time.monotonic() < until:
        audit_chain.seal_committed()
        assert verify().findings == []
    for writer in writers:
        writer.join()
    audit_chain.seal_committed()
    report = verify()
    assert report.good
    assert report.sealed == AuditEvent.objects.count() > 10
