"""What Django's own checks cannot know about this portal; run by `manage.py check --deploy`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register


@register(deploy=True)
def production_is_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Nothing made for development or for showing serves real people."""
    found: list[CheckMessage] = []
    if not settings.PRODUCTION:
        found.append(
            Error(f"PORTAL_MODE is {settings.MODE}.", "Set it to production.", id="portal.E001")
        )
    for name in ("SITE_URL", "OFFICE_URL"):
        if not getattr(settings, name).startswith("https://"):
            found.append(Error(f"{name} is not an https address.", id="portal.E002"))
    if urlsplit(settings.TIMESTAMP_URL).hostname in {"localhost", "127.0.0.1", "::1"}:
        hint = "A time stamp proves something only when somebody else gives it."
        found.append(Error("TIMESTAMP_URL leads to this machine.", hint, id="portal.E003"))
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS admits every name.", id="portal.E004"))
    if getattr(settings, "CAPTCHA_TEST_MODE", False):
        found.append(Error("CAPTCHA_TEST_MODE lets everybody pass.", id="portal.E005"))
    return found


@register(deploy=True)
def faces_are_apart(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """One process for all faces works, but then none is guarded from the others."""
    if len(settings.FACES) > 1:
        return [
            Info(
                f"This process serves {', '.join(sorted(settings.FACES))}.",
                "Run one process a face, each with its own user, database role and secret.",
                id="portal.I001",
            )
        ]
    return []
