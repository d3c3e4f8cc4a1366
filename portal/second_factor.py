"""The second factor: typed codes that work once, and passkeys bound to what is signed."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from fido2.cose import CoseKey
from fido2.webauthn import AuthenticationResponse, UserVerificationRequirement

from portal import crypto
from portal.errors import DomainError
from portal.models import User

SET_UP = "mfa_index"

_SESSION_KEY = "second_factor_bound"
_LASTS_SECONDS = 600
_POSSESSION = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class TooManyTries(DomainError):
    """Codes were tried too often; waiting helps, a passkey works meanwhile."""

    def __init__(self, message: object, *, from_many_places: bool) -> None:
        super().__init__(message)
        self.from_many_places = from_many_places


class WrongPasskey(DomainError):
    """What the passkey signed is not this, not by this person, not fresh or not verified."""


# --- What somebody has ----------------------------------------------------------------------


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=_POSSESSION).exists()


def has_codes(user: User) -> bool:
    return _has(user, Authenticator.Type.TOTP)


def has_passkey(user: User) -> bool:
    return _has(user, Authenticator.Type.WEBAUTHN)


def _has(user: User, kind: str) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=kind).exists()


# --- Typed codes ----------------------------------------------------------------------------


def confirm_code(user: User, code: str) -> bool:
    """Spend a one-time or recovery code; each works once. Call it outside a transaction."""
    return spend_code(user, code) is not None


def spend_code(user: User, code: str) -> Authenticator | None:
    """The authenticator whose code this was, or None; raises TooManyTries."""
    tries = count_try(user)
    with transaction.atomic():
        spent = _spend(user, code)
    if spent is not None:
        for usage in tries:
            usage.rollback()
    return spent


def count_try(user: User) -> list[ratelimit.RateLimitUsage]:
    """Count one guess here and one anywhere; raises TooManyTries when there were too many."""
    address = get_adapter().get_client_ip(context.request) if context.request else ""
    used = []
    for action, key in (("codes_here", f"{address}:{user.pk}"), ("codes_anywhere", str(user.pk))):
        usage = ratelimit.consume(
            context.request, app="allauth.account", action=action, key=key, limit_get=True
        )
        if usage is None:
            raise TooManyTries(
                _(
                    "Too many codes were tried. Wait some minutes and use a new code, "
                    "or use a passkey."
                ),
                from_many_places=action == "codes_anywhere",
            )
        used.append(usage)
    return used


def _spend(user: User, code: str) -> Authenticator | None:
    held = Authenticator.objects.select_for_update().filter(user_id=user.pk)
    for authenticator in held.filter(type=Authenticator.Type.TOTP):
        counter = matching_counter(
            crypto.decrypt(authenticator.data["secret"]),
            code,
            after=authenticator.data.get("last_counter", -1),
        )
        if counter is not None:
            _remember(authenticator, counter)
            return authenticator
    for authenticator in held.filter(type=Authenticator.Type.RECOVERY_CODES):
        if RecoveryCodes(authenticator).validate_code(code):
            return authenticator
    return None


def matching_counter(secret: str, code: str, *, after: int = -1) -> int | None:
    """The time step of this code, if it is a present one later than the last one used."""
    typed = "".join(code.split())
    for counter in totp.yield_hotp_counters_from_time():
        value = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > after and secrets.compare_digest(typed.encode(), value.encode()):
            return counter
    return None


def set_up_codes(user: User, secret: str) -> Authenticator:
    """An authenticator app whose secret is known here already; people set theirs up themselves."""
    return totp.TOTP.activate(user, secret).instance


def remember_counter(user: User, counter: int) -> None:
    """The code that set the app up has been used as well."""
    _remember(Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP), counter)


def _remember(authenticator: Authenticator, counter: int) -> None:
    authenticator.data["last_counter"] = counter
    authenticator.save(update_fields=["data"])


def current_code(user: User) -> str:
    """The code that this person's app would show now, the next one when it is spent."""
    authenticator = Authenticator.objects.get(user_id=user.pk, type=Authenticator.Type.TOTP)
    last = authenticator.data.get("last_counter", -1)
    counter = max(int(time.time()) // 30, last + 1)
    secret = crypto.decrypt(authenticator.data["secret"])
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """A session opened before the factor was set up has never proved it: it must log in anew."""
    others = UserSession.objects.filter(user=user)
    for session in others.exclude(session_key=request.session.session_key):
        session.end()


# --- Passkeys bound to a document -----------------------------------------------------------


def binding(tag: str, *digests: str) -> bytes:
    """What a signature is bound to: a domain tag and hexadecimal digests, hashed to 32 bytes."""
    parts = [tag.encode(), *(bytes.fromhex(digest) for digest in digests)]
    sized = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hashlib.sha256(sized).digest()


def begin_passkey(request: HttpRequest, user: User, bound: bytes) -> dict[str, Any]:
    """Options for the browser; a fresh nonce keeps an older assertion from being used again."""
    nonce = secrets.token_bytes(32)
    options, _state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(user),
        user_verification=UserVerificationRequirement.REQUIRED,
        challenge=_challenge(bound, nonce),
    )
    request.session[_SESSION_KEY] = {
        "user": user.pk,
        "nonce": _text(nonce),
        "until": time.time() + _LASTS_SECONDS,
    }
    return dict(options)


def complete_passkey(
    request: HttpRequest, user: User, bound: bytes, credential: str
) -> dict[str, str]:
    """Evidence that this person's passkey signed exactly this; raises WrongPasskey."""
    started = request.session.pop(_SESSION_KEY, None)
    if not started or started["user"] != user.pk or started["until"] < time.time():
        raise WrongPasskey(_("Too much time has passed. Use your passkey again."))
    nonce = _bytes(started["nonce"])
    state = {
        "challenge": _text(_challenge(bound, nonce)),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }
    try:
        response = AuthenticationResponse.from_dict(json.loads(credential))
        used = webauthn.get_server().authenticate_complete(
            state, webauthn.get_credentials(user), response
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise WrongPasskey(
            _("The passkey did not confirm this document. Nothing was recorded; try again.")
        ) from error
    authenticator = webauthn.get_authenticator_by_credential_id(user, used.credential_id)
    if authenticator is not None:
        authenticator.record_usage()
    return {
        "credential_id": _text(used.credential_id),
        "public_key": json.dumps({str(k): _printable(v) for k, v in used.public_key.items()}),
        "nonce": started["nonce"],
        "challenge": state["challenge"],
        "client_data": _text(bytes(response.response.client_data)),
        "authenticator_data": _text(bytes(response.response.authenticator_data)),
        "signature": _text(response.response.signature),
    }


def verify_evidence(bound: bytes, evidence: dict[str, str]) -> bool:
    """Whether kept evidence still shows that the passkey signed exactly this."""
    client_data = _bytes(evidence["client_data"])
    expected = _text(_challenge(bound, _bytes(evidence["nonce"])))
    if json.loads(client_data)["challenge"].rstrip("=") != expected:
        return False
    key = CoseKey.parse(
        {int(k): _unprintable(v) for k, v in json.loads(evidence["public_key"]).items()}
    )
    signed = _bytes(evidence["authenticator_data"]) + hashlib.sha256(client_data).digest()
    try:
        key.verify(signed, _bytes(evidence["signature"]))
    except Exception:
        # Each kind of key has its own error for "no"; all of them mean that.
        return False
    return True


def _challenge(bound: bytes, nonce: bytes) -> bytes:
    return hashlib.sha256(bound + nonce).digest()


def _printable(value: Any) -> Any:
    return {"b64": _text(value)} if isinstance(value, bytes) else value


def _unprintable(value: Any) -> Any:
    return _bytes(value["b64"]) if isinstance(value, dict) else value


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
