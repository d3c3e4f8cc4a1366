"""Opening a report: the reason is asked before anything is shown."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.errors import shows_domain_errors
from portal.keyring import Unlocked
from portal.requests import PersonRequest
from portal.unlocked_views import unlocked_required
from reporting import opening
from reporting.admin_views import access
from reporting.forms.desk import OpenForm


class UnlockedRequest(PersonRequest):
    keys: Unlocked


@shows_domain_errors(access.PAGE)
def open_report(request: PersonRequest, object_id: UUID) -> HttpResponse:
    """Who may not know the report is refused before the passphrase is asked for."""
    access.report_or_404(request, object_id)
    return _open(request, object_id=object_id)


@unlocked_required
def _open(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    report = access.report_or_404(request, object_id)
    form = OpenForm(request.POST or None)
    if request.method == "POST":
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            opening.open_report(report=report, keys=request.keys, by=request.user, reason=reason)
        except opening.NoReason as error:
            form.add_error("reason", str(error))
        else:
            opening.remember(request.session, report)
            return redirect(access.after(request, report))
    return access.ask(
        request,
        report,
        form=form,
        title=_("Open %(reference)s") % {"reference": report.reference},
        subtitle=None,
        text=_(
            "Your name, the time and the reason are recorded. The reason holds for half an hour."
        ),
        button=_("Open the report"),
    )
