"""A member firm's page of the agreement that covers it: its answer, alerts, training, register."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mou import alert_permissions, heard
from mou import cover_permissions as permissions
from mou.actions import alerts, publicity
from mou.actions import covers as actions
from mou.actions import training as training_actions
from mou.alert_forms import AcknowledgeForm
from mou.alert_words import why, words_of
from mou.attempts import attempt
from mou.models import AlertDelivery, Attendee, Cover, Guidance, Listing, Training
from mou.training_forms import RegisterForm
from mou.views.members import COLOURS
from mou.views.training import facts_of, session_to_join
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

MOST = 100


def get_cover(request: PersonRequest, uuid: uuids.UUID) -> Cover:
    """Where the reader belongs to the member firm; else 404."""
    found = Cover.objects.visible_to(request.user).select_related(
        "organisation", "mou__organisation", "mou__programme", "confirmed_by"
    )
    return get_object_or_404(found, uuid=uuid)


def cover(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """What covers the firm and since when, and all that follows from it."""
    found, user = get_cover(request, uuid), request.user
    roles, covered = found.organisation.roles, found.is_in_force
    deliveries = AlertDelivery.objects.visible_to(user).filter(cover=found)
    sessions = Training.objects.open().order_by("starts_at", "pk")[:MOST] if covered else []
    texts = Guidance.objects.current().order_by("title", "pk")[:MOST] if covered else []
    people = Attendee.objects.coming().filter(cover=found).select_related("training")
    context = {
        "cover": found,
        "colour": COLOURS.get(found.status, "grey"),
        "may": {verb: asked[0](user, found) for verb, asked in ASKED.items()},
        "alerts": list(deliveries.select_related("alert").order_by("-pk")[:MOST]),
        "sessions": [one for one in sessions if one.concerns(roles)],
        "texts": [one for one in texts if one.concerns(roles)],
        "people": list(people.order_by("-training__starts_at", "seat")[:MOST]),
        "heard": heard.by_member(found),
        "may_register": permissions.can_take_part(user, found),
        "listing": Listing.objects.filter(cover=found, withdrawn_at=None).first(),
        "may_publish": permissions.can_be_listed(user, found),
    }
    return render(request, "mou/cover.html", context)


# Verb → who may, what is done, its title, what it means, and what is said afterwards.
ASKED: dict[str, tuple[Callable[..., bool], Callable[..., Any], Any, Any, Any]] = {
    "confirm": (
        permissions.can_confirm,
        actions.confirm_cover,
        gettext_lazy("Be covered by the agreement of your association"),
        gettext_lazy(
            "You confirm that your firm is a member and keeps what the association has agreed "
            "with us. You may leave at any time."
        ),
        gettext_lazy("Your firm is covered as long as the agreement is in force."),
    ),
    "decline": (
        permissions.can_decline,
        actions.decline_cover,
        gettext_lazy("Do not be covered"),
        gettext_lazy("It has no consequences for your firm. The association is told."),
        gettext_lazy("Your firm is not covered. The association is told."),
    ),
    "leave": (
        permissions.can_leave,
        actions.leave_cover,
        gettext_lazy("Leave the agreement of your association"),
        gettext_lazy(
            "Alerts and training end for your firm at once, and its name leaves the register."
        ),
        gettext_lazy("Your firm is covered no longer."),
    ),
}


def verb_of(verb: str) -> Callable[..., HttpResponse]:
    """The page that asks once more before one of these."""
    may, act, title, text, said = ASKED[verb]

    @shows_domain_errors("mou:cover")
    def view(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
        found = get_cover(request, uuid)
        if request.method == "POST":
            act(cover=found, by=request.user)
            messages.success(request, str(said))
            return redirect("mou:cover", found.uuid)
        if not may(request.user, found):
            raise Http404
        context = {
            "title": title,
            "text": text,
            "rows": [
                {"key": _("Firm"), "value": found.organisation.legal_name},
                {"key": _("Association"), "value": found.mou.organisation.legal_name},
            ],
            "button": title,
            "warning": verb == "leave",
            "back_url": reverse("mou:cover", args=[found.uuid]),
        }
        return render(request, "portal/confirm.html", context)

    return view


VIEWS = {verb: verb_of(verb) for verb in ASKED}


@require_POST
@shows_domain_errors("mou:cover")
def publish(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Agree to be named in the register, as covered through the association."""
    found = get_cover(request, uuid)
    publicity.publish_cover(cover=found, by=request.user)
    messages.success(request, _("Your firm is named once its association agrees as well."))
    return redirect("mou:cover", found.uuid)


@require_POST
@shows_domain_errors("mou:cover")
def unpublish(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    found = get_cover(request, uuid)
    publicity.unpublish_cover(cover=found, by=request.user)
    messages.success(request, _("The firm is no longer named, and its badge says so."))
    return redirect("mou:cover", found.uuid)


@shows_domain_errors("mou:cover")
def alert(request: PersonRequest, uuid: uuids.UUID, delivery: uuids.UUID) -> HttpResponse:
    """One alert, and saying that it was read."""
    found = get_cover(request, uuid)
    deliveries = AlertDelivery.objects.visible_to(request.user).select_related(
        "alert", "acknowledged_by", "mou__organisation", "cover__organisation"
    )
    one = get_object_or_404(deliveries, cover=found, uuid=delivery)
    form = AcknowledgeForm(request.POST or None, initial={"usefulness": one.usefulness})
    if request.method == "POST" and attempt(
        form, alerts.acknowledge_alert, delivery=one, by=request.user
    ):
        messages.success(request, _("The administration sees that your firm has read the alert."))
        return redirect("mou:cover", found.uuid)
    context = {
        "mou": found.mou,
        "cover": found,
        "delivery": one,
        "alert": one.alert,
        "words": words_of(one.alert),
        "why": why(one),
        "form": form,
        "may_acknowledge": alert_permissions.can_acknowledge(request.user, one),
    }
    return render(request, "mou/alert.html", context)


@shows_domain_errors("mou:cover")
def register_attendees(
    request: PersonRequest, uuid: uuids.UUID, training: uuids.UUID
) -> HttpResponse:
    """Seats for people of the member firm."""
    found = get_cover(request, uuid)
    if not permissions.can_take_part(request.user, found):
        raise Http404
    session = session_to_join(request, training, found.organisation.roles)
    form = RegisterForm(request.POST or None)
    known = {"training": session, "mou": found.mou, "cover": found, "by": request.user}
    if request.method == "POST" and attempt(form, training_actions.register_attendees, **known):
        messages.success(request, _("The seats are taken for your firm."))
        return redirect("mou:cover", found.uuid)
    context = {
        "title": _("Register people"),
        "text": session.about,
        "rows": facts_of(session),
        "form": form,
        "button": _("Register"),
        "back_url": reverse("mou:cover", args=[found.uuid]),
    }
    return render(request, "portal/confirm.html", context)


@require_POST
@shows_domain_errors("mou:cover")
def withdraw_attendee(
    request: PersonRequest, uuid: uuids.UUID, attendee: uuids.UUID
) -> HttpResponse:
    """Somebody does not come."""
    found = get_cover(request, uuid)
    one = get_object_or_404(
        Attendee.objects.select_related("mou", "cover", "training"), cover=found, uuid=attendee
    )
    training_actions.withdraw_attendee(attendee=one, by=request.user)
    messages.success(request, _("The seat of %(name)s is given up.") % {"name": one.name})
    return redirect("mou:cover", found.uuid)


def attendance(request: PersonRequest, uuid: uuids.UUID, attendee: uuids.UUID) -> HttpResponse:
    """The certificate of somebody of the member firm who came, also after the cover ended."""
    found = get_cover(request, uuid)
    people = Attendee.objects.filter(cover=found, attended=True).select_related("training")
    came = get_object_or_404(people, uuid=attendee)
    context = {"cover": found, "mou": found.mou, "attendee": came, "training": came.training}
    return render(request, "mou/attendance.html", context)


def guidance(request: PersonRequest, uuid: uuids.UUID, guidance: uuids.UUID) -> HttpResponse:
    """One text, while the firm is covered."""
    found = get_cover(request, uuid)
    text = get_object_or_404(Guidance.objects.current(), uuid=guidance)
    if not found.is_in_force or not text.concerns(found.organisation.roles):
        raise Http404
    return render(request, "mou/guidance.html", {"cover": found, "guidance": text})
