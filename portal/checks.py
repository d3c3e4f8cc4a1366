"""What Django's own checks cannot know about this portal; run by `manage.py check --deploy`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.utils import timezone

from portal import pinned_file, voices
from portal.pinned_file import PinsRefused


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
def pinned_keys_are_good(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What seals reports is pinned, signed, and will be for a while; the database is not asked."""
    if not settings.FACES & {"intake", "office"}:
        return []
    hint = "docs/operating.md says how to make, sign and extend the pinned keys."
    try:
        pins = pinned_file.read(Path(settings.PINS_FILE).read_bytes(), pinned_file.root())
    except OSError:
        return [Error("PINS_FILE cannot be read.", hint, id="portal.E006")]
    except PinsRefused as error:
        return [Error(str(error), hint, id="portal.E006")]
    left = (pins.expires - timezone.localdate()).days
    if left < 0:
        return [Error(f"The pinned keys ended on {pins.expires}.", hint, id="portal.E006")]
    if left < 30:
        return [Warning(f"The pinned keys end in {left} days.", hint, id="portal.W001")]
    return []


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


@register(deploy=True)
def challenges_can_be_heard(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Without a voice whoever cannot see is offered a question in words, and that alone."""
    silent = [code for code, _ in settings.LANGUAGES if not voices.speaks(code)]
    if silent and settings.FACES & {"intake", "site"}:
        hint = f"Install espeak-ng, or set VOICE_PROGRAM; without a voice: {', '.join(silent)}."
        return [Warning("Challenges cannot be heard in every language.", hint, id="portal.W001")]
    return []
