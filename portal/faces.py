"""Which people the running faces admit: staff at the office, firms at the site."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser


def admits(user: AbstractBaseUser) -> bool:
    """Whether this process is a place where this person logs in."""
    return ("office" if getattr(user, "is_staff", False) else "site") in settings.FACES


class FaceBackend(AuthenticationBackend):
    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        # Asked at login and again on every request, so a session of the wrong face is nobody's.
        return user is not None and super().user_can_authenticate(user) and admits(user)
