"""The survey at the desk: read whole, questions given back, accepted."""

from __future__ import annotations

import uuid as uuids

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import answers as reading
from mou import flow_map
from mou import survey_permissions as permissions
from mou.actions import surveys
from mou.agreement_admin_views import READERS, get_mou, page_of
from mou.models import Answer, AnswerFile, FlowSurvey
from mou.questionnaire import questionnaire
from mou.views.surveys import file_response
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_mou_survey"
REMARK = "remark_"


def _survey(object_id: int) -> FlowSurvey:
    found = surveys.current(get_mou(object_id))
    if found is None:
        raise Http404
    return found


@staff_role_required(*READERS)
def survey(request: PersonRequest, object_id: int) -> HttpResponse:
    """Every answer, what it was before, files, and the map."""
    mou = get_mou(object_id)
    found = surveys.current(mou)
    context = {
        **admin.site.each_context(request),
        "title": _("Survey of flows: %(number)s") % {"number": mou.number},
        "mou": mou,
        "survey": found,
        "back_url": page_of(mou),
    }
    if found is not None:
        asked = questionnaire(found.version)
        known = {one.code: one for one in found.answers.all()}
        before = None
        if found.previous_id:
            before = {one.code: one for one in Answer.objects.filter(survey=found.previous_id)}
        context |= {
            "sections": [
                (one, reading.shown(asked, one.questions, known, before)) for one in asked.sections
            ],
            "compared": before is not None,
            "files": list(found.files.order_by("pk")),
            "map": flow_map.draw(known),
            "may_return": permissions.can_return(request.user, found),
            "may_accept": permissions.can_accept(request.user, found),
            "covered": sorted(reading.flows_covered(asked, known)),
        }
    return render(request, "admin/mou/mou/survey.html", context)


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def return_questions(request: PersonRequest, object_id: int) -> HttpResponse:
    """Give the questions back beside which a remark was written."""
    remarks = {
        name.removeprefix(REMARK): str(request.POST[name])[:2000]
        for name in request.POST
        if name.startswith(REMARK)
    }
    surveys.return_questions(survey=_survey(object_id), remarks=remarks, by=request.user)
    messages.success(request, _("The questions are open again. The firm is told by e-mail."))
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def accept_survey(request: PersonRequest, object_id: int) -> HttpResponse:
    surveys.accept_survey(survey=_survey(object_id), by=request.user)
    messages.success(request, _("The survey is accepted. The text can rest on it."))
    return redirect(reverse(PAGE, args=[object_id]))


@staff_role_required(*READERS)
def survey_file(request: PersonRequest, object_id: int, file: uuids.UUID) -> HttpResponse:
    mou = get_mou(object_id)
    kept = get_object_or_404(AnswerFile, survey__mou=mou, uuid=file)
    return file_response(kept, mou, by=request.user)
