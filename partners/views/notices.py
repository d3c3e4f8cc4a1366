"""Notices of opportunities: the list by country and sector, one notice, subscriptions."""

from __future__ import annotations

import datetime
import uuid as uuids

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from partners import notice_letters, post_entries, visibility
from partners import notice_permissions as permissions
from partners.actions import notices as actions
from partners.forms.notices import ByCountryForm
from partners.models import Notice, Subscription
from partners.visibility import Level
from portal.errors import DomainError, NotAllowed
from portal.models import User
from portal.requests import PersonRequest

LISTED = 25
# Of a list that holds nothing: when its page was written.
LAST_UPDATED = datetime.date(2026, 11, 27)


@login_not_required
def notices(request: HttpRequest) -> HttpResponse:
    """What is open now, the newest first; what is for partners is there for partners."""
    form = ByCountryForm(request.GET or None)
    rows = Notice.objects.visible_to(request.user)
    if form.is_valid():
        rows = rows.filter(**{name: code for name, code in form.cleaned_data.items() if code})
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: LISTED + 1])
    query = request.GET.copy()
    if len(found) > LISTED:
        query["before"] = str(found[LISTED - 1].pk)
    context = {
        "form": form,
        "rows": found[:LISTED],
        "last_updated": max((one.published_at for one in found if one.published_at), default=None)
        or LAST_UPDATED,
        "older": query.urlencode() if len(found) > LISTED else "",
        "may_subscribe": isinstance(request.user, User) and permissions.can_subscribe(request.user),
    }
    return render(request, "partners/notices.html", context)


@login_not_required
def notice(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One of them, until its last day."""
    found = get_object_or_404(Notice.objects.visible_to(request.user), uuid=uuid)
    level = visibility.level_of(request.user)
    answer = post_entries.answer(str(found.country), post_entries.standing(level), level)
    context = {
        "notice": found,
        "posts": answer.posts,
        "asks": level == Level.PARTNER,
        "last_updated": found.published_at,
    }
    return render(request, "partners/notice.html", context)


def subscriptions(request: PersonRequest) -> HttpResponse:
    """What the reader hears of, and a place to add to it."""
    if not permissions.can_subscribe(request.user):
        raise Http404
    form = ByCountryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.subscribe(by=request.user, **form.cleaned_data)
        except NotAllowed as error:
            raise Http404 from error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("You will get an e-mail when something new fits."))
            return redirect("partners:subscriptions")
    mine = Subscription.objects.live().filter(user=request.user).order_by("pk")
    return render(request, "partners/subscriptions.html", {"form": form, "rows": mine})


@require_POST
def end_subscription(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """One's own."""
    mine = Subscription.objects.live().filter(user=request.user)
    actions.unsubscribe(subscription=get_object_or_404(mine, uuid=uuid))
    messages.success(request, _("The subscription has ended."))
    return redirect("partners:subscriptions")


@login_not_required
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """By the link of a letter, without a login; a programme that follows links ends nothing."""
    found = notice_letters.subscription_of(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        found = actions.unsubscribe(subscription=found)
    return render(request, "partners/unsubscribe.html", {"subscription": found})
