"""Agreements as documents: one content, rendered as PDF/A-3a with PDF/UA-1 and as HTML."""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, NotRequired, TypedDict

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django_countries import countries

from mou.labels import say

DATA = "mou.json"
STYLE = "mou/document.css"


class Administration(TypedDict):
    name: str
    country: str


class Business(TypedDict):
    legal_name: str
    national_id: str
    country: str
    eori: str


class ClauseContent(TypedDict):
    code: str
    title: str
    paragraphs: list[str]


class Signatory(TypedDict):
    name: str
    function: str


class Together(TypedDict):
    """How many of the firm's signatories sign, in words, and by what rule of the firm."""

    needed: int
    sentence: str
    power: str


class Signatories(TypedDict):
    business: Signatory
    administration: Signatory
    # Only where the firm names more people than one.
    others: NotRequired[list[Signatory]]
    together: NotRequired[Together]


class AgreementContent(TypedDict):
    """All that an agreement says. `mark` is empty, DEVELOPMENT or DEMONSTRATION; where the
    officer who will countersign is not known yet, the administration's signatory has no name.
    """

    number: str
    version: int
    language: str
    title: str
    administration: Administration
    business: Business
    programme: str
    basis: str
    clauses: list[ClauseContent]
    survey_note: str
    signatories: Signatories
    duration: str
    template: str
    mark: str
    # Which text prevails, where this one is not in the authentic language.
    prevails: NotRequired[str]


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one byte form of a content: what both parties accept by its hash."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def lacking(content: Mapping[str, Any]) -> str:
    """The characters of this content that the document's typeface cannot print.

    To be asked before a text is agreed: a document with a hole in a name is worth nothing.
    """
    known = import_module("portal.typeface").characters()
    return "".join(sorted({one for one in canonical(content).decode() if one not in known}))


def render_html(content: Mapping[str, Any]) -> SafeString:
    """The text for a web page: the same words as the PDF, headings from the second level on."""
    with translation.override(content["language"]):
        return render_to_string("mou/documents/agreement_body.html", _context(content))


def render(content: Mapping[str, Any], *, verification_url: str) -> bytes:
    """The PDF. The same content and address give the same bytes."""
    with translation.override(content["language"]):
        context = _context(content) | {
            "verification_url": verification_url,
            "page_words": re.split(
                r"\{pages?\}", say("Page {page} of {pages}", content["language"])
            ),
        }
        markup = render_to_string("mou/documents/agreement.html", context)
        about = say("This agreement as data", content["language"])
    press = _press()
    data = press.Data(DATA, canonical(content), about)
    pdf: bytes = press.set_document(markup, style=STYLE, code=verification_url, data=data)
    return pdf


def _press() -> ModuleType:
    """Loaded when first used: it costs half a second and 30 MB that only the worker needs."""
    return import_module("portal.press")


def warm_up() -> None:
    """Do once, when a worker starts, what every document needs: fonts, style sheet, imports."""
    empty: AgreementContent = {
        "number": "", "version": 0, "language": settings.LANGUAGE_CODE, "title": "-",
        "administration": {"name": "-", "country": ""},
        "business": {"legal_name": "-", "national_id": "", "country": "", "eori": ""},
        "programme": "-", "basis": "-", "clauses": [], "survey_note": "-",
        "signatories": {
            "business": {"name": "-", "function": "-"},
            "administration": {"name": "", "function": ""},
        },
        "duration": "-", "template": "", "mark": "",
    }  # fmt: skip
    render(empty, verification_url=settings.SITE_URL)
    gc.collect()
    # What is alive now stays: the collector need not walk it after every document.
    gc.freeze()


def _context(content: Mapping[str, Any]) -> dict[str, Any]:
    language = content["language"]
    marks = {
        "DEVELOPMENT": say("DEVELOPMENT: this document has no legal effect", language),
        "DEMONSTRATION": say("DEMONSTRATION: this document has no legal effect", language),
    }
    return {
        "content": content,
        "prevails": content.get("prevails", ""),
        "mark": marks.get(content["mark"], content["mark"]),
        "administration_country": _country(content["administration"]["country"]),
        "business_country": _country(content["business"]["country"]),
    }


def _country(code: str) -> str:
    return str(countries.name(code) or code)
