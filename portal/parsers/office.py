"""Documents and tables of office programs: their words, read from their parts, and nothing else."""

from __future__ import annotations

import stat
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from portal.parsers.found import Found, Unfit
from portal.parsers.office_words import spreadsheet_words, words
from portal.parsers.text import as_text

MOST_PARTS = 5_000
# Unpacked, of one part that is read and of all that the file claims to hold.
LARGEST_PART = 60 * 1024 * 1024
TOGETHER = 400 * 1024 * 1024
TYPES = "[Content_Types].xml"
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
DOCX_PARTS = ("word/header", "word/document.xml", "word/footnotes", "word/comments", "word/footer")


def parse(kind: str, data: bytes) -> Found:
    """The words as plain text. Pictures inside stay in the original, which is sealed whole."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            parts = _parts(file)
            kind = _kind(file, parts)
            text = _text(file, parts, kind)
            notes = _met(file, parts)
    except (zipfile.BadZipFile, NotImplementedError, EOFError):
        raise Unfit("damaged") from None
    return as_text(kind, text, notes) if text.strip() else Found(kind, notes=notes | {"no_view"})


def _parts(file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is in it, once none of it is locked, leads elsewhere or is out of proportion."""
    parts = file.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > TOGETHER:
        raise Unfit("too_much")
    for part in parts:
        path = PurePosixPath(part.filename)
        outside = path.is_absolute() or ".." in path.parts or "\\" in part.filename
        if outside or stat.S_ISLNK(part.external_attr >> 16):
            raise Unfit("damaged")
        if part.flag_bits & 1:
            raise Unfit("encrypted")
    named = {part.filename: part for part in parts}
    # The same name twice: two programs would show two documents.
    if len(named) != len(parts):
        raise Unfit("damaged")
    return named


def _kind(file: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> str:
    if TYPES in parts:
        types = _read(file, parts[TYPES])
        if "word/document.xml" in parts and (b"wordprocessingml" in types or b"ms-word" in types):
            return "docx"
        if "xl/workbook.xml" in parts and (b"spreadsheetml" in types or b"ms-excel" in types):
            return "xlsx"
    if "mimetype" in parts and "content.xml" in parts:
        kind = OPEN_DOCUMENT.get(_read(file, parts["mimetype"]).strip())
        if kind:
            if b"encryption-data" in _read(file, parts.get("META-INF/manifest.xml")):
                raise Unfit("encrypted")
            return kind
    raise Unfit("archive")


def _text(file: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], kind: str) -> str:
    if kind in {"odt", "ods"}:
        return words(_read(file, parts["content.xml"]))
    if kind == "docx":
        read = [name for start in DOCX_PARTS for name in sorted(parts) if name.startswith(start)]
        return "\n".join(words(_read(file, parts[name])) for name in read)
    strings = _read(file, parts.get("xl/sharedStrings.xml"))
    sheets = sorted(
        (name for name in parts if name.startswith("xl/worksheets/") and name.endswith(".xml")),
        key=lambda name: (len(name), name),
    )
    return spreadsheet_words(strings, [_read(file, parts[name]) for name in sheets])


def _met(file: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]) -> set[str]:
    notes = {"words_only"}
    names = [name.lower() for name in parts]
    if any("vbaproject" in name or name.startswith(("basic/", "scripts/")) for name in names):
        notes.add("macros")
    if TYPES in parts and b"macroenabled" in _read(file, parts[TYPES]).lower():
        notes.add("macros")
    if any("/embeddings/" in name or "/activex/" in name for name in names):
        notes.add("embedded_files")
    if "docProps/core.xml" in parts or "meta.xml" in parts:
        notes.add("metadata_removed")
    relations = [part for name, part in parts.items() if name.endswith(".rels")]
    if any(b'TargetMode="External"' in _read(file, part) for part in relations[:200]):
        notes.add("links_removed")
    return notes


def _read(file: zipfile.ZipFile, part: zipfile.ZipInfo | None) -> bytes:
    """One part, and no more of it than a document of words has: what it claims is not believed."""
    if part is None:
        return b""
    with file.open(part) as packed:
        content = packed.read(LARGEST_PART + 1)
    if len(content) > LARGEST_PART:
        raise Unfit("too_much")
    return content
