"""E-mails of the account pages: links that prove an address, notices of what has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import crypto
from portal.letters import Letter, when

# Something about signing in has changed: the person hears of it, whoever did it.
NOTICES = {
    "totp_activated": gettext_lazy("An authenticator app was added to your account."),
    "totp_deactivated": gettext_lazy("The authenticator app was removed from your account."),
    "webauthn_added": gettext_lazy("A passkey was added to your account."),
    "webauthn_removed": gettext_lazy("A passkey was removed from your account."),
    "recovery_codes_generated": gettext_lazy("New recovery codes were made for your account."),
    "password_changed": gettext_lazy("The password of your account was changed."),
    "password_set": gettext_lazy("A password was set for your account."),
    "password_reset": gettext_lazy("The password of your account was replaced."),
    "email_changed": gettext_lazy("The e-mail address of your account was changed."),
    "email_confirm": gettext_lazy("The e-mail address of your account was confirmed."),
    "email_deleted": gettext_lazy("An e-mail address was removed from your account."),
}


def account(name: str, address: str, sealed: str) -> Letter:
    context = json.loads(crypto.decrypt(sealed))
    if name in NOTICES:
        return Letter(
            to=address,
            subject=str(NOTICES[name]).rstrip("."),
            sentences=[
                str(NOTICES[name]),
                _("If that was not you, change your password and tell us at once."),
            ],
            facts=[
                (_("When"), when(datetime.fromisoformat(context["at"]))),
                (_("Internet address"), context.get("ip", "")),
                (_("Browser"), context.get("user_agent", "")),
            ],
        )
    return _ACCOUNT[name](address, context)


def _confirm_address(address: str, context: dict[str, str]) -> Letter:
    return Letter(
        to=address,
        subject=_("Confirm your e-mail address"),
        sentences=[_("Confirm that this address is yours. Until then it is not used.")],
        url=context["activate_url"],
        button=_("Confirm the address"),
    )


def _set_password(address: str, context: dict[str, str]) -> Letter:
    return Letter(
        to=address,
        subject=_("Choose a new password"),
        sentences=[
            _("Somebody, probably you, asked to choose a new password for this account."),
            _("If it was not you, do nothing: your password stays as it is."),
        ],
        url=context["password_reset_url"],
        button=_("Choose a new password"),
    )


def _no_account(address: str, context: dict[str, str]) -> Letter:
    return Letter(
        to=address,
        subject=_("There is no account with this address"),
        sentences=[
            _("Somebody, probably you, asked for a new password. We know no such account here."),
            _("Perhaps you use another address. Accounts are opened by invitation only."),
        ],
    )


def _account_exists(address: str, context: dict[str, str]) -> Letter:
    return Letter(
        to=address,
        subject=_("You have an account already"),
        sentences=[_("Sign in with it. If you forgot the password, you can choose a new one.")],
        url=context["password_reset_url"],
        button=_("Choose a new password"),
    )


_ACCOUNT: dict[str, Callable[[str, dict[str, str]], Letter]] = {
    "email_confirmation": _confirm_address,
    "email_confirmation_signup": _confirm_address,
    "password_reset_key": _set_password,
    "unknown_account": _no_account,
    "account_already_exists": _account_exists,
}
