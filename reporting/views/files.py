"""The page of files: a challenge before the first, then one after another into the sealed draft."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import file_words
from portal.captcha import ChallengeForm
from portal.examined_files import MOST_FILES, FileRefused, check_room, examine
from reporting import drafts
from reporting.drafts import Held
from reporting.forms.fields import tidy
from reporting.steps import BY_SLUG
from reporting.uploads import BoundedUploads, content_of
from reporting.views.pages import intake, notice_of, page
from reporting.views.step import about

NOTE = 300
Refused = list[tuple[str, str]]


@intake()
def files(request: HttpRequest) -> HttpResponse:
    """Add, describe and remove files. One that is refused changes nothing else."""
    if request.method != "POST":
        held = drafts.find(request)
        return _shown(request, held, context={"notice": notice_of(request, held)})
    # Before anything reads the form: nothing of a file may touch the disk.
    request.upload_handlers = [BoundedUploads(request)]
    solved, challenge = _may_add(request)
    taken, refused = _examined(request) if solved else ([], _unsolved(request))
    with drafts.writing(request, language=get_language()) as held:
        if held.is_new:
            held.told["notice"] = "anew"
        held.told["solved"] = solved
        _note(held, request.POST)
        _remove(held, request.POST.get("remove", ""))
        drafts.keep(held)
        held.is_new = False
        refused += [told for one in taken if (told := _added(held, one))]
    if refused or challenge is not None:
        return _shown(request, held, challenge, {"refused": refused})
    return _next(held, request.POST)


def _may_add(request: HttpRequest) -> tuple[bool, ChallengeForm | None]:
    """Whether a challenge was solved for this draft; and the one to show when it was not."""
    held = drafts.find(request)
    if held is not None and held.told.get("solved"):
        return True, None
    # The page's challenge comes along with "Continue": whoever has no files need not solve it.
    onwards = "continue" in request.POST and not request.FILES
    if onwards or "challenge_stamp" not in request.POST:
        return False, None
    challenge = ChallengeForm(request.POST, request=request)
    return (True, None) if challenge.is_valid() else (False, challenge)


def _examined(request: HttpRequest) -> tuple[list[dict[str, Any]], Refused]:
    """What each file turned out to be. Takes its time, so no draft is locked meanwhile."""
    taken: list[dict[str, Any]] = []
    refused: Refused = []
    note = tidy(request.POST.get("note", ""))[:NOTE]
    for upload in request.FILES.getlist("file")[: MOST_FILES + 1]:
        name = upload.name or _("a file")
        try:
            data = content_of(upload)
            seen = examine(name, data)
        except FileRefused as error:
            refused.append((tidy(name)[:100], str(error)))
            continue
        taken.append(
            {
                "about": {
                    "id": str(uuid4()),
                    "name": seen.name,
                    "kind": seen.kind,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "scan": seen.scan,
                    "note": note,
                    "remarks": seen.note,
                    "view_kind": seen.view_kind,
                    "stored": len(data) + len(seen.view or b""),
                },
                "original": data,
                "view": seen.view or b"",
            }
        )
    return taken, refused


def _unsolved(request: HttpRequest) -> Refused:
    said = _("Show first that you are a person, then add this file again.")
    return [(tidy(upload.name or "")[:100], said) for upload in request.FILES.getlist("file")]


def _added(held: Held, one: dict[str, Any]) -> tuple[str, str] | None:
    """Keep a file in the draft, or say why there is no room for it."""
    told = one["about"]
    try:
        check_room([file["size"] for file in held.files], told["size"])
    except FileRefused as error:
        return told["name"], str(error)
    if drafts.bytes_kept() + told["stored"] > settings.INTAKE_QUOTA_BYTES:
        return told["name"], _(
            "We can take no files just now. Everything you write is taken as always; "
            "you can add files later, with your receipt."
        )
    for copy in ("original", "view"):
        drafts.keep_parts(held, told["id"], copy, one[copy])
    held.files.append(told)
    held.size += told["stored"]
    return None


def _note(held: Held, posted: Any) -> None:
    for file in held.files:
        file["note"] = tidy(posted.get(f"note-{file['id']}", file["note"]))[:NOTE]


def _remove(held: Held, id_: str) -> None:
    for file in [file for file in held.files if file["id"] == id_]:
        drafts.drop_parts(held, file["id"])
        held.files.remove(file)
        held.size -= file["stored"]


def _next(held: Held, posted: Any) -> HttpResponse:
    here = reverse("report_files")
    onwards = "continue" in posted
    to_check = posted.get("then") == "check"
    if onwards:
        here = reverse("report_check") if to_check else reverse("report_step", args=["about"])
    elif to_check:
        here += "?then=check"
    response = redirect(here)
    drafts.set_cookie(response, held.secret)
    return response


def _shown(
    request: HttpRequest,
    held: Held | None,
    challenge: ChallengeForm | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    solved = held is not None and held.told.get("solved")
    kept = held.files if held else []
    then = request.POST.get("then") or request.GET.get("then")
    return page(
        "files",
        held,
        {
            **about(BY_SLUG["files"], held),
            "kept": [one | {"remarks": file_words.remarks(one.get("remarks", ""))} for one in kept],
            "is_full": len(kept) >= MOST_FILES,
            "challenge": None if solved else challenge or ChallengeForm(request=request),
            "then": "check" if then == "check" else "",
            **(context or {}),
        },
    )
