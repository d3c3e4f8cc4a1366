"""What the process apart does with a stranger's file: know it by its first bytes, parse, copy."""

from __future__ import annotations

import importlib
import json
import struct
import sys
import zipfile
from io import BytesIO

from portal.confinement import confine
from portal.parsers.found import Found, Unfit

SECONDS = 15
MEMORY = 768 * 1024 * 1024
# First bytes → parser, kind. What follows is parsed by a module that only then is imported.
# None is a word that a note may begin with: a BMW, an ID3, MZ for Mozambique.
SIGNATURES: list[tuple[bytes, str, str]] = [
    (b"\xff\xd8\xff", "images", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "images", "png"),
    (b"GIF87a", "images", "gif"),
    (b"GIF89a", "images", "gif"),
    (b"PK\x03\x04", "office", ""),
    (b"OggS\0", "media", "ogg"),
    (b"ID3\x02", "media", "mp3"),
    (b"ID3\x03", "media", "mp3"),
    (b"ID3\x04", "media", "mp3"),
    (b"\xff\xfb", "media", "mp3"),
    (b"\xff\xfa", "media", "mp3"),
    (b"\xff\xf3", "media", "mp3"),
    (b"\xff\xf2", "media", "mp3"),
    (b"\xff\xe3", "media", "mp3"),
    (b"\x1a\x45\xdf\xa3", "media", "webm"),
    (b"#!AMR", "media", "amr"),
]
# Known and not taken, each with a sentence that says what to do instead.
REFUSED: list[tuple[bytes, str]] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
    (b"Rar!\x1a\x07", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b", "archive"),
    (b"PK\x05\x06", "archive"), (b"\xfd7zXZ", "archive"),
    (b"II*\0", "picture_kind"), (b"MM\0*", "picture_kind"), (b"{\\rtf", "old_office"),
    (b"\x7fELF", "kind"), (b"#!/", "kind"),
]  # fmt: skip


def main() -> None:
    """Take the file, give up every power, then look at it."""
    (length,) = struct.unpack(">B", sys.stdin.buffer.read(1))
    ending = sys.stdin.buffer.read(length).decode("ascii")
    data = sys.stdin.buffer.read()
    confine(seconds=SECONDS, memory=MEMORY)
    head, view = answer(ending, data)
    sys.stdout.buffer.write(struct.pack(">I", len(head)) + head + view)


def answer(ending: str, data: bytes) -> tuple[bytes, bytes]:
    """The head as JSON and the viewing copy; whatever a parser does, it is one of our words."""
    try:
        found = look(ending, data)
    except Unfit as unfit:
        return json.dumps({"refused": unfit.code}).encode(), b""
    except MemoryError:
        return json.dumps({"refused": "too_much"}).encode(), b""
    except Exception:
        # A parser of hostile bytes fails in any way there is: all of them mean the same.
        return json.dumps({"refused": "damaged"}).encode(), b""
    head = {"kind": found.kind, "view_kind": found.view_kind, "notes": sorted(found.notes)}
    return json.dumps(head).encode(), found.view


def look(ending: str, data: bytes) -> Found:
    """Know the file by its content, and let its parser read all of it anew."""
    module, kind = recognise(ending, data)
    found: Found = importlib.import_module(f"portal.parsers.{module}").parse(kind, data)
    if _hides_something(module, data):
        found.notes.add("hidden_data")
    return found


def recognise(ending: str, data: bytes) -> tuple[str, str]:
    """Parser and kind. The name's ending only tells one text from another, never what is safe."""
    for start, code in REFUSED:
        if data.startswith(start):
            raise Unfit(code)
    for start, module, kind in SIGNATURES:
        if data.startswith(start):
            return module, kind
    if data[:4] == b"RIFF" and data[8:12] in {b"WEBP", b"WAVE"}:
        return ("images", "webp") if data[8:12] == b"WEBP" else ("media", "wav")
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        raise Unfit("picture_kind")
    if data[:3] == b"BZh" and data[4:10] == b"1AY&SY":
        raise Unfit("archive")
    if data[:1] == b"\0" and data[4:8] == b"ftyp":
        return "media", "boxes"
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        return "pdf", "pdf"
    return "text", {"csv": "csv", "eml": "eml"}.get(ending, "text")


def _hides_something(module: str, data: bytes) -> bool:
    """Is it also something else? The viewing copy is clean of that; the original is not.

    Such a file is kept: what someone hid in a picture may be what a report is about.
    """
    if module not in {"office", "text"} and zipfile.is_zipfile(BytesIO(data)):
        return True
    return module in {"images", "media"} and (b"%PDF-" in data or b"<script" in data)
