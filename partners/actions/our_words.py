"""What we say to a request that came in: worded by one, approved by another, left as approved.

Nothing happens to the request by wording it: its clock runs on until the notice has left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import leaving, opening
from partners.actions.exchange_footing import (
    check_limits,
    check_purpose,
    check_version,
    keep_handling,
    set_ground,
)
from partners.actions.exchange_holding import Attachment, demand, held, required, write
from partners.models import (
    Exchange,
    Instrument,
    LeavesAs,
    OurWord,
    PauseGround,
    RefusalGround,
    SealedKind,
    word_of,
)
from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User


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
    left_out: Collection[str] = (),
    **law: Any,
) -> Exchange:
    """Our answer, as it shall leave; an earlier approval lapses with it.

    Files of a wording that has not left stay, but for those that are `left_out`.
    """
    exchange = held(exchange, by)
    demand(permissions.can_draft_answer(by, exchange), "draft_answer", exchange, by)
    leaving.check_source(exchange)
    told: dict[str, Any] = {
        "text": required(text, _("Write the answer.")),
        "limits": limits.strip(),
        "files": _kept_files(exchange, keys, left_out),
    }
    keep_handling(exchange, handling or exchange.handling)
    if not exchange.is_out:
        check_limits(exchange.handling, limits)
    _stand_on(exchange, told, **law)
    return seal(exchange, LeavesAs.ANSWER, told, by=by, keys=keys, version=version, files=files)


def _kept_files(
    exchange: Exchange, keys: Unlocked, left_out: Collection[str]
) -> list[dict[str, Any]]:
    word = word_of(exchange, LeavesAs.ANSWER)
    if word is None or word.by_id is None:
        return []
    stood = opening.read(exchange, keys).answer.get("files", [])
    return [file for file in stood if file["id"] not in left_out]


@transaction.atomic
def draft_question(
    *, exchange: Exchange, by: User, keys: Unlocked, version: int, text: str, **law: Any
) -> Exchange:
    """What is not clear in the request, as the partner shall be asked."""
    exchange = held(exchange, by)
    demand(permissions.can_draft_question(by, exchange), "draft_question", exchange, by)
    told = {"text": required(text, _("Say what is to be clarified."))}
    _stand_on(exchange, told, **law)
    return seal(exchange, LeavesAs.QUESTION, told, by=by, keys=keys, version=version)


def _stand_on(
    exchange: Exchange,
    told: dict[str, Any],
    *,
    instrument: Instrument | None = None,
    transfer_ground: str = "",
    transfer_decided_on: date | None = None,
    justification: str = "",
) -> None:
    """The law under which it shall leave; what was approved under another is approved anew."""
    before = _law_of(exchange)
    if instrument is not None:
        exchange.instrument = instrument
        check_purpose(exchange)
    why = justification.strip()
    if transfer_ground or transfer_decided_on:
        set_ground(exchange, transfer_ground, transfer_decided_on, why)
        told["justification"] = why
    if _law_of(exchange) != before:
        bound = exchange.our_words.filter(leaves_as__in=leaving.HELD_TO_THE_LAW)
        bound.update(approved_by=None, approved_at=None)


def _law_of(exchange: Exchange) -> tuple[Any, ...]:
    return exchange.instrument_id, exchange.transfer_ground, exchange.transfer_decided_on


@transaction.atomic
def draft_notice(
    *, exchange: Exchange, by: User, keys: Unlocked, version: int, ground: str, text: str
) -> Exchange:
    """That the clock is going to stand still, and why; it runs until this has left."""
    exchange = held(exchange, by)
    demand(permissions.can_draft_notice(by, exchange), "draft_notice", exchange, by)
    text = required(text, _("Write the notice that the other side is given."))
    told = {"text": text, "ground": PauseGround(ground).value}
    return seal(exchange, LeavesAs.NOTICE, told, by=by, keys=keys, version=version)


@transaction.atomic
def draft_refusal(
    *, exchange: Exchange, by: User, keys: Unlocked, version: int, ground: str, text: str
) -> Exchange:
    """That nothing, or nothing more, is given, with the reasons; the answer is owed until then."""
    exchange = held(exchange, by)
    demand(permissions.can_draft_refusal(by, exchange), "draft_refusal", exchange, by)
    text = required(text, _("Give the reasons."))
    told = {"text": text, "ground": RefusalGround(ground).value}
    return seal(exchange, LeavesAs.REFUSAL, told, by=by, keys=keys, version=version)


def seal(
    exchange: Exchange,
    leaves_as: LeavesAs,
    told: dict[str, Any],
    *,
    by: User,
    keys: Unlocked,
    version: int,
    files: Any = (),
) -> Exchange:
    """The wording of this kind that stands now; an earlier approval of this kind lapses.

    The exchange is held. What waits of another kind is not touched.
    """
    word = word_of(exchange, leaves_as) or OurWord(
        exchange=exchange, leaves_as=leaves_as, version=0
    )
    check_version(word.version, version)
    exchange.answer_version += 1
    exchange.save()
    word.version, word.by = exchange.answer_version, by
    word.approved_by = word.approved_at = None
    word.save()
    write(
        exchange,
        SealedKind.ANSWER,
        {**told, "leaves_as": leaves_as.value},
        by=by,
        keys=keys,
        files=files,
        version=word.version,
    )
    event = {
        LeavesAs.ANSWER: "answer_drafted",
        LeavesAs.QUESTION: "question_drafted",
        LeavesAs.NOTICE: "notice_drafted",
        LeavesAs.REFUSAL: "refusal_drafted",
    }[leaves_as]
    audit.record(event, target=exchange, by=by, version=word.version)
    return exchange


@transaction.atomic
def approve_answer(*, exchange: Exchange, by: User, version: int) -> Exchange:
    return _approve(exchange, by, version, LeavesAs.ANSWER, permissions.can_approve_answer)


@transaction.atomic
def approve_question(*, exchange: Exchange, by: User, version: int) -> Exchange:
    return _approve(exchange, by, version, LeavesAs.QUESTION, permissions.can_approve_question)


@transaction.atomic
def approve_notice(*, exchange: Exchange, by: User, version: int) -> Exchange:
    return _approve(exchange, by, version, LeavesAs.NOTICE, permissions.can_approve_notice)


@transaction.atomic
def approve_refusal(*, exchange: Exchange, by: User, version: int) -> Exchange:
    return _approve(exchange, by, version, LeavesAs.REFUSAL, permissions.can_approve_refusal)


def _approve(
    exchange: Exchange,
    by: User,
    version: int,
    leaves_as: LeavesAs,
    may: Callable[[User, Exchange], bool],
) -> Exchange:
    """A supervisor who wrote none of it, for the wording that was read."""
    exchange = held(exchange, by)
    demand(may(by, exchange), f"approve_{leaves_as}", exchange, by)
    word = standing(exchange, leaves_as)
    check_version(word.version, version)
    leaving.check_word(exchange, leaves_as)
    word.approved_by, word.approved_at = by, timezone.now()
    word.save(update_fields=["approved_by", "approved_at"])
    audit.record(
        "answer_approved", target=exchange, by=by, version=version, leaves_as=leaves_as.value
    )
    return exchange


def standing(exchange: Exchange, leaves_as: LeavesAs) -> OurWord:
    return exchange.our_words.get(leaves_as=leaves_as)


def leaves(exchange: Exchange, keys: Unlocked, leaves_as: LeavesAs) -> dict[str, Any]:
    """The wording that was approved, and what was sealed with it; nothing typed since.

    What is said next of this kind is worded and approved anew. What it was approved as is sealed
    with it, so that no change of a plain column makes an answer of a refusal.
    """
    leaving.check_word(exchange, leaves_as)
    word = standing(exchange, leaves_as)
    found = opening.read(exchange, keys).ours.get(leaves_as)
    if found is None or found.broken or found.version != word.version:
        raise DomainError(_("The answer does not open: it was altered. Tell your supervisor."))
    word.by = word.approved_by = word.approved_at = None
    word.save(update_fields=["by", "approved_by", "approved_at"])
    return found.told


def carried(told: Mapping[str, Any]) -> dict[str, Any]:
    """What stays with a wording that has left, besides its text."""
    kept = {name: told[name] for name in ("limits", "justification") if told.get(name)}
    return {"along": told.get("files", []), **kept}
