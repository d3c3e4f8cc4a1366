"""Measures, joint activities and contacts at the desk."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mou import plan_pages
from mou.agreement_admin_views import PAGE, READERS, get_mou, page_of
from mou.desk_pages import form_page
from mou.models import Mou
from mou.views.plans import all_of, one_of
from portal import sent_files
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest


def _page_of(mou: Mou, part: str) -> str:
    return reverse("admin:mou_mou_plan", args=[mou.pk, part])


@staff_role_required(*READERS)
def plan(request: PersonRequest, object_id: int, part: str) -> HttpResponse:
    """One of the three lists."""
    mou, shown = get_mou(object_id), plan_pages.part_of(part)
    context = {
        **admin.site.each_context(request),
        "title": f"{shown.title}: {mou.number}",
        "back_url": page_of(mou),
        "risks_url": reverse("admin:mou_mou_risks", args=[mou.pk]),
        **plan_pages.context_of(mou, shown, request.user),
    }
    return render(request, "admin/mou/mou/plan.html", context)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def plan_add(request: PersonRequest, object_id: int, part: str) -> HttpResponse:
    mou, shown = get_mou(object_id), plan_pages.part_of(part)
    return plan_pages.add(request, mou, shown, _page_of(mou, part), _ask)


@sent_files.takes_files
@staff_role_required(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
@shows_domain_errors(PAGE)
def plan_step(
    request: PersonRequest, object_id: int, part: str, line: uuids.UUID, verb: str
) -> HttpResponse:
    mou, shown = get_mou(object_id), plan_pages.part_of(part)
    return plan_pages.take_step(request, mou, shown, line, verb, _page_of(mou, part), _ask)


@staff_role_required(*READERS)
def measure_file(
    request: PersonRequest, object_id: int, line: uuids.UUID, file: uuids.UUID
) -> HttpResponse:
    return plan_pages.file_response(get_mou(object_id), line, file, by=request.user)


@staff_role_required(*READERS)
def calendar(request: PersonRequest, object_id: int) -> HttpResponse:
    return all_of(get_mou(object_id))


@staff_role_required(*READERS)
def calendar_one(request: PersonRequest, object_id: int, line: uuids.UUID) -> HttpResponse:
    return one_of(get_mou(object_id), line)


def _ask(request: HttpRequest, mou: Mou, **context: Any) -> HttpResponse:
    return form_page(request, subtitle=mou.number, **context)
