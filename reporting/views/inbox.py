"""The reporter's inbox: opened by the receipt's code, read, answered, left. Nobody logs in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal import limits
from portal.captcha import ChallengeForm
from portal.errors import DomainError
from reporting import inbox as boxes
from reporting import receipts, visits
from reporting.actions import words
from reporting.forms.inbox import CodeForm, MessageForm
from reporting.inbox import Box
from reporting.uploads import BoundedUploads
from reporting.views.pages import intake, page
from reporting.visits import Visit

# From here on whoever writes without having shown to be a person is asked to.
FLOOD = 1
Page = Callable[[HttpRequest, Visit, Box], HttpResponse]


class ProofSpent(DomainError):
    """The challenge that was solved let in a message with files already."""


@intake()
@require_http_methods(("GET", "HEAD", "POST"))
def inbox(request: HttpRequest) -> HttpResponse:
    """Asks for the code, or shows what it opened."""
    if request.method == "POST":
        request.upload_handlers = [_handler(None)]
        return _open(request)
    visit = visits.current(request)
    box = boxes.read(receipts.tag(visit.receipt)) if visit else None
    if visit is None or box is None:
        return _ask(request, CodeForm())
    return _show(request, visit, box)


def _open(request: HttpRequest) -> HttpResponse:
    """The right code always opens, however many wrong ones came before from the same place.

    Looking one up is cheaper than checking a challenge would be, and guessing gains nothing.
    """
    form = CodeForm(request.POST)
    if form.is_valid():
        receipt = form.cleaned_data["code"]
        box = boxes.read(receipts.tag(receipt))
        if box is not None:
            visit = Visit(receipt)
            if request.POST.get("text"):
                return _show(request, visit, box)
            return visits.keep(redirect("inbox"), visit)
        form.add_error("code", _("No report has this code. Compare it with your receipt."))
    limits.note(request, "wrong")
    return _ask(request, form)


def visiting(shown: Page) -> Callable[[HttpRequest], HttpResponse]:
    """A page of an open inbox; who was away too long gives the code again and loses no word."""

    @wraps(shown)
    def guarded(request: HttpRequest) -> HttpResponse:
        visit = visits.current(request)
        if request.method == "POST":
            # Files are taken from those who showed to be people, and never onto the disk.
            request.upload_handlers = [_handler(visit)]
        box = boxes.read(receipts.tag(visit.receipt)) if visit else None
        if visit is None or box is None:
            return _ask(request, CodeForm())
        return shown(request, visit, box)

    return guarded


def _handler(visit: Visit | None) -> BoundedUploads:
    handler = BoundedUploads()
    if visit is None or not visit.proved:
        handler.largest = handler.together = 0
    return handler


@intake()
@require_http_methods(["POST"])
@visiting
def message(request: HttpRequest, visit: Visit, box: Box) -> HttpResponse:
    """Send further word."""
    form = MessageForm(request.POST, request.FILES, with_files=visit.proved)
    challenge = None
    if not visit.proved and limits.difficulty(request) >= FLOOD:
        challenge = ChallengeForm(request.POST, request=request, purpose="inbox")
    # The challenge last: asking it spends the answer.
    if form.is_valid() and (challenge is None or challenge.is_valid()):
        try:
            _send(visit, box, form)
        except ProofSpent as error:
            visit = visit.without_proof()
            form.add_error(None, str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            limits.note(request, "word")
            answer = redirect("inbox")
            answer["Location"] += "?sent=1"
            return visits.keep(answer, visit.without_proof())
    return _show(request, visit, box, form=form, challenge=challenge)


@transaction.atomic
def _send(visit: Visit, box: Box, form: MessageForm) -> None:
    """The message, and with files the proof that lets in one message with files."""
    files = form.cleaned_data["kept"]
    if files and not visit.spend_proof():
        raise ProofSpent(
            _("Show once more that you are a person, then choose the files again. Your words stay.")
        )
    words.send_word(box=box, receipt=visit.receipt, text=form.cleaned_data["text"], files=files)


@intake()
@require_http_methods(("GET", "HEAD", "POST"))
@visiting
def prove(request: HttpRequest, visit: Visit, box: Box) -> HttpResponse:
    """One challenge before the first file; what was written so far comes along."""
    answering = request.method == "POST" and "challenge_stamp" in request.POST
    challenge = ChallengeForm(
        request.POST if answering else None, request=request, purpose="inbox files"
    )
    if box.is_erased:
        return redirect("inbox")
    if visit.proved or (answering and challenge.is_valid()):
        return _show(request, visit.with_proof(), box)
    context = {
        "challenge": challenge,
        "text": request.POST.get("text", ""),
        "back_url": reverse("inbox"),
    }
    return visits.keep(page("inbox_files", None, context), visit)


@intake()
@require_http_methods(["POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close the inbox in this browser."""
    answer = redirect("inbox")
    answer["Location"] += "?left=1"
    return visits.leave(answer)


def _ask(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = {
        "form": form,
        "ran_out": visits.ran_out(request),
        "left": "left" in request.GET,
        "text": request.POST.get("text", ""),
    }
    return page("inbox_code", None, context)


def _show(
    request: HttpRequest,
    visit: Visit,
    box: Box,
    *,
    form: MessageForm | None = None,
    challenge: ChallengeForm | None = None,
) -> HttpResponse:
    if form is None:
        # Words that came along from another page are neither sent nor lost.
        words_so_far = {"text": request.POST.get("text", "")}
        form = MessageForm(initial=words_so_far, with_files=visit.proved)
    context = {
        "box": box,
        "read": boxes.opened(box, visit.receipt),
        "form": form,
        "challenge": challenge,
        "proved": visit.proved,
        "sent": "sent" in request.GET,
    }
    return visits.keep(page("inbox", None, context), visit)
