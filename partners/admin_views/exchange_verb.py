"""What a verb of an exchange is at the desk, and which ones are next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.exchange_lifecycle import Direction, Status
from partners.forms.exchange_fields import ExchangeForm
from partners.models import Exchange

# What waits for an approval, and what another approved, is next.
_WAITS = tuple(f"approve_{kind}" for kind in ("answer", "question", "notice", "refusal"))
_APPROVED = (*_WAITS, "answer", "refuse", "ask_clarification", "pause")
# What is next, by direction and status: these buttons stand first and are filled.
NEXT: dict[tuple[str, str], tuple[str, ...]] = {
    (Direction.OUT, Status.DRAFT): ("approve",),
    (Direction.OUT, Status.APPROVED): ("send",),
    (Direction.OUT, Status.SENT): ("acknowledge", "close"),
    (Direction.OUT, Status.ACKNOWLEDGED): ("answer", "close"),
    (Direction.OUT, Status.CLARIFICATION): ("approve_answer", "clarify", "draft_answer"),
    (Direction.OUT, Status.PARTLY_ANSWERED): ("answer",),
    (Direction.OUT, Status.ANSWERED): ("close",),
    (Direction.OUT, Status.REFUSED): ("close",),
    (Direction.IN, Status.RECEIVED): ("acknowledge", *_APPROVED),
    (Direction.IN, Status.ACKNOWLEDGED): (*_APPROVED, "draft_answer", "close"),
    (Direction.IN, Status.CLARIFICATION): ("clarify", *_APPROVED),
    (Direction.IN, Status.PARTLY_ANSWERED): (*_APPROVED, "draft_answer"),
    (Direction.IN, Status.ANSWERED): ("close",),
    (Direction.IN, Status.REFUSED): ("close",),
    (Direction.OUT, Status.CLOSED): ("record_outcome",),
    (Direction.IN, Status.CLOSED): ("record_outcome",),
    (Direction.OUT, Status.RETENTION_REVIEW): ("keep", "record_outcome"),
    (Direction.IN, Status.RETENTION_REVIEW): ("keep", "record_outcome"),
}

KEEP = _("Keep it")


@dataclass(frozen=True)
class Verb:
    """One verb; `reads` ones need the exchange to be open, `seals` ones the desk unlocked.

    `shows` is what stands on its page to be read: what is asked or told, or a word of ours.
    """

    name: str
    text: Any
    may: Callable[..., bool]
    act: Callable[..., Any]
    done: Any
    form: type[ExchangeForm] | None = None
    lead: Any = ""
    seals: bool = False
    reads: bool = False
    danger: bool = False
    button: Any = KEEP
    shows: str = ""

    @property
    def address(self) -> str:
        return f"partners_exchange_{self.name}"

    def leads(self, exchange: Exchange) -> bool:
        return self.name in NEXT.get((exchange.direction, exchange.status), ())
