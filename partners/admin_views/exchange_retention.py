"""How long exchanges are kept: the verbs of one, lifting a hold, changing a rule."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import exchange_permissions as permissions
from partners.actions import exchange_keeping
from partners.admin_views.exchange_verb import Verb
from partners.forms.exchange_retention import HoldForm, KeepForm, OutcomeForm, RuleForm
from partners.models import Exchange, ExchangeHold, ExchangeRule
from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.models import User
from portal.requests import PersonRequest
from portal.retention_forms import LiftForm


def _may_hold(user: User, exchange: Exchange) -> bool:
    """One that is held already is held no better."""
    return (
        permissions.can_place_hold(user, exchange)
        and not exchange.holds.filter(lifted_at=None).exists()
    )


VERBS = [
    Verb(
        "record_outcome",
        gettext_lazy("What came of it"),
        permissions.can_record_outcome,
        exchange_keeping.record_outcome,
        gettext_lazy("It is kept as long as that says, counted from today."),
        OutcomeForm,
    ),
    Verb(
        "keep",
        gettext_lazy("Keep it longer"),
        permissions.can_keep,
        exchange_keeping.keep,
        gettext_lazy("It is kept until that day."),
        KeepForm,
    ),
    Verb(
        "review",
        gettext_lazy("Review its retention now"),
        permissions.can_review,
        exchange_keeping.review,
        gettext_lazy("It is under review. Keep it, or it is erased on its day."),
    ),
    Verb(
        "hold",
        gettext_lazy("Place a legal hold"),
        _may_hold,
        exchange_keeping.place_hold,
        gettext_lazy("Nothing of it is erased until another supervisor lifts the hold."),
        HoldForm,
        gettext_lazy("A hold stops every erasure. Another supervisor than you lifts it."),
        button=gettext_lazy("Hold it"),
    ),
]


@shows_domain_errors("admin:partners_exchangehold_change")
def lift(request: PersonRequest, object_id: int) -> HttpResponse:
    """Let an exchange be erased again."""
    hold = get_object_or_404(ExchangeHold.objects.select_related("exchange"), pk=object_id)
    if not permissions.can_lift_hold(request.user, hold):
        raise Http404
    form = LiftForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        exchange_keeping.lift_hold(hold=hold, by=request.user, **form.cleaned_data)
        messages.success(request, _("The hold is lifted."))
        return redirect("admin:partners_exchangehold_change", hold.pk)
    return _page(
        request,
        form,
        title=_("Lift the hold on %(exchange)s") % {"exchange": hold.exchange},
        button=_("Lift"),
        back_url=reverse("admin:partners_exchangehold_change", args=[hold.pk]),
        back_name=hold.exchange,
    )


def change_rule(request: PersonRequest, object_id: int) -> HttpResponse:
    """Another time for one outcome."""
    rule = get_object_or_404(ExchangeRule, pk=object_id)
    if not permissions.can_change_rules(request.user):
        raise Http404
    now = {name: getattr(rule, name) for name in RuleForm.field_order[:-1]}
    form = RuleForm(request.POST or None, initial=now, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            exchange_keeping.change_rule(code=rule.code, by=request.user, **form.cleaned_data)
        except NotAllowed as error:
            raise Http404(str(error)) from error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The rule is changed. It counts from the next run."))
            return redirect("admin:partners_exchangerule_changelist")
    return _page(
        request,
        form,
        title=_("How long: %(rule)s") % {"rule": rule},
        button=_("Change"),
        back_url=reverse("admin:partners_exchangerule_changelist"),
        back_name=_("Retention rules of exchanges"),
        text=_("Months are counted from the day of closing, or of what came of it later."),
    )


def _page(request: PersonRequest, form: forms.Form, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "form": form, **context}
    return render(request, "portal/admin/form.html", context)
