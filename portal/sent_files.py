"""Files that people send with what they write: taken in, known by their kind, handed on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portal import files
from portal.errors import DomainError
from portal.requests import PersonRequest
from portal.uploads import BoundedFile, BoundedMemoryHandler

# What a file begins with, by what we call it; it is never opened here, only handed on.
KINDS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
ACCEPTED = ".pdf,.png,.jpg,.jpeg"
LARGEST = 10 * 1024 * 1024
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Sent:
    """A file as it came; of one that was too large nothing was kept."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Known:
    """What is written down of a file that may be kept."""

    name: str
    kind: str
    size: int
    sha256: str


def takes_files(view: View) -> View:
    """A view whose form may bring files: none of them touches the disk, none is too large.

    The token against forged forms stands in the same body as the files, so it is checked once
    it is laid down how they are taken in.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taking(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            request.upload_handlers = [BoundedMemoryHandler(request)]
        return protected(request, *args, **kwargs)

    return taking


def read(file: BoundedFile | Any) -> Sent:
    """The whole of an uploaded file."""
    data = b"" if getattr(file, "was_dropped", False) else file.read()
    return Sent(file.name or "", data)


def know(sent: Sent) -> Known:
    """PDF, PNG or JPEG by what it begins with, at most 10 MB; else DomainError."""
    kind = next((kind for start, kind in KINDS.items() if sent.data.startswith(start)), "")
    if not kind or len(sent.data) > LARGEST:
        raise DomainError(_("Choose a PDF, PNG or JPEG file of at most 10 MB."))
    words = "".join(" " if one in "/\\\x00" else one for one in sent.name).split()
    name = " ".join(words)[-150:] or f"file.{kind}"
    return Known(name, kind, len(sent.data), hashlib.sha256(sent.data).hexdigest())


def response(path: str, name: str) -> HttpResponse:
    """The bytes as an attachment: never shown in a page of ours."""
    answer = HttpResponse(files.get(path), content_type="application/octet-stream")
    safe = "".join(one if one.isalnum() or one in " .-_" else "_" for one in name)
    answer["Content-Disposition"] = (
        f'attachment; filename="{safe.encode("ascii", "replace").decode()}"'
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
