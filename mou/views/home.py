"""A firm's front page: what waits for the reader, then agreements and offers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import lifecycle
from mou.dossier import STATUS_COLOURS
from mou.lifecycle import MouStatus, OfferStatus, VersionStatus
from mou.models import Mou, MouOffer, MouVersion, Party
from mou.models.signatures import LIVE
from portal.models.organisations import MembershipRole
from portal.requests import PersonRequest

Tasks = list[dict[str, str]]


def home(request: PersonRequest) -> HttpResponse:
    """What is waiting for the reader, and everything of the reader's organisations."""
    if request.user.is_staff:
        return redirect("admin:index")
    memberships = list(request.user.memberships.live().select_related("organisation"))
    owned = {m.organisation_id for m in memberships if m.role == MembershipRole.OWNER}
    offers = list(
        MouOffer.objects.visible_to(request.user)
        .exclude(status=OfferStatus.ACCEPTED)
        .select_related("organisation", "programme")
        .order_by("-id")
    )
    mous = list(
        Mou.objects.visible_to(request.user)
        .select_related("organisation", "programme", "signatory")
        .order_by("-id")
    )
    for mou in mous:
        mou.colour = STATUS_COLOURS[MouStatus(mou.status)]  # type: ignore[attr-defined]
    return render(
        request,
        "mou/home.html",
        {
            "tasks": _offers_to_answer(offers, owned)
            + _owners_tasks(mous, owned)
            + _to_sign(request),
            "mous": mous,
            "offers": offers,
            "organisations": [membership.organisation for membership in memberships],
        },
    )


def _offers_to_answer(offers: list[MouOffer], owned: set[int]) -> Tasks:
    return [
        _task(
            _("Accept or decline the offer"),
            reverse("mou:offer", args=[offer.uuid]),
            f"{offer.organisation}, {offer.programme}",
        )
        for offer in offers
        if offer.organisation_id in owned
        and lifecycle.allows(lifecycle.OFFER, "accept", offer.status)
    ]


def _owners_tasks(mous: list[Mou], owned: set[int]) -> Tasks:
    tasks = []
    for mou in mous:
        if mou.organisation_id not in owned:
            continue
        hint = f"{mou.organisation}, {mou.number}"
        if mou.signatory is None and lifecycle.allows(lifecycle.MOU, "name_signatory", mou.status):
            url = reverse("mou:name_signatory", args=[mou.uuid])
            tasks.append(_task(_("Name who signs for the firm"), url, hint))
        elif lifecycle.allows(lifecycle.MOU, "agree", mou.status):
            url = reverse("mou:read", args=[mou.uuid])
            tasks.append(_task(_("Read and accept the text"), url, hint))
    return tasks


def _to_sign(request: PersonRequest) -> Tasks:
    versions = (
        MouVersion.objects.filter(
            status=VersionStatus.SIGNING,
            mou__signatory__user=request.user,
            mou__signatory__ended_at=None,
        )
        .exclude(signatures__party=Party.BUSINESS, signatures__status__in=LIVE)
        .select_related("mou__organisation")
    )
    return [
        _task(
            _("Sign the agreement"),
            reverse("mou:declare", args=[version.mou.uuid]),
            f"{version.mou.organisation}, {version.mou.number}",
        )
        for version in versions
    ]


def _task(text: str, url: str, hint: str) -> dict[str, str]:
    return {"text": text, "url": url, "hint": hint, "status": _("Your turn"), "colour": "yellow"}
