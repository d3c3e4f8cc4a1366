"""Exports at the desk: one report as sealed ZIP or PDF, several when two people agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.actions.keys.custody import new_passphrase
from portal.errors import DomainError, shows_domain_errors
from portal.handling import LIMITS
from portal.keyring import Unlocked
from portal.models import User
from portal.requests import PersonRequest
from portal.unlocked_views import unlocked_required
from reporting import content as contents
from reporting import copies, documents, dossier, opening, permissions, reading
from reporting import exports as sealing
from reporting.actions import exports
from reporting.admin_views import access
from reporting.admin_views.open import UnlockedRequest
from reporting.exports import Head, Item
from reporting.forms.handing import PDF, ExportForm, HandingForm, WhyForm
from reporting.models import ExportRequest, Report
from reporting.opening import Opened

REQUEST = "admin:reporting_exportrequest_change"
LIST = "admin:reporting_report_changelist"
# Between showing the passphrase and taking the file.
SECONDS = 15 * 60
_SALT = "reporting.export"


@shows_domain_errors(access.PAGE)
@unlocked_required
def export(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    """What, to whom, why; the PDF comes at once, the ZIP after its passphrase was shown."""
    report = access.report_or_404(request, object_id)
    if not permissions.can_export(request.user, report):
        raise Http404
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["form"] == PDF:
            return _pdf(request, report, form)
        return _passphrase(
            request,
            target=str(report.pk),
            hidden=form,
            action=reverse("admin:reporting_report_export_sealed", args=[report.pk]),
            back_url=access.page_of(report),
        )
    return access.ask(
        request,
        report,
        form=form,
        title=_("Export %(reference)s") % {"reference": report.reference},
        text=_limits(report),
        button=_("Continue"),
    )


@require_POST
@shows_domain_errors(access.PAGE)
@unlocked_required
def export_sealed(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    """The ZIP under the passphrase that was shown; neither is kept."""
    report = access.report_or_404(request, object_id)
    form = ExportForm(request.POST)
    if not form.is_valid():
        raise Http404
    passphrase = _shown(request, str(report.pk))
    told = form.told
    opened = exports.export(report=report, keys=request.keys, by=request.user, form="zip", **told)
    items = copies.items(
        report,
        opened,
        request.keys,
        sanitised=told["sanitised"],
        with_files=told["with_files"],
    )
    return _zip([report], items, passphrase, request.user)


def _pdf(request: UnlockedRequest, report: Report, form: ExportForm) -> HttpResponse:
    told = form.told | {"with_files": False}
    opened = exports.export(report=report, keys=request.keys, by=request.user, form="pdf", **told)
    pdf = documents.render(printed(report, opened, request.user, told))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{report.reference}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def printed(report: Report, opened: Opened, by: User, told: dict[str, Any]) -> dict[str, Any]:
    """All that stands in the PDF."""
    return {
        "report": report,
        "issuer": settings.BRAND["name"],
        "limits": str(LIMITS[report.handling]),
        "made_at": timezone.localtime(),
        "recipient": told["recipient"],
        "is_sanitised": told["sanitised"],
        **dossier.facts(report, by),
        **reading.laid_out(opened),
        "all_sections": contents.sections(opened.content),
    }


# --- Several: two people --------------------------------------------------------------------


@shows_domain_errors(LIST)
def request_export(request: PersonRequest) -> HttpResponse:
    """Ask for those that were ticked in the list."""
    if not permissions.can_request_export(request.user):
        raise Http404
    reports = list(Report.objects.visible_to(request.user).filter(pk__in=_ids(request)))
    form = HandingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = exports.request_export(reports=reports, by=request.user, **form.told)
        messages.success(request, _("Your request waits for a supervisor."))
        return redirect(REQUEST, asked.pk)
    return _ask(
        request,
        form=form,
        title=_("Export several reports"),
        text=_("A supervisor has to approve. These reports: %(references)s")
        % {"references": ", ".join(report.reference for report in reports)},
        button=_("Send the request"),
        back_url=reverse(LIST),
    )


def to_request(reports: Iterable[Report]) -> HttpResponse:
    """To the page that asks; the ids go along in the address."""
    ids = ",".join(report.pk.hex for report in reports)
    return redirect(f"{reverse('admin:reporting_report_request_export')}?reports={ids}")


@require_POST
@shows_domain_errors(REQUEST)
@unlocked_required
def approve_export(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    asked = get_object_or_404(ExportRequest, pk=object_id)
    exports.approve_export(request=asked, keys=request.keys, by=request.user)
    messages.success(request, _("Approved. Whoever asked can make the export within 24 hours."))
    return redirect(REQUEST, asked.pk)


@shows_domain_errors(REQUEST)
def refuse_export(request: PersonRequest, object_id: UUID) -> HttpResponse:
    asked = get_object_or_404(ExportRequest, pk=object_id)
    if not permissions.can_refuse_export(request.user, asked):
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        exports.refuse_export(request=asked, by=request.user, **form.cleaned_data)
        messages.success(request, _("Nothing is exported."))
        return redirect(REQUEST, asked.pk)
    back = reverse(REQUEST, args=[asked.pk])
    return _ask(request, form=form, title=_("Refuse it"), button=_("Refuse"), back_url=back)


@shows_domain_errors(REQUEST)
@unlocked_required
def make_export(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    """First the passphrase; then, once, the ZIP of all that was approved."""
    asked = get_object_or_404(ExportRequest, pk=object_id)
    if not permissions.can_make_export(request.user, asked):
        raise Http404
    if "shown" not in request.POST:
        address = reverse("admin:reporting_exportrequest_make_export", args=[asked.pk])
        back = reverse(REQUEST, args=[asked.pk])
        return _passphrase(request, target=str(asked.pk), action=address, back_url=back)
    passphrase = _shown(request, str(asked.pk))
    reports = exports.make_export(request=asked, keys=request.keys, by=request.user)
    return _zip(
        reports, _each(asked, reports, request.keys, request.user), passphrase, request.user
    )


def _each(asked: ExportRequest, reports: list[Report], keys: Unlocked, by: User) -> Iterator[Item]:
    """Report by report, each opened and recorded when its turn comes."""
    for report in reports:
        opened = opening.open_report(report=report, keys=keys, by=by, reason=asked.reason)
        how = {"sanitised": asked.sanitised, "with_files": asked.with_files}
        yield from copies.items(report, opened, keys, **how)


# --- Parts ----------------------------------------------------------------------------------


def _zip(reports: list[Report], items: Iterable[Item], passphrase: str, by: User) -> HttpResponse:
    now, (handling, limits) = timezone.localtime(), copies.limits(reports)
    references = [report.reference for report in reports]
    head = Head(f"user:{by.pk}", now, handling, limits, references)
    response = StreamingHttpResponse(
        sealing.sealed_zip(items, head, passphrase), content_type="application/zip"
    )
    name = references[0] if len(references) == 1 else f"reports-{now:%Y%m%d-%H%M}"
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response["Cache-Control"] = "no-store"
    return cast(HttpResponse, response)  # no subclass, but views are given either


def _passphrase(
    request: UnlockedRequest,
    *,
    target: str,
    action: str,
    back_url: str,
    hidden: HandingForm | None = None,
) -> HttpResponse:
    """Shown once. It comes back with the next request and is stored nowhere in between."""
    passphrase = new_passphrase()
    context = {
        "title": _("Passphrase of the export"),
        "passphrase": passphrase,
        "shown": signing.dumps([request.user.pk, target, passphrase], salt=_SALT),
        "hidden": hidden,
        "action": action,
        "back_url": back_url,
    }
    return _ask(request, "admin/reporting/export_passphrase.html", **context)


def _shown(request: UnlockedRequest, target: str) -> str:
    """The passphrase that this officer was shown for this, not long ago."""
    try:
        told = signing.loads(request.POST.get("shown", ""), salt=_SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise DomainError(_("The passphrase was shown too long ago. Begin again.")) from error
    user_id, for_target, passphrase = told
    if (user_id, for_target) != (request.user.pk, target):
        raise Http404
    return str(passphrase)


def _limits(report: Report) -> str:
    consent = ""
    if report.handling == "H2" and report.consent_at is None:
        consent = _("The source has not agreed that it is passed on.")
    return f"{report.get_handling_display()}. {LIMITS[report.handling]} {consent}".strip()


def _ids(request: PersonRequest) -> list[UUID]:
    given = request.GET.get("reports", "").split(",")[: exports.MOST]
    try:
        return [UUID(one) for one in given if one]
    except ValueError as error:
        raise Http404 from error


def _ask(
    request: PersonRequest, template: str = "portal/admin/form.html", **context: Any
) -> HttpResponse:
    response = render(request, template, {**admin.site.each_context(request), **context})
    response["Cache-Control"] = "no-store"
    return response
