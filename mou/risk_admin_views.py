"""Risks at the desk: assessed, rated, settled, and what of them the firm is shown."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import heat_map, measured_threats
from mou import risk_permissions as permissions
from mou.actions import risks as actions
from mou.agreement_admin_views import READERS, get_mou, page_of
from mou.attempts import attempt, seen_anew
from mou.desk_pages import form_page
from mou.models import Mou, RiskAssessment, RiskRating
from mou.risk_forms import RatingForm, ShareForm
from mou.threats import catalogue
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_mou_risks"
MOST = 20


def _current(mou: Mou) -> RiskAssessment:
    found = mou.assessments.order_by("-pk").first()
    if found is None:
        raise Http404
    found.mou = mou
    return found


@staff_role_required(*READERS)
def risks(request: PersonRequest, object_id: int) -> HttpResponse:
    """The newest assessment as maps and as a table; what was shared; earlier ones below."""
    mou = get_mou(object_id)
    every = list(mou.assessments.select_related("begun_by", "settled_by").order_by("-pk")[:MOST])
    found = every[0] if every else None
    context = {
        **admin.site.each_context(request),
        "title": _("Risks: %(number)s") % {"number": mou.number},
        "mou": mou,
        "assessment": found,
        "earlier": every[1:],
        "may_begin": permissions.can_begin(request.user, mou)
        and (found is None or found.status != "open"),
        "back_url": page_of(mou),
    }
    if found is not None:
        rated = heat_map.of_assessment(found)
        context |= {
            "risks": rated,
            "maps": heat_map.maps(rated, catalogue(found.version)),
            "measures": measured_threats.against(mou),
            "measures_url": reverse("admin:mou_mou_plan", args=[mou.pk, "measures"]),
            "shared": mou.shared_risks.filter(assessment=found).first(),
            "may_rate": permissions.can_rate(request.user, found),
            "may_settle": permissions.can_settle(request.user, found),
            "may_share": permissions.can_share(request.user, found),
        }
    return render(request, "admin/mou/mou/risks.html", context)


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def begin_assessment(request: PersonRequest, object_id: int) -> HttpResponse:
    actions.begin_assessment(mou=get_mou(object_id), by=request.user)
    messages.success(request, _("The threats are rated by the answers. Look at each of them."))
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def rate(request: PersonRequest, object_id: int, rating_id: int) -> HttpResponse:
    """One threat: likelihood, impact, what is left, and why."""
    mou = get_mou(object_id)
    found = _current(mou)
    rating = get_object_or_404(RiskRating, assessment=found, pk=rating_id)
    if request.method != "POST" and not permissions.can_rate(request.user, found):
        raise Http404
    initial = {
        name: getattr(rating, name)
        for name in ("likelihood", "impact", "override", "reason", "revision")
    }
    form = RatingForm(request.POST or None, initial=initial)
    if request.method == "POST" and attempt(form, actions.rate, rating=rating, by=request.user):
        messages.success(request, _("The threat is rated."))
        return redirect(PAGE, mou.pk)
    seen_anew(form, revision=rating.revision)
    threat = catalogue(found.version).threats[rating.threat]
    return form_page(
        request,
        form=form,
        title=_(threat.title),
        text=_(threat.about),
        button=_("Rate"),
        back_url=reverse(PAGE, args=[mou.pk]),
        back_name=_("Risks"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def settle_risks(request: PersonRequest, object_id: int) -> HttpResponse:
    actions.settle(assessment=_current(get_mou(object_id)), by=request.user)
    messages.success(request, _("The assessment is settled. You may share what the firm needs."))
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def share_risks(request: PersonRequest, object_id: int) -> HttpResponse:
    """Choose what the firm is shown."""
    mou = get_mou(object_id)
    found = _current(mou)
    if request.method != "POST" and not permissions.can_share(request.user, found):
        raise Http404
    form = ShareForm(request.POST or None, risks=heat_map.of_assessment(found))
    if request.method == "POST" and attempt(form, actions.share, assessment=found, by=request.user):
        messages.success(request, _("The firm can read it. Its owners are told by e-mail."))
        return redirect(PAGE, mou.pk)
    return form_page(
        request,
        form=form,
        title=_("Share risks with the firm"),
        text=_(
            "The firm sees title, likelihood, impact and what is left of each threat that you "
            "choose. It cannot be taken back."
        ),
        button=_("Share"),
        back_url=reverse(PAGE, args=[mou.pk]),
        back_name=_("Risks"),
    )
