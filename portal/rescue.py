"""A form that arrives too late: its sender was signed out, its token is old, the desk was locked.

What was typed goes back in the answer and comes again with one press. The answer is the only place
where it is: neither session nor cache nor log holds a word of it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.csrf import csrf_failure

from portal.origin import is_surely_ours

SIGNED_OUT, STALE, LOCKED, CLOSED = "signed out", "stale", "locked", "closed"
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
# Proofs of who somebody is, and answers that count once, are given anew.
_SECRET = {"credential", "new_challenge", "passkey", "passphrase", "subject_line"}
_SECRET_PARTS = ("password", "challenge_")
# Its fields are the passphrase itself, in two parts.
_NEVER = {"admin:confirm_desk_key"}
# Carries on which files are still to be chosen, until somebody can send them.
_FILE = "file-again-"


@dataclass
class Typed:
    """What one form held, by the names of its fields."""

    # Text that somebody wrote is shown, to be read and copied.
    texts: list[tuple[str, str]] = field(default_factory=list)
    others: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, list[str]] = field(default_factory=dict)
    left_out: bool = False

    @property
    def is_empty(self) -> bool:
        """A button that was pressed, and nothing more."""
        return not (self.texts or self.others or self.files)


class NamesOnly(FileUploadHandler):
    """Takes down what files are called, and reads none of them."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.names: list[tuple[str, str]] = []

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        self.names.append((field_name, file_name))
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def may_rescue(request: HttpRequest) -> bool:
    """Only what one of our own pages sent: nobody else puts words into a page of ours."""
    match = request.resolver_match
    return (
        request.method == "POST"
        and request.content_type in _FORMS
        and is_surely_ours(request)
        and not (match is not None and match.view_name in _NEVER)
    )


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The token against forged forms does not fit; a page that is none of ours gets nothing."""
    if not may_rescue(request):
        return csrf_failure(request, reason)
    match = request.resolver_match
    closed = match is not None and getattr(match.func, "login_required", True)
    return page(request, SIGNED_OUT if closed and not request.user.is_authenticated else STALE)


def page(request: HttpRequest, why: str, open_url: str = "") -> HttpResponse:
    """What happened, what to do now, and the form as it was sent."""
    context = {
        "why": why,
        "open_url": open_url,
        "typed": _typed(request),
        "file_prefix": _FILE,
    }
    response = render(request, "portal/pages/rescue.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def _typed(request: HttpRequest) -> Typed:
    names = NamesOnly(request)
    # Too late where the form was read already: then its files are here, and forgotten with it.
    with suppress(AttributeError):
        request.upload_handlers = [names]
    typed = Typed()
    for name, value in [(name, one) for name, all_ in request.POST.lists() for one in all_]:
        if name == "csrfmiddlewaretoken":
            continue
        if name.startswith(_FILE):
            typed.files.setdefault(name.removeprefix(_FILE), []).append(value)
        elif _is_secret(request, name):
            typed.left_out = True
        else:
            kept = typed.texts if " " in value.strip() or "\n" in value else typed.others
            kept.append((name, value))
    here = [(name, one.name or "") for name, all_ in request.FILES.lists() for one in all_]
    for name, file_name in names.names + here:
        typed.files.setdefault(name, []).append(file_name)
    return typed


def _is_secret(request: HttpRequest, name: str) -> bool:
    if name == "code":
        # Elsewhere it is a word of the trade: the code of a partner, of a label.
        return "passkey" in request.POST or request.path.startswith("/accounts/")
    return name in _SECRET or any(part in name for part in _SECRET_PARTS)
