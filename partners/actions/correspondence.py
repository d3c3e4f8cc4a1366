"""What goes to and fro once an exchange is on its way: word, question, answer, refusal, closing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import exchange_retention, leaving
from partners.actions.exchange_holding import (
    Attachment,
    by_way,
    demand,
    held,
    move,
    required,
    write_word,
)
from partners.actions.exchange_pauses import go_on
from partners.actions.our_words import carried, leaves, standing
from partners.models import Channel, Exchange, LeavesAs, RefusalGround, SealedKind
from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind


@transaction.atomic
def take(*, exchange: Exchange, by: User) -> Exchange:
    """It is this officer's from now on."""
    exchange = held(exchange, by)
    demand(permissions.can_take(by, exchange), "take", exchange, by)
    before, exchange.responsible = exchange.responsible_id, by
    exchange.save(update_fields=["responsible"])
    audit.record("taken", target=exchange, by=by, before=before)
    return exchange


@transaction.atomic
def acknowledge(*, exchange: Exchange, by: User, their_reference: str = "") -> Exchange:
    """The receiver has confirmed that it came."""
    exchange = held(exchange, by)
    demand(permissions.can_acknowledge(by, exchange), "acknowledge", exchange, by)
    exchange.acknowledged_at = timezone.now()
    exchange.their_reference = their_reference or exchange.their_reference
    moved = move(exchange, "acknowledge")
    exchange.save(update_fields=["acknowledged_at", "their_reference", *moved])
    audit.record("acknowledged", target=exchange, by=by)
    return exchange


@transaction.atomic
def confirm(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    text: str = "",
    files: Iterable[Attachment] = (),
    channel: str = "",
    channel_reference: str = "",
) -> Exchange:
    """What was said by word of mouth is confirmed in writing (Naples II, Art. 9)."""
    exchange = held(exchange, by)
    demand(permissions.can_confirm(by, exchange), "confirm", exchange, by)
    if exchange.is_out and (text.strip() or list(files)):
        raise DomainError(
            _("Confirm what was approved and nothing more: what is new is told anew.")
        )
    if channel == Channel.ORAL:
        raise DomainError(_("What is confirmed in writing is not told by word of mouth."))
    leaving.check_source(exchange)
    passed = by_way(exchange.is_out, channel, channel_reference)
    exchange.confirmed_at = timezone.now()
    exchange.save(update_fields=["confirmed_at"])
    write_word(exchange, "confirm", text, by=by, keys=keys, files=files, **passed)
    audit.record("confirmed_in_writing", target=exchange, by=by, channel=channel)
    return exchange


@transaction.atomic
def ask_clarification(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    text: str = "",
    channel: str = "",
    channel_reference: str = "",
) -> Exchange:
    """The receiver asks; work goes on meanwhile, and so does the clock unless it is paused."""
    exchange = held(exchange, by)
    demand(permissions.can_ask_clarification(by, exchange), "ask_clarification", exchange, by)
    fields = move(exchange, "ask_clarification")
    more = by_way(not exchange.is_out, channel, channel_reference)
    if not exchange.is_out:
        told = leaves(exchange, keys, LeavesAs.QUESTION)
        text, more = str(told["text"]), {**more, **carried(told)}
    text = required(text, _("Say what is to be clarified."))
    exchange.save(update_fields=fields)
    write_word(exchange, "ask_clarification", text, by=by, keys=keys, **more)
    disclosed = AuditKind.ALTERATION if exchange.is_out else AuditKind.DISCLOSURE
    audit.record("clarification_asked", target=exchange, by=by, kind=disclosed, channel=channel)
    return exchange


@transaction.atomic
def clarify(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    text: str = "",
    files: Iterable[Attachment] = (),
    channel: str = "",
    channel_reference: str = "",
) -> Exchange:
    """The asker explains; ours leaves as it was approved, where the law still covers it."""
    exchange = held(exchange, by)
    demand(permissions.can_clarify(by, exchange), "clarify", exchange, by)
    fields = move(exchange, "clarify")
    more = by_way(exchange.is_out, channel, channel_reference)
    if exchange.is_out:
        told = leaves(exchange, keys, LeavesAs.ANSWER)
        text, files, more = str(told["text"]), (), {**more, **carried(told)}
    text = required(text, _("Write what was clarified."))
    exchange.save(update_fields=fields)
    write_word(exchange, "clarify", text, by=by, keys=keys, files=files, **more)
    disclosed = AuditKind.DISCLOSURE if exchange.is_out else AuditKind.COLLECTION
    audit.record("clarified", target=exchange, by=by, kind=disclosed, channel=channel)
    return exchange


# --- Answer and refusal ---------------------------------------------------------------------


@transaction.atomic
def answer_in_part(*, exchange: Exchange, by: User, keys: Unlocked, **said: Any) -> Exchange:
    """Some of it; the rest is still owed, and the clock runs on."""
    return _answered("answer_in_part", exchange, by, keys, **said)


@transaction.atomic
def answer(*, exchange: Exchange, by: User, keys: Unlocked, **said: Any) -> Exchange:
    """All that was asked; the clock ends."""
    return _answered("answer", exchange, by, keys, **said)


def _answered(
    verb: str,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    *,
    text: str = "",
    files: Iterable[Attachment] = (),
    channel: str = "",
    channel_reference: str = "",
    version: int | None = None,
) -> Exchange:
    exchange = held(exchange, by)
    may = {"answer": permissions.can_answer, "answer_in_part": permissions.can_answer_in_part}
    demand(may[verb](by, exchange), verb, exchange, by)
    _check_words(exchange, version)
    fields = move(exchange, verb)
    if verb == "answer":
        exchange.answered_at = timezone.now()
        fields += ["answered_at", *go_on(exchange)]
    more = by_way(not exchange.is_out, channel, channel_reference)
    kind, version = AuditKind.COLLECTION, 0
    if not exchange.is_out:
        kind, version = AuditKind.DISCLOSURE, standing(exchange, LeavesAs.ANSWER).version
        told = leaves(exchange, keys, LeavesAs.ANSWER)
        text, files, more = str(told["text"]), (), {**more, **carried(told)}
    text = required(text, _("Write down what the partner answered."))
    exchange.save(update_fields=fields)
    write_word(exchange, verb, text, by=by, keys=keys, files=files, **more)
    audit.record(
        "answered" if verb == "answer" else "partly_answered",
        target=exchange,
        by=by,
        kind=kind,
        version=version,
        recipient=exchange.partner.code,
        handling=exchange.handling,
        channel=channel,
    )
    return exchange


def _check_words(exchange: Exchange, seen: int | None) -> None:
    """That nobody wrote the same down meanwhile; `seen` is how many words there were."""
    if seen is None or exchange.envelopes.filter(kind=SealedKind.WORD).count() == seen:
        return
    raise AlreadyDone(
        _(
            "Another word of this exchange was written down meanwhile. Look in a second window "
            "whether yours is there already, and send it again if it is not."
        )
    )


@transaction.atomic
def refuse(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    ground: str = "",
    text: str = "",
    channel: str = "",
    channel_reference: str = "",
) -> Exchange:
    """Nothing, or nothing more, is given; the reasons go along, ours as they were approved."""
    exchange = held(exchange, by)
    demand(permissions.can_refuse(by, exchange), "refuse", exchange, by)
    fields = move(exchange, "refuse")
    passed = by_way(not exchange.is_out, channel, channel_reference)
    if not exchange.is_out:
        told = leaves(exchange, keys, LeavesAs.REFUSAL)
        ground, text = str(told["ground"]), str(told["text"])
    text = required(text, _("Give the reasons."))
    exchange.refusal_ground = RefusalGround(ground)
    exchange.answered_at = timezone.now()
    exchange.save(update_fields=[*fields, "refusal_ground", "answered_at", *go_on(exchange)])
    write_word(exchange, "refuse", text, by=by, keys=keys, **passed)
    audit.record("refused", target=exchange, by=by, ground=ground, channel=channel)
    return exchange


@transaction.atomic
def close(*, exchange: Exchange, by: User) -> Exchange:
    exchange = held(exchange, by)
    demand(permissions.can_close(by, exchange), "close", exchange, by)
    exchange.closed_at = timezone.now()
    exchange.review_due = exchange_retention.next_review(exchange)
    fields = ["closed_at", "review_due", *move(exchange, "close"), *go_on(exchange)]
    exchange.save(update_fields=fields)
    audit.record("closed", target=exchange, by=by)
    return exchange
