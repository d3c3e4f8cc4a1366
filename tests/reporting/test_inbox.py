"""What an inbox tells: states, dates, replies that are ours, and what a firm is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from portal import pins
from reporting import inbox, receipts
from reporting.actions.conversation import reply
from reporting.actions.filing import file_report
from reporting.lifecycle import PLAIN, Plain, Status
from reporting.models import Envelope, Feedback, Firm, Kind, Report
from tests.databases import acting_as, postgresql
from tests.reporting.test_filing import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(desk):
    return file_report(content=told(), identity=None)


def box_of(filed):
    return inbox.read(receipts.tag(filed.receipt))


def answer(desk, text="Which door?", **more):
    report = Report.objects.get()
    return reply(report=report, keys=desk.keys_of(desk.officer), by=desk.officer, text=text, **more)


def test_read_a_new_inbox(filed):
    box = box_of(filed)
    assert (box.reference, box.state, box.sealed) == (filed.reference, "received", [])
    assert (box.acknowledge_due, box.feedback_due) == (None, None)
    assert box.look_again == timezone.localdate() + timedelta(days=7)


def test_read_with_a_wrong_tag_finds_nothing(filed):
    assert inbox.read(receipts.tag(receipts.new())) is None


def test_read_replies_newest_first(desk, filed):
    answer(desk, "Which door?", asks=True)
    answer(desk, "Thank you.")
    read = inbox.opened(box_of(filed), filed.receipt)
    assert [(one.text, one.asks) for one in read.replies] == [
        ("Thank you.", False),
        ("Which door?", True),
    ]
    assert (read.refused, read.is_blind) == (0, False)


def test_receipt_opens_replies_and_nothing_else(desk, filed):
    answer(desk)
    assert {one.kind for one, _slot in box_of(filed).sealed} == {Kind.REPLY}
    own = set(Envelope.objects.filter(slots__recipient="reporter#1").values_list("kind", flat=True))
    assert own == {Kind.REPLY}


def test_read_replies_with_another_receipt_shows_none(desk, filed):
    answer(desk)
    read = inbox.opened(box_of(filed), receipts.new())
    assert (read.replies, read.refused) == ([], 1)


def test_read_replies_without_believed_keys_says_so(desk, filed, settings, tmp_path):
    answer(desk)
    settings.PINS_FILE = str(tmp_path / "none.json")
    pins.forget()
    read = inbox.opened(box_of(filed), filed.receipt)
    assert (read.replies, read.is_blind) == ([], True)


@pytest.mark.parametrize("status", Status)
def test_each_status_is_told_in_four_plain_states(filed, status):
    Report.objects.update(status=status)
    box = box_of(filed)
    if status == Status.ERASED:
        assert box.is_erased
    else:
        assert (box.state, box.plain) == (PLAIN[status], PLAIN[status])
    assert box.plain in Plain


def test_dates_are_told_while_clocks_run(desk):
    filed = file_report(content=told(filed={"through_work": True}), identity=None)
    box = box_of(filed)
    report = Report.objects.get()
    assert (box.acknowledge_due, box.feedback_due) == (report.acknowledge_due, report.feedback_due)
    assert not box.acknowledged
    assert box.look_again <= timezone.localdate(box.acknowledge_due)
    Report.objects.update(acknowledged_at=timezone.now(), status=Status.ACKNOWLEDGED)
    assert box_of(filed).acknowledged


# --- A firm's list ----------------------------------------------------------------------------


def of_firm(tag, count):
    made = [file_report(content=told(), identity=None, firm_tag=tag) for _ in range(count)]
    order = Report.objects.order_by("-id").values_list("reference", flat=True)
    mine = {one.reference for one in made}
    return [reference for reference in order if reference in mine]


def test_firm_reads_its_own_reports_and_their_last_feedback(desk):
    ours = of_firm("a" * 64, 2)
    of_firm("b" * 64, 1)
    report = Report.objects.get(reference=ours[0])
    for code in ("received", "used"):
        Feedback.objects.create(report=report, code=code, given_by=desk.officer)
    rows = inbox.of_firm(["a" * 64, "c" * 64])
    assert [(row.reference, row.feedback) for row in rows] == [(ours[0], "used"), (ours[1], "")]
    assert rows[0].plain == Plain.RECEIVED
    assert rows[0].received == timezone.localdate()
    assert inbox.of_firm([]) == []


def test_firm_reads_on_after_the_last_row(desk):
    ours = of_firm("a" * 64, 3)
    assert [row.reference for row in inbox.of_firm(["a" * 64], before=ours[0])] == ours[1:]


def test_firm_reads_on_from_no_report_of_another(desk):
    of_firm("a" * 64, 1)
    (theirs,) = of_firm("b" * 64, 1)
    assert inbox.of_firm(["a" * 64], before=theirs) == []


def test_firm_reads_one_page_and_one_more(desk):
    tag = "a" * 64
    first = file_report(content=told(), identity=None, firm_tag=tag)
    columns = Report.objects.get(reference=first.reference)
    for number in range(inbox.PAGE + 2):
        report = Report.objects.create(reference=f"SR-{number}", unit=columns.unit)
        Firm.objects.create(report=report, tag=tag)
    assert len(inbox.of_firm([tag])) == inbox.PAGE + 1


# --- What PostgreSQL does for it --------------------------------------------------------------


@postgresql
@pytest.mark.parametrize("replies", [0, 1, 3])
def test_function_answers_as_the_tables_do(roles, desk, filed, replies):
    for number in range(replies):
        answer(desk, f"Reply {number}")
    tag = receipts.tag(filed.receipt)
    with acting_as("intake"):
        called = inbox.read(tag)
    selected = inbox._box(inbox._selected(tag))
    assert _plain(called) == _plain(selected)
    assert len(called.sealed) == replies


def _plain(box):
    told = {name: getattr(box, name) for name in box.__dataclass_fields__ if name != "sealed"}
    rows = {
        (e.id, e.version, bytes(e.ciphertext), bytes(e.signature), e.signed_by, bytes(s.sealed))
        for e, s in box.sealed
    }
    return told, rows


@postgresql
def test_functions_run_as_owner_with_a_pinned_path():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef AND proname LIKE 'reporting%'"
        )
        found = dict(cursor.fetchall())
    assert set(found) == {"reporting_inbox", "reporting_of_firm"}
    for settings in found.values():
        assert settings == ["search_path=pg_catalog, pg_temp"]
