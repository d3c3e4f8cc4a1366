"""Drafts: what somebody has written so far, sealed under a secret that only their cookie holds.

The row's id is a hash of that secret, and so is the key; whoever has the table has neither. When a
report is filed, its receipt is held in the same way until the reporter has typed its end back.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal import sealing
from portal.sealing import SealBroken
from reporting.envelopes import PART
from reporting.models import Draft, DraftPart

SECRET = 32
LASTS = timedelta(minutes=60)
# A page that is only looked at writes no more than once in so long.
EXTENDED_AFTER = timedelta(minutes=1)
COOKIE: str = settings.REPORT_COOKIE_NAME
PATH = "/report/"


@dataclass
class Held:
    """One draft, opened: its secret and what it tells."""

    secret: bytes
    told: dict[str, Any] = field(default_factory=dict)
    size: int = 0
    # Made just now, since there was none (any more) to go on with.
    is_new: bool = False

    @property
    def id(self) -> str:
        return name_of(self.secret, "draft")

    @property
    def receipt_id(self) -> str:
        return name_of(self.secret, "receipt")

    @property
    def answers(self) -> dict[str, dict[str, list[str]]]:
        return self.told.setdefault("answers", {})

    @property
    def files(self) -> list[dict[str, Any]]:
        return self.told.setdefault("files", [])

    @property
    def partner(self) -> dict[str, Any]:
        """What a partner's pass brought; empty for everybody else."""
        return self.told.get("partner") or {}


# --- Secrets --------------------------------------------------------------------------------


def name_of(secret: bytes, what: str) -> str:
    """The id of what lies under this secret."""
    return _derived(secret, f"name of {what}").hex()


def _derived(secret: bytes, purpose: str) -> bytes:
    return hashlib.shake_256(b"reporting.drafts|" + purpose.encode() + b"|" + secret).digest(32)


def boxed(secret: bytes, name: str, told: object) -> bytes:
    """Padded first, so that the length of a box tells little of what is in it."""
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return sealing.box(_derived(secret, "key"), sealing.pad(plain), name.encode())


def unboxed(secret: bytes, name: str, box: bytes) -> Any:
    return json.loads(sealing.unpad(sealing.unbox(_derived(secret, "key"), box, name.encode())))


def secret_of(request: HttpRequest, cookie: str = COOKIE) -> bytes | None:
    """The secret in the cookie; None when there is none or it cannot be one."""
    try:
        secret = base64.urlsafe_b64decode(request.COOKIES.get(cookie, "") + "==")
    except ValueError:
        return None
    return secret if len(secret) == SECRET else None


def set_cookie(
    response: HttpResponse, secret: bytes, *, cookie: str = COOKIE, path: str = PATH
) -> None:
    response.set_cookie(
        cookie,
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        max_age=int(LASTS.total_seconds()),
        path=path,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )


def drop_cookie(response: HttpResponse, *, cookie: str = COOKIE, path: str = PATH) -> None:
    response.set_cookie(
        cookie,
        "",
        max_age=0,
        path=path,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )


# --- Answers --------------------------------------------------------------------------------


def find(request: HttpRequest) -> Held | None:
    """The draft of this visitor, kept for another hour; None when it is gone."""
    if (secret := secret_of(request)) is None:
        return None
    return _read(secret, lock=False)


def opened(secret: bytes) -> Held | None:
    return _read(secret, lock=False)


def seconds_left(request: HttpRequest) -> int:
    """Until the draft is deleted if nothing more is asked of it; asking this does not count."""
    secret = secret_of(request)
    rows = Draft.objects.filter(pk=name_of(secret, "draft")) if secret else Draft.objects.none()
    until = rows.values_list("expires_at", flat=True).first()
    return max(0, int((until - timezone.now()).total_seconds())) if until else 0


@contextmanager
def writing(request: HttpRequest, **begun: Any) -> Iterator[Held]:
    """The draft, locked, to be changed and kept; a new one where there is none (any more)."""
    secret = secret_of(request)
    with transaction.atomic():
        held = _read(secret, lock=True) if secret else None
        if held is None:
            held = Held(secrets.token_bytes(SECRET), dict(begun), is_new=True)
        yield held
        keep(held)


@contextmanager
def locked(request: HttpRequest) -> Iterator[Held | None]:
    """The draft, and nobody else has it until this is done: of two clicks one comes second."""
    secret = secret_of(request)
    with transaction.atomic():
        yield _read(secret, lock=True) if secret else None


def keep(held: Held) -> None:
    """Write what the draft tells now; another hour begins."""
    box = boxed(held.secret, held.id, held.told)
    until = timezone.now() + LASTS
    if held.is_new:
        Draft.objects.create(id=held.id, box=box, size=held.size, expires_at=until)
        return
    Draft.objects.filter(pk=held.id).update(box=box, size=held.size, expires_at=until)


def _read(secret: bytes, *, lock: bool) -> Held | None:
    rows = Draft.objects.filter(pk=name_of(secret, "draft"))
    if lock:
        rows = rows.select_for_update()
    now = timezone.now()
    row = next(iter(rows), None)
    if row is None or row.expires_at <= now:
        return None
    try:
        told = unboxed(secret, row.id, bytes(row.box))
    except (SealBroken, ValueError):
        return None
    if not lock and row.expires_at < now + LASTS - EXTENDED_AFTER:
        Draft.objects.filter(pk=row.id).update(expires_at=now + LASTS)
    return Held(secret, told, size=row.size)


def discard(secret: bytes) -> None:
    """Everything under this secret, at once."""
    ids = [name_of(secret, what) for what in ("draft", "receipt")]
    with transaction.atomic():
        DraftPart.objects.filter(draft_id=ids[0]).delete()
        _raw_delete(Draft.objects.filter(pk__in=ids))


def _raw_delete(rows: Any) -> int:
    # Without reading first what is deleted: the worker may not, and nobody needs to.
    return int(rows._raw_delete(rows.db))


# --- Receipts -------------------------------------------------------------------------------


def hold_receipt(held: Held, told: dict[str, Any]) -> None:
    """Until its end is typed back, a receipt can be shown again to whoever has the cookie."""
    Draft.objects.create(
        id=held.receipt_id,
        box=boxed(held.secret, held.receipt_id, told),
        expires_at=timezone.now() + LASTS,
    )


def held_receipt(request: HttpRequest) -> dict[str, Any] | None:
    if (secret := secret_of(request)) is None:
        return None
    name = name_of(secret, "receipt")
    now = timezone.now()
    row = next(iter(Draft.objects.filter(pk=name, expires_at__gt=now)[:1]), None)
    if row is None:
        return None
    if row.expires_at < now + LASTS - EXTENDED_AFTER:
        Draft.objects.filter(pk=name).update(expires_at=now + LASTS)
    try:
        return unboxed(secret, name, bytes(row.box))
    except (SealBroken, ValueError):
        return None


# --- Files ----------------------------------------------------------------------------------


def bytes_kept() -> int:
    """What the files of all drafts take up now."""
    live = Draft.objects.filter(expires_at__gt=timezone.now(), size__gt=0)
    return int(live.aggregate(total=Sum("size"))["total"] or 0)


def keep_parts(held: Held, file: UUID | str, copy: str, data: bytes) -> None:
    """Bytes of one file, in pieces under the draft's key; the draft's row must be there."""
    key = _derived(held.secret, "key")
    for number, start in enumerate(range(0, len(data), PART)):
        place = _place(held, file, copy, number)
        DraftPart.objects.create(
            draft_id=held.id,
            file=file,
            copy=copy,
            number=number,
            box=sealing.box(key, data[start : start + PART], place),
        )


def parts(held: Held, file: UUID | str, copy: str) -> Iterator[bytes]:
    """The pieces again, one at a time in memory."""
    key = _derived(held.secret, "key")
    rows = DraftPart.objects.filter(draft_id=held.id, file=file, copy=copy)
    for number in sorted(rows.values_list("number", flat=True)):
        box = rows.values_list("box", flat=True).get(number=number)
        yield sealing.unbox(key, bytes(box), _place(held, file, copy, number))


def drop_parts(held: Held, file: UUID | str) -> None:
    DraftPart.objects.filter(draft_id=held.id, file=file).delete()


def _place(held: Held, file: UUID | str, copy: str, number: int) -> bytes:
    return f"{held.id}|{file}|{copy}|{number}".encode()
