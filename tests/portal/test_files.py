"""Files: whole or not at all."""

import os
import time

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage

from portal import files
from portal.files import AtomicFileStorage


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "default_storage", AtomicFileStorage(str(tmp_path)))
    return tmp_path


def test_default_storage_is_the_atomic_one():
    assert isinstance(default_storage._wrapped or default_storage, AtomicFileStorage)


def test_put_replaces_what_was_there(folder):
    files.put("mou/a.pdf", b"first")
    files.put("mou/a.pdf", b"second")
    assert files.get("mou/a.pdf") == b"second"
    assert [path.name for path in (folder / "mou").iterdir()] == ["a.pdf"]


def test_put_that_is_cut_off_keeps_the_old_file_and_no_rest(folder):
    files.put("a.pdf", b"first")

    def cut_off():
        yield b"half"
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        files.write_whole(folder / "a.pdf", cut_off())
    assert files.get("a.pdf") == b"first"
    assert [path.name for path in folder.iterdir()] == ["a.pdf"]


def test_put_sweeps_what_a_killed_process_left_an_hour_ago(folder):
    for name, age in ((".partial-old", 3700), (".partial-new", 60)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age,) * 2)
    files.put("a.pdf", b"x")
    assert {path.name for path in folder.iterdir()} == {"a.pdf", ".partial-new"}


def test_put_lets_nobody_else_read_it(folder):
    files.put("mou/a.pdf", b"x")
    assert (folder / "mou" / "a.pdf").stat().st_mode & 0o077 == 0
    assert (folder / "mou").stat().st_mode & 0o077 == 0


def test_delete_twice_is_no_error():
    files.put("a.pdf", b"x")
    files.delete("a.pdf")
    files.delete("a.pdf")
    assert not files.exists("a.pdf")
    with pytest.raises(FileNotFoundError):
        files.get("a.pdf")


@pytest.mark.parametrize("name", ["../a.pdf", "/etc/passwd", "a/../../b"])
def test_put_outside_the_folder_is_refused(name):
    with pytest.raises(SuspiciousFileOperation):
        files.put(name, b"x")
