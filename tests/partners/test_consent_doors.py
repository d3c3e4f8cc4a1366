"""Every door out of an exchange, tried in every state of consent: of a source and of a supplier."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from partners.actions import consents, correspondence, exchange_exports, exchanges, our_words
from partners.exchange_lifecycle import Direction, Status
from partners.leaving import NoConsent
from partners.models import Exchange, ExchangeType, OnwardConsent, Purpose
from partners.onward import Onward
from portal.errors import DomainError
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
        ("confirm in writing", oral, lambda: correspondence.confirm(exchange=oral, **by)),
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
        ("clarify", explained, lambda: correspondence.clarify(exchange=explained, **by)),
    ]


def test_no_door_is_open_once_the_source_took_its_consent_back(cast):
    """Whatever the partner says to the use of its own: that is another consent."""
    doors = told_ours(cast)
    found = {name: tried(door) for name, _exchange, door in doors}
    assert not any(found.values()), found
    now = timezone.now()
    for said in ("", *OnwardConsent.values):
        for _name, exchange, _door in doors:
            put(exchange, source_withdrawn_at=now, onward_consent=said, onward_at=now)
        found = {name: tried(door) for name, _exchange, door in doors}
        assert all("taken its consent back" in one for one in found.values()), (said, found)


def test_partners_consent_gives_the_sources_back_to_nobody(cast):
    """The hole that one column for both consents was."""
    exchange = flows.led_to(cast, Direction.OUT, Status.PARTLY_ANSWERED)
    put(exchange, source_withdrawn_at=timezone.now())
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    consents.record_consent(**asked, consent="granted")
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
        "answer": lambda: correspondence.answer(exchange=ready, **by),
        "print": prints(ready),
    }
    assert set(HANDED_ON) == {"", *OnwardConsent.values}
    for said, codes in HANDED_ON.items():
        for code, open_to_others in codes.items():
            for one in (worded, ready, supplied):
                put(one, onward_consent=said, onward_at=timezone.now(), handling=code)
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
    assert not tried(prints(exchange, HOME))
    consents.record_consent(**asked, consent="declined")
    assert "has not agreed" in tried(prints(exchange, HOME))


def test_consent_taken_back_is_not_given_again_by_the_desk(cast):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    consents.record_consent(**asked, consent="granted")
    consents.withdraw_consent(**asked)
    with pytest.raises(DomainError):
        consents.record_consent(**asked, consent="granted")


def test_draft_that_never_left_has_no_supplier_to_ask(cast):
    exchange = exchanges.discard(exchange=flows.drafted(cast), by=cast.officer)
    with pytest.raises(DomainError):
        consents.record_consent(
            exchange=exchange, by=cast.officer, keys=cast.keys(), consent="granted"
        )
