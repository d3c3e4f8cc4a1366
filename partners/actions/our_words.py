"""What we say to a request that came in, beside an answer: worded by one, approved by another.

Nothing happens to the request by wording it: its clock runs on until the notice has left.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import demand, held, required, write
from partners.actions.exchanges import check_purpose, check_version
from partners.models import (
    Exchange,
    Instrument,
    LeavesAs,
    PauseGround,
    RefusalGround,
    SealedKind,
)
from portal import audit
from portal.keyring import Unlocked
from portal.models import User


@transaction.atomic
def draft_question(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    version: int,
    text: str,
    instrument: Instrument | None = None,
) -> Exchange:
    """What is not clear in the request, as the partner shall be asked."""
    exchange = held(exchange, by)
    demand(permissions.can_draft_question(by, exchange), "draft_question", exchange, by)
    text = required(text, _("Say what is to be clarified."))
    if instrument is not None:
        exchange.instrument = instrument
        check_purpose(exchange)
    return seal(exchange, LeavesAs.QUESTION, {"text": text}, by=by, keys=keys, version=version)


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
    """The wording that stands now, of an exchange that is held; an earlier approval lapses."""
    check_version(exchange.answer_version, version)
    exchange.answer_version, exchange.answer_by = version + 1, by
    exchange.answer_approved_by, exchange.answer_leaves_as = None, leaves_as
    exchange.save()
    write(
        exchange,
        SealedKind.ANSWER,
        {**told, "leaves_as": leaves_as.value},
        by=by,
        keys=keys,
        files=files,
        version=exchange.answer_version,
    )
    event = {
        LeavesAs.ANSWER: "answer_drafted",
        LeavesAs.QUESTION: "question_drafted",
        LeavesAs.NOTICE: "notice_drafted",
        LeavesAs.REFUSAL: "refusal_drafted",
    }[leaves_as]
    audit.record(event, target=exchange, by=by, version=exchange.answer_version)
    return exchange
