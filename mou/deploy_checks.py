"""What makes signatures worthless in production; run by `manage.py check --deploy`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

# The mark in every name that the embedded authority gives itself.
MARK = "DEVELOPMENT"


@register(deploy=True)
def authority_is_real(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Neither signs the authority made for development, nor does anything signed by it count."""
    found: list[CheckMessage] = []
    if settings.KEY_BACKEND == "embedded":
        hint = "Set pkcs12 or pkcs11; docs/operating.md says how to make the keys."
        found.append(Error("KEY_BACKEND embedded is for development.", hint, id="mou.E001"))
    for name in ("KEY_ROOTS_FILE", "TIMESTAMP_ROOTS_FILE"):
        found += _roots(name, Path(getattr(settings, name)))
    return found


def _roots(name: str, path: Path) -> list[CheckMessage]:
    try:
        roots = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return [Error(f"{name} cannot be read.", f"Looked for {path}.", id="mou.E002")]
    if any(MARK in root.subject.rfc4514_string() for root in roots):
        hint = "Whatever that authority signed would be called genuine. Pin your own roots."
        return [Error(f"{name} trusts an authority for development.", hint, id="mou.E003")]
    return []
