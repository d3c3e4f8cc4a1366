"""A firm's page of the alerts that reach it, and acknowledging one."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mou import alert_permissions as permissions
from mou.actions import alerts as actions
from mou.alert_forms import AcknowledgeForm
from mou.alert_words import why, words_of
from mou.models import AlertDelivery, Mou
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

# Alerts stand for weeks: a firm that has more of them than this reads the newest.
MOST = 100


def alerts(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """What stands now, unread first."""
    mou = get_agreement(request, uuid)
    found = (
        AlertDelivery.objects.visible_to(request.user)
        .filter(mou=mou, cover=None)
        .select_related("alert")
    )
    rows = sorted(found.order_by("-pk")[:MOST], key=lambda one: one.acknowledged_at is not None)
    return render(request, "mou/alerts.html", {"mou": mou, "rows": rows})


def alert(request: PersonRequest, uuid: uuids.UUID, delivery: uuids.UUID) -> HttpResponse:
    """One alert, whole, with how far it may travel."""
    mou = get_agreement(request, uuid)
    found = _delivery(request, mou, delivery)
    form = AcknowledgeForm(initial={"usefulness": found.usefulness})
    return _page(request, mou, found, form)


@shows_domain_errors("mou:alerts")
def acknowledge(request: PersonRequest, uuid: uuids.UUID, delivery: uuids.UUID) -> HttpResponse:
    """Read, and said so in one's own name."""
    mou = get_agreement(request, uuid)
    found = _delivery(request, mou, delivery)
    if request.method != "POST":
        return redirect("mou:alert", mou.uuid, found.uuid)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(request, mou, found, form)
    actions.acknowledge_alert(
        delivery=found, usefulness=form.cleaned_data["usefulness"], by=request.user
    )
    messages.success(request, _("The administration sees that your firm has read the alert."))
    return redirect("mou:alerts", mou.uuid)


def _delivery(request: PersonRequest, mou: Mou, delivery: uuids.UUID) -> AlertDelivery:
    if request.user.is_staff:
        raise Http404
    found = AlertDelivery.objects.visible_to(request.user).select_related(
        "alert", "acknowledged_by", "mou__organisation"
    )
    return get_object_or_404(found, mou=mou, cover=None, uuid=delivery)


def _page(
    request: PersonRequest, mou: Mou, found: AlertDelivery, form: AcknowledgeForm
) -> HttpResponse:
    context = {
        "mou": mou,
        "delivery": found,
        "alert": found.alert,
        "words": words_of(found.alert),
        "why": why(found),
        "form": form,
        "may_acknowledge": permissions.can_acknowledge(request.user, found),
    }
    return render(request, "mou/alert.html", context)
