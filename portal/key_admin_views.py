"""Pages at the desk on an officer's own keys: unlock, lock, set the desk key up."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal.actions import keys
from portal.actions.keys.custody import GROUP
from portal.errors import DomainError, shows_domain_errors
from portal.keyring import WrongPassphrase
from portal.models import DeskKey, KeyWrap
from portal.permissions import can_set_up_desk_key
from portal.requests import PersonRequest
from portal.sealing import fingerprint

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
        fingerprint=fingerprint(bytes(own.public)) if own else "",
    )


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
