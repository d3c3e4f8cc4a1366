"""Whoever may write into the database still cannot change a word: every byte, every swap."""

from uuid import uuid4

import pytest
from django.db import transaction

from portal import sealing
from portal.errors import DomainError
from portal.sealing import SealBroken
from reporting import content as contents
from reporting import envelopes, inbox, receipts
from reporting.actions import words
from reporting.actions.conversation import reply
from reporting.actions.filing import file_report
from reporting.models import Envelope, Kind, Report, Reporter, Slot
from reporting.opening import read as open_all
from tests.reporting.test_filing import kept, told
from tests.sealing_kit import make_desk

pytestmark = pytest.mark.django_db


class Case:
    """Two reports with replies and messages, and who opens what."""

    def __init__(self, desk):
        self.desk = desk
        self.keys = desk.keys_of(desk.officer)
        self.filed = [self._filed(number) for number in range(2)]
        self.reports = [Report.objects.get(reference=one.reference) for one in self.filed]
        for report, one in zip(self.reports, self.filed, strict=True):
            for text in ("First", "Second"):
                reply(report=report, keys=self.keys, by=desk.officer, text=text)
            box = inbox.read(receipts.tag(one.receipt))
            words.send_word(box=box, receipt=one.receipt, text="It moves")
            words.send_word(box=box, receipt=one.receipt, text="It stopped")

    def _filed(self, number):
        content = told(what={"narrative": f"Boxes {number}"})
        return file_report(content=content, identity=None, files=[kept(b"abc", b"def")])

    def envelopes(self, kind, report=0):
        return list(Envelope.objects.filter(report=self.reports[report], kind=kind).order_by("id"))

    def replies(self, report=0):
        """What the reporter is shown, and how much is refused."""
        one = self.filed[report]
        return inbox.opened(inbox.read(receipts.tag(one.receipt)), one.receipt)

    def opens(self, kind, report=0):
        """Whether the desk opens every envelope of this kind of a report."""
        rows = Envelope.objects.filter(report=self.reports[report], kind=kind)
        verifier = sealing.verifier_of(receipts.signer(self.filed[report].receipt))
        try:
            for row in rows:
                envelopes.opened(row, row.slots.all(), self.keys.seeds, verifier=verifier)
        except (SealBroken, DomainError):
            return False
        return True


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker):
    """Made once: a desk with keys takes a while. Each test undoes what it changed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Case(make_desk())
        transaction.set_rollback(True)


@pytest.fixture
def case(written, db):
    return written


KINDS = (Kind.REPORT, Kind.PART, Kind.MESSAGE, Kind.REPLY)
ELSEWHERE = {
    Kind.REPORT: Kind.NOTE,
    Kind.PART: Kind.VIEW,
    Kind.MESSAGE: Kind.NOTE,
    Kind.REPLY: Kind.NOTE,
}


def flipped(data, at):
    data = bytearray(data)
    data[at] ^= 1
    return bytes(data)


def test_case_opens_as_it_was_written(case):
    assert all(case.opens(kind, report) for kind in KINDS for report in range(2))
    assert [one.text for one in case.replies().replies] == ["Second", "First"]


# --- One byte ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [0, 1, 12, 13, 40, -17, -16, -1])
def test_any_flipped_byte_of_the_ciphertext_is_refused(case, kind, at):
    row = case.envelopes(kind)[0]
    Envelope.objects.filter(pk=row.pk).update(ciphertext=flipped(row.ciphertext, at))
    assert not case.opens(kind)
    assert case.opens(kind, report=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", [0, 1, 600, 1120, 1121, 1150, -1])
def test_any_flipped_byte_of_a_slot_is_refused(case, kind, at):
    for slot in Slot.objects.filter(envelope=case.envelopes(kind)[0]):
        Slot.objects.filter(pk=slot.pk).update(sealed=flipped(slot.sealed, at))
    assert not case.opens(kind)
    if kind == Kind.REPLY:
        assert (len(case.replies().replies), case.replies().refused) == (1, 1)


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.REPLY])
@pytest.mark.parametrize("at", [0, 31, 32, 63])
def test_any_flipped_byte_of_a_signature_is_refused(case, kind, at):
    row = case.envelopes(kind)[0]
    Envelope.objects.filter(pk=row.pk).update(signature=flipped(row.signature, at))
    assert not case.opens(kind)


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.REPLY])
@pytest.mark.parametrize("signature", [None, b""])
def test_missing_signature_is_refused(case, kind, signature):
    row = case.envelopes(kind)[0]
    Envelope.objects.filter(pk=row.pk).update(signature=signature)
    assert not case.opens(kind)


@pytest.mark.parametrize("name", ["", "unit:desk#2", "unit:other#1", "recovery#1", "reporter#1"])
def test_reply_signed_by_another_name_is_refused(case, name):
    row = case.envelopes(Kind.REPLY)[0]
    Envelope.objects.filter(pk=row.pk).update(signed_by=name)
    assert not case.opens(Kind.REPLY)
    assert case.replies().refused == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", ["kind", "version", "report_id", "created_hour", "author_id"])
def test_any_changed_column_of_an_envelope_is_refused(case, kind, column):
    if (kind, column) == (Kind.REPLY, "author_id"):
        pytest.skip("the audit record says who replied: the reporter opens it and is not told")
    row = case.envelopes(kind)[0]
    changed = {
        "kind": ELSEWHERE[kind],
        "version": row.version + 1,
        "report_id": case.reports[1].pk,
        "created_hour": row.created_hour.replace(year=2020),
        "author_id": 77,
    }
    Envelope.objects.filter(pk=row.pk).update(**{column: changed[column]})
    row = Envelope.objects.get(pk=row.pk)
    with pytest.raises(SealBroken):
        envelopes.opened(row, row.slots.all(), case.keys.seeds)


@pytest.mark.parametrize("kind", KINDS)
def test_envelope_under_another_id_is_refused(case, kind):
    row = case.envelopes(kind)[0]
    slots = list(row.slots.all())
    row.pk = uuid4()
    row.save(force_insert=True)
    for slot in slots:
        slot.envelope, slot.pk = row, uuid4()
        slot.save(force_insert=True)
    with pytest.raises(SealBroken):
        envelopes.opened(row, slots, case.keys.seeds)


@pytest.mark.parametrize("kind", KINDS)
def test_slot_under_another_name_is_refused(case, kind):
    row = case.envelopes(kind)[0]
    row.slots.filter(recipient="unit:desk#1").delete()
    row.slots.filter(recipient="recovery#1").update(recipient="unit:desk#1")
    assert not case.opens(kind)


# --- Two rows ---------------------------------------------------------------------------------


def swap(one, other, *columns):
    for column in columns:
        mine, theirs = getattr(one, column), getattr(other, column)
        type(one).objects.filter(pk=one.pk).update(**{column: theirs})
        type(other).objects.filter(pk=other.pk).update(**{column: mine})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reports", [(0, 0), (0, 1)])
@pytest.mark.parametrize("columns", [("ciphertext",), ("signature",), ("ciphertext", "signature")])
def test_swapped_envelopes_are_refused(case, kind, reports, columns):
    if kind == Kind.REPORT and reports == (0, 0):
        pytest.skip("a report has one")
    if kind in (Kind.REPORT, Kind.PART) and columns == ("signature",):
        pytest.skip("it has none")
    one, other = case.envelopes(kind, reports[0])[0], case.envelopes(kind, reports[1])[-1]
    swap(one, other, *columns)
    assert not case.opens(kind, reports[0])
    assert not case.opens(kind, reports[1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reports", [(0, 0), (0, 1)])
def test_swapped_slots_are_refused(case, kind, reports):
    if kind == Kind.REPORT and reports == (0, 0):
        pytest.skip("a report has one")
    one, other = case.envelopes(kind, reports[0])[0], case.envelopes(kind, reports[1])[-1]
    for slot in one.slots.all():
        swap(slot, other.slots.get(recipient=slot.recipient), "sealed")
    assert not case.opens(kind, reports[0])
    assert not case.opens(kind, reports[1])


@pytest.mark.parametrize("kind", KINDS)
def test_swapped_ciphertext_and_slots_together_are_refused(case, kind):
    one, other = case.envelopes(kind)[0], case.envelopes(kind, 1)[0]
    swap(one, other, "ciphertext", "signature", "created_hour")
    for slot in one.slots.all():
        swap(slot, other.slots.get(recipient=slot.recipient), "sealed")
    assert not case.opens(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_envelopes_of_two_reports_exchanged_are_refused(case, kind):
    one, other = case.envelopes(kind)[0], case.envelopes(kind, 1)[0]
    swap(one, other, "report_id")
    assert not case.opens(kind)
    assert not case.opens(kind, 1)


def test_parts_of_a_file_in_another_order_are_refused(case):
    swap(*case.envelopes(Kind.PART)[:2], "version")
    assert not case.opens(Kind.PART)


def test_receipts_of_two_reports_exchanged_show_no_reply(case):
    one, other = (Reporter.objects.get(report=report) for report in case.reports)
    Reporter.objects.filter(pk=one.pk).update(tag="x")
    Reporter.objects.filter(pk=other.pk).update(tag=one.tag)
    Reporter.objects.filter(pk=one.pk).update(tag=other.tag)
    read = case.replies()
    assert (read.replies, read.refused) == ([], 2)


def test_word_sent_after_receipts_were_exchanged_is_not_taken_for_the_reporters(case):
    one, other = (Reporter.objects.get(report=report) for report in case.reports)
    Reporter.objects.filter(pk=one.pk).update(tag="x")
    Reporter.objects.filter(pk=other.pk).update(tag=one.tag)
    receipt = case.filed[0].receipt
    words.send_word(box=inbox.read(receipts.tag(receipt)), receipt=receipt, text="Misled")
    assert not case.opens(Kind.MESSAGE, report=1)
    assert open_all(case.reports[1], case.keys).is_broken


# --- Keys and forgeries -----------------------------------------------------------------------


def test_reply_to_a_key_swapped_in_the_database_is_refused(case):
    thief = sealing.public_of(sealing.new_seed())
    Reporter.objects.filter(report=case.reports[0]).update(public=thief)
    before = Envelope.objects.count()
    with pytest.raises(DomainError):
        reply(report=case.reports[0], keys=case.keys, by=case.desk.officer, text="Where?")
    assert Envelope.objects.count() == before


def test_key_that_came_with_the_report_is_known(case):
    row = case.envelopes(Kind.REPORT)[0]
    content = contents.load(envelopes.opened(row, row.slots.all(), case.keys.seeds))
    public = bytes(Reporter.objects.get(report=case.reports[0]).public)
    assert envelopes.reporter_public(content) == public
    assert envelopes.recipient_of(content, public).slot == "reporter#1"
    with pytest.raises(SealBroken):
        envelopes.recipient_of(content, flipped(public, 0))


def forge(case, kind, signer, **about):
    """What somebody without any private key can put into the database."""
    public = bytes(Reporter.objects.get(report=case.reports[0]).public)
    also = [envelopes.reporter(public)] if kind == Kind.REPLY else []
    told = contents.dump({"version": 1, "text": "Meet me at the quay", **about})
    envelope, slots = envelopes.sealed(
        case.reports[0].pk, kind, told, unit="desk", also=also, signer=signer
    )
    envelope.save(force_insert=True)
    Slot.objects.bulk_create(slots)


@pytest.mark.parametrize("name", ["unit:desk#1", "unit:desk#2", "reporter#1", "recovery#1"])
def test_forged_reply_is_not_shown(case, name):
    forge(case, Kind.REPLY, (name, sealing.new_signer()))
    read = case.replies()
    assert [one.text for one in read.replies] == ["Second", "First"]
    assert read.refused == 1


def test_reporter_cannot_sign_as_the_unit(case):
    forge(case, Kind.REPLY, ("unit:desk#1", receipts.signer(case.filed[0].receipt)))
    assert case.replies().refused == 1


@pytest.mark.parametrize("signed", [True, False])
def test_forged_message_is_not_taken_for_the_reporters(case, signed):
    forge(case, Kind.MESSAGE, ("reporter#1", sealing.new_signer()) if signed else None)
    assert not case.opens(Kind.MESSAGE)
    assert open_all(case.reports[0], case.keys).is_broken


def test_signature_tells_nothing_of_a_guessed_text(case):
    """The verifier is public: without its random stamp a short reply could be guessed from it."""
    row = case.envelopes(Kind.REPLY)[0]
    plain = envelopes.opened(row, row.slots.all(), case.keys.seeds)
    verifier = envelopes.pins.current().of(row.signed_by).verifier
    with pytest.raises(SealBroken):
        sealing.verify(verifier, bytes(row.signature), plain, row.context)
