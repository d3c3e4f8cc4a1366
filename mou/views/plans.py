"""Measures, joint activities and contacts on the firm's pages."""

from __future__ import annotations

import uuid as uuids

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import calendar_file, plan_pages
from mou.models import Activity, Mou
from mou.views.agreements import get_agreement
from portal import sent_files
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

MOST = 500


def _page_of(mou: Mou, part: str) -> str:
    return reverse("mou:plan", args=[mou.uuid, part])


def plan(request: PersonRequest, uuid: uuids.UUID, part: str) -> HttpResponse:
    """One of the three lists, and what the reader may do with each line."""
    mou, shown = get_agreement(request, uuid), plan_pages.part_of(part)
    context = {
        "risks_url": reverse("mou:risks", args=[mou.uuid]),
        **plan_pages.context_of(mou, shown, request.user),
    }
    return render(request, "mou/plan.html", context)


@shows_domain_errors("mou:agreement")
def plan_add(request: PersonRequest, uuid: uuids.UUID, part: str) -> HttpResponse:
    mou, shown = get_agreement(request, uuid), plan_pages.part_of(part)
    return plan_pages.add(request, mou, shown, _page_of(mou, part), _ask)


@sent_files.takes_files
@shows_domain_errors("mou:agreement")
def plan_step(
    request: PersonRequest, uuid: uuids.UUID, part: str, line: uuids.UUID, verb: str
) -> HttpResponse:
    mou, shown = get_agreement(request, uuid), plan_pages.part_of(part)
    return plan_pages.take_step(request, mou, shown, line, verb, _page_of(mou, part), _ask)


def measure_file(
    request: PersonRequest, uuid: uuids.UUID, line: uuids.UUID, file: uuids.UUID
) -> HttpResponse:
    mou = get_agreement(request, uuid)
    return plan_pages.file_response(mou, line, file, by=request.user)


def calendar(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """All joint activities of the agreement, for a calendar."""
    return all_of(get_agreement(request, uuid))


def calendar_one(request: PersonRequest, uuid: uuids.UUID, line: uuids.UUID) -> HttpResponse:
    return one_of(get_agreement(request, uuid), line)


def all_of(mou: Mou) -> HttpResponse:
    found = Activity.objects.filter(mou=mou).select_related("mou").order_by("-starts_at")[:MOST]
    return calendar_file.attachment(found, f"{mou.number}.ics")


def one_of(mou: Mou, line: uuids.UUID) -> HttpResponse:
    found = get_object_or_404(Activity.objects.select_related("mou"), mou=mou, uuid=line)
    return calendar_file.attachment([found], f"{mou.number}-{found.starts_at:%Y-%m-%d}.ics")


def _ask(request: HttpRequest, mou: Mou, **context: object) -> HttpResponse:
    rows = [
        {"key": _("Agreement"), "value": mou.number},
        {"key": _("Firm"), "value": mou.organisation.legal_name},
    ]
    return render(request, "portal/confirm.html", {"rows": rows, **context})
