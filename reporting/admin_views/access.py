"""The way to a report at the desk: who may know it, who has given a reason, who is unlocked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from portal import keyring, rescue
from portal.keyring import Locked, Unlocked
from portal.requests import PersonRequest
from reporting import opening, permissions
from reporting.models import Report

PAGE = "admin:reporting_report_change"


def report_or_404(request: PersonRequest, object_id: UUID | str) -> Report:
    """The report, if this officer may know it; that anybody else tried is recorded."""
    known = Report.objects.select_related("assigned_to", "merged_into")
    try:
        report = known.filter(pk=object_id).first()
    except (ValidationError, ValueError) as error:
        raise Http404 from error
    if report is None:
        raise Http404
    if not permissions.can_see(request.user, report):
        listed = permissions.can_list(request.user)
        opening.refuse(report, request.user, why="conflict" if listed else "right")
        raise Http404
    return report


def keys_for(request: PersonRequest, report: Report) -> Unlocked | None:
    """The officer's keys, when the desk is unlocked and the reason was given."""
    if not permissions.can_open(request.user, report):
        return None
    if not opening.is_remembered(request.session, report):
        return None
    try:
        return keyring.current(request)
    except Locked:
        return None


def to_opening(request: PersonRequest, report: Report) -> HttpResponse:
    """To the question why, and back here; a form that was sent too late waits as it was typed."""
    url = reverse("admin:reporting_report_open", args=[report.pk])
    if rescue.may_rescue(request):
        return rescue.page(request, rescue.CLOSED, url)
    if request.method != "GET":
        return redirect(url)
    return redirect(f"{url}?{urlencode({'next': request.get_full_path()})}")


def page_of(report: Report) -> str:
    return reverse(PAGE, args=[report.pk])


def after(request: PersonRequest, report: Report) -> str:
    """Where the officer wanted to go; never off this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return page_of(report)


def ask(
    request: PersonRequest,
    report: Report,
    template: str = "portal/admin/form.html",
    **context: Any,
) -> HttpResponse:
    """A page that asks something about a report."""
    context = {
        **admin.site.each_context(request),
        "subtitle": report.reference,
        "back_url": page_of(report),
        "back_name": report.reference,
        "report": report,
        **context,
    }
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
