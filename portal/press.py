"""The press: documents set by WeasyPrint as PDF/A-3a that also claims PDF/UA-1, kept warm."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import qrcode
from django.conf import settings
from weasyprint import CSS, HTML, Attachment, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

PACKAGED = "packaged:"
# A file's date is part of its bytes; those of the data are in the data itself.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-3a", "cache": None}

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


class DocumentIncomplete(Exception):
    """A font or a picture that the document needs is missing: run set-up."""


@dataclass(frozen=True)
class Data:
    """What a document says, for machines: a file attached to it."""

    name: str
    content: bytes
    about: str

    @property
    def attachment(self) -> Attachment:
        return Attachment(
            string=self.content,
            name=self.name,
            description=self.about,
            created=UNDATED,
            modified=UNDATED,
            relationship="Data",
        )


def set_document(markup: str, *, style: str, code: str = "", data: Data | None = None) -> bytes:
    """The PDF of this HTML in the style sheet `static/<style>`, a QR code that says `code` in it.

    The same input gives the same bytes.
    """
    press = _press(style)
    with press.turn, _collector_off(), _whole():
        press.fetcher.made = {"code.svg": code_svg(code).encode()} if code else {}
        try:
            return _print(press, markup, data)
        finally:
            press.fetcher.made = {}


def _print(press: _Press, markup: str, data: Data | None) -> bytes:
    """A function of its own, so that all it made is dead when the collector looks."""
    document = HTML(string=markup, base_url=PACKAGED, url_fetcher=press.fetcher).render(
        font_config=press.fonts, stylesheets=[press.style], **OPTIONS
    )
    document.metadata.attachments = [data.attachment] if data else []
    pdf: bytes = document.write_pdf(
        finisher=_finish,
        pdf_identifier=hashlib.sha256(markup.encode()).digest()[:16],
        **OPTIONS,
    )
    return pdf


def code_svg(text: str) -> str:
    """A QR code as a drawing. The mask is given: to choose among eight takes as long as a page."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, mask_pattern=3
    )
    code.add_data(text)
    rows = code.get_matrix()
    size = len(rows)
    bars = "".join(
        f"M{start} {y}h{end - start}v1H{start}z"
        for y, row in enumerate(rows)
        for start, end in _bars(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{bars}"/></svg>'
    )


def _bars(row: list[bool | None]) -> Iterator[tuple[int, int]]:
    """Where dark runs begin and end."""
    position = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield position, position + length
        position += length


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
def _press(style: str) -> _Press:
    fetcher, fonts = _Packaged(), FontConfiguration()
    sheet = (settings.BASE_DIR / "static" / style).read_text()
    parsed = CSS(string=sheet, base_url=PACKAGED, url_fetcher=fetcher, font_config=fonts)
    return _Press(fetcher, fonts, parsed, threading.Lock())


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


def _finish(document: Document, pdf: Any) -> None:
    """Add PDF/UA-1 to the claims that WeasyPrint makes for PDF/A-3a, and lay objects out openly.

    Objects packed into streams save a third of the file and make every check of its signatures
    four times as long, because each look at one unpacks all.
    """
    metadata = next(part for part in pdf.objects if _kind(part) == "/Metadata")
    metadata.stream = [b"".join(metadata.stream).replace(b"</rdf:RDF>", CLAIM)]
    if attached := pdf.catalog.get("AF"):
        attached[:] = dict.fromkeys(attached)  # each is named twice
    write = pdf.write
    pdf.write = lambda output, version, identifier, compress: write(output, version, identifier)


def _kind(part: Any) -> str:
    return str(getattr(part, "extra", {}).get("Type"))
