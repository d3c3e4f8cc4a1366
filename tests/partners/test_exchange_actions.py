"""Exchanges: who may do what in which state, what the law demands, what is sealed."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners import exchange_lifecycle as lifecycle
from partners import exchange_permissions as permissions
from partners import exchange_queues, exchange_reading, exchange_texts, leaving, opening
from partners.actions import (
    consents,
    correspondence,
    exchange_exports,
    exchange_pauses,
    exchanges,
    our_words,
)
from partners.actions.exchange_holding import attachment
from partners.exchange_lifecycle import TABLES, Direction, Status
from partners.leaving import NoGround, NotCovered
from partners.management.commands.draw_exchange_lifecycle import drawn
from partners.models import (
    Exchange,
    ExchangeEnvelope,
    ExchangeType,
    InstrumentParty,
    OurWord,
    Purpose,
    SealedKind,
    TransferGround,
    UrgencyChoice,
)
from partners.onward import Onward
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, StaffRole
from tests.factories import UserFactory
from tests.partners import exchange_flows as flows
from tests.partners import instrument_flows

pytestmark = pytest.mark.django_db
STATES = [
    *((Direction.OUT, one) for one in Status if one != Status.RECEIVED),
    *(
        (Direction.IN, one)
        for one in Status
        if one not in (Status.DRAFT, Status.APPROVED, Status.SENT)
    ),
]


@pytest.fixture
def cast():
    return flows.cast()


# --- State × verb × role ----------------------------------------------------------------------


@pytest.mark.parametrize(("direction", "status"), STATES)
def test_verbs_are_allowed_by_state_and_role_alone(cast, direction, status):
    """Every verb in every state for every role: what the predicate says is what the table says."""
    exchange = flows.led_to(cast, direction, status)
    people = {role: UserFactory(**{role: True}) for role in StaffRole.values}
    # Nobody erases: the worker does when the time is over.
    for verb in {verb for table in TABLES.values() for verb in table} - {"erase"}:
        may = getattr(permissions, f"can_{verb}")
        works = lifecycle.allows(verb, direction, status)
        allowed = {role for role, user in people.items() if may(user, exchange)}
        desk = {StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR}
        assert allowed <= (desk if works else set()), (verb, allowed)
        if verb.startswith(("approve", "set_aside")):
            assert allowed <= {StaffRole.SUPERVISOR}
        elif allowed:
            assert allowed == desk, verb


@pytest.mark.parametrize(("direction", "status"), STATES)
def test_each_state_but_the_last_can_be_left(direction, status):
    leaves = any(status in moves for moves in TABLES[direction].values())
    assert leaves is (status != Status.ERASED)


def test_system_administrator_reads_none_whatever_else_was_granted(cast):
    flows.drafted(cast)
    both = UserFactory(liaison_officer=True, system_administrator=True)
    assert not Exchange.objects.visible_to(both).exists()
    assert not permissions.can_draft(both)


# --- Drafting and approving -------------------------------------------------------------------


def test_draft_wants_to_know_what_it_is_about(cast):
    with pytest.raises(DomainError, match="what it is about"):
        flows.drafted(cast, object="", facts=" ")


def test_draft_refuses_an_instrument_for_another_purpose(cast):
    cast.instrument.purposes = [Purpose.RECOVERY]
    cast.instrument.save()
    with pytest.raises(DomainError, match="does not list the purpose"):
        flows.drafted(cast)


def test_approve_takes_a_supervisor_who_wrote_none_of_it(cast):
    exchange = exchanges.draft(
        by=cast.supervisor, keys=cast.keys(cast.supervisor), **flows.answers(cast)
    )
    exchange = exchanges.edit(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **flows.answers(cast)
    )
    for person in (cast.supervisor, cast.officer):
        with pytest.raises(DomainError):
            exchanges.approve(exchange=exchange, by=person, version=2)
    other = UserFactory(supervisor=True)
    assert exchanges.approve(exchange=exchange, by=other, version=2).status == Status.APPROVED


def test_approve_holds_for_the_wording_that_was_read(cast):
    exchange = flows.drafted(cast)
    exchanges.edit(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **flows.answers(cast)
    )
    with pytest.raises(AlreadyDone, match="changed the wording"):
        exchanges.approve(exchange=exchange, by=cast.supervisor, version=1)


def test_edit_takes_the_approval_back_and_keeps_the_files(cast):
    exchange = exchanges.draft(
        by=cast.officer,
        keys=cast.keys(),
        files=[attachment("map.txt", b"where it waits")],
        **flows.answers(cast),
    )
    exchange = exchanges.approve(exchange=exchange, by=cast.supervisor, version=1)
    exchange = exchanges.edit(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **flows.answers(cast)
    )
    assert (exchange.status, exchange.approved_by, exchange.content_version) == ("draft", None, 2)
    opened = opening.read(exchange, cast.keys())
    assert [file["name"] for file in opened.files] == ["map.txt"]
    assert opening.file_of(exchange, opened.files[0], cast.keys()) == b"where it waits"


def test_edit_tells_two_editors_of_each_other(cast):
    exchange = flows.drafted(cast)
    edited = {"exchange": exchange, "by": cast.officer, "keys": cast.keys(), "version": 1}
    exchanges.edit(**edited, **flows.answers(cast))
    with pytest.raises(AlreadyDone):
        exchanges.edit(**edited, **flows.answers(cast, facts="Other facts."))
    assert opening.read(exchange, cast.keys()).content["facts"] == flows.SECRET


# --- The law (acceptance test 14) -------------------------------------------------------------


@pytest.mark.parametrize(
    "lapse",
    [
        {"ended_on": timezone.localdate() - timedelta(days=1)},
        {"in_force_on": None},
        {"purposes": [Purpose.RECOVERY]},
    ],
)
def test_send_looks_at_the_law_again(cast, lapse):
    exchange = flows.approved(cast)
    for name, value in lapse.items():
        setattr(cast.instrument, name, value)
    cast.instrument.save()
    with pytest.raises(NotCovered):
        exchanges.send(exchange=exchange, by=cast.officer, channel="siena")
    exchange.refresh_from_db()
    assert (exchange.status, exchange.sent_at) == (Status.APPROVED, None)
    assert not AuditEvent.objects.filter(event="sent").exists()


@pytest.mark.parametrize("country", ["SE", "NL"])
def test_send_wants_both_sides_bound(cast, country):
    exchange = flows.approved(cast)
    party = cast.instrument.parties.get(country=country)
    yesterday = timezone.localdate() - timedelta(days=1)
    instrument_flows.decided(instrument_flows.leave(party, yesterday))
    with pytest.raises(NotCovered):
        exchanges.send(exchange=exchange, by=cast.officer, channel="siena")


def test_approve_wants_an_instrument(cast):
    with pytest.raises(NotCovered):
        flows.approved(cast, instrument=None)


def test_answer_to_a_partner_looks_at_the_law_again(cast):
    exchange = flows.with_answer(cast, flows.registered(cast))
    yesterday = timezone.localdate() - timedelta(days=1)
    instrument_flows.decided(instrument_flows.end(cast.instrument, yesterday))
    with pytest.raises(NotCovered):
        correspondence.answer(exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY)


GROUND = {
    "transfer_ground": TransferGround.SAFEGUARDS,
    "transfer_decided_on": datetime(2025, 11, 26, tzinfo=UTC).date(),
    "justification": "The agreement has binding safeguards.",
}


def test_third_country_wants_a_ground_of_transfer():
    cast = flows.cast("AU")
    with pytest.raises(NoGround):
        flows.approved(cast)
    exchange = flows.sent(cast, **GROUND)
    event = AuditEvent.objects.get(event="sent")
    assert event.facts["transfer_ground"] == TransferGround.SAFEGUARDS
    assert event.facts["recipient"] == cast.partner.code
    assert opening.read(exchange, cast.keys()).content["justification"] == GROUND["justification"]


@pytest.mark.parametrize("missing", list(GROUND))
def test_ground_of_transfer_comes_with_day_and_justification(cast, missing):
    with pytest.raises(DomainError):
        flows.drafted(cast, **{**GROUND, missing: {"transfer_decided_on": None}.get(missing, "")})


# --- The clock (acceptance test 15) -----------------------------------------------------------

FRIDAY = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [
        (UrgencyChoice.DIRECT, FRIDAY + timedelta(hours=8)),
        (UrgencyChoice.INDIRECT, FRIDAY + timedelta(days=3)),
        (UrgencyChoice.OTHER, FRIDAY + timedelta(days=7)),
        (UrgencyChoice.INSTRUMENT, None),
    ],
)
def test_clock_runs_from_receipt_through_the_weekend(cast, urgency, expected):
    with time_machine.travel(FRIDAY + timedelta(hours=2)):
        exchange = flows.registered(cast, FRIDAY, urgency=urgency)
    assert exchange.due_at == expected


def test_clock_of_what_we_ask_runs_from_sending(cast):
    with time_machine.travel(FRIDAY, tick=False):
        exchange = flows.sent(cast, urgency=UrgencyChoice.DIRECT)
    assert exchange.due_at == FRIDAY + timedelta(hours=8)


def test_what_is_told_unasked_starts_no_clock(cast):
    assert flows.sent(cast, type=ExchangeType.SPONTANEOUS).due_at is None


def test_clock_pauses_only_with_notice(cast):
    with time_machine.travel(FRIDAY, tick=False):
        exchange = flows.registered(cast, FRIDAY, urgency=UrgencyChoice.DIRECT)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    notice = {"ground": "judicial", "text": "We wait for the court."}
    with time_machine.travel(FRIDAY + timedelta(hours=3), tick=False):
        with pytest.raises(DomainError, match="notice"):
            our_words.draft_notice(**asked, version=0, ground="judicial", text=" ")
        our_words.draft_notice(**asked, version=0, **notice)
        with pytest.raises(DomainError, match="approve"):
            exchange_pauses.pause(**asked, **{"ground": "judicial", "notice": "Typed."}, **flows.BY)
    with time_machine.travel(FRIDAY + timedelta(hours=6), tick=False):
        our_words.approve_notice(exchange=exchange, by=cast.supervisor, version=1)
        # Until the notice left, the clock ran.
        assert exchange_pauses.pause(**asked, **flows.BY).paused_at == FRIDAY + timedelta(hours=6)
        with pytest.raises(AlreadyDone):
            exchange_pauses.pause(**asked, **flows.BY)
    with time_machine.travel(FRIDAY + timedelta(days=2), tick=False):
        with pytest.raises(DomainError, match="nothing else"):
            exchange_pauses.resume(**asked, notice="And by the way.", **flows.BY)
        exchange = exchange_pauses.resume(**asked, **flows.BY)
    assert exchange.due_at == FRIDAY + timedelta(days=2, hours=2)
    words = opening.read(exchange, cast.keys()).words
    assert [one.verb for one in words] == ["pause", "resume"]
    assert words[0].told["text"] == "We wait for the court."


def test_register_refuses_what_comes_from_the_future(cast):
    with pytest.raises(DomainError, match="future"):
        flows.registered(cast, timezone.now() + timedelta(hours=1))


# --- To and fro -------------------------------------------------------------------------------


def test_oral_request_is_closed_only_when_confirmed_in_writing(cast):
    exchange = flows.led_to(cast, Direction.IN, Status.REFUSED, oral=True)
    with pytest.raises(DomainError):
        correspondence.close(exchange=exchange, by=cast.officer)
    correspondence.confirm(
        exchange=exchange, by=cast.officer, keys=cast.keys(), text="Letter.", **flows.BY
    )
    assert correspondence.close(exchange=exchange, by=cast.officer).status == Status.CLOSED


def test_answer_leaves_as_it_was_approved_and_no_sooner(cast):
    exchange = flows.registered(cast)
    asked = {"by": cast.officer, "keys": cast.keys()}
    with pytest.raises(DomainError, match="approve"):
        correspondence.answer(exchange=exchange, **asked, **flows.BY)
    exchange = flows.with_answer(cast, exchange)
    exchange = correspondence.answer_in_part(exchange=exchange, **asked, **flows.BY)
    with pytest.raises(DomainError, match="approve"):
        correspondence.answer(exchange=exchange, **asked, **flows.BY)
    exchange = correspondence.answer(
        exchange=flows.with_answer(cast, exchange), **asked, **flows.BY
    )
    words = opening.read(exchange, cast.keys()).words
    assert [one.verb for one in words] == ["answer_in_part", "answer"]
    assert words[1].told["text"] == "It was collected by the owner."


def test_answer_names_the_instrument_that_was_missing_at_receipt(cast):
    exchange = flows.registered(cast, instrument=None)
    with pytest.raises(NotCovered, match="Choose the instrument"):
        flows.with_answer(cast, exchange)
    exchange = our_words.draft_answer(
        exchange=exchange,
        by=cast.officer,
        keys=cast.keys(),
        version=1,
        text="It was the owner.",
        instrument=cast.instrument,
    )
    exchange = our_words.approve_answer(exchange=exchange, by=cast.supervisor, version=2)
    assert exchange.instrument == cast.instrument


def test_paused_clock_stays_in_sight(cast):
    exchange = flows.registered(cast)
    flows.paused(cast, exchange)
    waiting = exchange_queues.picked("paused", Exchange.objects.all(), cast.officer)
    assert list(waiting) == [exchange]


def test_another_wording_takes_the_approval_of_an_answer_back(cast):
    exchange = flows.with_answer(cast, flows.registered(cast))
    exchange = our_words.draft_answer(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, text="Something else."
    )
    with pytest.raises(DomainError):
        correspondence.answer(exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY)


def test_what_we_explain_leaves_as_it_was_approved_and_no_sooner(cast):
    exchange = flows.led_to(cast, Direction.OUT, Status.CLARIFICATION)
    asked = {"by": cast.officer, "keys": cast.keys()}
    with pytest.raises(DomainError, match="approve"):
        correspondence.clarify(exchange=exchange, **asked, text="One person says so.", **flows.BY)
    exchange = flows.with_answer(cast, exchange, "The green one.")
    exchange = correspondence.clarify(exchange=exchange, **asked, text="Typed since.", **flows.BY)
    assert opening.read(exchange, cast.keys()).words[-1].told["text"] == "The green one."


def test_our_confirmation_adds_nothing_that_nobody_approved(cast):
    exchange = flows.sent(cast, oral=True)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    with pytest.raises(DomainError, match="nothing more"):
        correspondence.confirm(**asked, files=[attachment("more.txt", b"more")], **flows.BY)
    assert correspondence.confirm(**asked, **flows.BY).confirmed_at is not None


def test_answer_that_left_waits_for_no_approval(cast):
    exchange = flows.led_to(cast, Direction.IN, Status.PARTLY_ANSWERED)
    assert not permissions.can_approve_answer(cast.supervisor, exchange)
    waiting = exchange_queues.picked("to_approve", Exchange.objects.all(), cast.supervisor)
    assert exchange not in waiting


@pytest.mark.parametrize(
    ("came", "chosen", "may"),
    [("H2", "H0", False), ("H2", "H1", False), ("H2", "H3", True), ("H0", "H2", True)],
)
def test_answer_takes_no_limit_of_the_supplier_away(cast, came, chosen, may):
    exchange = flows.registered(cast, handling=came)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys(), "version": 0}
    with nullcontext() if may else pytest.raises(DomainError, match="handling code"):
        our_words.draft_answer(**asked, text="Yes.", limits="Ask.", handling=chosen)
    exchange.refresh_from_db()
    assert exchange.handling == (chosen if may else came)


def test_refusal_carries_reasons(cast):
    exchange = flows.registered(cast)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    told = {"version": 0, "ground": "secrecy"}
    with pytest.raises(DomainError, match="reasons"):
        our_words.draft_refusal(**asked, **told, text="")
    with pytest.raises(DomainError, match="approve"):
        correspondence.refuse(**asked, ground="secrecy", text="Typed.", **flows.BY)
    exchange = flows.refused(cast, exchange, ground="secrecy", text="A court has sealed it.")
    assert exchange.refusal_ground == "secrecy"
    assert opening.read(exchange, cast.keys()).words[-1].told["text"].startswith("A court")


WORDS = {
    "answer": ("answer", "answer_in_part"),
    "question": ("ask_clarification",),
    "notice": ("pause",),
    "refusal": ("refuse",),
}
TOLD = {
    "answer": {},
    "question": {},
    "notice": {"ground": "judicial"},
    "refusal": {"ground": "secrecy"},
}


@pytest.mark.parametrize("kind", list(WORDS))
def test_word_leaves_only_as_what_it_was_approved(cast, kind):
    """Approved by a supervisor who wrote none of it, for the wording read, and as that alone."""
    exchange = flows.registered(cast)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    draft, approve = (getattr(our_words, f"{verb}_{kind}") for verb in ("draft", "approve"))
    draft(**asked, version=0, text="Said.", **TOLD[kind])
    exchange.refresh_from_db()
    out = [verb for verbs in WORDS.values() for verb in verbs]
    assert not any(getattr(permissions, f"can_{verb}")(cast.officer, exchange) for verb in out)
    with pytest.raises(DomainError):
        approve(exchange=exchange, by=cast.officer, version=1)
    with pytest.raises(AlreadyDone, match="changed the wording"):
        approve(exchange=exchange, by=cast.supervisor, version=0)
    exchange = approve(exchange=exchange, by=cast.supervisor, version=1)
    may = {verb for verb in out if getattr(permissions, f"can_{verb}")(cast.officer, exchange)}
    assert may == set(WORDS[kind])
    # Nor does it by a hand in the database.
    other = "refusal" if kind == "answer" else "answer"
    OurWord.objects.filter(exchange=exchange).update(leaves_as=other)
    with pytest.raises(DomainError, match="altered"):
        getattr(correspondence, WORDS[other][0])(**asked, **flows.BY)


@pytest.mark.parametrize(
    ("kind", "covered"), [("question", True), ("notice", False), ("refusal", False)]
)
def test_question_is_held_to_the_law_and_a_refusal_needs_none(cast, kind, covered):
    exchange = flows.registered(cast, instrument=None)
    with pytest.raises(NotCovered) if covered else nullcontext():
        flows.approved_word(cast, exchange, kind, text="Said.", **TOLD[kind])


def test_notice_leaves_while_an_answer_waits(cast):
    """Each kind has its own wording and approval: none sets aside another."""
    exchange = flows.with_answer(cast, flows.registered(cast))
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    our_words.draft_question(**asked, version=0, text="Which trailer?")
    exchange = flows.paused(cast, exchange, "Court.")
    waiting = [one.leaves_as for one in exchange_texts.words_under_way(exchange)]
    assert waiting == ["answer", "question"]
    with pytest.raises(DomainError, match="approve"):
        correspondence.ask_clarification(**asked, **flows.BY)
    exchange = exchange_pauses.resume(**asked, **flows.BY)
    exchange = correspondence.answer(
        exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY
    )
    assert exchange.status == Status.ANSWERED
    said = [one.told["text"] for one in opening.read(exchange, cast.keys()).words]
    assert said[0] == "Court."
    assert said[-1] == "It was collected by the owner."


def test_notice_is_printed_where_the_law_covers_no_answer(cast):
    exchange = flows.with_answer(cast, flows.registered(cast))
    exchange = flows.approved_word(cast, exchange, "notice", ground="judicial", text="Court.")
    cast.instrument.ended_on = timezone.localdate() - timedelta(days=1)
    cast.instrument.save()
    exchange_exports.check_leaving(exchange, onward=None)
    assert [one.leaves_as for one in leaving.words_that_may(exchange)] == ["notice"]
    with pytest.raises(NotCovered):
        correspondence.answer(exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY)


def test_database_wants_two_for_every_kind(cast):
    exchange = flows.registered(cast)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    our_words.draft_notice(**asked, version=0, ground="judicial", text="Court.")
    alone = {"approved_by": cast.officer, "approved_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        OurWord.objects.update(**alone)
    with pytest.raises(IntegrityError), transaction.atomic():
        OurWord.objects.update(approved_by=cast.supervisor)


def test_conditional_consent_wants_its_conditions(cast):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    with pytest.raises(DomainError, match="conditions"):
        consents.record_consent(**asked, consent="conditional", uses=["court"])
    consents.record_consent(**asked, consent="conditional", uses=["court"], text="Not in public.")
    consents.record_consent(**asked, consent="declined")
    with pytest.raises(AlreadyDone):
        consents.record_consent(**asked, consent="granted", uses=["court"])


def test_consent_names_what_it_reaches_and_grows_use_by_use(cast):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    for uses in ((), ("whim",)):
        with pytest.raises(DomainError, match="what the consent reaches"):
            consents.record_consent(**asked, consent="granted", uses=uses)
    consents.record_consent(**asked, consent="granted", uses=["court"])
    consents.record_consent(**asked, consent="granted", uses=["purpose"])
    exchange.refresh_from_db()
    assert exchange.onward_uses == ["purpose", "court"]
    assert "it passed for; in court" in exchange_reading.limits_of(exchange)
    for said, told in (("declined", "taken back"), ("conditional", "narrow")):
        with pytest.raises(DomainError, match=told):
            consents.record_consent(**asked, consent=said, uses=["body"], text="None.")
    consents.record_consent(**asked, consent="granted", uses=["body"])
    with pytest.raises(AlreadyDone):
        consents.record_consent(**asked, consent="granted", uses=["body"])


def test_consent_taken_back_lets_nothing_more_leave(cast):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED, handling="H0")
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    with pytest.raises(DomainError, match="never given"):
        consents.record_consent(**asked, consent="withdrawn")
    with pytest.raises(AlreadyDone):
        consents.withdraw_consent(**asked)
    consents.record_consent(**asked, consent="granted", uses=["body"])
    exchange = correspondence.close(exchange=exchange, by=cast.officer)
    sent_at = exchange.sent_at
    exchange = consents.withdraw_consent(**asked, text="By letter of the partner.")
    with pytest.raises(DomainError, match="taken the consent back"):
        exchange_exports.check_leaving(exchange, onward=Onward("investigation", limits_read=True))
    # The partner itself may have what it was told already.
    exchange_exports.check_leaving(exchange, onward=None)
    assert (exchange.status, exchange.sent_at) == (Status.CLOSED, sent_at)
    assert "Further use: withdrawn" in exchange_reading.limits_of(exchange)
    assert opening.read(exchange, cast.keys()).words[-1].verb == "withdraw_consent"
    assert AuditEvent.objects.get(event="consent_withdrawn").facts["before"] == "granted"


def test_close_wants_an_answer_unless_told_unasked(cast):
    asked = flows.sent(cast)
    with pytest.raises(DomainError):
        correspondence.close(exchange=asked, by=cast.officer)
    told = flows.sent(cast, type=ExchangeType.SPONTANEOUS)
    assert correspondence.close(exchange=told, by=cast.officer).status == Status.CLOSED


def test_second_of_two_learns_who_was_first(cast):
    exchange, other = flows.approved(cast), UserFactory(liaison_officer=True)
    exchanges.send(exchange=exchange, by=other, channel="siena")
    with pytest.raises(AlreadyDone, match=other.name):
        exchanges.send(exchange=exchange, by=cast.officer, channel="siena")
    with pytest.raises((InvalidTransition, AlreadyDone)):
        exchanges.discard(exchange=exchange, by=cast.officer)


@pytest.mark.parametrize("role", ["triage_officer", "caseworker", "system_administrator"])
def test_others_do_nothing_to_an_exchange(cast, role):
    exchange, stranger = flows.approved(cast), UserFactory(**{role: True})
    for act in (exchanges.send, exchanges.discard, correspondence.close):
        more = {"channel": "siena"} if act is exchanges.send else {}
        with pytest.raises(NotAllowed):
            act(exchange=exchange, by=stranger, **more)


# --- Sealed -----------------------------------------------------------------------------------


def test_opening_wants_a_reason_and_is_recorded(cast):
    exchange = flows.drafted(cast)
    asked = {"exchange": exchange, "keys": cast.keys(), "by": cast.officer}
    with pytest.raises(opening.NoReason):
        opening.open_exchange(**asked, reason="because")
    opened = opening.open_exchange(**asked, reason="answering the partner")
    assert opened.content["facts"] == flows.SECRET
    events = AuditEvent.objects.filter(kind="consultation").order_by("id")
    assert [one.event for one in events] == ["opening_refused", "opened"]


@pytest.mark.parametrize("role", ["system_administrator", "triage_officer"])
def test_opening_is_refused_to_others_and_recorded(cast, role):
    exchange, stranger = flows.drafted(cast), UserFactory(**{role: True})
    with pytest.raises(NotAllowed):
        opening.open_exchange(
            exchange=exchange, keys=cast.keys(), by=stranger, reason="curiosity of mine"
        )
    assert AuditEvent.objects.get(event="opening_refused").facts == {"why": "right"}


def test_triage_officers_key_opens_no_exchange(cast):
    exchange = flows.drafted(cast)
    opened = opening.read(exchange, cast.desk.keys_of(cast.desk.officer))
    assert opened.is_broken
    assert opened.content == {}


@pytest.mark.parametrize("spoil", ["ciphertext", "signature", "author_id", "swap"])
def test_altered_exchange_does_not_open(cast, spoil):
    exchange, other = flows.drafted(cast), flows.drafted(cast, facts="Another case.")
    row = exchange.envelopes.get(kind=SealedKind.CONTENT)
    if spoil == "swap":
        row.ciphertext = other.envelopes.get(kind=SealedKind.CONTENT).ciphertext
    elif spoil == "author_id":
        row.author_id += 1
    else:
        kept = bytearray(getattr(row, spoil))
        kept[-1] ^= 1
        setattr(row, spoil, bytes(kept))
    row.save()
    assert opening.read(exchange, cast.keys()).is_broken


def test_nothing_that_is_written_lies_in_clear(cast):
    exchange = flows.led_to(cast, Direction.IN, Status.ANSWERED)
    told = b"".join(bytes(one.ciphertext) for one in ExchangeEnvelope.objects.all())
    plain = str([Exchange.objects.filter(pk=exchange.pk).values(), AuditEvent.objects.values()])
    for secret in ("brickworks", "collected by"):
        assert secret.encode() not in told
        assert secret not in plain


def test_treaty_with_others_covers_nothing_inside_our_country(cast):
    cast.partner.country = "SE"
    cast.partner.save()
    with pytest.raises(NotCovered, match="not bound"):
        flows.approved(cast)


def test_party_that_left_is_no_party(cast):
    InstrumentParty.objects.filter(country="NL").update(
        until=timezone.localdate() - timedelta(days=1)
    )
    with pytest.raises(NotCovered):
        flows.approved(cast)


def test_diagram_is_drawn_from_the_tables(settings):
    assert (settings.BASE_DIR / "docs" / "lifecycle-exchanges.md").read_text() == drawn()
