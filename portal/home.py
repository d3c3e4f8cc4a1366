"""Where a person begins after signing in; wiring, so it may know every app's front page."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from portal.models import Membership, Organisation
from portal.models.organisations import MembershipRole
from portal.requests import PersonRequest
from reporting import passes

# Whoever may bind the firm may know what was reported on its behalf.
SEE_REPORTS = (MembershipRole.OWNER, MembershipRole.SIGNATORY)


def start(request: PersonRequest) -> HttpResponse:
    """Staff begin at their desk, a firm's people at their agreements."""
    if request.user.is_staff and "office" in settings.FACES:
        return redirect("admin:index")
    return redirect("mou_home" if "site" in settings.FACES else "home")


def report(request: PersonRequest) -> HttpResponse:
    """From a firm's pages to intake, which knows nobody: by a pass that is good for one use."""
    members = request.user.memberships.live().select_related("organisation")
    memberships = {str(one.organisation.uuid): one for one in members}
    if not memberships:
        raise Http404
    if request.method != "POST":
        firms = [{"firm": one.organisation, "sees": _sees(one)} for one in memberships.values()]
        return render(request, "reporting/partner_start.html", {"firms": firms})
    chosen = memberships.get(request.POST.get("organisation", ""))
    capacity = request.POST.get("capacity", "")
    if chosen is None or capacity not in passes.CAPACITIES:
        raise Http404
    if capacity == passes.OURS and not _sees(chosen):
        raise Http404
    token = _issued(chosen.organisation, capacity)
    told = {"token": token, "firm": chosen.organisation, "capacity": capacity}
    response = render(request, "reporting/partner_pass.html", told)
    response["Cache-Control"] = "no-store"
    return response


def _sees(membership: Membership) -> bool:
    return membership.role in SEE_REPORTS


def _issued(firm: Organisation, capacity: str) -> str:
    in_force = firm.standings.filter(in_force=True).exists()
    return passes.issue(
        organisation=firm, capacity=capacity, in_force=in_force, language=get_language() or "en"
    )
