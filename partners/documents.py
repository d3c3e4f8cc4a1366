"""Exchanges as documents: a PDF with the handling code and its limits on every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal import paper


def render(context: Mapping[str, Any]) -> bytes:
    """The PDF, made in memory; tagged, in the language of the officer who makes it."""
    return paper.render("partners/documents/exchange.html", context)
