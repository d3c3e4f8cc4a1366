"""What officers do with an agreement in force: suspend, review, rebase, end it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mou import permissions
from mou.actions import life, reviews, standing
from mou.agreement_admin_views import PAGE, READERS, get_mou, page_of
from mou.desk_pages import form_page
from mou.forms import ReasonForm
from mou.life_forms import CloseReviewForm, NoticeForm, RebaseForm, SuspendForm, TerminationForm
from mou.models import Mou, Notice, Review
from mou.timeline import Timeline
from mou.views.life import timeline_file
from portal.errors import shows_domain_errors
from portal.models import StaffRole, User
from portal.permissions import staff_role_required
from portal.requests import PersonRequest


@dataclass(frozen=True)
class Asks:
    """A verb that needs to be told something before it is done."""

    may: Callable[[User, Mou], bool]
    act: Callable[..., Any]
    form: type[ReasonForm]
    title: Any
    text: Any
    button: Any
    done: Any


VERBS = {
    "suspend_for_cause": Asks(
        permissions.can_suspend,
        standing.suspend_for_cause,
        SuspendForm,
        gettext_lazy("Suspend the agreement"),
        gettext_lazy(
            "It does not apply until an officer puts it in force again, and its badge is off. "
            "A review is opened, and both sides are told by e-mail."
        ),
        gettext_lazy("Suspend"),
        gettext_lazy("The agreement is suspended."),
    ),
    "give_notice": Asks(
        permissions.can_give_notice,
        life.give_notice,
        NoticeForm,
        gettext_lazy("Give notice"),
        gettext_lazy(
            "The agreement is in force until the notice has run out. Both sides are told by e-mail."
        ),
        gettext_lazy("Give notice"),
        gettext_lazy("Notice is given."),
    ),
    "propose_termination": Asks(
        permissions.can_propose_termination,
        life.propose_termination,
        TerminationForm,
        gettext_lazy("End the agreement at once"),
        gettext_lazy(
            "For cause only, such as a grave breach. Nothing happens before a supervisor agrees; "
            "the firm is told when the agreement ends, not before."
        ),
        gettext_lazy("Ask a supervisor"),
        gettext_lazy("A supervisor is asked."),
    ),
}


def view_of(asks: Asks) -> Callable[..., HttpResponse]:
    """The page of such a verb."""

    @staff_role_required(StaffRole.CASEWORKER)
    @shows_domain_errors(PAGE)
    def view(request: PersonRequest, object_id: int) -> HttpResponse:
        mou = get_mou(object_id)
        form = asks.form(request.POST or None)
        if request.method == "POST" and form.is_valid():
            asks.act(mou=mou, by=request.user, **form.cleaned_data)
            messages.success(request, str(asks.done))
            return redirect(PAGE, mou.pk)
        if request.method != "POST" and not asks.may(request.user, mou):
            raise Http404
        said = {"title": asks.title, "text": asks.text, "button": asks.button}
        return form_page(request, form=form, back_url=page_of(mou), subtitle=mou.number, **said)

    return view


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def rebase(request: PersonRequest, object_id: int) -> HttpResponse:
    """Let the agreement rest on something else."""
    mou = get_mou(object_id)
    form = RebaseForm(request.POST or None, mou=mou)
    if request.method == "POST" and form.is_valid():
        standing.rebase(mou=mou, by=request.user, **form.cleaned_data)
        messages.success(request, _("What the agreement rests on is changed."))
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not permissions.can_rebase(request.user, mou):
        raise Http404
    return _ask(
        request,
        mou,
        form,
        title=_("Change what the agreement rests on"),
        text=_("A suspended agreement stays suspended until an officer puts it in force again."),
        button=_("Change"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def close_review(request: PersonRequest, object_id: int, review_id: int) -> HttpResponse:
    """Write down what was found, and what follows."""
    mou = get_mou(object_id)
    review = get_object_or_404(Review.objects.select_related("mou"), mou=mou, pk=review_id)
    form = CloseReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reviews.close_review(review=review, by=request.user, **form.cleaned_data)
        messages.success(request, _("The review is closed."))
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not permissions.can_close_review(request.user, review):
        raise Http404
    text = review.answer or _("The firm has not answered yet.")
    return _ask(
        request, mou, form, title=_("Close the review"), text=text, button=_("Close the review")
    )


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def take_notice_back(request: PersonRequest, object_id: int) -> HttpResponse:
    life.take_notice_back(mou=get_mou(object_id), by=request.user)
    messages.success(request, _("The notice is taken back: the agreement goes on."))
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.SUPERVISOR)
@require_POST
@shows_domain_errors(PAGE)
def approve_termination(request: PersonRequest, object_id: int) -> HttpResponse:
    life.approve_termination(mou=get_mou(object_id), by=request.user)
    messages.success(request, _("The agreement has ended. Both sides are told by e-mail."))
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.SUPERVISOR)
@require_POST
@shows_domain_errors(PAGE)
def refuse_termination(request: PersonRequest, object_id: int) -> HttpResponse:
    life.refuse_termination(mou=get_mou(object_id), by=request.user)
    messages.success(request, _("The agreement goes on."))
    return redirect(PAGE, object_id)


@staff_role_required(*READERS)
def timeline(request: PersonRequest, object_id: int) -> HttpResponse:
    """From the offer to the end, and what is to come."""
    mou = get_mou(object_id)
    context = {
        **admin.site.each_context(request),
        "title": _("Timeline of %(number)s") % {"number": mou.number},
        "mou": mou,
        "timeline": Timeline(mou, request.user),
        "back_url": page_of(mou),
    }
    return render(request, "admin/mou/mou/timeline.html", context)


@staff_role_required(*READERS)
def timeline_csv(request: PersonRequest, object_id: int) -> HttpResponse:
    mou = get_mou(object_id)
    return timeline_file(mou, Timeline(mou, request.user))


def facts(mou: Mou, user: User) -> dict[str, Any]:
    """What the page of one agreement shows of its life in force."""
    live = {notice.is_immediate: notice for notice in Notice.objects.live().filter(mou=mou)}
    reviews_of = list(mou.reviews.select_related("closed_by").order_by("-due_on", "-pk")[:20])
    return {
        "notice": live.get(False),
        "proposal": live.get(True) if mou.ended_at is None else None,
        "suspensions": list(mou.suspensions.filter(lifted_at=None).select_related("imposed_by")),
        "reviews": [(one, permissions.can_close_review(user, one)) for one in reviews_of],
    }


def _ask(request: PersonRequest, mou: Mou, form: forms.Form, **context: Any) -> HttpResponse:
    return form_page(request, form=form, back_url=page_of(mou), subtitle=mou.number, **context)
