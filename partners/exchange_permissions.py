"""Who may work on exchanges: one predicate a verb.

Liaison officers and supervisors; a system administrator may nothing here, whatever other roles
were granted.
"""

from __future__ import annotations

from partners import exchange_lifecycle as lifecycle
from partners.exchange_lifecycle import UNANSWERED, Status
from partners.models import (
    Exchange,
    ExchangeHold,
    FurtherUse,
    LeavesAs,
    OnwardConsent,
    SealedKind,
    word_of,
)
from portal.models import StaffRole, User
from portal.permissions import may_see, may_write


def can_list(user: User) -> bool:
    return may_see(user, "exchange") and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_open(user: User, exchange: Exchange) -> bool:
    """Read what it says; the reason is asked besides."""
    return can_list(user)


def can_draft(user: User) -> bool:
    return _works(user)


def can_register(user: User) -> bool:
    return _works(user)


def _works(user: User) -> bool:
    return may_write(user, "exchange") and can_list(user)


def _may(verb: str, user: User, exchange: Exchange) -> bool:
    return _works(user) and lifecycle.allows(verb, exchange.direction, exchange.status)


def _leads(verb: str, user: User, exchange: Exchange) -> bool:
    supervises = user.has_role(StaffRole.SUPERVISOR)
    return supervises and _may(verb, user, exchange)


def _wrote(user: User, exchange: Exchange, kind: SealedKind) -> bool:
    """Whoever worded any version of it has had a hand in it."""
    return exchange.envelopes.filter(kind=kind, author_id=user.pk).exists()


def can_edit(user: User, exchange: Exchange) -> bool:
    return _may("edit", user, exchange)


def can_approve(user: User, exchange: Exchange) -> bool:
    """A supervisor who wrote no version of it, and did not hand it over."""
    own = exchange.drafted_by_id == user.pk or _wrote(user, exchange, SealedKind.CONTENT)
    return _leads("approve", user, exchange) and not own


def can_send(user: User, exchange: Exchange) -> bool:
    return _may("send", user, exchange)


def can_discard(user: User, exchange: Exchange) -> bool:
    return _may("discard", user, exchange)


def can_confirm(user: User, exchange: Exchange) -> bool:
    return _may("confirm", user, exchange) and exchange.awaits_confirmation


def can_set_aside(user: User, exchange: Exchange) -> bool:
    """A supervisor who did not enter it: nobody lets a request of a partner vanish alone."""
    return _leads("set_aside", user, exchange) and exchange.drafted_by_id != user.pk


def can_acknowledge(user: User, exchange: Exchange) -> bool:
    return _may("acknowledge", user, exchange)


def _ready(exchange: Exchange, leaves_as: LeavesAs) -> bool:
    """A partner's word is written down as it comes; ours leaves once it was approved as this."""
    return exchange.is_out or _is_approved(exchange, leaves_as)


def _is_approved(exchange: Exchange, leaves_as: LeavesAs) -> bool:
    word = word_of(exchange, leaves_as)
    return word is not None and word.is_approved


def can_draft_question(user: User, exchange: Exchange) -> bool:
    return _may("draft_question", user, exchange) and not exchange.is_spontaneous


def can_ask_clarification(user: User, exchange: Exchange) -> bool:
    may = _may("ask_clarification", user, exchange) and not exchange.is_spontaneous
    return may and _ready(exchange, LeavesAs.QUESTION)


def can_clarify(user: User, exchange: Exchange) -> bool:
    """What the partner explains is written down as it comes; ours leaves once it was approved."""
    may = _may("clarify", user, exchange)
    return may and (not exchange.is_out or _is_approved(exchange, LeavesAs.ANSWER))


def can_draft_notice(user: User, exchange: Exchange) -> bool:
    return _may("draft_notice", user, exchange) and exchange.clock_runs


def can_pause(user: User, exchange: Exchange) -> bool:
    may = _may("pause", user, exchange) and exchange.clock_runs
    return may and _ready(exchange, LeavesAs.NOTICE)


def can_resume(user: User, exchange: Exchange) -> bool:
    return _may("resume", user, exchange) and exchange.paused_at is not None


def can_draft_answer(user: User, exchange: Exchange) -> bool:
    return _may("draft_answer", user, exchange) and not exchange.is_spontaneous


def _approves(verb: str, user: User, exchange: Exchange, leaves_as: LeavesAs) -> bool:
    """A supervisor who worded nothing that we say in this exchange, of whatever kind."""
    if not _leads(verb, user, exchange):
        return False
    word = word_of(exchange, leaves_as)
    waits = word is not None and word.is_drafted
    return waits and not _wrote(user, exchange, SealedKind.ANSWER)


def can_approve_answer(user: User, exchange: Exchange) -> bool:
    return _approves("approve_answer", user, exchange, LeavesAs.ANSWER)


def can_approve_question(user: User, exchange: Exchange) -> bool:
    return _approves("approve_question", user, exchange, LeavesAs.QUESTION)


def can_approve_notice(user: User, exchange: Exchange) -> bool:
    return _approves("approve_notice", user, exchange, LeavesAs.NOTICE)


def can_approve_refusal(user: User, exchange: Exchange) -> bool:
    return _approves("approve_refusal", user, exchange, LeavesAs.REFUSAL)


def _answers(verb: str, user: User, exchange: Exchange) -> bool:
    ready = _ready(exchange, LeavesAs.ANSWER)
    return _may(verb, user, exchange) and ready and not exchange.is_spontaneous


def can_answer_in_part(user: User, exchange: Exchange) -> bool:
    return _answers("answer_in_part", user, exchange)


def can_answer(user: User, exchange: Exchange) -> bool:
    return _answers("answer", user, exchange)


def can_draft_refusal(user: User, exchange: Exchange) -> bool:
    return _may("draft_refusal", user, exchange) and not exchange.is_spontaneous


def can_refuse(user: User, exchange: Exchange) -> bool:
    may = _may("refuse", user, exchange) and not exchange.is_spontaneous
    return may and _ready(exchange, LeavesAs.REFUSAL)


def can_record_consent(user: User, exchange: Exchange) -> bool:
    """What is granted, declined or taken back stays so; a use or a condition may be added."""
    settled: tuple[str, ...] = (OnwardConsent.DECLINED, OnwardConsent.WITHDRAWN)
    if len(exchange.onward_uses) == len(FurtherUse):
        settled += (OnwardConsent.GRANTED,)
    is_open = exchange.onward_consent not in settled
    return _may("record_consent", user, exchange) and is_open and _left(exchange)


def can_withdraw_consent(user: User, exchange: Exchange) -> bool:
    """Only what was given can be taken back."""
    given = (OnwardConsent.GRANTED, OnwardConsent.CONDITIONAL)
    return _may("withdraw_consent", user, exchange) and exchange.onward_consent in given


def can_close(user: User, exchange: Exchange) -> bool:
    """What wants an answer is closed when it has one."""
    unanswered = exchange.status in UNANSWERED and not exchange.is_spontaneous
    # What may not leave any more is confirmed to nobody.
    owed = exchange.awaits_confirmation and exchange.source_withdrawn_at is None
    return _may("close", user, exchange) and not unanswered and not owed


def can_take(user: User, exchange: Exchange) -> bool:
    is_open = exchange.status in lifecycle.OPEN
    return _works(user) and is_open and exchange.responsible_id != user.pk


def can_export(user: User, exchange: Exchange) -> bool:
    return can_open(user, exchange) and exchange.status != Status.ERASED


# --- How long it is kept ---------------------------------------------------------------------


def can_record_outcome(user: User, exchange: Exchange) -> bool:
    """What never left came to nothing."""
    return _may("record_outcome", user, exchange) and _left(exchange)


def _left(exchange: Exchange) -> bool:
    """It came in, or has been sent."""
    return not exchange.is_out or exchange.sent_at is not None


def can_review(user: User, exchange: Exchange) -> bool:
    """Look at its retention before its date."""
    return _may("review", user, exchange)


def can_keep(user: User, exchange: Exchange) -> bool:
    return _may("keep", user, exchange)


def can_hold(user: User) -> bool:
    return _works(user) and user.has_role(StaffRole.SUPERVISOR)


def can_place_hold(user: User, exchange: Exchange) -> bool:
    return can_hold(user) and exchange.status != Status.ERASED


def can_lift_hold(user: User, hold: ExchangeHold) -> bool:
    """Another person than placed it."""
    return can_hold(user) and hold.lifted_at is None and hold.placed_by_id != user.pk


def can_change_rules(user: User) -> bool:
    may = user.has_role(StaffRole.SUPERVISOR, StaffRole.DATA_PROTECTION_OFFICER)
    return may and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)
