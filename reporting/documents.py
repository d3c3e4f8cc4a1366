"""Reports as documents: a PDF with the handling code and its limits on every page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

STYLE = "reporting/document.css"


def render(context: Mapping[str, Any]) -> bytes:
    """The PDF, made in memory; tagged, in the language of the officer who makes it."""
    words = {
        "language": translation.get_language(),
        "page_words": re.split(r"\{pages?\}", _("Page {page} of {pages}")),
    }
    markup = render_to_string("reporting/documents/report.html", {**context, **words})
    # Loaded when first used: it costs half a second and 30 MB.
    press = import_module("portal.press")
    lacking = {one for one in markup if one not in import_module("portal.typeface").characters()}
    if lacking - set("\n\r\t\u200b"):
        markup = render_to_string(
            "reporting/documents/report.html", {**context, **words, "lacking": True}
        )
    pdf: bytes = press.set_document(markup, style=STYLE)
    return pdf
