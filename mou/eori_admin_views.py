"""What officers do to know whether a firm's EORI number exists."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou.actions import eori_checks
from mou.attempts import attempt
from mou.desk_forms import EoriCheckForm
from mou.desk_pages import form_page
from mou.models import TrustStatus
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_truststatus_change"


def _get(object_id: int) -> TrustStatus:
    return get_object_or_404(TrustStatus.objects.select_related("organisation"), pk=object_id)


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def check(request: PersonRequest, object_id: int) -> HttpResponse:
    """A worker asks the Commission's service."""
    status = _get(object_id)
    eori_checks.request_check(organisation=status.organisation, by=request.user)
    messages.success(request, _("The service is being asked. Reload the page in a moment."))
    return redirect(PAGE, status.pk)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def record(request: PersonRequest, object_id: int) -> HttpResponse:
    """An officer looked the number up."""
    status = _get(object_id)
    form = EoriCheckForm(request.POST or None)
    known = {"organisation": status.organisation, "by": request.user}
    if request.method == "POST" and attempt(form, eori_checks.record_check, **known):
        messages.success(request, _("The check is recorded."))
        return redirect(PAGE, status.pk)
    return form_page(
        request,
        title=_("Check of the EORI number %(eori)s") % {"eori": status.organisation.eori},
        text=_(
            "Look up the number of %(firm)s on the Commission’s page, or ask the customs authority "
            "that gave it out, and record what came out. Your name and the time are kept with it."
        )
        % {"firm": status.organisation.legal_name},
        form=form,
        button=_("Record"),
        back_url=reverse(PAGE, args=[status.pk]),
        back_name=status.number,
    )
