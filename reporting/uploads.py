"""Takes the files of a report into memory: never onto the disk, and no more than is allowed."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from portal.examined_files import LARGEST, FileRefused
from portal.uploads import BoundedMemoryHandler

# Of one request, all its files: what a web process holds in memory while it looks at them. The
# proxy lets a little more through, so that the page itself can say what was too large.
REQUEST = 30 * 1024 * 1024


class BoundedUploads(BoundedMemoryHandler):
    """Set it before anything reads the form: `request.upload_handlers = [BoundedUploads()]`."""

    largest = LARGEST
    together = REQUEST


def content_of(upload: UploadedFile) -> bytes:
    """What was uploaded; raises FileRefused when it was too large to be kept, alone or together."""
    if getattr(upload, "was_dropped", False):
        raise FileRefused("large" if (upload.size or 0) > LARGEST else "crowded")
    return upload.read()
