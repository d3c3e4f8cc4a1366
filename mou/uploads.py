"""Takes one uploaded document into memory, never onto the disk, and no more than is allowed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 10 * 1024 * 1024


class BoundedMemoryHandler(FileUploadHandler):
    """Counts every byte of the request's files, and keeps none once there are too many."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0
        self.content = BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received <= LARGEST:
            self.content.write(raw_data)
        else:
            self.content = BytesIO()
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.content.seek(0)
        # The true size, so that the form can say what was wrong with it.
        size = max(file_size, self.received) if self.received > LARGEST else file_size
        self.content.seek(0)
        return InMemoryUploadedFile(
            file=self.content,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type,
            size=size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
