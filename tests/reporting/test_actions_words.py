"""What officers write: sealed notes, signed replies, the sanitised text that alone may leave."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from portal import reference_files, sealing
from portal.errors import DomainError, NotAllowed
from portal.keyring import Locked
from portal.models import AuditEvent
from reporting import envelopes, opening
from reporting.actions import conversation, notes, referrals, triage
from reporting.lifecycle import Status
from reporting.models import Envelope, Feedback, Kind, Referral, Report, Reporter, Slot
from tests.factories import UserFactory
from tests.partners.factories import PartnerFactory
from tests.reporting import cases

pytestmark = pytest.mark.django_db


def read(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def opened(report, desk):
    return opening.read(report, desk.keys_of(desk.officer))


def test_add_a_note_keeps_facts_apart_from_assessments(desk):
    report, _told = cases.filed()
    for statement, text in (("fact", "The van is hired."), ("assessment", "It fits.")):
        notes.add_note(
            report=report, by=desk.officer, text=text, statement=statement, source="Register"
        )
    told = [(note.told["statement"], note.told["text"]) for note in opened(report, desk).notes]
    assert told == [("fact", "The van is hired."), ("assessment", "It fits.")]


def test_add_a_note_of_another_kind_is_refused(desk):
    report, _told = cases.filed()
    with pytest.raises(ValueError, match="rumour"):
        notes.add_note(report=report, by=desk.officer, text="x", statement="rumour", source="")


def test_add_a_note_without_the_role_is_refused(desk):
    report, _told = cases.filed()
    for role in ("caseworker", "system_administrator", "identity_custodian"):
        with pytest.raises(NotAllowed):
            notes.add_note(
                report=report,
                by=UserFactory(**{role: True}),
                text="x",
                statement="fact",
                source="",
            )
    assert not Envelope.objects.filter(kind=Kind.NOTE).exists()


def test_categorise_a_person_again_counts_the_last_word(desk):
    report, _told = cases.filed()
    for category in ("suspect", "witness"):
        notes.categorise(report=report, by=desk.officer, person=0, category=category)
    assert opened(report, desk).categories == {0: "witness"}
    assert len(opened(report, desk).notes) == 2


def test_sanitise_again_makes_a_new_version_and_keeps_the_first(desk):
    report, _told = cases.filed()
    keys = desk.keys_of(desk.officer)
    for text in ("First", "Second"):
        notes.sanitise(report=report, keys=keys, by=desk.officer, text=text)
    found = opened(report, desk)
    assert found.sanitised.told["text"] == "Second"
    assert [entry.version for entry in found.of(Kind.SANITISED)] == [1, 2]


# --- Replies ------------------------------------------------------------------------------------


def reply(report, desk, **more):
    keys = more.pop("keys", None) or desk.keys_of(desk.officer)
    return conversation.reply(report=report, keys=keys, by=desk.officer, text="Thank you.", **more)


def test_reply_is_read_with_the_receipt_and_signed_by_the_unit(desk):
    report, told = cases.filed()
    made = reply(report, desk, asks=True)
    envelope = Envelope.objects.get(pk=made.pk)
    plain = envelopes.opened(envelope, envelope.slots.all(), cases.reporter_seeds(told))
    said = json.loads(plain)
    assert (said["text"], said["asks"], said["author"]) == ("Thank you.", True, "An officer")
    assert desk.officer.name not in plain.decode()
    assert envelope.signed_by == "unit:desk#1"
    assert read(report).asked_at is not None


def test_reply_whose_key_was_swapped_in_the_database_is_refused(desk):
    report, _told = cases.filed()
    Reporter.objects.update(public=sealing.public_of(sealing.new_seed()))
    with pytest.raises(DomainError, match="Nothing was sent"):
        reply(report, desk)
    assert not Envelope.objects.filter(kind=Kind.REPLY).exists()


def test_reply_that_was_forged_is_shown_as_broken(desk):
    report, _told = cases.filed()
    made = reply(report, desk)
    Envelope.objects.filter(pk=made.pk).update(signature=b"x" * 64)
    [entry] = opened(report, desk).conversation
    assert entry.broken
    assert entry.told == {}


def test_reply_with_somebody_elses_keys_is_refused(desk):
    report, _told = cases.filed()
    with pytest.raises(NotAllowed):
        reply(report, desk, keys=desk.keys_of(desk.supervisor))


def test_reply_without_the_units_signing_key_is_refused(desk):
    report, _told = cases.filed()
    with pytest.raises(Locked):
        reply(report, desk, keys=replace(desk.keys_of(desk.officer), signers={}))


def test_reply_as_promised_feedback_stops_the_clock(desk):
    report, _told = cases.filed(through_work=True)
    reply(report, desk, is_feedback=True)
    assert read(report).feedback_at is not None


def test_give_feedback_tells_the_firm_a_code_and_nothing_else(desk):
    report, _told = cases.filed(firm_tag="f" * 64)
    with pytest.raises(ValueError, match="gossip"):
        conversation.give_feedback(report=report, by=desk.officer, code="gossip")
    conversation.give_feedback(report=report, by=desk.officer, code="used")
    assert Feedback.objects.get().get_code_display() == "It was used in a control."
    assert not Envelope.objects.filter(kind=Kind.REPLY).exists()


def test_give_feedback_where_no_firm_reported_is_refused(desk):
    report = cases.brought_to(Status.TRIAGED, desk)
    with pytest.raises(NotAllowed):
        conversation.give_feedback(report=report, by=desk.officer, code="used")


# --- Handing over -------------------------------------------------------------------------------


@pytest.fixture
def lists(db):
    reference_files.load()
    for code in ("OLAF", "customs:AT"):
        PartnerFactory(code=code)


def test_refer_with_h2_waits_for_the_recorded_consent(desk, lists):
    report, _told = cases.filed()
    triage.grade(report=report, by=desk.officer, source="X", information="4", handling="H2")
    with pytest.raises(DomainError, match="H2"):
        cases.refer(report, desk)
    assert not Referral.objects.exists()
    referrals.record_consent(report=report, by=desk.officer, how="inbox")
    cases.refer(report, desk)
    assert (read(report).status, Referral.objects.get().receiver) == (Status.REFERRED, "OLAF")
    assert AuditEvent.objects.get(event="referred").kind == "disclosure"


def test_refer_hands_over_the_sanitised_version_and_nothing_else(desk, lists):
    report = cases.brought_to(Status.TRIAGED, desk)
    keys = desk.keys_of(desk.officer)
    with pytest.raises(DomainError, match="sanitised"):
        referrals.refer(
            report=report, keys=keys, by=desk.officer, receiver="OLAF", legal_basis="Art. 8"
        )
    cases.refer(report, desk)
    envelope = Envelope.objects.get(kind=Kind.REFERRAL)
    slots = Slot.objects.filter(envelope=envelope)
    told = json.loads(envelopes.opened(envelope, slots, keys.seeds))
    assert (told["text"], told["handling"]) == ("Boxes come to a gate.", "H0")
    assert cases.NARRATIVE not in str(told)


@pytest.mark.parametrize("handling", ["H1", "H3"])
def test_refer_with_limits_says_that_they_go_along(desk, lists, handling):
    report, _told = cases.filed()
    triage.grade(report=report, by=desk.officer, source="B", information="2", handling=handling)
    keys = desk.keys_of(desk.officer)
    notes.sanitise(report=report, keys=keys, by=desk.officer, text="Boxes.")
    told = {"receiver": "customs:AT", "legal_basis": "Naples II, Art. 17"}
    with pytest.raises(DomainError, match=handling):
        referrals.refer(report=report, keys=keys, by=desk.officer, **told)
    referrals.refer(report=report, keys=keys, by=desk.officer, limits_stated=True, **told)
    assert Referral.objects.get().handling == handling


def test_refer_to_nobody_on_the_list_is_refused(desk, lists):
    report = cases.brought_to(Status.TRIAGED, desk)
    with pytest.raises(DomainError, match="list of receivers"):
        cases.refer(report, desk, receiver="A newspaper")
