"""The one page that asks and acts for a verb of the liaison desk's tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from partners.actions.keeping import EditedMeanwhile
from partners.admin_views import meanwhile
from portal.desk import Verb as Button
from portal.errors import DomainError, NotAllowed
from portal.models import User
from portal.requests import PersonRequest


@dataclass(frozen=True)
class Verb:
    """One verb of one table; without a form its button acts at once."""

    model: type[models.Model]
    name: str
    text: Any
    may: Callable[..., bool]
    act: Callable[..., Any]
    done: Any
    form: type[forms.Form] | None = None
    # The form offers only what this officer may know of, and so is told who asks.
    by_reader: bool = False
    title: Any = ""
    lead: Any = ""
    # On the list instead of on the page of a record.
    adds: bool = False
    secondary: bool = False
    danger: bool = False
    # What the action calls the record.
    argument: str = ""
    # The record whose page the reader comes back to.
    home: Callable[[Any], models.Model] = lambda thing: thing

    @property
    def address(self) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}_{self.name}"


def urls(verbs: list[Verb]) -> list[URLPattern]:
    guard = admin.site.admin_view
    return [
        path(
            f"{verb.name}/" if verb.adds else f"<int:object_id>/{verb.name}/",
            guard(view_of(verb)),
            name=verb.address,
        )
        for verb in verbs
    ]


def buttons(verbs: list[Verb], user: User, thing: models.Model | None) -> list[Button]:
    """What this officer may do: with a record, or, without one, above the list."""
    given = [thing] if thing is not None else []
    return [
        {
            "text": verb.text,
            "url": reverse(f"admin:{verb.address}", args=[one.pk for one in given]),
            "link": verb.form is not None,
            "secondary": verb.secondary,
            "danger": verb.danger,
        }
        for verb in verbs
        if verb.adds == (thing is None) and verb.may(user, *given)
    ]


def view_of(verb: Verb) -> Callable[..., HttpResponse]:
    def view(request: PersonRequest, object_id: int | None = None) -> HttpResponse:
        thing = get_object_or_404(verb.model, pk=object_id) if object_id is not None else None
        given = [thing] if thing is not None else []
        may = verb.may(request.user, *given)
        if verb.form is None:
            return _at_once(request, verb, thing)
        asked = _asked(request, verb, thing)
        form = verb.form(request.POST if request.method == "POST" else None, **asked)
        if request.method == "POST" and form.is_valid():
            try:
                return _act(request, verb, thing, **form.cleaned_data)
            except NotAllowed as error:
                raise Http404(str(error)) from error
            except EditedMeanwhile as error:
                return _meanwhile(request, verb, thing, form, error.entry)
            except DomainError as error:
                form.add_error(None, str(error))
                return _page(request, verb, thing, form)
        if not may:
            raise Http404
        return _page(request, verb, thing, form)

    view.__name__ = verb.name
    return view


def _asked(request: PersonRequest, verb: Verb, thing: Any) -> dict[str, Any]:
    """Of what and by whom the form asks."""
    about = {"thing": thing} if thing is not None else {}
    return about | ({"by": request.user} if verb.by_reader else {})


def _meanwhile(
    request: PersonRequest, verb: Verb, thing: Any, typed: forms.Form, by: Any
) -> HttpResponse:
    """Somebody else was first: the form again, of this version, with what both wrote."""
    now = verb.model._default_manager.get(pk=thing.pk)
    kind: Any = type(typed)
    make = partial(kind, **_asked(request, verb, now))
    present = make()
    seen = meanwhile.read(request.POST.get("seen", ""), thing)
    met = meanwhile.meet(typed, present, seen, make, by)
    more = {"seen": meanwhile.sign(now, present), "taken": met.taken}
    return _page(request, verb, now, met.form, **more)


def _seen(request: PersonRequest, thing: Any, form: forms.Form) -> str:
    """What the page shows, of forms that carry a version; others change nothing that was shown."""
    if thing is None or not form.hidden_fields():
        return ""
    if form.is_bound:
        return request.POST.get("seen", "")
    return meanwhile.sign(thing, form)


def _at_once(request: PersonRequest, verb: Verb, thing: Any) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        return _act(request, verb, thing)
    except NotAllowed as error:
        raise Http404(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_home(verb, thing))


def _act(request: PersonRequest, verb: Verb, thing: Any, **answers: Any) -> HttpResponse:
    if thing is not None:
        answers[verb.argument] = thing
    made = verb.act(by=request.user, **answers)
    messages.success(request, str(verb.done))
    return redirect(_home(verb, thing if thing is not None else made))


def _home(verb: Verb, thing: Any) -> str:
    if thing is None:
        listed = verb.model._meta
        return reverse(f"admin:{listed.app_label}_{listed.model_name}_changelist")
    home = verb.home(thing)
    page = f"admin:{home._meta.app_label}_{home._meta.model_name}_change"
    return reverse(page, args=[home.pk])


def _list_name(verb: Verb) -> str:
    return capfirst(str(verb.model._meta.verbose_name_plural))


def _page(
    request: PersonRequest, verb: Verb, thing: Any, form: forms.Form, **more: Any
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": verb.title or verb.text,
        "subtitle": str(thing) if thing is not None else None,
        "text": verb.lead,
        "form": form,
        "button": verb.text,
        "back_url": _home(verb, thing),
        "back_name": verb.home(thing) if thing is not None else _list_name(verb),
        "seen": _seen(request, thing, form),
        **more,
    }
    return render(request, "admin/partners/verb.html", context)
