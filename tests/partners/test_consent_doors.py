"""Every door out of an exchange, tried in every state of consent: of a source and of a supplier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from partners import opening
from partners.actions import consents, correspondence, exchange_exports, exchanges, our_words
from partners.actions.exchange_holding import attachment
from partners.exchange_lifecycle import Direction, Status
from partners.leaving import NoConsent
from partners.models import AGREED, Exchange, ExchangeType, FurtherUse, OnwardConsent, Purpose
from partners.onward import Onward
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from tests.factories import UserFactory
from tests.partners import exchange_flows as flows

pytestmark = pytest.mark.django_db
HOME = Onward(purpose=Purpose.INVESTIGATION, limits_read=True)


@pytest.fixture
def cast():
    return flows.cast()


def tried(door: Callable[[], object]) -> str:
    """What is said to whoever tries it, empty where it is open; nothing of it stays."""
    try:
        with transaction.atomic():
            door()
            transaction.set_rollback(True)
    except DomainError as error:
        return str(error)
    return ""


def put(exchange: Exchange, **stands: Any) -> Exchange:
    Exchange.objects.filter(pk=exchange.pk).update(**stands)
    return Exchange.objects.get(pk=exchange.pk)


def consent(said: str) -> dict[str, Any]:
    """Given for everything, where it is given."""
    uses = FurtherUse.values if said in AGREED else []
    return {"onward_consent": said, "onward_at": timezone.now(), "onward_uses": uses}


def prints(exchange: Exchange, onward: Onward | None = None) -> Callable[[], object]:
    return lambda: exchange_exports.check_leaving(exchange, onward=onward)


def told_ours(cast: flows.Cast) -> list[tuple[str, Exchange, Callable[[], object]]]:
    """What leaves of an exchange of ours, each at the moment in which it may."""
    by = {"by": cast.officer, "keys": cast.keys()}
    told = {"type": ExchangeType.SPONTANEOUS}
    draft, ready = flows.drafted(cast, **told), flows.approved(cast, **told)
    oral = flows.sent(cast, oral=True, **told)
    worded = flows.led_to(cast, Direction.OUT, Status.CLARIFICATION)
    worded = our_words.draft_answer(exchange=worded, version=0, text="The green one.", **by)
    explained = flows.led_to(cast, Direction.OUT, Status.CLARIFICATION)
    explained = flows.with_answer(cast, explained)
    answered = flows.led_to(cast, Direction.OUT, Status.ANSWERED)
    edited = flows.answers(cast, facts="The same, worded anew.", **told)
    return [
        ("edit", draft, lambda: exchanges.edit(exchange=draft, version=1, **by, **edited)),
        (
            "approve",
            draft,
            lambda: exchanges.approve(exchange=draft, by=cast.supervisor, version=1),
        ),
        (
            "send",
            ready,
            lambda: exchanges.send(exchange=ready, by=cast.officer, channel="siena"),
        ),
        ("print what is approved", ready, prints(ready)),
        ("print what was sent", answered, prints(answered)),
        ("hand on", answered, prints(answered, HOME)),
        (
            "confirm in writing",
            oral,
            lambda: correspondence.confirm(exchange=oral, **by, **flows.BY),
        ),
        (
            "draft anew",
            worded,
            lambda: our_words.draft_answer(exchange=worded, version=1, text="Anew.", **by),
        ),
        (
            "approve a word",
            worded,
            lambda: our_words.approve_answer(exchange=worded, by=cast.supervisor, version=1),
        ),
        (
            "clarify",
            explained,
            lambda: correspondence.clarify(exchange=explained, **by, **flows.BY),
        ),
    ]


def test_no_door_is_open_once_the_source_took_its_consent_back(cast):
    """Whatever the partner says to the use of its own: that is another consent."""
    doors = told_ours(cast)
    found = {name: tried(door) for name, _exchange, door in doors}
    assert not any(found.values()), found
    now = timezone.now()
    for said in ("", *OnwardConsent.values):
        for _name, exchange, _door in doors:
            put(exchange, source_withdrawn_at=now, **consent(said))
        found = {name: tried(door) for name, _exchange, door in doors}
        assert all("taken its consent back" in one for one in found.values()), (said, found)


def test_partners_consent_gives_the_sources_back_to_nobody(cast):
    """The hole that one column for both consents was."""
    exchange = flows.led_to(cast, Direction.OUT, Status.PARTLY_ANSWERED)
    put(exchange, source_withdrawn_at=timezone.now())
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    consents.record_consent(**asked, consent="granted", uses=FurtherUse.values)
    with pytest.raises(NoConsent):
        exchange_exports.check_leaving(exchange, onward=None)


def test_what_may_not_be_confirmed_any_more_is_closed(cast):
    exchange = flows.sent(cast, oral=True, type=ExchangeType.SPONTANEOUS)
    with pytest.raises(DomainError, match="confirmation"):
        correspondence.close(exchange=exchange, by=cast.officer)
    put(exchange, source_withdrawn_at=timezone.now())
    assert correspondence.close(exchange=exchange, by=cast.officer).status == Status.CLOSED


# What a supplier says → whether it may be handed on, by handling code; its own answer always may.
HANDED_ON = {
    "": {"H0": True, "H1": True, "H2": False, "H3": False},
    "asked": dict.fromkeys(("H0", "H1", "H2", "H3"), False),
    "granted": dict.fromkeys(("H0", "H1", "H2", "H3"), True),
    "conditional": dict.fromkeys(("H0", "H1", "H2", "H3"), True),
    "declined": dict.fromkeys(("H0", "H1", "H2", "H3"), False),
    "withdrawn": dict.fromkeys(("H0", "H1", "H2", "H3"), False),
}


def test_what_a_supplier_says_bars_others_and_not_the_supplier(cast):
    by = {"by": cast.officer, "keys": cast.keys()}
    worded = our_words.draft_answer(
        exchange=flows.registered(cast), version=0, text="It was the owner.", **by
    )
    ready = flows.with_answer(cast, flows.registered(cast))
    supplied = flows.led_to(cast, Direction.IN, Status.ANSWERED)
    doors = {
        "approve": lambda: our_words.approve_answer(exchange=worded, by=cast.supervisor, version=1),
        "answer": lambda: correspondence.answer(exchange=ready, **by, **flows.BY),
        "print": prints(ready),
    }
    assert set(HANDED_ON) == {"", *OnwardConsent.values}
    for said, codes in HANDED_ON.items():
        for code, open_to_others in codes.items():
            for one in (worded, ready, supplied):
                put(one, **consent(said), handling=code)
            assert not any(tried(door) for door in doors.values()), (said, code)
            assert bool(tried(prints(supplied, HOME))) is not open_to_others, (said, code)


def test_page_that_was_made_before_hands_nothing_out_after(cast):
    """The officer's page is old; what the supplier said since then holds."""
    exchange = flows.led_to(cast, Direction.IN, Status.ANSWERED)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    Exchange.objects.filter(pk=exchange.pk).update(source_withdrawn_at=timezone.now())
    assert exchange.source_withdrawn_at is None
    with pytest.raises(NoConsent):
        exchange_exports.export(**asked, recipient="The partner", reason="sending it along")


@pytest.mark.parametrize("status", [Status.CLOSED, Status.RETENTION_REVIEW])
def test_supplier_may_be_asked_and_decline_long_after(cast, status):
    exchange = put(flows.led_to(cast, Direction.IN, status), handling="H0")
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    under_review = status == Status.RETENTION_REVIEW
    assert bool(tried(prints(exchange, HOME))) is under_review
    consents.record_consent(**asked, consent="declined")
    barred = "about to be erased" if under_review else "has not agreed"
    assert barred in tried(prints(exchange, HOME))


def test_consent_taken_back_is_not_given_again_by_the_desk(cast):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    consents.record_consent(**asked, consent="granted", uses=FurtherUse.values)
    consents.withdraw_consent(**asked)
    with pytest.raises(DomainError):
        consents.record_consent(**asked, consent="granted", uses=FurtherUse.values)


def test_draft_that_never_left_has_no_supplier_to_ask(cast):
    exchange = exchanges.discard(exchange=flows.drafted(cast), by=cast.officer)
    with pytest.raises(DomainError):
        consents.record_consent(
            exchange=exchange, by=cast.officer, keys=cast.keys(), consent="granted", uses=["body"]
        )


# --- Files ------------------------------------------------------------------------------------

# What stands of the exchange → what is said when a file of the partner is taken out: for our own
# work, for the partner, and for somebody else at home.
TAKEN: list[tuple[dict[str, Any], str, str, str]] = [
    ({}, "", "", ""),
    ({"handling": "H2"}, "", "", "Handling code H2"),
    ({"handling": "H3"}, "", "", "Handling code H3"),
    ({"onward_consent": "asked"}, "", "", "has not agreed"),
    ({"onward_consent": "declined"}, "", "", "has not agreed"),
    ({"handling": "H2", "onward_consent": "granted", "onward_uses": ["body"]}, "", "", ""),
    ({"onward_consent": "withdrawn"}, "taken the consent back", "", "taken the consent back"),
    ({"source_withdrawn_at": timezone.now()}, *(["its consent back"] * 3)),
    ({"status": "retention_review", "closed_at": timezone.now()}, *(["to be erased"] * 3)),
]


def takes(cast: flows.Cast, exchange: Exchange, **how: Any) -> Callable[[], object]:
    file = opening.read(exchange, cast.keys()).files[0]
    return lambda: exchange_exports.take_file(
        exchange=exchange,
        file_id=UUID(file["id"]),
        by=cast.officer,
        keys=cast.keys(),
        reason="working on the case",
        **how,
    )


def test_file_is_taken_out_by_the_rules_of_a_print_and_for_our_own_work(cast):
    exchange = flows.registered(cast, files=[attachment("map.txt", b"where it waits")])
    ways = [{"here": True}, {"recipient": "NL"}, {"recipient": "A court", "onward": HOME}]
    before = {name: getattr(exchange, name) for stands, *_rest in TAKEN for name in stands}
    for stands, *said in TAKEN:
        put(exchange, **{**before, **stands})
        for way, words in zip(ways, said, strict=True):
            found = tried(takes(cast, exchange, **way))
            assert (words in found) if words else not found, (stands, way, found)


def test_file_of_an_answer_that_nobody_approved_is_for_the_desk_alone(cast):
    exchange = our_words.draft_answer(
        exchange=flows.registered(cast),
        by=cast.officer,
        keys=cast.keys(),
        version=0,
        text="It was the owner.",
        files=[attachment("map.txt", b"where it waits")],
    )
    assert not tried(takes(cast, exchange, here=True))
    for how in ({"recipient": "NL"}, {"recipient": "A court", "onward": HOME}):
        assert "approve" in tried(takes(cast, exchange, **how))
    exchange = our_words.approve_answer(exchange=exchange, by=cast.supervisor, version=1)
    assert not tried(takes(cast, exchange, recipient="NL"))
    assert "nothing to pass on" in tried(takes(cast, exchange, recipient="A court", onward=HOME))
    exchange = correspondence.answer(
        exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY
    )
    assert not tried(takes(cast, exchange, recipient="NL"))


def test_file_is_taken_out_with_a_reason_and_by_its_desk(cast):
    exchange = flows.registered(cast, files=[attachment("map.txt", b"where it waits")])
    file = UUID(opening.read(exchange, cast.keys()).files[0]["id"])
    asked = {"exchange": exchange, "keys": cast.keys(), "here": True}
    with pytest.raises(opening.NoReason):
        exchange_exports.take_file(**asked, file_id=file, by=cast.officer, reason="so")
    why = {"reason": "working on the case"}
    with pytest.raises(NotAllowed):
        exchange_exports.take_file(**asked, file_id=uuid4(), by=cast.officer, **why)
    stranger = UserFactory(caseworker=True)
    with pytest.raises(NotAllowed):
        exchange_exports.take_file(**asked, file_id=file, by=stranger, **why)
    assert not AuditEvent.objects.filter(event="file_taken").exists()
