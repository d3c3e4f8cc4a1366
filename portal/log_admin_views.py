"""The reader of the access log at the desk: asks the reason first, and records each reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import access_log, audit, permissions, spreadsheets
from portal.access_log import Question
from portal.models import AuditEvent
from portal.models.audit import AuditKind
from portal.register_forms import ReasonForm
from portal.requests import PersonRequest

# A reason that was given holds for so long; the session keeps the number of its event only.
LASTS = timedelta(minutes=30)
SESSION = "log_reading"
LIST = "admin:portal_auditevent_changelist"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class QuestionForm(forms.Form):
    """What to look for; everything may stay empty."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("", gettext_lazy("All")), *AuditKind.choices],
        required=False,
    )
    event = forms.CharField(
        label=gettext_lazy("What happened, in the record’s word"), max_length=60, required=False
    )
    actor = forms.CharField(
        label=gettext_lazy("Who: a name, an address, or system"), max_length=100, required=False
    )
    target_type = forms.ChoiceField(label=gettext_lazy("About what"), required=False)
    target = forms.CharField(label=gettext_lazy("Its number"), max_length=60, required=False)
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["target_type"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - made above
        choice.choices = [("", _("Anything")), *access_log.target_choices()]


def read(request: PersonRequest) -> HttpResponse:
    """The list, once a reason was given."""
    if not permissions.can_read_log(request.user):
        raise Http404
    reason = _reason(request)
    if not reason:
        return _ask(request)
    form = QuestionForm(request.GET)
    question = Question(**form.cleaned_data) if form.is_valid() else Question()
    _record(request, reason, question)
    before, after = _number(request, "before"), _number(request, "after")
    page = access_log.page(question, before=before, after=after)
    context = {
        **admin.site.each_context(request),
        "title": _("Access log"),
        "form": form,
        "page": page,
        "newer": _address(request, after=page.newer),
        "older": _address(request, before=page.older),
        "reason": reason,
        "query": _query(request),
        "exported": access_log.EXPORTED,
    }
    return render(request, "portal/admin/log.html", context)


def _ask(request: PersonRequest) -> HttpResponse:
    """Without a reason nothing of it is shown."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = audit.consult(
            target=request.user,
            by=request.user,
            reason=form.cleaned_data["reason"],
            event="audit_opened",
        )
        request.session[SESSION] = [event.pk, timezone.now().isoformat()]
        return redirect(f"{reverse(LIST)}{_query(request)}")
    context = {
        **admin.site.each_context(request),
        "title": _("Access log"),
        "form": form,
        "button": _("Read the record"),
        "back_url": reverse("admin:index"),
    }
    return render(request, "portal/admin/form.html", context)


@require_POST
def export(request: PersonRequest) -> HttpResponse:
    """The answer as a file, for a reason of its own."""
    if not permissions.can_read_log(request.user):
        raise Http404
    form, why = QuestionForm(request.GET), ReasonForm(request.POST)
    back = f"{reverse(LIST)}{_query(request)}"
    if not form.is_valid() or not why.is_valid():
        messages.error(request, _("Give the reason for which you take a copy."))
        return redirect(back)
    question = Question(**form.cleaned_data)
    rows = access_log.table(question)
    audit.record(
        "audit_exported",
        target=request.user,
        by=request.user,
        kind=AuditKind.DISCLOSURE,
        reason=" ".join(why.cleaned_data["reason"].split()),
        events=len(rows) - 1,
        asked=question.facts,
    )
    return spreadsheets.attachment(rows, "access-log.csv")


def _reason(request: PersonRequest) -> str:
    """The reason of this reading, when it was given a short while ago."""
    if request.method == "POST" or SESSION not in request.session:
        return ""
    number, since = request.session[SESSION]
    if timezone.now() - datetime.fromisoformat(since) > LASTS:
        return ""
    event = AuditEvent.objects.filter(pk=number, actor=f"user:{request.user.pk}").first()
    return event.reason if event is not None else ""


def _record(request: PersonRequest, reason: str, question: Question) -> None:
    audit.record(
        "audit_consulted",
        target=request.user,
        by=request.user,
        kind=AuditKind.CONSULTATION,
        reason=reason,
        asked=question.facts,
    )


def _number(request: PersonRequest, name: str) -> int | None:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdigit() and len(typed) < 19 else None


def _query(request: PersonRequest) -> str:
    """The question in the address, without the place in the list."""
    params = request.GET.copy()
    for name in ("before", "after"):
        params.pop(name, None)
    return f"?{params.urlencode()}" if params else ""


def _address(request: PersonRequest, **place: int | None) -> str:
    """The next page of the same question; nothing where there is none."""
    ((name, number),) = place.items()
    if number is None:
        return ""
    query = _query(request)
    return f"{query}{'&' if query else '?'}{name}={number}"
