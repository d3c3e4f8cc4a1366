"""The registers' verbs at the desk: one line each, and the one page that asks and acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from portal import lifecycle, permissions, register_forms
from portal.actions import registers
from portal.desk import Verb as Button
from portal.errors import DomainError, NotAllowed
from portal.models import Breach, ProcessingActivity, RightsRequest, User
from portal.requests import PersonRequest


@dataclass(frozen=True)
class Verb:
    """One verb of one register; without a form its button acts at once."""

    model: type[models.Model]
    name: str
    text: Any
    act: Callable[..., Any]
    done: Any
    form: type[forms.Form] | type[forms.ModelForm] | None = None
    title: Any = ""
    # On the list instead of on the page of a record.
    adds: bool = False
    secondary: bool = False

    @property
    def address(self) -> str:
        return f"portal_{self.model._meta.model_name}_{self.name}"

    def may(self, user: User, thing: models.Model | None) -> bool:
        if not permissions.can_keep_registers(user):
            return False
        if isinstance(thing, RightsRequest):
            extended = self.name == "extend" and thing.extended_at is not None
            return thing.status in lifecycle.RIGHTS[self.name] and not extended
        if isinstance(thing, Breach):
            return thing.status in lifecycle.BREACHES[self.name]
        return not isinstance(thing, ProcessingActivity) or thing.ended_at is None


TABLE = (
    Verb(
        RightsRequest,
        "receive",
        _("Enter a request"),
        registers.receive_request,
        _("The request is entered. It is due in a month."),
        register_forms.ReceiveForm,
        _("A request about somebody’s data"),
        adds=True,
    ),
    Verb(
        RightsRequest,
        "identify",
        _("Identity checked"),
        registers.identify_person,
        _("It is kept that the identity was checked."),
        register_forms.IdentifyForm,
    ),
    Verb(
        RightsRequest,
        "decide",
        _("Grant"),
        registers.decide_request,
        _("The decision is kept. Close the request when the answer has gone out."),
        register_forms.DecideForm,
        _("Grant the request"),
    ),
    Verb(
        RightsRequest,
        "refuse",
        _("Refuse"),
        registers.refuse_request,
        _("The refusal is kept. Close the request when the answer has gone out."),
        register_forms.RefuseForm,
        _("Refuse the request"),
        secondary=True,
    ),
    Verb(
        RightsRequest,
        "extend",
        _("Take longer"),
        registers.extend_request,
        _("There are two more months. Tell the person now."),
        register_forms.ExtendForm,
        secondary=True,
    ),
    Verb(
        RightsRequest,
        "contest",
        _("Mark data as contested"),
        registers.contest_data,
        _("The mark is kept."),
        register_forms.ContestForm,
        secondary=True,
    ),
    Verb(
        RightsRequest,
        "close",
        _("The answer has gone out"),
        registers.close_request,
        _("The request is closed."),
    ),
    Verb(
        Breach,
        "record",
        _("Record a breach"),
        registers.record_breach,
        _("The breach is recorded, and the 72 hours run."),
        register_forms.RecordBreachForm,
        _("A breach of personal data"),
        adds=True,
    ),
    Verb(
        Breach,
        "notify",
        _("Authority notified"),
        registers.notify_authority,
        _("It is kept that the authority was told."),
        register_forms.NotifyForm,
    ),
    Verb(
        Breach,
        "find_harmless",
        _("No notification needed"),
        registers.find_harmless,
        _("It is kept why the authority is not told."),
        register_forms.HarmlessForm,
        secondary=True,
    ),
    Verb(
        Breach,
        "tell_people",
        _("People told"),
        registers.tell_people,
        _("It is kept."),
        register_forms.TellPeopleForm,
        secondary=True,
    ),
    Verb(
        Breach,
        "amend",
        _("Add what is known"),
        registers.amend_breach,
        _("It is kept."),
        register_forms.BreachForm,
        secondary=True,
    ),
    Verb(Breach, "close", _("Close"), registers.close_breach, _("The breach is closed.")),
    Verb(
        ProcessingActivity,
        "add_activity",
        _("Add an activity"),
        registers.add_activity,
        _("The activity is in the register."),
        register_forms.AddActivityForm,
        _("A processing activity"),
        adds=True,
    ),
    Verb(
        ProcessingActivity,
        "amend",
        _("Change"),
        registers.change_activity,
        _("The change is kept."),
        register_forms.ChangeActivityForm,
        _("Change this activity"),
    ),
    Verb(
        ProcessingActivity,
        "end",
        _("It has ended"),
        registers.end_activity,
        _("The activity is kept as one that has ended."),
        secondary=True,
    ),
)
ARGUMENT: dict[type[models.Model], str] = {
    RightsRequest: "request",
    Breach: "breach",
    ProcessingActivity: "activity",
}


def of(model: type[models.Model]) -> list[Verb]:
    return [verb for verb in TABLE if verb.model is model]


def urls(model: type[models.Model]) -> list[URLPattern]:
    guard = admin.site.admin_view
    return [
        path(
            f"{verb.name}/" if verb.adds else f"<int:object_id>/{verb.name}/",
            guard(_view(verb)),
            name=verb.address,
        )
        for verb in of(model)
    ]


def buttons(user: User, model: type[models.Model], thing: models.Model | None) -> list[Button]:
    """What this officer may do: with a record, or, without one, above the list."""
    args = [thing.pk] if thing is not None else []
    return [
        {
            "text": verb.text,
            "url": reverse(f"admin:{verb.address}", args=args),
            "link": verb.form is not None,
            "secondary": verb.secondary,
        }
        for verb in of(model)
        if verb.adds == (thing is None) and verb.may(user, thing)
    ]


def _view(verb: Verb) -> Callable[..., HttpResponse]:
    def view(request: PersonRequest, object_id: int | None = None) -> HttpResponse:
        thing = get_object_or_404(verb.model, pk=object_id) if object_id is not None else None
        if not permissions.can_keep_registers(request.user):
            raise Http404
        if verb.form is None:
            return _at_once(request, verb, thing)
        form = _form(request, verb, thing)
        if request.method == "POST" and form.is_valid():
            try:
                return _act(request, verb, thing, **_answers(form))
            except NotAllowed as error:
                raise Http404(str(error)) from error
            except DomainError as error:
                form.add_error(None, str(error))
        elif request.method != "POST" and not verb.may(request.user, thing):
            raise Http404
        return _page(request, verb, thing, form)

    view.__name__ = verb.name
    return view


def _form(request: PersonRequest, verb: Verb, thing: models.Model | None) -> Any:
    assert verb.form is not None  # noqa: S101 - asked before
    told = request.POST if request.method == "POST" else None
    if thing is not None and issubclass(verb.form, forms.ModelForm):
        # A copy: the form fills its instance, and the action compares with what stands.
        return verb.form(told, instance=type(thing)._default_manager.get(pk=thing.pk))
    return verb.form(told)


def _answers(form: Any) -> dict[str, Any]:
    answers: dict[str, Any] = form.cleaned_data
    return answers


def _at_once(request: PersonRequest, verb: Verb, thing: models.Model | None) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return _act(request, verb, thing)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_home(verb.model, thing))


def _act(
    request: PersonRequest, verb: Verb, thing: models.Model | None, **answers: Any
) -> HttpResponse:
    if thing is not None:
        answers[ARGUMENT[verb.model]] = thing
    made = verb.act(by=request.user, **answers)
    messages.success(request, str(verb.done))
    return redirect(_home(verb.model, made))


def _home(model: type[models.Model], thing: models.Model | None) -> str:
    name = f"admin:portal_{model._meta.model_name}"
    if thing is None:
        return reverse(f"{name}_changelist")
    return reverse(f"{name}_change", args=[thing.pk])


def _page(
    request: PersonRequest, verb: Verb, thing: models.Model | None, form: Any
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": verb.title or verb.text,
        "form": form,
        "button": verb.text,
        "back_url": _home(verb.model, thing),
    }
    return render(request, "portal/admin/form.html", context)
