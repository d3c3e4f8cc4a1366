"""How the portal wants allauth to behave: closed sign-up, one sentence for every refusal, mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit, crypto, faces, invitations, notifications
from portal.models import User


def _not_right() -> str:
    """The same for a wrong address, a wrong password and the wrong door."""
    sentence = _("The e-mail address or the password is not right.")
    if "office" not in settings.FACES:
        where = _("Staff of the administration sign in at the officers’ desk, not here.")
    elif "site" not in settings.FACES:
        where = _("Only staff of the administration sign in here.")
    else:
        return sentence
    return f"{sentence} {where}"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": lazy(_not_right, str)(),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return "site" in settings.FACES and invitations.pending(request) is not None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        return user if user is not None and faces.admits(user) else None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        # A passkey and a new password lead here without the password form.
        if not faces.admits(user):
            clear_login(request)
            messages.error(request, _not_right())
            return redirect("account_login")
        refused: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return refused

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        # Whoever has just proved who they are is not asked again on the next page.
        record_authentication(request, user, method="login", reauthenticated=True)
        audit.record("logged_in", target=user, by=user, kind="consultation")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = request.user
        invitation = invitations.pending(request)
        if invitation is not None and isinstance(user, User):
            return reverse("invitation", args=[invitations.token(invitation)])
        if user.is_staff and "office" in settings.FACES:
            return reverse("admin:index")
        url: str = super().get_login_redirect_url(request)
        return url

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("organisation")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        # Changing it ends every session, this one as well.
        return reverse("account_login")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # With the address in it, guessing from elsewhere locks nobody out of their own desk.
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{self.get_client_ip(request)}:{key}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        kept = {key: value for key, value in context.items() if isinstance(value, str)}
        name = template_prefix.rpartition("/")[2]
        notifications.promise_account_mail(name, email, {**kept, "at": timezone.now().isoformat()})

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: Any, **kwargs: Any
    ) -> None:
        audit.record(template_prefix.rpartition("/")[2], target=user, by=user)
        super().send_notification_mail(template_prefix, user, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right, or it was used already. Wait for the next one in your app."
        ),
    }

    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.BRAND["name"]

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {
            "id": context.request.get_host().rpartition(":")[0] or context.request.get_host(),
            "name": settings.BRAND["name"],
        }

    def build_totp_svg(self, url: str) -> str:
        # Drawn into the page itself, where an XML declaration has no place.
        svg: str = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
