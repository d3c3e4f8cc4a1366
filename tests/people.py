"""People at the door: what they hold, what they type, what they were mailed."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.db import connection
from django.test import Client

from portal import crypto, outbox, second_factor
from portal.errors import DomainError
from portal.models import User
from tests.factories import PASSWORD


def with_codes(user: User) -> User:
    """The same person, with an authenticator app set up."""
    second_factor.set_up_codes(user, totp.generate_totp_secret())
    return user


def with_recovery_codes(user: User) -> list[str]:
    return RecoveryCodes.activate(user).generate_codes()


def code_of(user: User, *, ahead: int = 0) -> str:
    """What the app shows now, or that many time steps later."""
    authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    secret = crypto.decrypt(authenticator.data["secret"])
    return code_for(secret, ahead=ahead)


def code_for(secret: str, *, ahead: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead))


def at_the_desk(client: Client, user: User) -> Client:
    """Logged in, second factor and all."""
    if not Authenticator.objects.filter(user=user).exists():
        with_codes(user)
    client.force_login(user)
    return client


def type_password(client: Client, user: User, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": user.email, "password": password}, **extra)


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def read_mail() -> list[mail.EmailMessage]:
    """What the workers send once they have done all that was promised."""
    outbox.deliver_open()
    return list(mail.outbox)


def link_in(message: mail.EmailMessage) -> str:
    """The path of the one link in a letter."""
    return re.search(r"https?://[^/\s]+(/\S+)", message.body).group(1)


def at_once(act: Callable[[], object], *, times: int) -> list[object]:
    """Several people doing it in the same moment; what each got, an error as well."""
    start = threading.Barrier(times)

    def do() -> object:
        start.wait()
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(do) for _ in range(times)]]
