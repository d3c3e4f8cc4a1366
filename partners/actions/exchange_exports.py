"""Handing out an exchange as a PDF, or one of its files: with a reason, recorded as for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import leaving, opening
from partners import onward as passing_on
from partners.exchange_lifecycle import Status
from partners.models import Exchange, LeavesAs, OurWord, SealedKind, word_of
from partners.onward import Onward
from partners.opening import Opened
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind


@dataclass(frozen=True)
class Print:
    """What is handed out: the texts, and which of our approved words go along."""

    opened: Opened
    words: list[OurWord]


def export(
    *,
    exchange: Exchange,
    keys: Unlocked,
    by: User,
    recipient: str,
    reason: str,
    onward: Onward | None = None,
) -> Print:
    """Open it to hand it out; `onward` says on what footing to anybody but its partner.

    Not for use inside a transaction: a refusal has to stay recorded.
    """
    recipient = _asked(exchange, by, recipient)
    reason = opening.reasoned(exchange, by, reason)
    # In one transaction: nobody words it anew between the look at the law and the reading.
    with transaction.atomic():
        check_leaving(exchange, onward=onward)
        audit.consult(target=exchange, by=by, reason=reason, event="opened")
        # To others goes what has passed with the partner, and nothing that has not left.
        words = leaving.words_that_may(exchange) if onward is None else []
        made = Print(opening.read(exchange, keys), words)
        _record("exported", exchange, by, reason, onward, recipient=recipient)
    return made


def _asked(exchange: Exchange, by: User, recipient: str, *, here: bool = False) -> str:
    """For whom, on one line; a stranger's attempt is recorded."""
    if not permissions.can_export(by, exchange):
        opening.refuse(exchange, by, why="right")
        raise NotAllowed(_("There is no such exchange."))
    recipient = " ".join(recipient.split())
    if not recipient and not here:
        raise DomainError(_("Say who gets it."))
    return recipient


def _record(
    event: str, exchange: Exchange, by: User, reason: str, onward: Onward | None, **more: Any
) -> None:
    audit.record(
        event,
        target=exchange,
        by=by,
        kind=AuditKind.DISCLOSURE,
        reason=reason,
        onward=onward is not None,
        handling=exchange.handling,
        **(onward.told() if onward is not None else {}),
        **more,
    )


@transaction.atomic
def check_leaving(exchange: Exchange, *, onward: Onward | None) -> None:
    """The law before it is sent; the supplier's consent before it goes to anybody else.

    As it stands now, and not as it stood when the officer's page was made.
    """
    exchange.refresh_from_db(from_queryset=Exchange.objects.select_for_update(of=("self",)))
    check_kept(exchange)
    leaving.check_source(exchange)
    if onward is not None:
        passing_on.check(exchange, onward)
    elif exchange.is_out and exchange.sent_at is None:
        if exchange.status != Status.APPROVED:
            raise DomainError(_("A supervisor has to approve it before it leaves the desk."))
        leaving.check_today(exchange)
    else:
        leaving.words_that_may(exchange)


def check_kept(exchange: Exchange) -> None:
    """A copy would outlive what the law is about to erase."""
    if exchange.status == Status.RETENTION_REVIEW:
        raise DomainError(_("It is about to be erased. Keep it first if it is still needed."))


def take_file(
    *,
    exchange: Exchange,
    file_id: UUID,
    keys: Unlocked,
    by: User,
    reason: str,
    recipient: str = "",
    onward: Onward | None = None,
    here: bool = False,
) -> tuple[str, bytes]:
    """A file and the name it is saved by, out of the portal; who may have it as of a print.

    `here`: for whoever works on the case in our own administration. That is use and not handing
    on, so no other consent is asked for it; but nobody sees the file any more once it is out.

    Not for use inside a transaction: a refusal has to stay recorded.
    """
    recipient = _asked(exchange, by, "" if here else recipient, here=here)
    reason = opening.reasoned(exchange, by, reason)
    with transaction.atomic():
        (_check_use_here(exchange) if here else check_leaving(exchange, onward=onward))
        opened, away = opening.read(exchange, keys), onward is not None
        file = _file(exchange, opened, str(file_id), here=here, onward=away)
        data = opening.file_of(exchange, file, keys)
        told = {"file": str(file_id), "recipient": recipient, "here": here}
        _record("file_taken", exchange, by, reason, onward, **told)
    # The code goes along wherever the file does (Directive (EU) 2016/680, Art. 9(3)).
    return f"{exchange.reference} {exchange.handling} {file['name']}", data


def _file(
    exchange: Exchange, opened: Opened, file_id: str, *, here: bool, onward: bool
) -> dict[str, Any]:
    """What is told of it, where the text that it goes along with may leave too."""
    texts = opened.texts_with(file_id)
    if not texts:
        raise NotAllowed(_("There is no such file."))
    is_draft = all(one.kind == SealedKind.ANSWER for one in texts)
    if is_draft and not here:
        approved = word_of(exchange, LeavesAs.ANSWER)
        if approved is None or not approved.is_approved or approved.version != texts[0].version:
            raise DomainError(_("A supervisor has to approve it before it leaves the desk."))
        if onward:
            raise DomainError(_("It has not been sent yet: there is nothing to pass on."))
        leaving.check_today(exchange)
    return next(one for one in texts[0].told["files"] if one["id"] == file_id)


@transaction.atomic
def _check_use_here(exchange: Exchange) -> None:
    exchange.refresh_from_db(from_queryset=Exchange.objects.select_for_update(of=("self",)))
    check_kept(exchange)
    leaving.check_source(exchange)
    passing_on.check_not_withdrawn(exchange)
