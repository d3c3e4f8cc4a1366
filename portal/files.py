"""Files of the running system: written whole or not at all, under var/files or an object store."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage


class AtomicFileStorage(FileSystemStorage):
    """Writes to a temporary file, flushes it to disk, then renames it into place."""

    def __init__(self, location: str) -> None:
        super().__init__(location=location, allow_overwrite=True)

    def _save(self, name: str, content: File) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name


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
    default_storage.delete(name)
