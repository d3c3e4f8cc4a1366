"""What goes to and fro once an exchange is on its way: word, clock, answer, refusal, consent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import clocks, exchange_retention, leaving, opening
from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import (
    Attachment,
    demand,
    held,
    move,
    required,
    write_word,
)
from partners.actions.exchanges import check_purpose, check_version, keep_handling
from partners.actions.our_words import seal
from partners.models import (
    Exchange,
    LeavesAs,
    OnwardConsent,
    PauseGround,
    RefusalGround,
    SealedKind,
)
from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind

# What is cleared when a word of ours has left.
SPOKEN = ["answer_by", "answer_approved_by"]


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
) -> Exchange:
    """What was said by word of mouth is confirmed in writing (Naples II, Art. 9)."""
    exchange = held(exchange, by)
    demand(permissions.can_confirm(by, exchange), "confirm", exchange, by)
    if exchange.is_out and (text.strip() or list(files)):
        raise DomainError(
            _("Confirm what was approved and nothing more: what is new is told anew.")
        )
    exchange.confirmed_at = timezone.now()
    exchange.save(update_fields=["confirmed_at"])
    write_word(exchange, "confirm", text, by=by, keys=keys, files=files)
    audit.record("confirmed_in_writing", target=exchange, by=by)
    return exchange


@transaction.atomic
def ask_clarification(*, exchange: Exchange, by: User, keys: Unlocked, text: str = "") -> Exchange:
    """The receiver asks; work goes on meanwhile, and so does the clock unless it is paused."""
    exchange = held(exchange, by)
    demand(permissions.can_ask_clarification(by, exchange), "ask_clarification", exchange, by)
    fields = move(exchange, "ask_clarification")
    if not exchange.is_out:
        text = str(_leaves(exchange, keys)["text"])
        fields += SPOKEN
    text = required(text, _("Say what is to be clarified."))
    exchange.save(update_fields=fields)
    write_word(exchange, "ask_clarification", text, by=by, keys=keys)
    disclosed = AuditKind.ALTERATION if exchange.is_out else AuditKind.DISCLOSURE
    audit.record("clarification_asked", target=exchange, by=by, kind=disclosed)
    return exchange


@transaction.atomic
def clarify(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    text: str = "",
    files: Iterable[Attachment] = (),
) -> Exchange:
    """The asker explains; ours leaves as it was approved, where the law still covers it."""
    exchange = held(exchange, by)
    demand(permissions.can_clarify(by, exchange), "clarify", exchange, by)
    fields = move(exchange, "clarify")
    along: list[dict[str, Any]] = []
    if exchange.is_out:
        told = _leaves(exchange, keys)
        text, files, along = str(told["text"]), (), list(told.get("files", []))
        fields += SPOKEN
    text = required(text, _("Write what was clarified."))
    exchange.save(update_fields=fields)
    write_word(exchange, "clarify", text, by=by, keys=keys, files=files, along=along)
    disclosed = AuditKind.DISCLOSURE if exchange.is_out else AuditKind.COLLECTION
    audit.record("clarified", target=exchange, by=by, kind=disclosed)
    return exchange


# --- The clock ------------------------------------------------------------------------------


@transaction.atomic
def pause(
    *, exchange: Exchange, by: User, keys: Unlocked, ground: str = "", notice: str = ""
) -> Exchange:
    """The clock stops, because the other side has notice of it and why.

    From now on, and not from when our notice was written: until it had left there was none.
    """
    exchange = held(exchange, by)
    demand(permissions.can_pause(by, exchange), "pause", exchange, by)
    fields = ["paused_at", "pause_ground"]
    if not exchange.is_out:
        told = _leaves(exchange, keys)
        ground, notice = str(told["ground"]), str(told["text"])
        fields += SPOKEN
    notice = required(notice, _("Write the notice that the other side was given."))
    exchange.paused_at, exchange.pause_ground = timezone.now(), PauseGround(ground)
    exchange.save(update_fields=fields)
    write_word(exchange, "pause", notice, by=by, keys=keys)
    audit.record("paused", target=exchange, by=by, ground=ground)
    return exchange


@transaction.atomic
def resume(*, exchange: Exchange, by: User, keys: Unlocked, notice: str = "") -> Exchange:
    """The clock goes on with what was left of it.

    Ours goes on at once, with a notice that says that and nothing else: waiting for somebody to
    approve words would let it stand still for longer than its ground.
    """
    exchange = held(exchange, by)
    demand(permissions.can_resume(by, exchange), "resume", exchange, by)
    if not exchange.is_out:
        if notice.strip():
            raise DomainError(_("Our notice says that the clock goes on, and nothing else."))
        notice = _("The ground of the pause has ended. The time for our answer runs again.")
    notice = required(notice, _("Write the notice that the other side was given."))
    fields = _go_on(exchange)
    exchange.save(update_fields=fields)
    write_word(exchange, "resume", notice, by=by, keys=keys)
    audit.record("resumed", target=exchange, by=by)
    return exchange


def _go_on(exchange: Exchange) -> list[str]:
    if exchange.paused_at is not None:
        now = timezone.now()
        exchange.due_at = clocks.after_pause(exchange.due_at, exchange.paused_at, now)
        if exchange.due_at is not None and exchange.due_at > now:
            # There is something to be reminded of again.
            exchange.reminded_at = exchange.late_told_at = None
    exchange.paused_at, exchange.pause_ground = None, ""
    return ["due_at", "paused_at", "pause_ground", "reminded_at", "late_told_at"]


# --- Answer and refusal ---------------------------------------------------------------------


@transaction.atomic
def draft_answer(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    version: int,
    text: str,
    limits: str = "",
    handling: str = "",
    files: Iterable[Attachment] = (),
    **given: Any,
) -> Exchange:
    """Our answer, as it shall leave; an earlier approval lapses with it."""
    exchange = held(exchange, by)
    demand(permissions.can_draft_answer(by, exchange), "draft_answer", exchange, by)
    check_version(exchange.answer_version, version)
    told = {"text": required(text, _("Write the answer.")), "limits": limits.strip()}
    keep_handling(exchange, handling or exchange.handling)
    if given.get("instrument") is not None:
        exchange.instrument = given["instrument"]
        check_purpose(exchange)
    _set_ground(exchange, told, given)
    return seal(exchange, LeavesAs.ANSWER, told, by=by, keys=keys, version=version, files=files)


def _set_ground(exchange: Exchange, told: dict[str, Any], given: dict[str, Any]) -> None:
    ground, day = given.get("transfer_ground"), given.get("transfer_decided_on")
    if not ground and not day:
        return
    why = str(given.get("justification") or "").strip()
    if not ground or not day or not why:
        raise DomainError(_("Give the ground of the transfer with its day and justification."))
    exchange.transfer_ground, exchange.transfer_decided_on = ground, day
    told["justification"] = why


@transaction.atomic
def approve_answer(*, exchange: Exchange, by: User, version: int) -> Exchange:
    """A supervisor who wrote none of it, for the wording that was read; whatever it leaves as."""
    exchange = held(exchange, by)
    demand(permissions.can_approve_answer(by, exchange), "approve_answer", exchange, by)
    check_version(exchange.answer_version, version)
    leaving.check_word(exchange)
    exchange.answer_approved_by = by
    exchange.save(update_fields=["answer_approved_by"])
    audit.record(
        "answer_approved",
        target=exchange,
        by=by,
        version=version,
        leaves_as=exchange.answer_leaves_as,
    )
    return exchange


@transaction.atomic
def answer_in_part(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    text: str = "",
    files: Iterable[Attachment] = (),
) -> Exchange:
    """Some of it; the rest is still owed, and the clock runs on."""
    return _answered(exchange, by, keys, "answer_in_part", text, files)


@transaction.atomic
def answer(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    text: str = "",
    files: Iterable[Attachment] = (),
) -> Exchange:
    """All that was asked; the clock ends."""
    return _answered(exchange, by, keys, "answer", text, files)


def _answered(
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    verb: str,
    text: str,
    files: Iterable[Attachment],
) -> Exchange:
    exchange = held(exchange, by)
    may = {"answer": permissions.can_answer, "answer_in_part": permissions.can_answer_in_part}
    demand(may[verb](by, exchange), verb, exchange, by)
    fields = move(exchange, verb)
    along: list[dict[str, Any]] = []
    if verb == "answer":
        exchange.answered_at = timezone.now()
        fields += ["answered_at", *_go_on(exchange)]
    if exchange.is_out:
        text = required(text, _("Write down what the partner answered."))
        kind = AuditKind.COLLECTION
    else:
        told = _leaves(exchange, keys)
        text, files, along = str(told["text"]), (), list(told.get("files", []))
        fields += SPOKEN
        kind = AuditKind.DISCLOSURE
    exchange.save(update_fields=fields)
    write_word(exchange, verb, text, by=by, keys=keys, files=files, along=along)
    audit.record(
        "answered" if verb == "answer" else "partly_answered",
        target=exchange,
        by=by,
        kind=kind,
        version=exchange.answer_version,
        recipient=exchange.partner.code,
        handling=exchange.handling,
    )
    return exchange


def _leaves(exchange: Exchange, keys: Unlocked) -> dict[str, Any]:
    """The wording that was approved, and the files sealed with it; nothing typed since.

    What is said next is worded and approved anew. What it was approved as is sealed with it, so
    that no change of a plain column makes an answer of a refusal.
    """
    leaving.check_word(exchange)
    found = opening.read(exchange, keys).latest(SealedKind.ANSWER)
    stands = found is not None and not found.broken and found.version == exchange.answer_version
    # What was written before words left as anything else is an answer.
    leaves_as = found.told.get("leaves_as", LeavesAs.ANSWER) if found is not None else ""
    if found is None or not stands or leaves_as != exchange.answer_leaves_as:
        raise DomainError(_("The answer does not open: it was altered. Tell your supervisor."))
    exchange.answer_by = exchange.answer_approved_by = None
    return found.told


@transaction.atomic
def refuse(
    *, exchange: Exchange, by: User, keys: Unlocked, ground: str = "", text: str = ""
) -> Exchange:
    """Nothing, or nothing more, is given; the reasons go along, ours as they were approved."""
    exchange = held(exchange, by)
    demand(permissions.can_refuse(by, exchange), "refuse", exchange, by)
    fields = move(exchange, "refuse")
    if not exchange.is_out:
        told = _leaves(exchange, keys)
        ground, text = str(told["ground"]), str(told["text"])
        fields += SPOKEN
    text = required(text, _("Give the reasons."))
    exchange.refusal_ground = RefusalGround(ground)
    exchange.answered_at = timezone.now()
    exchange.save(update_fields=[*fields, "refusal_ground", "answered_at", *_go_on(exchange)])
    write_word(exchange, "refuse", text, by=by, keys=keys)
    audit.record("refused", target=exchange, by=by, ground=ground)
    return exchange


@transaction.atomic
def record_consent(
    *, exchange: Exchange, by: User, keys: Unlocked, consent: str, text: str = ""
) -> Exchange:
    """What the supplier says to further use, in court or by others."""
    exchange = held(exchange, by)
    demand(permissions.can_record_consent(by, exchange), "record_consent", exchange, by)
    said = OnwardConsent(consent)
    if said == OnwardConsent.WITHDRAWN:
        raise DomainError(_("What was never given is not taken back."))
    if said == OnwardConsent.CONDITIONAL:
        text = required(text, _("Write down the conditions."))
    exchange.onward_consent, exchange.onward_at = said, timezone.now()
    exchange.save(update_fields=["onward_consent", "onward_at"])
    write_word(exchange, "record_consent", text, by=by, keys=keys)
    audit.record("consent_recorded", target=exchange, by=by, consent=consent)
    return exchange


@transaction.atomic
def close(*, exchange: Exchange, by: User) -> Exchange:
    exchange = held(exchange, by)
    demand(permissions.can_close(by, exchange), "close", exchange, by)
    exchange.closed_at = timezone.now()
    exchange.review_due = exchange_retention.next_review(exchange)
    fields = ["closed_at", "review_due", *move(exchange, "close"), *_go_on(exchange)]
    exchange.save(update_fields=fields)
    audit.record("closed", target=exchange, by=by)
    return exchange
