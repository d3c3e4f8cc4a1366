"""Harmless verbs for several reports at once: take them, label them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.desk import DeskAdmin
from portal.errors import DomainError, shows_domain_errors
from portal.models import User
from portal.requests import PersonRequest
from reporting import permissions
from reporting.actions import custody, triage
from reporting.forms.desk import LabelField
from reporting.models import Label, Report

LIST = "admin:reporting_report_changelist"


class LabelEachForm(forms.Form):
    label = LabelField(
        label=gettext_lazy("Label"),
        queryset=Label.objects.filter(retired_at=None).order_by("name"),
        widget=forms.RadioSelect,
        empty_label=None,
    )


def take_each(reports: Iterable[Report], *, by: User) -> tuple[int, int]:
    """How many were taken, and how many somebody else has or nobody may take."""
    done = refused = 0
    for report in reports:
        try:
            custody.take(report=report, by=by)
            done += 1
        except DomainError:
            refused += 1
    return done, refused


def to_labels(reports: Iterable[Report]) -> HttpResponse:
    """To the page that asks which label; the ids go along in the address."""
    ids = ",".join(report.pk.hex for report in reports)
    return redirect(f"{reverse('admin:reporting_report_label_each')}?reports={ids}")


@shows_domain_errors(LIST)
def label_each(request: PersonRequest) -> HttpResponse:
    """One label for all that were ticked."""
    if not permissions.can_list(request.user):
        raise Http404
    reports = list(Report.objects.visible_to(request.user).filter(pk__in=_ids(request)))
    form = LabelEachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        for report in reports:
            triage.label(report=report, by=request.user, label=form.cleaned_data["label"])
        told = ngettext(
            "%(count)d report is labelled.", "%(count)d reports are labelled.", len(reports)
        )
        messages.success(request, told % {"count": len(reports)})
        return redirect(LIST)
    context = {
        **admin.site.each_context(request),
        "title": _("Label reports"),
        "text": ", ".join(report.reference for report in reports),
        "form": form,
        "button": _("Label"),
        "back_url": reverse(LIST),
    }
    return render(request, "portal/admin/form.html", context)


def _ids(request: PersonRequest) -> list[UUID]:
    given = request.GET.get("reports", "").split(",")[: DeskAdmin.list_per_page]
    try:
        return [UUID(one) for one in given if one]
    except (ValueError, ValidationError) as error:
        raise Http404 from error
