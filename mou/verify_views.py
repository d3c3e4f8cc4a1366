"""Anyone checks a document here: by upload, by its SHA-256, or by the code printed in it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from mou import verification
from mou.forms import HashForm, UploadForm
from mou.models import Document, EarlierEdition, MouVersion
from mou.register import Standing, standing_of, standing_unknown
from mou.verdict import Verdict, Verification
from portal.public_pages import same_for_everyone
from portal.uploads import BoundedMemoryHandler

LAST_UPDATED = datetime.date(2026, 11, 24)
# Checks at once, over all processes; each is a process of its own with a time limit.
AT_ONCE = 2
SLOT_SECONDS = 60
COLOURS = {
    Verdict.VALID: "green",
    Verdict.INCOMPLETE: "yellow",
    Verdict.UNSIGNED: "grey",
    Verdict.UNREADABLE: "grey",
}


class Busy(Exception):
    """As many checks as we allow are running."""


@contextmanager
def _slot() -> Iterator[None]:
    """One of the few places for a check; raises Busy when all are taken."""
    keys = (f"verify:{number}" for number in range(AT_ONCE))
    key = next((key for key in keys if cache.add(key, 1, SLOT_SECONDS)), None)
    if key is None:
        raise Busy
    try:
        yield
    finally:
        cache.delete(key)


# Nothing is changed and nobody is known here, so a check needs no token against forged forms.
@csrf_exempt
@never_cache
@login_not_required
@same_for_everyone
def verify(request: HttpRequest) -> HttpResponse:
    """The page to check a document at, and its answer to an upload or a hash."""
    if request.method == "POST":
        request.upload_handlers = [BoundedMemoryHandler(request)]
        return _upload(request)
    if "sha256" in request.GET:
        return _hash(request)
    return _page(request, form=UploadForm(), hash_form=HashForm())


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context["last_updated"] = LAST_UPDATED
    return render(request, "mou/verify.html", context, status=status)


def _upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form, hash_form=HashForm())
    try:
        with _slot():
            found = verification.verify_in_subprocess(form.cleaned_data["document"].read())
    except Busy:
        response = _page(request, form=UploadForm(), hash_form=HashForm(), busy=True, status=503)
        response["Retry-After"] = "60"
        return response
    # What is wrong with the whole file comes first, and is said once.
    problem, *said = found.sentences if found.problem else ["", *found.sentences]
    return render(
        request,
        "mou/verified.html",
        {
            "found": found,
            "problem": problem,
            "said": said,
            "colour": COLOURS.get(found.verdict, "red"),
            "name": form.cleaned_data["document"].name,
            "standing": _standing_of_file(found),
            "last_updated": LAST_UPDATED,
        },
    )


def _hash(request: HttpRequest) -> HttpResponse:
    hash_form = HashForm(request.GET)
    if not hash_form.is_valid():
        return _page(request, form=UploadForm(), hash_form=hash_form, wrong=hash_form)
    standing = _standing_of_hash(hash_form.cleaned_data["sha256"])
    return _page(request, form=UploadForm(), hash_form=hash_form, standing=standing)


def _standing_of_file(found: Verification) -> Standing:
    """By its hash; else by its number, where the signatures vouch for what is in the file."""
    standing = _standing_of_hash(found.sha256)
    if standing.is_known or found.verdict not in {Verdict.VALID, Verdict.INCOMPLETE}:
        return standing
    versions = MouVersion.objects.select_related("mou__organisation", "mou__programme")
    version = versions.filter(mou__number=found.number, number=found.version).first()
    return standing_of(version) if version else standing


def _standing_of_hash(sha256: str) -> Standing:
    documents = Document.objects.filter(sha256=sha256).select_related(
        "version__mou__organisation", "version__mou__programme"
    )
    document = documents.order_by("pk").last()
    if document is None:
        # A file that somebody got before it was stamped again is as good as ever.
        earlier = EarlierEdition.objects.filter(sha256=sha256).select_related(
            "document__version__mou__organisation", "document__version__mou__programme"
        )
        document = next((one.document for one in earlier), None)
        if document is not None:
            document.sha256 = sha256
    if document is None:
        return standing_unknown(sha256)
    return standing_of(document.version, document=document)


@require_safe
@never_cache
@login_not_required
def verify_token(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the code printed in a document leads to."""
    versions = MouVersion.objects.select_related("mou__organisation", "mou__programme")
    version = versions.filter(token=token).first()
    return render(
        request,
        "mou/verify_token.html",
        {
            "standing": standing_of(version) if version else standing_unknown(),
            "last_updated": LAST_UPDATED,
        },
        status=200 if version else 404,
    )
