"""Takes uploaded files into memory, never onto the disk, and no more than is allowed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class BoundedFile(InMemoryUploadedFile):
    """An uploaded file that is here whole, or was too large and of which nothing was kept."""

    was_dropped = False


class BoundedMemoryHandler(FileUploadHandler):
    """Counts every byte of the request's files, and keeps none beyond the limits.

    Set it in the view, before anything reads the form: `request.upload_handlers = [Handler()]`.
    A file that is dropped still tells its true size, so that the form can say what was wrong.
    """

    # At most so much of one file, and of all files of one request.
    largest = 10 * 1024 * 1024
    together = 10 * 1024 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.kept = 0
        self._start()

    def _start(self) -> None:
        self.size, self.dropped, self.content = 0, False, BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._start()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.size += len(raw_data)
        if self.dropped:
            return None
        if self.size > self.largest or self.kept + self.size > self.together:
            self.dropped, self.content = True, BytesIO()
        else:
            self.content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> BoundedFile:
        if not self.dropped:
            self.kept += self.size
        self.content.seek(0)
        file = BoundedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=self.size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
        file.was_dropped = self.dropped
        return file
