"""Codes that are part of an address, and the pages of the portal that would hide them."""

from __future__ import annotations

from django.urls import get_resolver


def is_taken_by_a_page(code: str, below: str = "") -> bool:
    """Whether an address of the directory begins like this: such an entry could not be read."""
    addresses = [str(one.pattern) for one in get_resolver("partners.urls").url_patterns]
    taken = {one.removeprefix(below).split("/")[0] for one in addresses if one.startswith(below)}
    return code.lower() in taken
