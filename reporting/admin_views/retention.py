"""Retention at the desk: the verbs of a report, lifting a hold, changing a rule."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.models import User
from portal.requests import PersonRequest
from portal.retention_forms import LiftForm, RuleForm
from reporting import permissions
from reporting.actions import retention
from reporting.admin_views.table import VERBS, Verb
from reporting.forms.retention import HoldForm, KeepForm
from reporting.models import LegalHold, Report, RetentionRule


def _may_hold(user: User, report: Report) -> bool:
    """One that is held already is held no better."""
    return (
        permissions.can_place_hold(user, report)
        and not report.holds.filter(lifted_at=None).exists()
    )


_TABLE = (
    Verb(
        "review",
        gettext_lazy("Review its retention now"),
        permissions.can_review,
        retention.review,
        gettext_lazy("It is under review. Keep it, or it is erased on its day."),
        "retention",
    ),
    Verb(
        "keep",
        gettext_lazy("Keep it longer"),
        permissions.can_keep,
        retention.keep,
        gettext_lazy("It is kept until that day."),
        "retention",
        form=KeepForm,
        title=gettext_lazy("Keep this report longer"),
        button=gettext_lazy("Keep"),
    ),
    Verb(
        "hold",
        gettext_lazy("Place a legal hold"),
        _may_hold,
        retention.place_hold,
        gettext_lazy("Nothing of it is erased until another supervisor lifts the hold."),
        "retention",
        form=HoldForm,
        title=gettext_lazy("Hold this report"),
        lead=gettext_lazy(
            "A hold stops every erasure, who reported included. Another supervisor than you "
            "lifts it."
        ),
        button=gettext_lazy("Hold"),
    ),
)
VERBS.update({verb.name: verb for verb in _TABLE})


@shows_domain_errors("admin:reporting_legalhold_change")
def lift(request: PersonRequest, object_id: int) -> HttpResponse:
    """Let a report be erased again."""
    hold = get_object_or_404(LegalHold.objects.select_related("report"), pk=object_id)
    if not permissions.can_lift_hold(request.user, hold):
        raise Http404
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        retention.lift_hold(hold=hold, by=request.user, **form.cleaned_data)
        messages.success(request, _("The hold is lifted."))
        return redirect("admin:reporting_legalhold_change", hold.pk)
    return _page(
        request,
        form,
        title=_("Lift the hold on %(report)s") % {"report": hold.report},
        button=_("Lift"),
        back_url=reverse("admin:reporting_legalhold_change", args=[hold.pk]),
    )


def change_rule(request: PersonRequest, object_id: int) -> HttpResponse:
    """Another time for one group of reports."""
    rule = get_object_or_404(RetentionRule, pk=object_id)
    if not permissions.can_change_rules(request.user):
        raise Http404
    now = {"review_months": rule.review_months, "erase_months": rule.erase_months}
    form = RuleForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            retention.change_rule(code=rule.code, by=request.user, **form.cleaned_data)
        except NotAllowed as error:
            raise Http404(str(error)) from error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The rule is changed. It counts from the next run."))
            return redirect("admin:reporting_retentionrule_changelist")
    return _page(
        request,
        form,
        title=_("How long: %(rule)s") % {"rule": rule},
        button=_("Change"),
        back_url=reverse("admin:reporting_retentionrule_changelist"),
        text=_("Months are counted from the last thing that happened to a report."),
    )


def _page(request: PersonRequest, form: LiftForm | RuleForm, **context: object) -> HttpResponse:
    context = {**admin.site.each_context(request), "form": form, **context}
    return render(request, "portal/admin/form.html", context)
