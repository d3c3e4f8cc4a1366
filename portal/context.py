"""What every template may know of the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {"brand": settings.BRAND, "demonstration": settings.DEMONSTRATION, "mode": settings.MODE}
