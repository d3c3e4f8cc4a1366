"""A firm's page of training and guidance: sessions, seats, certificates, texts to read."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import training_permissions as permissions
from mou.actions import training as actions
from mou.attempts import attempt
from mou.lifecycle import MouStatus, TrainingStatus
from mou.models import Attendee, Guidance, Training
from mou.training_forms import RegisterForm
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

# What one page shows; sessions are few, and people of years past are at the end.
MOST = 100


def training(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """What is offered, who of the firm comes, who came, and what to read."""
    mou = get_agreement(request, uuid)
    roles, takes_part = mou.organisation.roles, mou.status == MouStatus.IN_FORCE
    sessions = Training.objects.open().order_by("starts_at", "pk")[:MOST] if takes_part else []
    texts = Guidance.objects.current().order_by("title", "pk")[:MOST] if takes_part else []
    people = list(
        Attendee.objects.coming()
        .filter(mou=mou, cover=None)
        .select_related("training")
        .order_by("-training__starts_at", "seat")[:MOST]
    )
    context = {
        "mou": mou,
        "sessions": [one for one in sessions if one.concerns(roles)],
        "coming": [one for one in people if one.training.status == TrainingStatus.OFFERED],
        "cancelled": _cancelled(people),
        "came": [one for one in people if one.attended],
        "texts": [one for one in texts if one.concerns(roles)],
        "may_register": permissions.can_register(request.user, mou),
        "may_withdraw": permissions.can_withdraw(request.user, mou),
    }
    return render(request, "mou/training.html", context)


def _cancelled(people: list[Attendee]) -> list[Training]:
    """Sessions that these people would have gone to."""
    found = {one.training_id: one.training for one in people}
    now = timezone.now()
    return [
        one
        for one in found.values()
        if one.status == TrainingStatus.CANCELLED and one.starts_at > now
    ]


def session_to_join(request: PersonRequest, uuid: uuids.UUID, roles: list[str]) -> Training:
    """What the firm may register for; else 404.

    Whoever sends names for one that was cancelled or begins meanwhile is told so in words.
    """
    offered = Training.objects.exclude(status=TrainingStatus.PLANNED)
    found = offered if request.method == "POST" else Training.objects.open()
    session = get_object_or_404(found, uuid=uuid)
    if not session.concerns(roles):
        raise Http404
    return session


def facts_of(session: Training) -> list[dict[str, Any]]:
    """What one has to know before one sends people there."""
    free = max(session.seats - session.attendees.coming().count(), 0)
    return [
        {"key": _("Session"), "value": session.title},
        {"key": _("When"), "value": session.time},
        {"key": _("Place"), "value": session.place},
        {"key": _("Free seats"), "value": str(free)},
    ]


@shows_domain_errors("mou:training")
def register_attendees(
    request: PersonRequest, uuid: uuids.UUID, training: uuids.UUID
) -> HttpResponse:
    """Seats for people of the firm."""
    mou = get_agreement(request, uuid)
    if not permissions.can_register(request.user, mou):
        raise Http404
    session = session_to_join(request, training, mou.organisation.roles)
    form = RegisterForm(request.POST or None)
    known = {"training": session, "mou": mou, "by": request.user}
    if request.method == "POST" and attempt(form, actions.register_attendees, **known):
        messages.success(request, _("The seats are taken for your firm."))
        return redirect("mou:training", mou.uuid)
    context = {
        "title": _("Register people"),
        "text": session.about,
        "rows": facts_of(session),
        "form": form,
        "button": _("Register"),
        "back_url": reverse("mou:training", args=[mou.uuid]),
    }
    return render(request, "portal/confirm.html", context)


@require_POST
@shows_domain_errors("mou:training")
def withdraw_attendee(
    request: PersonRequest, uuid: uuids.UUID, attendee: uuids.UUID
) -> HttpResponse:
    """Somebody does not come."""
    mou = get_agreement(request, uuid)
    found = get_object_or_404(
        Attendee.objects.select_related("mou"), mou=mou, cover=None, uuid=attendee
    )
    actions.withdraw_attendee(attendee=found, by=request.user)
    messages.success(request, _("The seat of %(name)s is given up.") % {"name": found.name})
    return redirect("mou:training", mou.uuid)


def attendance(request: PersonRequest, uuid: uuids.UUID, attendee: uuids.UUID) -> HttpResponse:
    """The certificate of somebody who came, to print."""
    mou = get_agreement(request, uuid)
    people = Attendee.objects.filter(mou=mou, cover=None, attended=True).select_related("training")
    found = get_object_or_404(people, uuid=attendee)
    context = {"mou": mou, "attendee": found, "training": found.training}
    return render(request, "mou/attendance.html", context)


def guidance(request: PersonRequest, uuid: uuids.UUID, guidance: uuids.UUID) -> HttpResponse:
    """One text, while the agreement is in force."""
    mou = get_agreement(request, uuid)
    found = get_object_or_404(Guidance.objects.current(), uuid=guidance)
    if mou.status != MouStatus.IN_FORCE or not found.concerns(mou.organisation.roles):
        raise Http404
    return render(request, "mou/guidance.html", {"mou": mou, "guidance": found})
