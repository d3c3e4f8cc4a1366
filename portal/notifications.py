"""Promises the kernel's e-mails with an action, and sends them in the receiver's language."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils import translation

from portal import account_letters, crypto, letters, mail, outbox, permissions
from portal.letters import Letter
from portal.models import RecoveryRequest, User

TEMPLATE = "portal/emails/letter"
LETTERS: dict[str, Callable[..., Letter | None]] = {
    **letters.LETTERS,
    "account": account_letters.account,
}


def promise(letter: str, *, key: str, **ids: Any) -> None:
    """Promise a letter in the caller's transaction; the same key is sent once."""
    outbox.enqueue("portal.send_letter", key=f"letter:{letter}:{key}", letter=letter, **ids)


def promise_account_mail(name: str, address: str, context: dict[str, str]) -> None:
    """A letter of the account pages; it may carry a link that sets a password, so it is sealed."""
    promise(
        "account",
        key=uuid.uuid4().hex,
        name=name,
        address=address,
        sealed=crypto.encrypt(json.dumps(context)),
    )


def send(letter: str, **ids: Any) -> None:
    """Worker: write the letter from the present facts and send it."""
    send_written(
        LETTERS[letter],
        key=f"{letter}:{':'.join(str(value) for value in ids.values())[:500]}",
        **ids,
    )


def send_written(writer: Callable[..., Letter | None], *, key: str, **ids: Any) -> None:
    """Send what this function writes; nothing when it finds that there is nothing to say."""
    # Written once to learn the receiver, then again in the receiver's language.
    draft = writer(**ids)
    if draft is None:
        return
    to = _receiver(draft.to)
    with translation.override(to.language if isinstance(to, User) else settings.LANGUAGE_CODE):
        post(replace(writer(**ids) or draft, to=to), key=key)


def post(letter: Letter, *, key: str) -> None:
    mail.send(
        template=TEMPLATE,
        to=letter.to,
        key=key,
        subject=letter.subject,
        sentences=letter.sentences,
        facts=letter.facts,
        url=letter.url,
        stop_url=letter.stop_url,
        button=letter.button,
    )


def _receiver(to: User | str) -> User | str:
    """The person behind an address, who may have chosen a language."""
    return to if isinstance(to, User) else User.objects.filter(email=to).first() or to


def tell_recovery(event: str, request_id: int) -> None:
    """Worker: promise a letter to the person, to fellow owners and to whoever may approve."""
    request = RecoveryRequest.objects.select_related("user").get(pk=request_id)
    for to in {request.user, *permissions.told_of_recovery(request)}:
        promise(event, key=f"{request.pk}:{to.pk}", request_id=request.pk, to_id=to.pk)


def send_recovery_code(request: RecoveryRequest, code: str) -> None:
    """Sent at once by the worker that made the code: it is in no promise and kept nowhere."""
    with translation.override(request.user.language):
        # Each try makes a code of its own, so each is a message of its own.
        post(letters.recovery_code(request, code), key=f"recovery_code:{request.pk}:{code}")
