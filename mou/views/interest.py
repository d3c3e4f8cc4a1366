"""Asking for an agreement: the public form, and the review of a refusal."""

from __future__ import annotations

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mou import lifecycle
from mou.actions import ways_in
from mou.interest_forms import InterestForm, ObjectionForm
from mou.models import Interest
from portal.captcha import ChallengeForm
from portal.errors import DomainError

LAST_UPDATED = datetime.date(2026, 11, 26)


@login_not_required
@never_cache
@require_http_methods(("GET", "HEAD", "POST"))
def interest(request: HttpRequest) -> HttpResponse:
    """The form; whatever goes wrong, nothing typed is lost."""
    form = InterestForm(request.POST or None)
    challenge = ChallengeForm(request.POST or None, request=request, purpose="interest")
    # The challenge last: asking it spends the answer.
    if request.method == "POST" and form.is_valid() and challenge.is_valid():
        language = get_language() or "en"
        ways_in.express_interest(told=form.cleaned_data, language=language)
        return redirect("interest_sent")
    context = {"form": form, "challenge": challenge, "last_updated": LAST_UPDATED}
    return render(request, "mou/interest.html", context)


@login_not_required
def interest_sent(request: HttpRequest) -> HttpResponse:
    """What happens next; the same for everybody."""
    return render(request, "mou/interest_sent.html", {"last_updated": LAST_UPDATED})


@login_not_required
@never_cache
@require_http_methods(("GET", "HEAD", "POST"))
def seek_review(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the letter with a refusal leads to; it serves once."""
    asked = get_object_or_404(Interest, token=token)
    if not lifecycle.allows(lifecycle.INTEREST, "seek_review", asked.status):
        if asked.objected_at is None:
            raise Http404
        context = {"interest": asked, "sought": True, "last_updated": LAST_UPDATED}
        return render(request, "mou/interest_review.html", context)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ways_in.seek_review(interest=asked, objection=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("interest_review", token=token)
    context = {"interest": asked, "form": form, "last_updated": LAST_UPDATED}
    return render(request, "mou/interest_review.html", context)
