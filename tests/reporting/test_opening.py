"""Opening a report: the reason first, the record before the reading, nothing for anybody else."""

from __future__ import annotations

import time

import pytest
import time_machine

from portal.errors import NotAllowed
from portal.keyring import Unlocked
from portal.models import AuditEvent
from portal.sealing import SealBroken
from reporting import inbox, opening, receipts
from reporting.actions import conversation, custody, notes, words
from reporting.lifecycle import Status
from reporting.models import Envelope, Identifier, Kind, Report
from tests.factories import RoleGrantFactory, UserFactory
from tests.reporting import cases

pytestmark = pytest.mark.django_db
REASON = "first assessment"


def events(report: Report) -> list[tuple[str, str, str]]:
    found = AuditEvent.objects.filter(target_id=str(report.pk)).order_by("id")
    return list(found.values_list("event", "kind", "reason"))


def test_open_with_a_reason_is_recorded_and_shows_what_was_told(desk):
    report, _told = cases.filed()
    found = opening.open_report(
        report=report, keys=desk.keys_of(desk.officer), by=desk.officer, reason=f" {REASON}\n"
    )
    assert found.content["what"]["narrative"] == cases.NARRATIVE
    assert events(report) == [("opened", "consultation", REASON)]


@pytest.mark.parametrize("reason", ["", "   ", "short", " a    b    c "])
def test_open_without_a_reason_is_refused_and_recorded(desk, reason):
    report, _told = cases.filed()
    with pytest.raises(opening.NoReason):
        opening.open_report(
            report=report, keys=desk.keys_of(desk.officer), by=desk.officer, reason=reason
        )
    assert events(report) == [("opening_refused", "consultation", "")]
    assert not Identifier.objects.exists()


def test_open_without_the_role_though_unlocked_is_refused_and_recorded(desk):
    report, _told = cases.filed()
    stranger = UserFactory(caseworker=True)
    keys = desk.keys_of(desk.officer)
    theirs = Unlocked(stranger, keys.seeds, keys.signers, keys.index)
    with pytest.raises(NotAllowed):
        opening.open_report(report=report, keys=theirs, by=stranger, reason=REASON)
    assert events(report) == [("opening_refused", "consultation", "")]


def test_open_despite_a_conflict_is_refused_and_recorded(desk):
    report, _told = cases.filed()
    custody.exclude(report=report, by=desk.supervisor, person=desk.officer)
    fresh = Report.objects.get(pk=report.pk)
    with pytest.raises(NotAllowed):
        opening.open_report(
            report=fresh, keys=desk.keys_of(desk.officer), by=desk.officer, reason=REASON
        )
    assert events(report)[-1][0] == "opening_refused"


def test_open_as_an_officer_who_also_administers_the_system_is_refused(desk):
    report, _told = cases.filed()
    keys = desk.keys_of(desk.officer)
    RoleGrantFactory(user=desk.officer, role="system_administrator")
    del desk.officer._roles
    with pytest.raises(NotAllowed):
        opening.open_report(report=report, keys=keys, by=desk.officer, reason=REASON)


def test_open_for_the_first_time_enters_the_identifiers_once(desk):
    report, _told = cases.filed()
    keys = desk.keys_of(desk.officer)
    for _ in range(2):
        fresh = Report.objects.get(pk=report.pk)
        opening.open_report(report=fresh, keys=keys, by=desk.officer, reason=REASON)
    kinds = Identifier.objects.filter(report=report).values_list("kind", flat=True)
    assert sorted(kinds) == ["container", "plate"]
    assert Report.objects.get(pk=report.pk).opened_at is not None


def test_reason_holds_for_half_an_hour_and_for_one_report(desk):
    report, other = cases.filed()[0], cases.filed()[0]
    session: dict[str, object] = {}
    opening.remember(session, report)
    assert opening.is_remembered(session, report)
    assert not opening.is_remembered(session, other)
    with time_machine.travel(time.time() + opening.HOLDS_SECONDS + 1):
        assert not opening.is_remembered(session, report)
    assert cases.NARRATIVE not in str(session)


def test_read_a_report_whose_envelopes_were_swapped_shows_it_as_broken(desk):
    report, other = cases.filed()[0], cases.filed()[0]
    first, second = Envelope.objects.filter(kind=Kind.REPORT)
    first.ciphertext, second.ciphertext = second.ciphertext, first.ciphertext
    first.save(), second.save()
    for one in (report, other):
        found = opening.read(one, desk.keys_of(desk.officer))
        assert found.is_broken
        assert found.content == {}


def test_read_a_note_that_was_moved_to_another_report_shows_it_as_broken(desk):
    report, other = cases.filed()[0], cases.filed()[0]
    note = notes.add_note(
        report=report, by=desk.officer, text="Seen.", statement="fact", source="Own eyes"
    )
    Envelope.objects.filter(pk=note.pk).update(report=other)
    found = opening.read(other, desk.keys_of(desk.officer))
    assert [entry.broken for entry in found.notes] == [True]


def test_read_a_file_in_its_pieces(desk):
    picture = cases.picture()
    report, _told = cases.filed(files=(picture,))
    keys = desk.keys_of(desk.officer)
    kept = opening.read(report, keys).file(picture.id)
    assert b"".join(opening.pieces(report, kept["original"], keys)) == picture.original()[0]
    other, _told = cases.filed()
    with pytest.raises(SealBroken):
        b"".join(opening.pieces(other, kept["original"], keys))


def test_open_what_was_erased_is_refused(desk):
    report = Report.objects.create(status=Status.ERASED)
    with pytest.raises(NotAllowed):
        opening.open_report(
            report=report, keys=desk.keys_of(desk.officer), by=desk.officer, reason=REASON
        )


def test_read_a_conversation_within_one_hour_in_its_order(desk):
    report, told = cases.filed()
    keys = desk.keys_of(desk.officer)
    for question, answer in (("Which gate?", "Gate four."), ("At what time?", "About ten.")):
        conversation.reply(report=report, keys=keys, by=desk.officer, text=question, asks=True)
        box = inbox.read(receipts.tag(told.receipt))
        words.send_word(box=box, receipt=told.receipt, text=answer)
    found = opening.read(report, keys)
    texts = [entry.told["text"] for entry in found.conversation]
    assert texts == ["Which gate?", "Gate four.", "At what time?", "About ten."]
