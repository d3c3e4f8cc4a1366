"""PDF: pages are moved into a new document, which takes over nothing but what draws them."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, settings

from portal.parsers.found import Found, Unfit
from portal.parsers.jpeg_parts import without_metadata

MOST_PAGES = 300
MOST_OBJECTS = 150_000
# Unpacked, of one stream and of all of them: a page scanned at 600 dpi fits, a bomb does not.
LARGEST_STREAM = 110 * 1024 * 1024
TOGETHER = 500 * 1024 * 1024
DEEPEST = 30
# Of a page: what draws it. Annotations are drawn into it before; actions and the rest stay behind.
PAGE = {
    "/Type",
    "/Contents",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Group",
    "/UserUnit",
}
# Of everything that draws: what only describes it, belongs to some program or leads outside.
DROPPED = ("/Metadata", "/PieceInfo", "/AF", "/EF", "/JS", "/OPI", "/LastModified", "/URI")
DROPPED_OF_STREAMS = ("/F", "/FFilter", "/FDecodeParms", "/Ref", "/Alternates")
ACTIONS = {
    "/JavaScript": "javascript", "/Launch": "links_removed", "/URI": "links_removed",
    "/GoToR": "links_removed", "/GoToE": "links_removed", "/SubmitForm": "links_removed",
    "/ImportData": "links_removed", "/Rendition": "embedded_files", "/Movie": "embedded_files",
}  # fmt: skip


def parse(kind: str, data: bytes) -> Found:
    """The pages and nothing else; a document that needs a password cannot be looked at."""
    logging.disable(logging.CRITICAL)
    settings.set_qpdf_limits(
        flate_max_memory=LARGEST_STREAM,
        png_max_memory=LARGEST_STREAM,
        run_length_max_memory=LARGEST_STREAM,
        tiff_max_memory=LARGEST_STREAM,
        doc_max_warnings=500,
    )
    try:
        with pikepdf.open(BytesIO(data)) as source, pikepdf.new() as clean:
            notes = _met(source)
            _move_pages(source, clean, notes)
            _clean(clean)
            view = BytesIO()
            clean.save(
                view,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
            )
    except pikepdf.PasswordError:
        raise Unfit("encrypted") from None
    return Found(kind, view.getvalue(), "pdf", notes)


def _met(source: pikepdf.Pdf) -> set[str]:
    """What the document holds beside its pages."""
    if len(source.objects) > MOST_OBJECTS:
        raise Unfit("too_much")
    notes = {"metadata_removed"} if len(source.docinfo) or "/Metadata" in source.Root else set()
    if source.is_encrypted:
        notes.add("restricted")
    for each in _dictionaries(source):
        kind = str(each.get("/S", "")) if isinstance(each.get("/S"), Name) else ""
        if kind in ACTIONS:
            notes.add(ACTIONS[kind])
        if "/JS" in each:
            notes.add("javascript")
        if "/EF" in each or "/EmbeddedFiles" in each or "/RichMediaContent" in each:
            notes.add("embedded_files")
        if "/XFA" in each:
            notes.add("form_removed")
    return notes


def _move_pages(source: pikepdf.Pdf, clean: pikepdf.Pdf, notes: set[str]) -> None:
    # What was filled into a form is drawn; where that fails, the bare page is what is left.
    with contextlib.suppress(pikepdf.PdfError, RuntimeError):
        source.generate_appearance_streams()
        source.flatten_annotations("all")
    if not len(source.pages):
        raise Unfit("damaged")
    if len(source.pages) > MOST_PAGES:
        notes.add("shortened")
    for number in range(min(len(source.pages), MOST_PAGES)):
        clean.pages.append(source.pages[number])
        page = clean.pages[-1].obj
        for key in set(page.keys()) - PAGE - {"/Parent"}:
            del page[key]


def _clean(clean: pikepdf.Pdf) -> None:
    clean.remove_unreferenced_resources()
    total = 0
    for each in _dictionaries(clean):
        for key in DROPPED:
            if key in each:
                del each[key]
        if isinstance(each, Stream):
            for key in DROPPED_OF_STREAMS:
                if key in each:
                    del each[key]
            total += _weigh(each)
            if total > TOGETHER:
                raise Unfit("too_much")


def _weigh(stream: Any) -> int:
    """How large it is unpacked; pictures of cameras lose what they say about themselves."""
    named = stream.get("/Filter", Array())
    filters = [str(each) for each in named] if isinstance(named, Array) else [str(named)]
    if filters == ["/DCTDecode"]:
        drawn = without_metadata(stream.read_raw_bytes())
        stream.write(drawn, filter=named, decode_parms=stream.get("/DecodeParms"))
        return len(drawn)
    if not filters or {"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"} & set(
        filters
    ):
        return len(stream.read_raw_bytes())
    # Raises beyond the limits that were set above.
    return len(stream.read_bytes())


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream, also those that stand inside of others."""
    for each in pdf.objects:
        yield from _within(each, 0)


def _within(thing: Any, depth: int) -> Iterator[Any]:
    if depth > DEEPEST:
        raise Unfit("damaged")
    if isinstance(thing, Dictionary | Stream):
        yield thing
        values = [thing[key] for key in list(thing.keys())]
    elif isinstance(thing, Array):
        values = list(thing)
    else:
        return
    for value in values:
        # What has a number of its own is visited by it.
        if isinstance(value, Dictionary | Array) and not value.is_indirect:
            yield from _within(value, depth + 1)
