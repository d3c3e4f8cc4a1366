"""A firm's front page: what waits for the reader, then agreements and offers."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from mou import waiting
from mou.dossier import STATUS_COLOURS
from mou.lifecycle import (
    MouStatus,
    OfferStatus,
)
from mou.models import (
    Amendment,
    Cover,
    Mou,
    MouOffer,
)
from portal.models import Membership, User
from portal.models.organisations import MembershipRole
from portal.requests import PersonRequest

# What each role may do, in plain words.
MAY = {
    MembershipRole.OWNER: gettext_lazy(
        "Accepts offers and texts, names who signs, gives notice, and says who belongs to the firm"
    ),
    MembershipRole.SIGNATORY: gettext_lazy(
        "Signs where named, answers reviews, and reads alerts for owners and signatories"
    ),
    MembershipRole.MEMBER: gettext_lazy(
        "Reads the agreement, answers the survey, reads alerts and registers people for training"
    ),
}
# Larger firms look on the page of their people.
MOST_PEOPLE = 50


def home(request: PersonRequest) -> HttpResponse:
    """What is waiting for the reader, and everything of the reader's organisations."""
    if request.user.is_staff:
        return redirect("admin:index")
    memberships = list(request.user.memberships.live().select_related("organisation"))
    offers, mous = _offers(request.user), _agreements(request.user)
    reader = waiting.Reader(request.user, memberships, mous, offers)
    return render(
        request,
        "mou/home.html",
        {
            "tasks": [task for find in waiting.TASKS for task in find(reader)],
            "mous": mous,
            "offers": offers,
            "covers": _covers(memberships),
            "organisations": [membership.organisation for membership in memberships],
            "owned": reader.owned,
            "people": _people(memberships),
            "sees_reports": any(one.role != MembershipRole.MEMBER for one in memberships),
        },
    )


def _offers(reader: User) -> list[MouOffer]:
    found = MouOffer.objects.visible_to(reader).exclude(
        status__in=[OfferStatus.ACCEPTED, OfferStatus.ENDED]
    )
    return list(found.select_related("organisation", "programme").order_by("-id"))


def _agreements(reader: User) -> list[Mou]:
    found = Mou.objects.visible_to(reader).select_related("organisation", "programme", "signatory")
    amendments = Prefetch("amendments", Amendment.objects.open(), to_attr="open_amendments")
    mous: list[Mou] = list(found.prefetch_related(amendments).order_by("-id"))
    for mou in mous:
        mou.colour = STATUS_COLOURS[MouStatus(mou.status)]  # type: ignore[attr-defined]
    return mous


def _covers(memberships: list[Membership]) -> list[Cover]:
    """By which agreements of associations the reader's firms are covered, or asked to be."""
    firms = [one.organisation_id for one in memberships]
    found = Cover.objects.live().filter(organisation__in=firms)
    found = found.select_related("organisation", "mou__organisation", "mou__programme")
    return list(found.order_by("-id")[:MOST_PEOPLE])


def _people(memberships: list[Membership]) -> list[dict[str, object]]:
    """Who else acts for the reader's firms, and what each of them may do."""
    firms = [one.organisation_id for one in memberships]
    people = Membership.objects.live().filter(organisation__in=firms)
    people = people.select_related("user", "organisation").order_by("organisation_id", "pk")
    return [{"person": one, "may": MAY[MembershipRole(one.role)]} for one in people[:MOST_PEOPLE]]
