"""Leads an exchange to a state by the real actions, as liaison officer and supervisor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from partners.actions import (
    correspondence,
    exchange_keeping,
    exchange_pauses,
    exchange_retaining,
    exchanges,
    our_words,
)
from partners.exchange_lifecycle import Direction, Status
from partners.models import (
    Exchange,
    ExchangeType,
    Instrument,
    InstrumentParty,
    Partner,
    Purpose,
    UrgencyChoice,
    word_of,
)
from portal.keyring import Unlocked
from portal.models import ReferenceItem, User
from tests.partners.factories import InstrumentFactory, PartnerFactory
from tests.sealing_kit import Desk, make_desk

# By which what we say leaves.
BY = {"channel": "siena", "channel_reference": "S-26"}
SECRET = "The trailer waits behind the brickworks."


@dataclass
class Cast:
    """The people of the liaison desk, a partner, and the instrument that covers both sides."""

    desk: Desk
    partner: Partner
    instrument: Instrument
    unlocked: dict[int, Unlocked] = field(default_factory=dict)

    @property
    def officer(self) -> User:
        return self.desk.liaison

    @property
    def supervisor(self) -> User:
        return self.desk.supervisor

    def keys(self, user: User | None = None) -> Unlocked:
        user = user or self.officer
        if user.pk not in self.unlocked:
            self.unlocked[user.pk] = self.desk.keys_of(user)
        return self.unlocked[user.pk]


def cast(country: str = "NL") -> Cast:
    """A partner inside the Union, unless another country is named."""
    for code in ("SE", "NL"):
        ReferenceItem.objects.get_or_create(
            list="eu_member_state", code=code, defaults={"label": code}
        )
    partner = PartnerFactory(country=country, time_zone="Europe/Amsterdam")
    instrument = InstrumentFactory()
    for party in ("SE", country):
        InstrumentParty.objects.create(instrument=instrument, country=party)
    return Cast(make_desk(), partner, instrument)


def answers(of: Cast, **other: Any) -> dict[str, Any]:
    return {
        "type": ExchangeType.INFORMATION,
        "partner": of.partner,
        "instrument": of.instrument,
        "purpose": Purpose.INVESTIGATION,
        "urgency": UrgencyChoice.OTHER,
        "handling": "H1",
        "object": "Who collected the trailer",
        "facts": SECRET,
        **other,
    }


def drafted(of: Cast, **other: Any) -> Exchange:
    return exchanges.draft(by=of.officer, keys=of.keys(), **answers(of, **other))


def approved(of: Cast, **other: Any) -> Exchange:
    return exchanges.approve(exchange=drafted(of, **other), by=of.supervisor, version=1)


def sent(of: Cast, **other: Any) -> Exchange:
    return exchanges.send(exchange=approved(of, **other), by=of.officer, channel="siena")


def registered(of: Cast, received_at: datetime | None = None, **other: Any) -> Exchange:
    return exchanges.register(
        by=of.officer,
        keys=of.keys(),
        received_at=received_at or timezone.now() - timedelta(minutes=5),
        channel="siena",
        **answers(of, **other),
    )


def with_answer(
    of: Cast, exchange: Exchange, text: str = "It was collected by the owner."
) -> Exchange:
    return approved_word(of, exchange, "answer", text=text)


def approved_word(of: Cast, exchange: Exchange, kind: str, **told: Any) -> Exchange:
    """A word of ours of this kind, worded by the officer and approved."""
    stood = word_of(exchange, kind)
    exchange = getattr(our_words, f"draft_{kind}")(
        exchange=exchange,
        by=of.officer,
        keys=of.keys(),
        version=stood.version if stood else 0,
        **told,
    )
    return getattr(our_words, f"approve_{kind}")(
        exchange=exchange, by=of.supervisor, version=exchange.answer_version
    )


def paused(of: Cast, exchange: Exchange, notice: str = "We wait for the court.") -> Exchange:
    """A request that came in, whose clock stands still."""
    exchange = approved_word(of, exchange, "notice", ground="judicial", text=notice)
    return exchange_pauses.pause(exchange=exchange, by=of.officer, keys=of.keys(), **BY)


def refused(of: Cast, exchange: Exchange, **told: Any) -> Exchange:
    """By us where it came in, by the partner where we asked."""
    told = {"ground": "not_held", "text": "We hold nothing.", **told}
    if not exchange.is_out:
        exchange, told = approved_word(of, exchange, "refusal", **told), {}
    return correspondence.refuse(exchange=exchange, by=of.officer, keys=of.keys(), **BY, **told)


def asked_back(of: Cast, exchange: Exchange, text: str = "Which trailer?") -> Exchange:
    """By us where it came in, by the partner where we asked."""
    told = {"text": text}
    if not exchange.is_out:
        exchange, told = approved_word(of, exchange, "question", **told), {}
    return correspondence.ask_clarification(
        exchange=exchange, by=of.officer, keys=of.keys(), **BY, **told
    )


def _word(verb: str, **more: Any) -> Callable[[Cast, Exchange], Exchange]:
    def lead(of: Cast, exchange: Exchange) -> Exchange:
        act = getattr(correspondence, verb)
        return act(exchange=exchange, by=of.officer, keys=of.keys(), **BY, **more)

    return lead


def _acknowledged(of: Cast, exchange: Exchange) -> Exchange:
    return correspondence.acknowledge(exchange=exchange, by=of.officer)


def _answered(verb: str) -> Callable[[Cast, Exchange], Exchange]:
    def lead(of: Cast, exchange: Exchange) -> Exchange:
        if not exchange.is_out:
            return _word(verb)(of, with_answer(of, exchange))
        return _word(verb, text="It was the owner.")(of, exchange)

    return lead


STEPS: dict[str, list[Callable[[Cast, Exchange], Exchange]]] = {
    Status.ACKNOWLEDGED: [_acknowledged],
    Status.CLARIFICATION: [asked_back],
    Status.PARTLY_ANSWERED: [_answered("answer_in_part")],
    Status.ANSWERED: [_answered("answer")],
    Status.REFUSED: [refused],
}


def _ended(of: Cast, exchange: Exchange, status: str) -> Exchange:
    exchange = correspondence.close(exchange=exchange, by=of.officer)
    if status != Status.CLOSED:
        exchange = exchange_keeping.review(exchange=exchange, by=of.officer)
    if status == Status.ERASED:
        exchange_retaining.erase(exchange=exchange, rule="nothing")
    return exchange


def led_to(of: Cast, direction: str, status: str, **other: Any) -> Exchange:
    """An exchange of this direction in this state, by what officers do."""
    if direction == Direction.OUT:
        begun = {Status.DRAFT: drafted, Status.APPROVED: approved}.get(Status(status), sent)
        exchange = begun(of, **other)
    else:
        exchange = registered(of, **other)
    if status in (Status.CLOSED, Status.RETENTION_REVIEW, Status.ERASED):
        return _ended(of, refused(of, exchange), status)
    for step in STEPS.get(status, []):
        exchange = step(of, exchange)
    assert exchange.status == status, (direction, status, exchange.status)
    return exchange
