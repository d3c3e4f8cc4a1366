"""Reading a mapping by a key that the template holds in a variable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[str, Any], key: str) -> Any:
    """What stands under this key; nothing where there is nothing."""
    return found.get(key, ())
