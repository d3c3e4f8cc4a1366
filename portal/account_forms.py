"""Forms of the account pages: signing up by invitation, and typing codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm, SignupForm
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    SignupWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal import actions, crypto, invitations, second_factor
from portal.errors import DomainError
from portal.models import User
from portal.models.organisations import MembershipRole
from portal.models.recovery import IdentityCheck, RecoveryCause

ROLE_CHOICES = [
    (MembershipRole.MEMBER, _("Member: sees the organisation’s agreements")),
    (MembershipRole.SIGNATORY, _("Signatory: may also be named to sign")),
    (MembershipRole.OWNER, _("Owner: decides for the organisation and invites people")),
]


def refuse_odd_name(name: str) -> None:
    """A name is printed in letters and certificates: it holds no address and no mark-up."""
    if any(unicodedata.category(sign).startswith("C") for sign in name) or re.search(
        r"[<>@]|://|\bwww\.", name
    ):
        raise forms.ValidationError(_("Enter a name only, without addresses or special signs."))


class SignUpForm(SignupForm):
    """A new account for the invited address and no other; signing up is joining."""

    name = forms.CharField(
        label=_("Your full name"),
        help_text=_("As in your passport or identity card. Documents are signed in this name."),
        max_length=150,
        validators=[refuse_odd_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["email", "name", "password1"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitations.pending(context.request)
        self.initial["email"] = self.invitation.email if self.invitation else ""
        email, password = self.fields["email"], self.fields["password1"]
        email.disabled = True
        email.label = _("Your e-mail address")
        email.help_text = _("The invitation is tied to this address.")
        password.help_text = _("At least 12 characters. Several words make a good one.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def save(self, request: HttpRequest) -> User:
        try:
            membership = actions.sign_up(
                invitation=self.invitation,
                name=self.cleaned_data["name"],
                password=self.cleaned_data["password1"],
                language=translation.get_language() or "",
            )
        except DomainError as error:
            messages.error(request, str(error))
            raise ImmediateHttpResponse(redirect("account_login")) from error
        invitations.forget(request)
        return membership.user


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")


class NewAddressForm(AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")


class DetailsForm(forms.Form):
    """What people change about themselves."""

    name = forms.CharField(
        label=_("Your full name"),
        help_text=_("As in your passport or identity card. Documents are signed in this name."),
        max_length=150,
        validators=[refuse_odd_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language of our messages to you"), choices=lambda: settings.LANGUAGES
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("What may they do?"), choices=ROLE_CHOICES, widget=forms.RadioSelect
    )


class ChangeRoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("What may they do?"), choices=ROLE_CHOICES, widget=forms.RadioSelect
    )


class RequestRecoveryForm(forms.Form):
    cause = forms.ChoiceField(
        label=_("What happened?"), choices=RecoveryCause.choices, widget=forms.RadioSelect
    )


class ApproveRecoveryForm(forms.Form):
    check = forms.ChoiceField(
        label=_("How did you make sure?"), choices=IdentityCheck.choices, widget=forms.RadioSelect
    )


class RecoveryCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "govuk-input--width-10"}),
    )


class _CodeField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Code"),
            max_length=20,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "class": "govuk-input--width-10",
                }
            ),
        )


class ActivateCodesForm(forms.Form):
    """The first code of a new authenticator app; its secret waits encrypted in the session."""

    code = _CodeField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        super().__init__(*args, **kwargs)
        session = context.request.session
        if not self.is_bound or totp.SECRET_SESSION_KEY not in session:
            secret = crypto.encrypt(totp.generate_totp_secret())
            session[totp.SECRET_SESSION_KEY] = secret
        self.secret = crypto.decrypt(session[totp.SECRET_SESSION_KEY])

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        _count_try(self.user)
        self.counter = second_factor.matching_counter(self.secret, self.cleaned_data["code"])
        if self.counter is None:
            raise get_adapter().validation_error("incorrect_code")
        return str(self.cleaned_data["code"])


def _count_try(user: User) -> None:
    try:
        second_factor.count_try(user)
    except second_factor.TooManyTries as error:
        raise forms.ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """A code from the authenticator app, or a recovery code."""

    code = _CodeField()
    reauthenticated = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("From your authenticator app, or a recovery code.")

    def clean_code(self) -> str:
        try:
            used = second_factor.spend_code(self.user, self.cleaned_data["code"])
        except second_factor.TooManyTries as error:
            if error.from_many_places:
                actions.warn_of_guessing(user=self.user)
            raise forms.ValidationError(str(error)) from error
        if used is None:
            raise get_adapter().validation_error("incorrect_code")
        # The login goes on with the object it began with.
        used.user = self.user
        self.authenticator: Authenticator = used
        return str(self.cleaned_data["code"])

    def save(self) -> None:
        post_authentication(
            context.request, self.authenticator, reauthenticated=self.reauthenticated
        )


class CodeAgainForm(CodeForm):
    reauthenticated = True


class AddPasskeyForm(SignupWebAuthnForm):
    """A new passkey; each can also log in by itself."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("So that you know later which one it is, for example “work laptop”."),
        max_length=60,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        with _nonsense_is_wrong():
            cleaned: dict[str, Any] = super().clean()
            return cleaned


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as second step; it cannot be guessed, so wrong codes never lock it."""

    def clean_credential(self) -> Authenticator:
        credential = self.cleaned_data["credential"]
        with _nonsense_is_wrong():
            webauthn.parse_authentication_response(credential)
            return webauthn.complete_authentication(self.user, credential)


class LoginPasskeyForm(LoginWebAuthnForm):
    """A passkey instead of address and password."""

    def clean_credential(self) -> Authenticator:
        with _nonsense_is_wrong():
            authenticator: Authenticator = super().clean_credential()
            return authenticator


@contextmanager
def _nonsense_is_wrong() -> Iterator[None]:
    """What no browser would send is a wrong answer, not an error of ours."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeyAgainForm(PasskeyForm):
    reauthenticated = True
