"""Pages at the desk on an officer's own keys: unlock, lock, set the desk key up."""

from __future__ import annotations

from contextlib import suppress

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal import keyring
from portal.actions import keys
from portal.actions.keys.custody import GROUP
from portal.custody import waiting_officers
from portal.errors import DomainError, shows_domain_errors
from portal.keyring import Locked, WrongPassphrase
from portal.models import DeskKey, KeyWrap, StaffRole, User
from portal.permissions import (
    can_add_officer,
    can_end_desk_key,
    can_set_up_desk_key,
    staff_role_required,
)
from portal.requests import PersonRequest
from portal.unlocked_views import unlocked_required

_SECRET = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class UnlockForm(forms.Form):
    passphrase = forms.CharField(
        label=gettext_lazy("Desk passphrase"),
        max_length=60,
        help_text=gettext_lazy(
            "Four groups of five characters. Capitals and hyphens do not matter."
        ),
        widget=forms.PasswordInput(attrs=_SECRET),
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class TypedBackForm(forms.Form):
    begins = forms.CharField(max_length=60, widget=forms.HiddenInput)
    last = forms.CharField(
        label=gettext_lazy("Type the last group of five characters"),
        max_length=10,
        widget=forms.TextInput(attrs=_SECRET),
    )


class AddOfficerForm(forms.Form):
    typed = forms.CharField(
        label=gettext_lazy("Fingerprint that the officer reads out"),
        max_length=60,
        help_text=gettext_lazy("Eight groups of five characters, from their own desk key page."),
        widget=forms.TextInput(attrs=_SECRET),
    )


class EndKeyForm(forms.Form):
    why = forms.ChoiceField(
        label=gettext_lazy("Why does the key end?"),
        choices=[
            ("lost", gettext_lazy("The passphrase is lost; the officer goes on working here")),
            ("leaves", gettext_lazy("The officer leaves, or somebody else may know the key")),
        ],
        widget=forms.RadioSelect,
    )


@sensitive_post_parameters()
def unlock(request: PersonRequest) -> HttpResponse:
    """Ask for the desk passphrase, then go where the officer wanted to go."""
    if not can_set_up_desk_key(request.user):
        raise Http404
    if not DeskKey.objects.filter(user=request.user, revoked_at=None).exists():
        return redirect("admin:desk_key")
    form = UnlockForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        response = redirect(_after(request, form.cleaned_data["next"]))
        try:
            keys.unlock_desk(
                request=request,
                response=response,
                user=request.user,
                passphrase=form.cleaned_data["passphrase"],
            )
        except DomainError as error:
            form.add_error("passphrase", str(error))
        else:
            return response
    return _page(
        request,
        "unlock",
        title=_("Unlock the desk"),
        form=form,
        button=_("Unlock"),
        back_url=reverse("admin:index"),
    )


@require_POST
def lock(request: PersonRequest) -> HttpResponse:
    """Forget the keys; nothing sealed can be read until the passphrase is given again."""
    response = redirect("admin:index")
    keys.lock_desk(request=request, response=response, user=request.user)
    messages.success(request, _("The desk is locked."))
    return response


@require_http_methods(("GET", "POST"))
def time_left(request: PersonRequest) -> JsonResponse:
    """How long the desk stays unlocked; a post, from the warning before the end, uses the keys."""
    if request.method == "POST":
        with suppress(Locked):
            keyring.current(request)
    return JsonResponse({"seconds": keyring.seconds_unlocked(request)})


@shows_domain_errors("admin:desk_key")
def desk_key(request: PersonRequest) -> HttpResponse:
    """The officer's own key: what it is for, whether there is one, its fingerprint."""
    if not can_set_up_desk_key(request.user):
        raise Http404
    if request.method == "POST":
        passphrase = keys.set_up_desk_key(user=request.user)
        return _passphrase(request, passphrase, TypedBackForm())
    own = DeskKey.objects.filter(user=request.user, revoked_at=None).first()
    held = sorted(str(wrap.sealing_key) for wrap in _wraps(own)) if own else []
    return _page(
        request,
        "desk_key",
        title=_("Your desk key"),
        own=own,
        held=held,
        fingerprint=_own_fingerprint(request),
        unlock_url=f"{reverse('admin:unlock')}?{urlencode({'next': request.path})}",
    )


def _own_fingerprint(request: PersonRequest) -> str:
    """By the officer's private half: what lies in the database may have been exchanged."""
    try:
        return keyring.current(request).fingerprint
    except Locked:
        return ""


@require_POST
@sensitive_post_parameters()
@shows_domain_errors("admin:desk_key")
def confirm_desk_key(request: PersonRequest) -> HttpResponse:
    """The end of the passphrase, typed back: it has been kept."""
    form = TypedBackForm(request.POST)
    begins = request.POST.get("begins", "")[:60]
    if form.is_valid():
        try:
            keys.confirm_desk_key(user=request.user, passphrase=begins + form.cleaned_data["last"])
        except WrongPassphrase:
            form.add_error("last", _("This is not the last group. Look at what you wrote down."))
        else:
            messages.success(request, _("Your desk key is ready. Have somebody add you."))
            return redirect("admin:desk_key")
    return _passphrase(request, "", form, begins=begins)


def officers(request: PersonRequest) -> HttpResponse:
    """Officers with a desk key who lack keys that go with their roles."""
    if not can_set_up_desk_key(request.user):
        raise Http404
    return _page(
        request,
        "officers",
        title=_("Officers waiting to be added"),
        waiting=waiting_officers(request.user),
    )


@unlocked_required
@shows_domain_errors("admin:officers")
def add_officer(request: PersonRequest, user_id: int) -> HttpResponse:
    """Give an officer the keys of their roles, once the fingerprint they read out fits."""
    officer = get_object_or_404(User, pk=user_id)
    if not can_add_officer(request.user, officer):
        raise Http404
    form = AddOfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = keys.add_officer(
            officer=officer,
            typed=form.cleaned_data["typed"],
            keys=request.keys,  # type: ignore[attr-defined]
            by=request.user,
        )
        names = ", ".join(str(wrapped.sealing_key) for wrapped in given)
        messages.success(
            request, _("%(name)s now holds %(keys)s.") % {"name": officer, "keys": names}
        )
        return redirect("admin:officers")
    return _form(
        request,
        form,
        title=_("Give keys to %(name)s") % {"name": officer},
        text=_(
            "Call the officer, or meet them: let them read the fingerprint out from their own "
            "desk key page. Never take it from a mail."
        ),
        button=_("Give the keys"),
        back_url=reverse("admin:officers"),
    )


@staff_role_required(StaffRole.SUPERVISOR)
@shows_domain_errors("admin:portal_deskkey_change")
def end_desk_key(request: PersonRequest, object_id: int) -> HttpResponse:
    """The passphrase is lost, or the officer leaves."""
    key = get_object_or_404(DeskKey.objects.select_related("user"), pk=object_id, revoked_at=None)
    if not can_end_desk_key(request.user, key.user):
        raise Http404
    form = EndKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lost = form.cleaned_data["why"] == "lost"
        keys.end_desk_key(officer=key.user, by=request.user, lost=lost)
        messages.success(request, _("The desk key has ended."))
        return redirect("admin:portal_deskkey_change", object_id)
    return _form(
        request,
        form,
        title=_("End the desk key of %(name)s") % {"name": key.user},
        text=_(
            "Nothing opens with it any more. When somebody leaves, the keys they held have to be "
            "rotated: manage.py keys rotate."
        ),
        button=_("End the key"),
        back_url=reverse("admin:portal_deskkey_change", args=[object_id]),
    )


def _form(request: HttpRequest, form: forms.Form, **context: object) -> HttpResponse:
    context |= {**admin.site.each_context(request), "form": form}
    return render(request, "portal/admin/form.html", context)


def _wraps(own: DeskKey) -> list[KeyWrap]:
    return list(own.wraps.select_related("sealing_key"))


def _passphrase(
    request: HttpRequest, passphrase: str, form: TypedBackForm, *, begins: str = ""
) -> HttpResponse:
    """Shown once: the page carries all but the last group on to the one that asks for it."""
    form.initial["begins"] = begins or passphrase[:-GROUP]
    return _page(
        request, "passphrase", title=_("Your desk passphrase"), passphrase=passphrase, form=form
    )


def _after(request: HttpRequest, wanted: str) -> str:
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        return wanted
    return reverse("admin:index")


def _page(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    return render(
        request,
        f"portal/admin/keys/{name}.html",
        {**admin.site.each_context(request), **context},
    )
