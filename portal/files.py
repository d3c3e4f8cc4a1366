"""Files of the running system: written whole or not at all, under var/files or an object store."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

# What a killed process had half written is swept by who next writes beside it, this much later.
PARTIAL = ".partial-"
ABANDONED_SECONDS = 3600


class AtomicFileStorage(FileSystemStorage):
    """Keeps each file whole: nobody ever reads half of one, not even after a power cut."""

    def __init__(self, location: str, *, shared: bool = False) -> None:
        super().__init__(location=location, allow_overwrite=True)
        # Where each face runs as a user of its own, they read each other's files by a group.
        self.shared = shared

    def _save(self, name: str, content: File) -> str:
        write_whole(Path(self.path(name)), content.chunks(), shared=self.shared)
        return name


def write_whole(path: Path, chunks: Iterable[bytes], *, shared: bool = False) -> None:
    """Write beside the place, flush to disk, rename into place; `shared` with our group."""
    _make_folder(path.parent, 0o2770 if shared else 0o700)
    _sweep(path.parent)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=PARTIAL)
    try:
        with os.fdopen(handle, "wb") as file:
            if shared:
                os.fchmod(file.fileno(), 0o640)
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _make_folder(folder: Path, mode: int) -> None:
    """With exactly this mode, whatever this process takes away from what it makes."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, mode)
    with suppress(FileExistsError):  # another process was quicker
        folder.mkdir()
        folder.chmod(mode)


def _sweep(folder: Path) -> None:
    """Remove what nobody can be writing any more."""
    oldest = time.time() - ABANDONED_SECONDS
    for partial in folder.glob(f"{PARTIAL}*"):
        with suppress(FileNotFoundError):  # another process swept it, or finished it
            if partial.stat().st_mtime < oldest:
                partial.unlink()


def _flush_folder(folder: Path) -> None:
    """The new name itself must survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(name: str, data: bytes) -> None:
    """Keep these bytes under this name, replacing what was there."""
    default_storage.save(name, ContentFile(data))


def get(name: str) -> bytes:
    """The bytes kept under this name; FileNotFoundError when there are none."""
    with default_storage.open(name) as file:
        data: bytes = file.read()
    return data


def exists(name: str) -> bool:
    return default_storage.exists(name)


def delete(name: str) -> None:
    """Remove it; that it is gone already is no error."""
    default_storage.delete(name)
