"""Check your answers and send: the challenge, the filing, and the receipt that is shown once."""

from __future__ import annotations

import hmac
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.captcha import ChallengeForm
from portal.errors import AlreadyDone, DomainError
from reporting import clocks, content, drafts, passes, receipts
from reporting.actions.filing import Filed, KeptFile, file_report
from reporting.drafts import Held
from reporting.models.reports import this_hour
from reporting.steps import BY_SLUG, Gathered, gather
from reporting.views.pages import intake, notice_of, page
from reporting.views.step import about


def _elsewhere(request: HttpRequest) -> HttpResponse:
    return _shown(request, drafts.find(request), context={"elsewhere": True})


@intake(_elsewhere)
def check(request: HttpRequest) -> HttpResponse:
    """Everything on one page; sent with the answer to the challenge."""
    if request.method != "POST":
        held = drafts.find(request)
        return _shown(request, held, context={"notice": notice_of(request, held)})
    try:
        with drafts.locked(request) as held:
            if held is None:
                return _gone(request)
            challenge = ChallengeForm(request.POST, request=request)
            gathered = gather(held)
            if gathered.faulty or not challenge.is_valid():
                return _shown(request, held, gathered, challenge)
            _file(held, gathered)
    except AlreadyDone:
        return redirect("report_receipt")
    except DomainError as error:
        return _shown(request, drafts.find(request), context={"problem": str(error)})
    response = redirect("report_receipt")
    drafts.set_cookie(response, held.secret)
    return response


def _file(held: Held, gathered: Gathered) -> None:
    """One transaction: the report is there, the draft is gone, and the receipt can be shown."""
    firm = gathered.content["filed"]
    told = firm["capacity"] == "firm" and firm["organisation"]
    filed = file_report(
        content=gathered.content,
        identity=gathered.identity,
        files=[_kept(held, file) for file in held.files],
        firm_tag=passes.firm_tag(UUID(told["uuid"])) if told else "",
        draft_id=held.id,
    )
    drafts.hold_receipt(held, _receipt(filed, gathered))


def _kept(held: Held, file: dict[str, Any]) -> KeptFile:
    id_ = UUID(file["id"])
    return KeptFile(
        id=id_,
        name=file["name"],
        kind=file["kind"],
        size=file["size"],
        sha256=file["sha256"],
        scan=file["scan"],
        note=file["note"],
        remarks=file["remarks"],
        view_kind=file["view_kind"],
        original=partial(drafts.parts, held, id_, "original"),
        view=partial(drafts.parts, held, id_, "view"),
    )


def _receipt(filed: Filed, gathered: Gathered) -> dict[str, Any]:
    return {
        "receipt": filed.receipt,
        "reference": filed.reference,
        "received": this_hour().isoformat(),
        "through_work": gathered.content["filed"]["through_work"],
    }


def _gone(request: HttpRequest) -> HttpResponse:
    """The draft is gone: it was sent a moment ago, or its hour is over."""
    if drafts.held_receipt(request):
        return redirect("report_receipt")
    return page("gone", None, status=410)


def _shown(
    request: HttpRequest,
    held: Held | None,
    gathered: Gathered | None = None,
    challenge: ChallengeForm | None = None,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    if held is None:
        return _gone(request)
    gathered = gathered or gather(held)
    return page(
        "check",
        held,
        {
            **about(BY_SLUG["check"], held),
            "sections": content.sections({**gathered.content, "filed": {}}),
            "gathered": gathered,
            "identity": gathered.identity,
            "challenge": challenge or ChallengeForm(request=request),
            **(context or {}),
        },
    )


@intake()
def receipt(request: HttpRequest) -> HttpResponse:
    """The code, until its last group is typed back."""
    told = drafts.held_receipt(request)
    if told is None:
        return page("no_receipt", None, status=404 if request.method == "GET" else 200)
    typed = request.POST.get("last_group", "")
    if request.method == "POST" and _is_end_of(typed, told["receipt"]):
        secret = drafts.secret_of(request)
        drafts.discard(secret or b"")
        response = redirect("report_done")
        drafts.drop_cookie(response)
        return response
    received = datetime.fromisoformat(told["received"])
    due = clocks.at_filing(hour=received, urgent=False, through_work=True)
    return page(
        "receipt",
        None,
        {
            **told,
            "site_url": settings.SITE_URL,
            "groups": told["receipt"].split("-"),
            "received": timezone.localtime(received),
            "acknowledged_by": timezone.localtime(due["acknowledge_due"]),
            "feedback_by": timezone.localtime(due["feedback_due"]),
            "typed": typed,
            "wrong": request.method == "POST",
            "wrong_end": [
                ("id_last_group", _("That is not its end. Compare it with the code above."))
            ],
        },
    )


def _is_end_of(typed: str, receipt: str) -> bool:
    """The last group, or the whole code, as people write it."""
    plain = receipts.plain(typed)
    end = receipts.last_group(receipt)
    return hmac.compare_digest(plain.encode(), end.encode()) or hmac.compare_digest(
        plain.encode(), receipts.plain(receipt).encode()
    )


@intake()
def done(request: HttpRequest) -> HttpResponse:
    """All is sent, and nothing of it is left in this browser."""
    return page("done", None)
