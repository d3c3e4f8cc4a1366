"""Exchanges of the demonstration: one in every state, by what officers do; all of it invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from partners.actions import (
    consents,
    correspondence,
    exchange_keeping,
    exchange_pauses,
    exchange_retaining,
    exchanges,
    our_words,
)
from partners.actions import instrument_changes as changes
from partners.actions.exchange_holding import attachment
from partners.exchange_lifecycle import Direction, Status
from partners.models import Exchange, Instrument, Outcome, Partner, PartnerType, word_of
from portal import demonstration as people
from portal.keyring import Unlocked
from portal.models import User

OFFICER, SUPERVISOR = "liaison@customs.example", "supervisor@customs.example"
INSIDE, OUTSIDE = "customs:NL", "ABF"
FICTITIOUS = "demonstration-assistance"
GROUND = {
    "transfer_ground": "safeguards",
    "transfer_decided_on": date(2025, 9, 1),
    "justification": "The invented agreement has binding safeguards; no more than needed is sent.",
}
BY = {"channel": "siena", "channel_reference": "DEMO-26"}
Step = Callable[["Story", Exchange], Exchange]


class Story:
    """Tells every exchange once; a second run finds them told."""

    def __init__(self, keys: Unlocked) -> None:
        people.require_demonstration()
        self.officer = User.objects.get(email=OFFICER)
        self.supervisor = User.objects.get(email=SUPERVISOR)
        self.keys = keys
        self.inside = _partner(INSIDE, "Customs service of an invented neighbour", "NL")
        self.outside = _partner(OUTSIDE, "Border service of an invented country", "AU")
        self.instrument = self._instrument()

    def tell(self) -> int:
        """How many were told now."""
        if Exchange.objects.filter(report_id=None).exists():
            return 0
        for direction, status, told in TALES:
            self._bring(direction, status, told)
        return len(TALES)

    def _instrument(self) -> Instrument:
        found = Instrument.objects.filter(code=FICTITIOUS).first()
        if found is not None:
            return found
        proposed = changes.propose_instrument(
            by=self.officer,
            reason="The demonstration needs one; it is invented.",
            code=FICTITIOUS,
            countries=["SE", "NL", "AU"],
            title="Invented agreement on mutual assistance (demonstration)",
            kind="agreement",
            reference="",
            signed_on=date(2020, 1, 1),
            in_force_on=date(2020, 6, 1),
            purposes=["prevention", "investigation", "prosecution"],
            limits="Made for the demonstration; no such agreement exists.",
            confirmed=False,
            source="demonstration",
        )
        made = changes.apply_change(change=proposed, by=self.supervisor).instrument
        assert made is not None  # noqa: S101 - it has just been put into effect
        changes.propose_party(
            instrument=made, by=self.officer, country="NZ", reason="An invented accession."
        )
        return made

    def _bring(self, direction: str, status: str, told: dict[str, Any]) -> None:
        partner = self.outside if told.pop("abroad", False) else self.inside
        ground = GROUND if partner == self.outside else {}
        asked = {
            "partner": partner,
            "instrument": self.instrument,
            "purpose": "investigation",
            "handling": "H1",
            **ground,
            **told,
        }
        if direction == Direction.OUT:
            exchange = self._outgoing(status, asked)
        else:
            came = timezone.now() - timedelta(hours=asked.pop("hours_ago", 3))
            exchange = exchanges.register(
                by=self.officer, keys=self.keys, received_at=came, channel="siena", **asked
            )
        for step in STEPS.get(status, ()):
            exchange = step(self, exchange)

    def _outgoing(self, status: str, asked: dict[str, Any]) -> Exchange:
        exchange = exchanges.draft(by=self.officer, keys=self.keys, **asked)
        if status == Status.DRAFT:
            return exchange
        exchange = exchanges.approve(exchange=exchange, by=self.supervisor, version=1)
        if status == Status.APPROVED:
            return exchange
        return exchanges.send(exchange=exchange, by=self.officer, **BY)

    # --- Steps --------------------------------------------------------------------------------

    def acknowledge(self, exchange: Exchange) -> Exchange:
        return correspondence.acknowledge(exchange=exchange, by=self.officer)

    def ask(self, exchange: Exchange) -> Exchange:
        return self._said(
            our_words.draft_question,
            correspondence.ask_clarification,
            exchange,
            text="Which of the two trailers is meant?",
        )

    def pause(self, exchange: Exchange) -> Exchange:
        notice = "A court has to allow it."
        if exchange.is_out:
            told = {"ground": "judicial", "notice": notice, **BY}
            return self._word(exchange_pauses.pause, exchange, **told)
        return self._said(
            our_words.draft_notice,
            exchange_pauses.pause,
            exchange,
            ground="judicial",
            text=notice,
        )

    def answer_in_part(self, exchange: Exchange) -> Exchange:
        return self._answered(correspondence.answer_in_part, exchange)

    def answer(self, exchange: Exchange) -> Exchange:
        return self._answered(correspondence.answer, exchange)

    def refuse(self, exchange: Exchange) -> Exchange:
        return self._said(
            our_words.draft_refusal,
            correspondence.refuse,
            exchange,
            ground="not_held",
            text="Nothing of it is held.",
        )

    def consent(self, exchange: Exchange) -> Exchange:
        return self._word(
            consents.record_consent,
            exchange,
            consent="conditional",
            uses=["purpose", "body"],
            text="In court only after asking again.",
        )

    def close(self, exchange: Exchange) -> Exchange:
        return correspondence.close(exchange=exchange, by=self.officer)

    def say_what_came_of_it(self, exchange: Exchange) -> Exchange:
        return exchange_keeping.record_outcome(
            exchange=exchange, by=self.officer, outcome=Outcome.ESTABLISHED
        )

    def review(self, exchange: Exchange) -> Exchange:
        return exchange_keeping.review(exchange=exchange, by=self.officer)

    def erase(self, exchange: Exchange) -> Exchange:
        """As the worker does when the time is over."""
        exchange_retaining.erase(exchange=exchange, rule=Outcome.NOTHING.value)
        return exchange

    def _answered(self, act: Callable[..., Exchange], exchange: Exchange) -> Exchange:
        if exchange.is_out:
            paper = attachment("answer.txt", b"Invented for the demonstration.")
            text = "The trailer was collected by a firm that has since been closed."
            return self._word(act, exchange, text=text, files=[paper], **BY)
        text = "The firm is known to us; its last declaration was in spring."
        return self._said(our_words.draft_answer, act, exchange, text=text)

    def _said(
        self,
        write: Callable[..., Exchange],
        act: Callable[..., Exchange],
        exchange: Exchange,
        **told: Any,
    ) -> Exchange:
        """By the partner as it comes; by us worded, approved by another, and then told."""
        if exchange.is_out:
            return self._word(act, exchange, **told, **BY)
        kind = write.__name__.removeprefix("draft_")
        word = word_of(exchange, kind)
        exchange = self._word(write, exchange, version=word.version if word else 0, **told)
        approve = getattr(our_words, f"approve_{kind}")
        exchange = approve(exchange=exchange, by=self.supervisor, version=exchange.answer_version)
        return self._word(act, exchange, **BY)

    def _word(self, act: Callable[..., Exchange], exchange: Exchange, **more: Any) -> Exchange:
        return act(exchange=exchange, by=self.officer, keys=self.keys, **more)


def _partner(code: str, name: str, country: str) -> Partner:
    """The directory's, where it is loaded."""
    found = Partner.objects.filter(code=code).first()
    if found is not None:
        return found
    return Partner.objects.create(
        code=code, name=name, country=country, type=PartnerType.CUSTOMS, time_zone="UTC"
    )


def told(kind: str, about: str, facts: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "object": about, "facts": facts, "urgency": "other", **more}


STEPS: dict[str, tuple[Step, ...]] = {
    Status.ACKNOWLEDGED: (Story.acknowledge, Story.pause),
    Status.CLARIFICATION: (Story.acknowledge, Story.ask),
    Status.PARTLY_ANSWERED: (Story.acknowledge, Story.answer_in_part),
    Status.ANSWERED: (Story.acknowledge, Story.answer, Story.consent),
    Status.REFUSED: (Story.refuse,),
    Status.CLOSED: (Story.acknowledge, Story.answer, Story.close, Story.say_what_came_of_it),
    Status.RETENTION_REVIEW: (Story.refuse, Story.close, Story.review),
    Status.ERASED: (Story.refuse, Story.close, Story.review, Story.erase),
}
OUT, IN = Direction.OUT, Direction.IN
TALES: list[tuple[str, str, dict[str, Any]]] = [
    (OUT, Status.DRAFT, told("surveillance", "Watch a warehouse", "Vans come at night.")),
    (OUT, Status.APPROVED, told("enquiry", "Who rents the warehouse", "A firm of two weeks.")),
    (
        OUT,
        Status.SENT,
        told("information", "Who sent the parcels", "Forty alike parcels.", abroad=True),
    ),
    (
        OUT,
        Status.ACKNOWLEDGED,
        told("authenticity", "Is the certificate genuine", "Its number is used twice."),
    ),
    (OUT, Status.CLARIFICATION, told("information", "A trailer", "It stood for two weeks.")),
    (OUT, Status.PARTLY_ANSWERED, told("enquiry", "A chain of firms", "Three share a door.")),
    (OUT, Status.ANSWERED, told("information", "A driver’s employer", "He changed it twice.")),
    (OUT, Status.REFUSED, told("notification", "Serve a decision", "The firm has moved.")),
    (OUT, Status.CLOSED, told("information", "An old licence", "It was never used.")),
    (
        IN,
        Status.RECEIVED,
        told("information", "A firm here", "It orders pill presses.", urgency="urgent_direct"),
    ),
    (
        IN,
        Status.RECEIVED,
        told(
            "information",
            "A container, by telephone",
            "It arrives this week.",
            urgency="urgent_direct",
            oral=True,
            hours_ago=12,
        ),
    ),
    (IN, Status.ACKNOWLEDGED, told("controlled_delivery", "Let a parcel run", "It is marked.")),
    (IN, Status.CLARIFICATION, told("surveillance", "Watch a yard", "No address is given.")),
    (IN, Status.PARTLY_ANSWERED, told("information", "Two firms", "They share a telephone.")),
    (IN, Status.ANSWERED, told("enquiry", "A haulier", "Its lorries cross at night.")),
    (IN, Status.REFUSED, told("joint_team", "A team for one case", "It is closed here.")),
    (IN, Status.CLOSED, told("information", "A declaration", "A copy is asked for.")),
    (OUT, Status.RETENTION_REVIEW, told("information", "A plate", "It was misread.")),
    (IN, Status.RETENTION_REVIEW, told("information", "An invoice", "It was paid.")),
    (OUT, Status.ERASED, told("information", "A seal", "It was replaced.")),
    (IN, Status.ERASED, told("information", "A permit", "It had run out.")),
]


def tell(say: Callable[[str], None], keys: Unlocked) -> None:
    """Called by the demonstration of the partners, at its end."""
    count = Story(keys).tell()
    say(f"  exchanges told: {count}" if count else "  the exchanges are there already")
