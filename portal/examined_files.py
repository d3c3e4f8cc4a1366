"""Which files of strangers are taken, and what becomes of each: a kind, a clean copy, remarks."""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from portal import scanner
from portal.confinement import Overran, Unanswered, answer_apart, running
from portal.errors import DomainError
from portal.file_names import cleaned_name, ending_of
from portal.file_words import NOTES, SENTENCES

MOST_FILES = 10
LARGEST = 25 * 1024 * 1024
TOGETHER = 100 * 1024 * 1024
# At once in this process: more would fill its memory. Who finds no place waits this long.
AT_ONCE = 2
WAIT_SECONDS = 10
SECONDS = 20
START = running("portal.file_process")
PICTURES = {"jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic", "heif", "avif"}
SOUND_AND_FILM = {
    "mp4", "m4v", "mov", "qt", "m4a", "3gp", "3g2", "mp3", "wav", "ogg", "oga", "opus", "webm",
    "weba", "mkv", "amr",
}  # fmt: skip
TEXTS = {"txt", "text", "log", "md", "csv", "tsv", "eml"}
# Kind → the endings a name may have. A wrong one of the same family happens in every telephone
# and is only remarked; one of another family is a file that says it is something else.
ALLOWED: dict[str, set[str]] = {
    "jpeg": PICTURES, "png": PICTURES, "gif": PICTURES, "webp": PICTURES, "heic": PICTURES,
    "mp4": SOUND_AND_FILM, "mov": SOUND_AND_FILM, "m4a": SOUND_AND_FILM, "3gp": SOUND_AND_FILM,
    "mp3": SOUND_AND_FILM, "wav": SOUND_AND_FILM, "ogg": SOUND_AND_FILM, "webm": SOUND_AND_FILM,
    "amr": SOUND_AND_FILM,
    "pdf": {"pdf"},
    "docx": {"docx", "docm", "dotx"}, "xlsx": {"xlsx", "xlsm", "xltx"},
    "odt": {"odt", "ott"}, "ods": {"ods", "ots"},
    "text": TEXTS, "csv": {"csv"}, "eml": {"eml"},
}  # fmt: skip
OWN_ENDINGS = {
    "jpeg": {"jpg", "jpeg", "jpe", "jfif"}, "heic": {"heic", "heif", "avif"},
    "mp4": {"mp4", "m4v"}, "mov": {"mov", "qt"}, "3gp": {"3gp", "3g2"},
    "ogg": {"ogg", "oga", "opus"}, "webm": {"webm", "weba", "mkv"},
    **{kind: {kind} for kind in ("png", "gif", "webp", "m4a", "mp3", "wav", "amr")},
}  # fmt: skip
# How a viewing copy begins; the process that made it has read hostile bytes and is not believed.
VIEWS = {"jpeg": b"\xff\xd8\xff", "pdf": b"%PDF-"}
_places = threading.BoundedSemaphore(AT_ONCE)


class FileRefused(DomainError):
    """The file is not taken; the sentence says what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES[code])
        self.code = code


@dataclass(frozen=True)
class Examined:
    """A file that is taken. `view` is a copy that may be looked at; the original stays as it is."""

    name: str
    kind: str
    view: bytes | None
    view_kind: str  # jpeg, pdf, text; empty without a view
    notes: tuple[str, ...]  # codes of file_words.NOTES
    scan: str  # scanner.CLEAN or scanner.UNSCANNED

    @property
    def note(self) -> str:
        """The remarks as one text to be kept beside the file; file_words.remarks() reads it."""
        return " ".join(self.notes)


def examine(name: str, data: bytes) -> Examined:
    """Look at one file as its content is; raises FileRefused with a sentence for its sender."""
    check_room([], len(data))
    scan = scanner.scan(data)
    if scan == scanner.INFECTED:
        raise FileRefused("infected")
    ending = ending_of(name)
    kind, view_kind, notes, view = _parsed(ending, data)
    if ending and ending not in ALLOWED[kind]:
        raise FileRefused("kind" if kind in {"text", "csv", "eml"} else "misnamed")
    if (
        ending
        and kind not in {"text", "csv"}
        and ending not in OWN_ENDINGS.get(kind, ALLOWED[kind])
    ):
        notes = notes | {"named_otherwise"}
    return Examined(
        cleaned_name(name, kind), kind, view or None, view_kind, tuple(sorted(notes)), scan
    )


def check_room(kept: Sequence[int], size: int) -> None:
    """May a file of this size join those of these sizes? Raises FileRefused."""
    if size == 0:
        raise FileRefused("empty")
    if size > LARGEST:
        raise FileRefused("large")
    if len(kept) >= MOST_FILES:
        raise FileRefused("many")
    if sum(kept) + size > TOGETHER:
        raise FileRefused("together")


def _parsed(ending: str, data: bytes) -> tuple[str, str, set[str], bytes]:
    """Kind, kind of view, remarks and view, as a process apart found them."""
    told = ending.encode() if ending in {"csv", "eml"} else b""
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise FileRefused("busy")
    try:
        said = answer_apart(START, [struct.pack(">B", len(told)), told, data], seconds=SECONDS)
    except Overran:
        raise FileRefused("too_much") from None
    except Unanswered:
        raise FileRefused("damaged") from None
    finally:
        _places.release()
    try:
        (length,) = struct.unpack_from(">I", said)
        return _believed(json.loads(said[4 : 4 + length]), said[4 + length :])
    except (struct.error, ValueError, KeyError, TypeError, AttributeError):
        raise FileRefused("damaged") from None


def _believed(head: dict, view: bytes) -> tuple[str, str, set[str], bytes]:
    """The answer, if it is one of those that there are."""
    if "refused" in head:
        raise FileRefused(head["refused"] if head["refused"] in SENTENCES else "damaged")
    kind, view_kind, notes = head["kind"], head["view_kind"], set(head["notes"])
    if kind not in ALLOWED or not notes <= set(NOTES):
        raise ValueError
    if view_kind == "text":
        view.decode()
    elif view_kind:
        if not view.startswith(VIEWS[view_kind]):
            raise ValueError
    elif view:
        raise ValueError
    return kind, view_kind, notes, view
