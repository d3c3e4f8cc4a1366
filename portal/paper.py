"""What is printed for people: a template set as a PDF in memory, tagged, in their language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

STYLE = "portal/paper.css"


def render(template: str, context: Mapping[str, Any], *, style: str = STYLE) -> bytes:
    """The PDF; `lacking` tells the template when its typeface cannot print every character."""
    words = {
        "language": translation.get_language(),
        "page_words": re.split(r"\{pages?\}", _("Page {page} of {pages}")),
    }
    markup = render_to_string(template, {**context, **words})
    # Loaded when first used: it costs half a second and 30 MB.
    press = import_module("portal.press")
    lacking = {one for one in markup if one not in import_module("portal.typeface").characters()}
    if lacking - set("\n\r\t\u200b"):
        markup = render_to_string(template, {**context, **words, "lacking": True})
    pdf: bytes = press.set_document(markup, style=style)
    return pdf
