"""Editing an entry of the directory: two editors are told of each other, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import keeping_permissions as permissions
from partners import queues
from partners.actions import contacts, partners, posts
from partners.actions.keeping import EditedMeanwhile, over
from partners.admin_views import meanwhile
from partners.forms.contacts import ContactForm
from partners.forms.entries import EntryForm
from partners.forms.partners import AddPartnerForm, PartnerForm
from partners.forms.posts import PostForm
from partners.models import ContactPoint, Partner, Post
from portal.errors import DomainError, NotAllowed
from portal.requests import PersonRequest

TEMPLATE = "admin/partners/edit.html"
# What is asked of an entry: made of what was sent, and of the entry as it stands.
Form = type[EntryForm] | type[PostForm]


def change_partner(request: PersonRequest, object_id: int) -> HttpResponse:
    partner = get_object_or_404(Partner, pk=object_id)
    return _edit(request, partner, PartnerForm, _partner_act)


def change_contact(request: PersonRequest, object_id: int) -> HttpResponse:
    contact = get_object_or_404(
        ContactPoint.objects.select_related("partner", "post"), pk=object_id
    )
    return _edit(request, contact, ContactForm, _contact_act)


def change_post(request: PersonRequest, object_id: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Post, pk=object_id), PostForm, _post_act)


def add_partner(request: PersonRequest) -> HttpResponse:
    def act(values: dict[str, Any]) -> Partner:
        return partners.add_partner(code=values.pop("code"), values=values, by=request.user)

    form = AddPartnerForm(request.POST or None)
    back = reverse("admin:partners_partner_changelist")
    named = {"title": _("Add a partner"), "back_name": _("Partners")}
    return _add(request, form, act, back_url=back, **named)


def add_contact(request: PersonRequest, object_id: int) -> HttpResponse:
    """A contact point of this partner."""
    return _add_contact(request, get_object_or_404(Partner, pk=object_id))


def add_post_contact(request: PersonRequest, object_id: int) -> HttpResponse:
    """A contact point of this post."""
    return _add_contact(request, get_object_or_404(Post, pk=object_id))


def _add_contact(request: PersonRequest, owner: Partner | Post) -> HttpResponse:
    def act(values: dict[str, Any]) -> ContactPoint:
        return contacts.add_contact(owner=owner, values=values, by=request.user)

    form = ContactForm(request.POST or None)
    named = {"title": _("Add a contact point"), "subtitle": str(owner), "back_name": owner}
    return _add(request, form, act, back_url=home_of(owner), **named)


def next_due(request: PersonRequest) -> HttpResponse:
    """The next entry that this officer is to confirm, one after the other until none is left."""
    if not permissions.can_keep(request.user):
        raise Http404
    tables: list[Any] = [Partner, ContactPoint, Post]
    for model in tables:
        mine = queues.DUE["mine"][1](model.objects.all(), request.user)
        found = mine.order_by("review_due", "pk").first()
        if found is not None:
            page = reverse(f"admin:partners_{model._meta.model_name}_edit", args=[found.pk])
            return redirect(f"{page}?due=1")
    messages.success(request, _("Nothing of yours is to be confirmed now."))
    return redirect("admin:index")


def home_of(entry: Any) -> str:
    return reverse(f"admin:partners_{entry._meta.model_name}_change", args=[entry.pk])


def _partner_act(entry: Any, **told: Any) -> None:
    partners.change_partner(partner=entry, **told)


def _contact_act(entry: Any, **told: Any) -> None:
    contacts.change_contact(contact=entry, **told)


def _post_act(entry: Any, *, values: dict[str, Any], **told: Any) -> None:
    posts.edit_post(post=entry, **told, **values)


def _add(
    request: PersonRequest, form: EntryForm, act: Callable[[dict[str, Any]], Any], **page: Any
) -> HttpResponse:
    if not permissions.can_keep(request.user):
        raise Http404
    if request.method == "POST" and form.is_valid():
        try:
            made = act(dict(form.cleaned_data))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is added. Confirm it once it is complete."))
            return redirect(home_of(made))
    context = {**admin.site.each_context(request), "form": form, "button": _("Add"), **page}
    return render(request, "portal/admin/form.html", context)


def _edit(
    request: PersonRequest, entry: Any, form_class: Form, act: Callable[..., None]
) -> HttpResponse:
    if not permissions.can_keep(request.user):
        raise Http404
    if permissions.is_over(entry):
        messages.error(request, over(entry))
        return redirect(home_of(entry))
    if request.method != "POST":
        form = form_class(thing=entry)
        return _page(request, entry, form, meanwhile.sign(entry, form))
    seen = meanwhile.read(request.POST.get("seen", ""), entry)
    form = form_class(request.POST, thing=entry)
    confirm = "confirm" in request.POST
    if form.is_valid():
        told = {"values": form.cleaned_data, "version": seen.version, "confirm": confirm}
        try:
            act(entry, by=request.user, **told)
        except EditedMeanwhile as error:
            return _meanwhile(request, error.entry, form, seen)
        except NotAllowed as error:
            raise Http404(str(error)) from error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            said = _("It is saved and counts as confirmed today.") if confirm else _("Saved.")
            messages.success(request, said)
            return redirect(_next(request, entry))
    return _page(request, entry, form, request.POST.get("seen", ""))


def _next(request: PersonRequest, entry: Any) -> str:
    """Whoever works through what is due goes on with it."""
    if request.GET.get("due"):
        return reverse("admin:partners_partner_due")
    return home_of(entry)


def _meanwhile(
    request: PersonRequest, entry: Any, typed: forms.Form, seen: meanwhile.Shown
) -> HttpResponse:
    """The form again: untouched fields as the other left them, the others with both values."""
    kind: Any = type(typed)
    make = partial(kind, thing=entry)
    present = make()
    met = meanwhile.meet(typed, present, seen, make, entry)
    return _page(request, entry, met.form, meanwhile.sign(entry, present), taken=met.taken)


def _beside(entry: Any) -> list[tuple[str, list[str]]]:
    """What else whoever confirms it says holds, and changes by verbs of its own."""
    today = timezone.localdate()
    if isinstance(entry, ContactPoint):
        held = entry.holders.on(today).filter(erased_at=None).order_by("since", "pk")
        return [(_("Held by"), [one.name for one in held])]
    if not isinstance(entry, Post):
        return []
    covered = entry.coverages.on(today).order_by("pk")
    there = entry.postings.live().on(today).order_by("starts_on", "pk")
    return [
        (_("Covers"), [one.country_name for one in covered]),
        (_("Posted there"), [one.name for one in there]),
    ]


def _page(
    request: PersonRequest, entry: Any, form: forms.Form, seen: str, **more: Any
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Correct or confirm"),
        "subtitle": str(entry),
        "text": "",
        "entry": entry,
        "form": form,
        "beside": _beside(entry),
        "seen": seen,
        "button": _("Save"),
        "back_url": home_of(entry),
        **more,
    }
    return render(request, TEMPLATE, context)
