"""What every verb of an exchange begins with: lock, right, state; and what it leaves sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from partners import content, envelopes
from partners import exchange_lifecycle as lifecycle
from partners import exchange_permissions as permissions
from partners.models import Channel, Exchange, ExchangeEnvelope, SealedKind
from portal import examined_files, who_was_first
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.permissions import LIAISON_KEY

# What moving an exchange along is called in the record.
MOVED = (
    "approved",
    "sent",
    "discarded",
    "graded_anew",
    "set_aside",
    "acknowledged",
    "clarification_asked",
    "clarified",
    "partly_answered",
    "answered",
    "refused",
    "closed",
    "outcome_recorded",
    "retention_reviewed",
    "kept",
)
# Where the status allows it and the verb has nothing left to do.
ONCE = ("pause", "draft_notice", "resume", "confirm", "record_consent", "withdraw_consent", "take")
# Verbs by which a word of ours to a request that came in leaves.
LEAVING = ("answer", "answer_in_part", "ask_clarification", "pause", "refuse")
MOST_FILES = 10


@dataclass(frozen=True)
class Attachment:
    """A file that goes along, once it was looked at; its bytes are in memory alone."""

    name: str
    data: bytes = field(repr=False)
    scan: str  # what portal.scanner said
    note: str  # what is remarked of it (portal.file_words)


def attachment(name: str, data: bytes) -> Attachment:
    """Look at a file as those of reports are; FileRefused with a sentence where it is not taken.

    It takes a while: call it before anything is locked.
    """
    found = examined_files.examine(name, data)
    return Attachment(found.name, data, found.scan, found.note)


def held(exchange: Exchange, by: User) -> Exchange:
    """The exchange, read again under lock; for whoever may not know it there is none."""
    visible = Exchange.objects.visible_to(by).select_for_update(of=("self",))
    found = visible.filter(pk=exchange.pk).select_related("partner", "instrument").first()
    if found is None:
        raise NotAllowed(_("There is no such exchange."))
    return found


def demand(allowed: bool, verb: str, exchange: Exchange, by: User) -> None:
    """Refuse what a predicate did not allow: by its state with a sentence, else as unknown."""
    if allowed:
        return
    if permissions.can_list(by):
        if not lifecycle.allows(verb, exchange.direction, exchange.status):
            who_was_first.tell(exchange, moved=MOVED, by=by)
            lifecycle.after(verb, exchange.direction, exchange.status)
        if verb.startswith("approve"):
            raise DomainError(
                _("A supervisor has to approve it, and somebody else than wrote any of it.")
            )
        if verb == "set_aside":
            raise DomainError(_("A supervisor sets it aside, and somebody else than entered it."))
        if verb in LEAVING and not exchange.is_out and (verb != "pause" or exchange.clock_runs):
            raise DomainError(
                _("Write it first: a supervisor has to approve what leaves before it does.")
            )
        if verb in ONCE:
            raise AlreadyDone(_("Somebody was first: there is nothing left to do here."))
        if verb == "close":
            raise DomainError(_("It still waits for an answer or a confirmation in writing."))
        if verb == "clarify":
            raise DomainError(_("A supervisor has to approve the answer before it leaves."))
    raise NotAllowed(_("You may not do this."))


def move(exchange: Exchange, verb: str) -> list[str]:
    """Set the status after this verb; returns the fields to save."""
    exchange.status = lifecycle.after(verb, exchange.direction, exchange.status)
    return ["status"]


def signer(by: User, keys: Unlocked) -> envelopes.Signer:
    """By which the desk signs; the keys have to be the writer's own."""
    if keys.user.pk != by.pk:
        raise NotAllowed(_("These keys are somebody else’s."))
    return keys.signer(LIAISON_KEY)


def write(
    exchange: Exchange,
    kind: SealedKind,
    told: Mapping[str, Any],
    *,
    by: User,
    keys: Unlocked,
    files: Iterable[Attachment] = (),
    version: int = 1,
) -> ExchangeEnvelope:
    """Seal what an officer wrote, and the files that go along with it."""
    sign = signer(by, keys)
    kept = list(told.get("files", []))
    for file in files:
        kept.append(_sealed_file(exchange, file, by, sign))
    if len(kept) > MOST_FILES:
        raise DomainError(
            _("No more than %(count)d files go along with one text.") % {"count": MOST_FILES}
        )
    return envelopes.sealed_words(
        exchange, kind, {**told, "files": kept}, author=by, signer=sign, version=version
    )


def way(channel: str, reference: str = "") -> dict[str, str]:
    """By which channel something passed, and its reference there."""
    if channel not in Channel.values:
        raise DomainError(_("Say by which channel it passed."))
    return {"channel": channel, "reference": reference.strip()}


def by_way(ours: bool, channel: str, reference: str) -> dict[str, Any]:
    """What a word keeps of its channel: ours names one, a partner's where somebody noted it."""
    return {"way": way(channel, reference)} if ours or channel else {}


def write_word(
    exchange: Exchange,
    verb: str,
    text: str,
    *,
    by: User,
    keys: Unlocked,
    files: Iterable[Attachment] = (),
    along: Iterable[dict[str, Any]] = (),
    **more: Any,
) -> ExchangeEnvelope:
    """What went to and fro, under the verb that brought it; `along` are files sealed before.

    `more`: limits and justification of an answer, and the way on which it passed.
    """
    text = text.strip()
    if len(text) > content.LONGEST:
        raise DomainError(
            _("A text has %(count)d characters at most.") % {"count": content.LONGEST}
        )
    told = {**more, "verb": verb, "text": text, "files": list(along)}
    return write(exchange, SealedKind.WORD, told, by=by, keys=keys, files=files)


def _sealed_file(
    exchange: Exchange, file: Attachment, by: User, sign: envelopes.Signer
) -> dict[str, Any]:
    envelope = envelopes.sealed(exchange, SealedKind.FILE, file.data, author=by, signer=sign)
    digest = sha256(file.data).hexdigest()
    return {
        "id": str(envelope.pk),
        "name": file.name,
        "size": len(file.data),
        "sha256": digest,
        "scan": file.scan,
        "note": file.note,
    }


def required(text: str, otherwise: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError(otherwise)
    return text
