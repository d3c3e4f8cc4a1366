"""A firm's enquiries on the site: what was asked, the answers, a new question, further word."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import enquiry_permissions as permissions
from partners.actions import enquiries as actions
from partners.forms.enquiries import AskForm, WriteAgainForm
from partners.lifecycle import EnquiryStatus
from partners.models import Enquiry, EnquiryFile
from portal import sent_files
from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.requests import PersonRequest
from portal.sent_files import takes_files

COLOURS = {
    EnquiryStatus.WAITING: "blue",
    EnquiryStatus.ASKED_BACK: "yellow",
    EnquiryStatus.ANSWERED: "green",
    EnquiryStatus.CLOSED: "grey",
}
# In the words of the firm, to whom it is not “the firm”.
STATUSES = {
    EnquiryStatus.WAITING: lambda: _("With the post"),
    EnquiryStatus.ASKED_BACK: lambda: _("The post asks you"),
    EnquiryStatus.ANSWERED: lambda: _("Answered"),
    EnquiryStatus.CLOSED: lambda: _("Closed"),
}
LISTED = 50


def enquiries(request: PersonRequest) -> HttpResponse:
    """Everything the reader's firms have asked, the newest first, page by page."""
    if request.user.is_staff:
        raise Http404
    rows = Enquiry.objects.visible_to(request.user).with_post()
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: LISTED + 1])
    context = {
        "rows": [_shown(one) for one in found[:LISTED]],
        "many_firms": len({one.organisation_id for one in found}) > 1,
        "older": found[LISTED - 1].pk if len(found) > LISTED else None,
        "may_ask": bool(permissions.asking_firms(request.user)),
    }
    return render(request, "partners/enquiries.html", context)


@takes_files
def ask(request: PersonRequest, code: str = "") -> HttpResponse:
    """A new question, to a post that is chosen already or on the form."""
    firms = permissions.asking_firms(request.user)
    posts = permissions.asked_posts().order_by("city", "pk")
    if not firms or (code and not posts.filter(code=code).exists()):
        raise Http404
    form = AskForm(
        request.POST or None,
        request.FILES or None,
        firms=firms,
        posts=posts,
        initial={"post": code},
    )
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        try:
            made = actions.ask(sent=told.pop("attached"), by=request.user, **told)
        except NotAllowed as error:
            raise Http404 from error
        except DomainError as error:
            form.add_error(None, str(error))
            form.ask_for_files_again()
        else:
            messages.success(request, _("Your question is with the post."))
            return redirect("partners:enquiry", made.uuid)
    return render(request, "partners/ask.html", {"form": form})


@takes_files
def enquiry(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """One enquiry: what was written to and fro, and a place to write again."""
    found = _get(request, uuid)
    form = WriteAgainForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        text, sent = form.cleaned_data["text"], form.cleaned_data["attached"]
        try:
            actions.write_again(enquiry=found, text=text, sent=sent, by=request.user)
        except NotAllowed as error:
            raise Http404 from error
        except DomainError as error:
            form.add_error(None, str(error))
            form.ask_for_files_again()
            found = _get(request, uuid)
        else:
            messages.success(request, _("Your message is with the post."))
            return redirect("partners:enquiry", found.uuid)
    context = {
        "row": _shown(found),
        "enquiry": found,
        "letters": found.messages.prefetch_related("files").order_by("pk"),
        "form": form,
        "may_write": permissions.can_write_again(request.user, found) or form.is_bound,
        "may_withdraw": permissions.can_withdraw(request.user, found),
        "may_ask": bool(permissions.asking_firms(request.user)),
    }
    return render(request, "partners/enquiry.html", context)


@shows_domain_errors("partners:enquiry")
def withdraw(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """No answer is needed any more; asked once again first."""
    found = _get(request, uuid)
    if request.method == "POST":
        actions.withdraw(enquiry=found, by=request.user)
        messages.success(request, _("Your enquiry is withdrawn."))
        return redirect("partners:enquiries")
    if not permissions.can_withdraw(request.user, found):
        raise Http404
    context = {
        "title": _("Withdraw this enquiry?"),
        "text": _("The post stops working on it. You cannot take this back, but you can ask anew."),
        "rows": [{"key": _("Subject"), "value": found.subject}],
        "button": _("Withdraw"),
        "warning": True,
        "back_url": reverse("partners:enquiry", args=[found.uuid]),
    }
    return render(request, "portal/confirm.html", context)


def file(request: PersonRequest, uuid: uuids.UUID, file: uuids.UUID) -> HttpResponse:
    """A file of this enquiry, for the firm."""
    enquiry = _get(request, uuid)
    kept = get_object_or_404(EnquiryFile, message__enquiry=enquiry, uuid=file)
    return sent_files.response(kept.path, kept.name)


def _get(request: PersonRequest, uuid: uuids.UUID) -> Enquiry:
    """One's own firm's; officers read it at the desk."""
    if request.user.is_staff:
        raise Http404
    found = Enquiry.objects.visible_to(request.user).with_post()
    return get_object_or_404(found, uuid=uuid)


def _shown(found: Enquiry) -> dict[str, Any]:
    status = EnquiryStatus(found.status)
    return {
        "enquiry": found,
        "status": STATUSES[status](),
        "colour": COLOURS[status],
        "outcome": found.get_outcome_display() if found.outcome else "",
    }
