"""Agreements as documents: one content, rendered as PDF/A-3a with PDF/UA-1 and as HTML."""

from __future__ import annotations

import gc
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

import qrcode
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_countries import countries
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PACKAGED = "packaged:"
STYLE = "document.css"
DATA = "mou.json"
# A file's date is part of its bytes; those of the data are in the data itself.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)

# PDF/A allows a claim it does not know (PDF/UA's) only where the file describes it.
CLAIM = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that is conformed to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


class Administration(TypedDict):
    name: str
    country: str


class Business(TypedDict):
    legal_name: str
    national_id: str
    country: str
    eori: str


class Clause(TypedDict):
    code: str
    title: str
    paragraphs: list[str]


class Signatory(TypedDict):
    name: str
    function: str


class Signatories(TypedDict):
    business: Signatory
    administration: Signatory


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
    clauses: list[Clause]
    survey_note: str
    signatories: Signatories
    duration: str
    template: str
    mark: str


def canonical(content: Mapping[str, Any]) -> bytes:
    """The one byte form of a content: what both parties accept by its hash."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def render_html(content: Mapping[str, Any]) -> SafeString:
    """The text for a web page: the same words as the PDF, headings from the second level on."""
    with translation.override(content["language"]):
        return render_to_string("mou/documents/agreement_body.html", _context(content))


def render(content: Mapping[str, Any], *, verification_url: str) -> bytes:
    """The PDF. The same content and address give the same bytes."""
    with translation.override(content["language"]):
        context = _context(content) | {"verification_url": verification_url}
        markup = render_to_string("mou/documents/agreement.html", context)
    press = _press()
    data = Attachment(
        string=canonical(content),
        name=DATA,
        description=_("This agreement as data"),
        created=UNDATED,
        modified=UNDATED,
        relationship="Data",
    )
    with press.turn, _collector_off(), _whole():
        press.fetcher.made = {"code.svg": code_svg(verification_url).encode()}
        document = HTML(string=markup, base_url=PACKAGED, url_fetcher=press.fetcher).render(
            font_config=press.fonts, stylesheets=[press.style], **_OPTIONS
        )
        document.metadata.attachments = [data]
        pdf: bytes = document.write_pdf(
            finisher=_claim_accessibility,
            pdf_identifier=hashlib.sha256(markup.encode()).digest()[:16],
            **_OPTIONS,
        )
    return pdf


_OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "cache": None}


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


def code_svg(text: str) -> str:
    """A QR code as a drawing."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    dots = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path d="{dots}"/></svg>'
    )


def _context(content: Mapping[str, Any]) -> dict[str, Any]:
    marks = {
        "DEVELOPMENT": _("DEVELOPMENT: this document has no legal effect"),
        "DEMONSTRATION": _("DEMONSTRATION: this document has no legal effect"),
    }
    return {
        "content": content,
        "mark": marks.get(content["mark"], content["mark"]),
        "administration_country": _country(content["administration"]["country"]),
        "business_country": _country(content["business"]["country"]),
    }


def _country(code: str) -> str:
    return str(countries.name(code) or code)


class _Packaged(URLFetcher):
    """Hands out the fonts and what was made for this document; nothing else exists for it."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["packaged"], allow_redirects=False)
        self.fonts = settings.BASE_DIR / "static-build" / "fonts"
        self.made: dict[str, bytes] = {}

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = url.removeprefix(PACKAGED)
        if name in self.made:
            return URLFetcherResponse(url, self.made[name], {"Content-Type": "image/svg+xml"})
        path = self.fonts / Path(name).name
        if url.startswith(PACKAGED) and path.suffix == ".ttf" and path.is_file():
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})
        # Ends the rendering: a document with another font or a hole in it is not made.
        raise FatalURLFetchingError(f"{url} is not packaged with the portal.")


@dataclass(frozen=True)
class _Press:
    """What is kept between documents: fonts, the parsed style sheet. One document at a time."""

    fetcher: _Packaged
    fonts: FontConfiguration
    style: CSS
    turn: threading.Lock


@cache
def _press() -> _Press:
    fetcher, fonts = _Packaged(), FontConfiguration()
    style = (settings.BASE_DIR / "static" / "mou" / STYLE).read_text()
    parsed = CSS(string=style, base_url=PACKAGED, url_fetcher=fetcher, font_config=fonts)
    return _Press(fetcher, fonts, parsed, threading.Lock())


class DocumentIncomplete(Exception):
    """A font or a picture that the document needs is missing: run set-up."""


@contextmanager
def _whole() -> Iterator[None]:
    try:
        yield
    except FatalURLFetchingError as error:
        raise DocumentIncomplete(str(error)) from error


@contextmanager
def _collector_off() -> Iterator[None]:
    """Rendering makes a great many objects that all live to its end: look for dead ones after."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
            gc.collect(1)


def _claim_accessibility(document: Document, pdf: Any) -> None:
    """Add PDF/UA-1 to the claims that WeasyPrint makes for PDF/A-3a."""
    for part in pdf.objects:
        if getattr(part, "extra", {}).get("Type") == "/Metadata":
            claims = b"".join(part.stream)
            part.stream = [claims.replace(b"</rdf:RDF>", CLAIM)]
            return
    raise RuntimeError("The document carries no metadata to claim accessibility in.")
