"""A firm's pages of an agreement in force: its review, notice of it, its whole story."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import permissions, terms
from mou.actions import life, reviews
from mou.life_forms import AnswerForm, NoticeForm
from mou.models import Mou, Review
from mou.timeline import Timeline
from mou.views.agreements import get_agreement
from portal import spreadsheets
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest


def timeline(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """From the offer to the end, and what is to come."""
    mou = get_agreement(request, uuid)
    context = {"mou": mou, "timeline": Timeline(mou, request.user)}
    return render(request, "mou/timeline.html", context)


def timeline_csv(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The same as a table."""
    mou = get_agreement(request, uuid)
    return timeline_file(mou, Timeline(mou, request.user))


def timeline_file(mou: Mou, found: Timeline) -> HttpResponse:
    return spreadsheets.attachment(found.rows(), f"{mou.number}.csv")


def review(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Reviews of the agreement: what waits, and what was found before."""
    mou = get_agreement(request, uuid)
    found = list(Review.objects.filter(mou=mou).order_by("-due_on", "-pk")[:50])
    rows = []
    for one in found:
        one.mou = mou
        rows.append({"review": one, "may": permissions.can_answer_review(request.user, one)})
    return render(request, "mou/reviews.html", {"mou": mou, "rows": rows})


@shows_domain_errors("mou:reviews")
def answer_review(request: PersonRequest, uuid: uuids.UUID, review: uuids.UUID) -> HttpResponse:
    """The firm says how it went."""
    mou = get_agreement(request, uuid)
    asked = get_object_or_404(Review.objects.select_related("mou"), mou=mou, uuid=review)
    if request.method != "POST" and not permissions.can_answer_review(request.user, asked):
        raise Http404
    form = AnswerForm(request.POST or None, initial={"answer": asked.answer})
    if request.method == "POST" and form.is_valid():
        reviews.answer_review(review=asked, answer=form.cleaned_data["answer"], by=request.user)
        messages.success(request, _("Your answer is with the administration."))
        return redirect("mou:reviews", mou.uuid)
    return _confirm(
        request,
        mou,
        title=_("Answer the review"),
        text=_("The administration reads this, and writes down with you what follows."),
        form=form,
        button=_("Send the answer"),
        back_url=reverse("mou:reviews", args=[mou.uuid]),
    )


@shows_domain_errors("mou:agreement")
def give_notice(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm ends the agreement, with notice."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not permissions.can_give_notice(request.user, mou):
        raise Http404
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        life.give_notice(mou=mou, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("Notice is given. Both sides are told by e-mail."))
        return redirect("mou:agreement", mou.uuid)
    last = terms.notice_runs_until(timezone.localdate())
    return _confirm(
        request,
        mou,
        title=_("Give notice of the agreement"),
        text=_(
            "The agreement then ends on %(day)s and is in force until that day. "
            "You may take the notice back as long as it runs."
        )
        % {"day": date_format(last, "j F Y")},
        form=form,
        button=_("Give notice"),
        warning=True,
        back_url=reverse("mou:agreement", args=[mou.uuid]),
    )


@require_POST
@shows_domain_errors("mou:agreement")
def take_notice_back(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm lets the agreement go on."""
    mou = get_agreement(request, uuid)
    life.take_notice_back(mou=mou, by=request.user)
    messages.success(request, _("The notice is taken back: the agreement goes on."))
    return redirect("mou:agreement", mou.uuid)


def _confirm(request: HttpRequest, mou: Mou, **context: object) -> HttpResponse:
    rows = [
        {"key": _("Agreement"), "value": mou.number},
        {"key": _("Firm"), "value": mou.organisation.legal_name},
    ]
    return render(request, "portal/confirm.html", {"rows": rows, **context})
