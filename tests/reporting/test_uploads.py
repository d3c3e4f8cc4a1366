"""Uploads of a report: in memory only, and of what is too large only the size."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from portal.examined_files import FileRefused
from portal.uploads import BoundedMemoryHandler
from reporting.uploads import BoundedUploads, content_of


def received(*contents):
    """What the view finds in the request."""
    files = [SimpleUploadedFile(f"{number}.jpg", each) for number, each in enumerate(contents)]
    request = RequestFactory().post("/report/", {"files": files, "text": "kept"})
    request.upload_handlers = [BoundedUploads()]
    assert request.POST["text"] == "kept"
    return request.FILES.getlist("files")


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(BoundedUploads, "largest", 100_000)
    monkeypatch.setattr(BoundedUploads, "together", 150_000)


def test_uploads_come_whole():
    contents = [b"a" * 200_000, b"b", b""]
    assert [content_of(file) for file in received(*contents)] == contents


def test_upload_that_is_too_large_is_told_and_the_others_are_kept(small, monkeypatch):
    monkeypatch.setattr("reporting.uploads.LARGEST", 100_000)
    first, second, third = received(b"a" * 50_000, b"b" * 300_000, b"c" * 60_000)
    assert content_of(first) == b"a" * 50_000
    assert content_of(third) == b"c" * 60_000
    with pytest.raises(FileRefused) as refused:
        content_of(second)
    assert refused.value.code == "large"
    assert second.size == 300_000
    assert second.read() == b""


def test_uploads_that_are_too_large_together_are_told_by_one(small):
    files = received(b"a" * 90_000, b"b" * 90_000, b"c" * 50_000)
    assert [file.was_dropped for file in files] == [False, True, False]
    with pytest.raises(FileRefused) as refused:
        content_of(files[1])
    assert refused.value.code == "crowded"


def test_uploads_keep_no_more_than_all_may_hold(small):
    handler, kept = BoundedUploads(), []
    for number in range(9):
        handler.new_file("files", f"{number}.jpg", "image/jpeg", None)
        handler.receive_data_chunk(bytes(60_000), 0)
        kept.append(handler.file_complete(60_000))
    assert sum(len(file.read()) for file in kept) == 120_000
    assert [file.size for file in kept] == [60_000] * 9


def test_uploads_never_touch_the_disk(settings, tmp_path, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = set(Path(settings.VAR).rglob("*"))

    (file,) = received(b"a" * 3_000_000)

    assert not hasattr(file, "temporary_file_path")
    assert list(tmp_path.iterdir()) == []
    assert set(Path(settings.VAR).rglob("*")) == before


def test_handler_of_the_kernel_serves_both():
    assert issubclass(BoundedUploads, BoundedMemoryHandler)
    assert BoundedUploads.largest > BoundedMemoryHandler.largest
