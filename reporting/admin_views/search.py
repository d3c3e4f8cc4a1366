"""Searching at the desk: by exact identifier at once, in what was told slice by slice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.errors import shows_domain_errors
from portal.requests import PersonRequest
from portal.unlocked_views import unlocked_required
from reporting import links, periods, permissions, scanning
from reporting.admin_views import access
from reporting.admin_views.open import UnlockedRequest
from reporting.forms.finding import IdentifierForm, TextForm
from reporting.models import Kind, Report
from reporting.scanning import Hit, Slice

LIST = "admin:reporting_report_changelist"
# Who finds more than this searches for something narrower.
MOST_HITS = 200


@dataclass
class Progress:
    """A search between two slices: nothing of it is kept here, it travels with the page."""

    hits: list[Hit] = field(default_factory=list)
    looked: int = 0
    slice: Slice = field(default_factory=Slice)

    @property
    def finished(self) -> bool:
        return self.slice.after is None or self.is_full

    @property
    def is_full(self) -> bool:
        return len(self.hits) >= MOST_HITS

    @property
    def percent(self) -> int:
        return 100 if self.slice.after is None else min(99, int(self.slice.done * 100))

    @property
    def back_to(self) -> Any:
        return periods.moment_of(self.slice.after) if self.slice.after else None

    @property
    def carried(self) -> list[str]:
        return [f"{hit.report.pk.hex}:{'-'.join(hit.kinds)}" for hit in self.hits]


@shows_domain_errors("admin:reporting_report_look_up")
@unlocked_required
def look_up(request: UnlockedRequest) -> HttpResponse:
    """Reports with exactly this container, plate, EORI …"""
    if not permissions.can_search(request.user):
        raise Http404
    form, found = IdentifierForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        found = links.find(keys=request.keys, by=request.user, **form.cleaned_data)
    return _page(
        request,
        "admin/reporting/look_up.html",
        title=_("Find by identifier"),
        text=_("Reports are found that were opened once, in which exactly this number stands."),
        form=form,
        button=_("Search"),
        found=found,
    )


@shows_domain_errors(access.PAGE)
def compare(request: PersonRequest, object_id: UUID) -> HttpResponse:
    """Other reports that share an identifier with this one."""
    report = access.report_or_404(request, object_id)
    keys = access.keys_for(request, report)
    if keys is None:
        return access.to_opening(request, report)
    return access.ask(
        request,
        report,
        "admin/reporting/compare.html",
        title=_("Other reports like %(reference)s") % {"reference": report.reference},
        found=links.others(report, keys, request.user),
    )


@shows_domain_errors("admin:reporting_report_scan")
@unlocked_required
def scan(request: UnlockedRequest) -> HttpResponse:
    """One slice of a search in what was told; the page goes on with the next."""
    if not permissions.can_search(request.user):
        raise Http404
    form, progress = TextForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        progress = _next_slice(request, form)
    return _page(
        request,
        "admin/reporting/scan.html",
        title=_("Search in the reports"),
        text=_(
            "Every report that you may know is opened here and looked through, the newest first. "
            "What you look for is kept nowhere; each report in which it is found is recorded as "
            "consulted by you."
        ),
        form=form,
        button=_("Search"),
        progress=progress,
    )


def _next_slice(request: UnlockedRequest, form: TextForm) -> Progress:
    told = form.cleaned_data
    found = scanning.scan(
        text=told["text"],
        choice=form.choice,
        keys=request.keys,
        by=request.user,
        reason=told["reason"],
        after=told["after"],
    )
    before = _carried(request) if told["after"] else []
    looked = (told["looked"] or 0) if told["after"] else 0
    return Progress([*before, *found.hits], looked + found.looked, found)


def _carried(request: UnlockedRequest) -> list[Hit]:
    """What earlier slices found came back with the page; it is asked again who may know it."""
    told = dict(one.partition(":")[::2] for one in request.POST.getlist("hit")[:MOST_HITS])
    try:
        ids = {UUID(hex_): kinds.split("-") for hex_, kinds in told.items()}
    except ValueError as error:
        raise Http404 from error
    known = Report.objects.visible_to(request.user).filter(pk__in=ids).order_by("-id")
    return [
        Hit(report, [Kind(kind) for kind in ids[report.pk] if kind in Kind.values])
        for report in known
    ]


def _page(request: UnlockedRequest, template: str, **context: Any) -> HttpResponse:
    context |= {**admin.site.each_context(request), "back_url": reverse(LIST)}
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response
