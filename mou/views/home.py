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
from mou.models.covers import LIVE
from portal.models import Membership
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
    offers = list(
        MouOffer.objects.visible_to(request.user)
        .exclude(status=OfferStatus.ACCEPTED)
        .select_related("organisation", "programme")
        .order_by("-id")
    )
    mous = list(
        Mou.objects.visible_to(request.user)
        .select_related("organisation", "programme", "signatory")
        .prefetch_related(
            Prefetch("amendments", Amendment.objects.open(), to_attr="open_amendments")
        )
        .order_by("-id")
    )
    for mou in mous:
        mou.colour = STATUS_COLOURS[MouStatus(mou.status)]  # type: ignore[attr-defined]
    covers = list(
        Cover.objects.filter(organisation__in=[one.organisation_id for one in memberships])
        .filter(status__in=LIVE)
        .select_related("organisation", "mou__organisation", "mou__programme")
        .order_by("-id")[:MOST_PEOPLE]
    )
    reader = waiting.Reader(request.user, memberships, mous, offers)
    return render(
        request,
        "mou/home.html",
        {
            "tasks": [task for find in waiting.TASKS for task in find(reader)],
            "mous": mous,
            "offers": offers,
            "covers": covers,
            "organisations": [membership.organisation for membership in memberships],
            "owned": reader.owned,
            "people": _people(memberships),
            "sees_reports": any(one.role != MembershipRole.MEMBER for one in memberships),
        },
    )


def _people(memberships: list[Membership]) -> list[dict[str, object]]:
    """Who else acts for the reader's firms, and what each of them may do."""
    firms = [one.organisation_id for one in memberships]
    people = Membership.objects.live().filter(organisation__in=firms)
    people = people.select_related("user", "organisation").order_by("organisation_id", "pk")
    return [{"person": one, "may": MAY[MembershipRole(one.role)]} for one in people[:MOST_PEOPLE]]
