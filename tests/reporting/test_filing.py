"""Filing: what is written, sealed to whom, exactly once, and with few statements."""

import base64
import logging
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import pins, sealing
from portal.errors import AlreadyDone
from portal.models import AuditEvent, OutboxMessage
from portal.sealing import SealBroken
from reporting import content as contents
from reporting import envelopes, receipts
from reporting.actions.filing import CannotSeal, KeptFile, file_report
from reporting.models import Draft, DraftPart, Envelope, Firm, Kind, Report, Reporter, Slot
from reporting.models.reports import this_hour
from tests.threads import in_threads

pytestmark = pytest.mark.django_db


def told(**sections):
    return {
        "version": 1,
        "filed": {"language": "en", "channel": "public", "through_work": False},
        "what": {"narrative": "Boxes without papers", "happening_now": False},
        "about": {"mode": "anonymous", "at_risk": False},
        **sections,
    }


def kept(*pieces, view=()):
    data = b"".join(pieces)
    return KeptFile(
        id=uuid4(),
        name="photo.jpg",
        kind="jpeg",
        size=len(data),
        sha256="0" * 64,
        scan="clean",
        original=lambda: pieces,
        view=lambda: view,
    )


def read(desk, envelope):
    return envelopes.opened(envelope, envelope.slots.all(), desk.keys_of(desk.officer).seeds)


def draft(*, size=0):
    return Draft.objects.create(
        id=uuid4().hex, box=b"b", size=size, expires_at=timezone.now() + timedelta(hours=1)
    )


def test_file_report_so_that_the_desk_reads_it(desk):
    filed = file_report(content=told(), identity=None)
    envelope = Envelope.objects.get()
    content = contents.load(read(desk, envelope))
    assert content["what"]["narrative"] == "Boxes without papers"
    assert content["filed"]["reference"] == filed.reference == envelope.report.reference
    assert content["files"] == []
    public = base64.urlsafe_b64decode(content["filed"]["reporter_public"])
    assert public == bytes(Reporter.objects.get(tag=receipts.tag(filed.receipt)).public)
    assert public == sealing.public_of(receipts.seed(filed.receipt))
    promised = OutboxMessage.objects.get()
    assert (promised.task, promised.payload) == (
        "reporting.received",
        {"report_id": str(envelope.report_id)},
    )


def test_file_report_without_a_trace_of_the_minute(desk):
    file_report(content=told(), identity=None)
    report, promised = Report.objects.get(), OutboxMessage.objects.get()
    moments = [report.received_hour, promised.created_at, promised.available_at]
    assert moments == [Envelope.objects.get().created_hour] * 3
    assert (report.received_hour.minute, report.received_hour.second) == (0, 0)
    assert not AuditEvent.objects.exclude(target_type__startswith="portal.").exists()


@pytest.mark.parametrize("words", ["", "a", "a" * 5000])
def test_file_report_so_that_its_length_tells_the_bucket_only(desk, words):
    file_report(content=told(what={"narrative": words}), identity=None)
    frame = 1 + sealing.NONCE + 16
    assert (len(Envelope.objects.get().ciphertext) - frame) % sealing.BUCKET == 0


@pytest.mark.parametrize(
    ("what", "about"),
    [({"happening_now": True}, {}), ({}, {"at_risk": True})],
)
def test_file_report_as_urgent(desk, what, about):
    file_report(content=told(what=what, about=about), identity=None)
    report = Report.objects.get()
    assert report.urgent
    assert report.assess_due == report.received_hour + timedelta(hours=1)


def test_file_report_learned_through_work_starts_both_clocks(desk):
    file_report(content=told(filed={"through_work": True}), identity=None)
    report = Report.objects.get()
    assert not report.urgent
    assert report.assess_due is None
    assert report.acknowledge_due - report.received_hour >= timedelta(days=7, hours=-1)
    assert report.feedback_due > report.acknowledge_due


def test_file_report_learned_elsewhere_starts_none(desk):
    file_report(content=told(), identity=None)
    report = Report.objects.get()
    assert (report.acknowledge_due, report.feedback_due) == (None, None)


@pytest.mark.parametrize("mode", ["confidential", "named"])
def test_file_report_with_identity_that_two_open_together(desk, mode):
    file_report(content=told(about={"mode": mode}), identity={"name": "Anna"})
    sealed = Envelope.objects.get(kind=Kind.IDENTITY)
    halves = []
    for user, name in ((desk.custodian, "custodian"), (desk.supervisor, "supervisor")):
        slot = sealed.slots.get(recipient=f"identity:{name}#1")
        seed = desk.keys_of(user).seeds[slot.recipient]
        half = sealing.open_slot(seed, bytes(slot.sealed), sealed.context, slot.recipient)
        halves.append(half)
        with pytest.raises(SealBroken):
            envelopes.decrypted(sealed, half)
    assert b"Anna" in envelopes.decrypted(sealed, sealing.join(*halves))
    assert b"Anna" not in read(desk, Envelope.objects.get(kind=Kind.REPORT))


def test_file_report_anonymously_leaves_no_identity(desk):
    file_report(content=told(), identity={"name": "Anna"})
    assert not Envelope.objects.filter(kind=Kind.IDENTITY).exists()


def test_file_report_with_files_in_pieces(desk):
    photo = kept(b"a" * 3000, b"b" * 10, view=[b"seen"])
    file_report(content=told(), identity=None, files=[photo])
    (entry,) = contents.load(read(desk, Envelope.objects.get(kind=Kind.REPORT)))["files"]
    assert entry["name"] == "photo.jpg"
    parts = [Envelope.objects.get(pk=one) for one in entry["original"]]
    assert [part.version for part in parts] == [1, 2]
    assert b"".join(read(desk, part) for part in parts) == b"a" * 3000 + b"b" * 10
    assert [read(desk, Envelope.objects.get(pk=one)) for one in entry["view"]] == [b"seen"]


def test_file_report_for_a_firm(desk):
    file_report(content=told(), identity=None, firm_tag="f" * 64)
    assert Firm.objects.get().report == Report.objects.get()


@pytest.mark.django_db(transaction=True)
def test_file_report_with_few_statements(desk):
    kept_draft = draft()
    pins.current()
    with CaptureQueriesContext(connection) as captured:
        file_report(content=told(), identity=None, draft_id=kept_draft.pk)
    said = [one["sql"] for one in captured.captured_queries]
    assert len([sql for sql in said if not sql.startswith(("BEGIN", "COMMIT"))]) <= 6
    assert not [sql for sql in said if "SAVEPOINT" in sql]
    assert not Draft.objects.exists()


def test_file_report_ends_its_draft_with_all_its_parts(desk):
    kept_draft = draft(size=3)
    DraftPart.objects.create(draft=kept_draft, file=uuid4(), copy="original", number=1, box=b"b")
    file_report(content=told(), identity=None, files=[kept(b"abc")], draft_id=kept_draft.pk)
    assert not Draft.objects.exists()
    assert not DraftPart.objects.exists()


def test_file_report_again_from_the_same_draft_is_refused(desk):
    kept_draft = draft()
    file_report(content=told(), identity=None, draft_id=kept_draft.pk)
    with pytest.raises(AlreadyDone):
        file_report(content=told(), identity=None, draft_id=kept_draft.pk)
    assert [model.objects.count() for model in (Report, Reporter, Envelope, OutboxMessage)] == [
        1
    ] * 4


def test_file_report_without_believed_keys_loses_nothing(desk, caplog):
    Path(settings.PINS_FILE).write_text("{}")
    pins.forget()
    kept_draft = draft()
    with pytest.raises(CannotSeal, match="call"), caplog.at_level(logging.ERROR):
        file_report(content=told(), identity=None, draft_id=kept_draft.pk)
    assert "Boxes" not in caplog.text
    assert Draft.objects.exists()
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_file_reports_from_many_threads_at_once(desk):
    filed = in_threads(8, lambda: [file_report(content=told(), identity=None) for _ in range(5)])
    assert len({one.receipt for many in filed for one in many}) == 40
    assert Report.objects.count() == Reporter.objects.count() == Envelope.objects.count() == 40
    assert Slot.objects.count() == 80


@pytest.mark.django_db(transaction=True)
def test_file_one_draft_from_many_threads_files_it_once(desk):
    kept_draft = draft()

    def submit():
        try:
            return file_report(content=told(), identity=None, draft_id=kept_draft.pk)
        except AlreadyDone:
            return None

    filed = in_threads(8, submit)
    assert len([one for one in filed if one]) == 1
    assert Report.objects.count() == 1


def test_hour_of_an_envelope_is_this_one(desk):
    file_report(content=told(), identity=None)
    assert Envelope.objects.get().created_hour == this_hour()
