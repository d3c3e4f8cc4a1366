"""An exchange laid out for people by its plain columns: facts, clock and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import clocks, leaving
from partners.exchange_lifecycle import AWAITS_ANSWER, OPEN, Status
from partners.models import Channel, Exchange, ExchangeTombstone, FurtherUse, OnwardConsent
from portal.handling import LIMITS
from portal.models import AuditEvent, User

# More than this is in the access log.
SHOWN = 100
SOON = timedelta(hours=24)
COLOURS: dict[str, str] = {
    Status.DRAFT: "grey",
    Status.APPROVED: "blue",
    Status.SENT: "blue",
    Status.RECEIVED: "orange",
    Status.ACKNOWLEDGED: "yellow",
    Status.CLARIFICATION: "purple",
    Status.PARTLY_ANSWERED: "yellow",
    Status.ANSWERED: "green",
    Status.REFUSED: "red",
    Status.CLOSED: "grey",
    Status.RETENTION_REVIEW: "orange",
    Status.ERASED: "grey",
}
# Event of the record → what officers read.
EVENTS: dict[str, Any] = {
    "drafted": gettext_lazy("Written"),
    "edited": gettext_lazy("Changed"),
    "approved": gettext_lazy("Approved"),
    "sent": gettext_lazy("Sent"),
    "discarded": gettext_lazy("Not sent after all"),
    "graded_anew": gettext_lazy("Not sent: its report was graded anew and is to be referred again"),
    "registered": gettext_lazy("Entered"),
    "set_aside": gettext_lazy("Set aside: it was entered by mistake"),
    "taken": gettext_lazy("Taken"),
    "acknowledged": gettext_lazy("Receipt acknowledged"),
    "confirmed_in_writing": gettext_lazy("Confirmed in writing"),
    "clarification_asked": gettext_lazy("Clarification asked"),
    "clarified": gettext_lazy("Clarified"),
    "paused": gettext_lazy("Clock paused"),
    "resumed": gettext_lazy("Clock went on"),
    "answer_drafted": gettext_lazy("Answer written"),
    "question_drafted": gettext_lazy("Question written"),
    "notice_drafted": gettext_lazy("Notice of pause written"),
    "refusal_drafted": gettext_lazy("Refusal written"),
    "answer_approved": gettext_lazy("What we say approved"),
    "partly_answered": gettext_lazy("Answered in part"),
    "answered": gettext_lazy("Answered in full"),
    "refused": gettext_lazy("Refused"),
    "consent_recorded": gettext_lazy("Consent to further use"),
    "source_withdrew": gettext_lazy("The source took its consent back"),
    "consent_withdrawn": gettext_lazy("Consent taken back"),
    "closed": gettext_lazy("Closed"),
    "opened": gettext_lazy("Opened"),
    "opening_refused": gettext_lazy("Opening refused"),
    "exported": gettext_lazy("Handed out"),
    "file_taken": gettext_lazy("File taken out"),
    "reminded": gettext_lazy("Reminded"),
    "outcome_recorded": gettext_lazy("What came of it recorded"),
    "retention_reviewed": gettext_lazy("Put under review of retention"),
    "kept": gettext_lazy("Kept longer"),
    "hold_placed": gettext_lazy("Held"),
    "hold_lifted": gettext_lazy("Hold lifted"),
    "erased": gettext_lazy("Erased"),
    "found_late": gettext_lazy("Found to be late"),
}


@dataclass(frozen=True)
class Clock:
    """The answer that is due, and how far away that is."""

    at: datetime
    late: bool
    soon: bool
    text: str


def clock_of(exchange: Exchange, now: datetime | None = None) -> Clock | None:
    """None where nothing is due any more."""
    now = now or timezone.now()
    if exchange.due_at is None or exchange.status not in AWAITS_ANSWER:
        return None
    late = clocks.is_late(exchange.due_at, exchange.paused_at, now)
    if exchange.paused_at is not None:
        return Clock(
            exchange.due_at,
            late,
            False,
            _("paused: %(why)s") % {"why": exchange.get_pause_ground_display()},
        )
    return Clock(exchange.due_at, late, exchange.due_at <= now + SOON, _left(exchange.due_at, now))


def _left(at: datetime, now: datetime) -> str:
    minutes = int(abs(at - now).total_seconds() // 60)
    if minutes < 60:
        span = _("%(count)d min") % {"count": minutes}
    elif minutes < 48 * 60:
        span = _("%(count)d h") % {"count": minutes // 60}
    else:
        span = _("%(count)d d") % {"count": minutes // (24 * 60)}
    late = at <= now
    return (_("overdue %(span)s") if late else _("due in %(span)s")) % {"span": span}


def facts(exchange: Exchange) -> dict[str, Any]:
    """The plain side of the page."""
    return {
        "colour": COLOURS.get(exchange.status, "grey"),
        "clock": clock_of(exchange),
        "rows": plain_rows(exchange),
        "limits_line": limits_with_instrument(exchange),
        "needs_ground": leaving.is_third_country(exchange.partner)
        and not exchange.transfer_ground
        and exchange.status in OPEN,
        "history": history(exchange),
    }


def keeping(exchange: Exchange) -> dict[str, Any]:
    """How long it is kept: a hold, and what is left when it was erased."""
    stones = ExchangeTombstone.objects.filter(exchange_uuid=exchange.uuid)
    gone = exchange.status == Status.ERASED
    return {
        "hold": exchange.holds.filter(lifted_at=None).select_related("placed_by").first(),
        "tombstone": stones.first() if gone else None,
    }


# What a supplier said that stands with the handling code wherever it is shown.
_LIMITED = (OnwardConsent.DECLINED, OnwardConsent.CONDITIONAL, OnwardConsent.WITHDRAWN)


def limits_of(exchange: Exchange) -> str:
    """The handling code's condition, and what the supplier said to further use."""
    line = str(LIMITS[exchange.handling])
    narrowed = 0 < len(exchange.onward_uses) < len(FurtherUse)
    if exchange.onward_consent in _LIMITED or narrowed:
        line = f"{line} " + _("Further use: %(said)s.") % {"said": _consent(exchange).lower()}
    return line


def limits_with_instrument(exchange: Exchange) -> str:
    """The same, with what the instrument under which it passed says on use."""
    if exchange.instrument is None or not exchange.instrument.limits:
        return limits_of(exchange)
    return f"{limits_of(exchange)} {exchange.instrument}: {exchange.instrument.limits}"


def _consent(exchange: Exchange) -> str:
    said = str(exchange.get_onward_consent_display())
    uses = [str(label) for use, label in FurtherUse.choices if use in exchange.onward_uses]
    return f"{said}: {'; '.join(uses).lower()}" if uses else said


def plain_rows(exchange: Exchange) -> list[tuple[Any, str]]:
    """Label and value of what may be read without opening it."""
    return [*told_rows(exchange), *_filled(_own(exchange))]


def told_rows(exchange: Exchange) -> list[tuple[Any, str]]:
    """The same for whoever gets a print."""
    found = [
        (_("Partner"), str(exchange.partner)),
        (_("Type"), exchange.get_type_display()),
        (_("Instrument"), str(exchange.instrument or "")),
        (_("Purpose"), exchange.get_purpose_display()),
        (_("Urgency"), exchange.get_urgency_display()),
        (_("Their reference"), exchange.their_reference),
        (_("Channel"), _channel(exchange)),
        (_("Ground of the transfer"), _ground(exchange)),
        (_("Consent to further use"), _consent(exchange)),
        (_("Ground of the refusal"), exchange.get_refusal_ground_display()),
        (_("Received"), _when(exchange.received_at)),
        (_("Approved"), _when(exchange.approved_at)),
        (_("Sent"), _when(exchange.sent_at)),
        (_("Answer due"), _when(exchange.due_at)),
        (_("Answered"), _when(exchange.answered_at)),
        (_("By word of mouth"), _oral(exchange)),
    ]
    return _filled(found)


def _own(exchange: Exchange) -> list[tuple[Any, Any]]:
    """What is nobody's outside: whose report it came from, who works on it, what became of it."""
    return [
        (_("From the report"), exchange.report_reference),
        (_("Responsible"), exchange.responsible),
        (_("Closed"), _when(exchange.closed_at)),
        (_("What came of it"), exchange.get_outcome_display()),
    ]


def _filled(rows: list[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    return [(label, str(value)) for label, value in rows if value]


def _channel(exchange: Exchange) -> str:
    parts = (exchange.get_channel_display(), exchange.channel_reference)
    return ", ".join(str(part) for part in parts if part)


def _ground(exchange: Exchange) -> str:
    if not exchange.transfer_ground or exchange.transfer_decided_on is None:
        return ""
    day = date_format(exchange.transfer_decided_on, "j F Y")
    return f"{exchange.get_transfer_ground_display()}, {day}"


def _oral(exchange: Exchange) -> str:
    if not exchange.oral:
        return ""
    if exchange.confirmed_at is None:
        return _("not confirmed in writing yet")
    return _("confirmed in writing on %(day)s") % {"day": _when(exchange.confirmed_at)}


def _when(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else ""


def history(exchange: Exchange) -> list[dict[str, Any]]:
    """What happened to it, the latest first; by whom and why."""
    events = list(
        AuditEvent.objects.filter(
            target_type=exchange._meta.label_lower, target_id=str(exchange.pk)
        ).order_by("-id")[:SHOWN]
    )
    ids = {one.actor.rpartition(":")[2] for one in events if one.actor.startswith("user:")}
    names = {
        f"user:{pk}": name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "name")
    }
    return [
        {
            "text": _what(one),
            "at": one.at,
            "by": names.get(one.actor, _("The portal")),
            "reason": one.reason,
        }
        for one in events
    ]


def _what(event: AuditEvent) -> str:
    """With the channel by which it left or came."""
    text, channel = str(EVENTS.get(event.event, event.event)), event.facts.get("channel", "")
    return f"{text}: {dict(Channel.choices)[channel]}" if channel in Channel.values else text
