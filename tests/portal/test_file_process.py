"""The process apart that reads files: whatever it does or says, the report goes on."""

import os
import sys
import threading
import time

import pytest

from portal import examined_files as files
from portal.confinement import WRITES
from portal.examined_files import FileRefused, examine
from tests.honest_files import honest, jpeg
from tests.hostile_files import hostile


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("import os; os.kill(os.getpid(), 9)", "too_much"),
        ("import os; os.kill(os.getpid(), 11)", "damaged"),
        ("raise SystemExit(1)", "damaged"),
        ("pass", "damaged"),
        ("import time; time.sleep(60)", "too_much"),
        ("print('x' * 100)", "damaged"),
        ("import sys; sys.stdout.write('\\0\\0\\0\\2[]')", "damaged"),
        ("import sys; sys.stdout.write('\\0\\0\\0\\2{}')", "damaged"),
    ],
)
def test_examine_survives_whatever_happens_to_its_process(monkeypatch, start, code):
    monkeypatch.setattr(files, "START", start)
    monkeypatch.setattr(files, "SECONDS", 1)
    with pytest.raises(FileRefused) as refused:
        examine("a.jpg", honest()["jpeg"][1])
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("head", "view"),
    [
        ({"kind": "exe", "view_kind": "", "notes": []}, b""),
        ({"kind": "jpeg", "view_kind": "jpeg", "notes": ["<b>"]}, b"\xff\xd8\xff"),
        ({"kind": "jpeg", "view_kind": "html", "notes": []}, b"<script>"),
        ({"kind": "jpeg", "view_kind": "jpeg", "notes": []}, b"<script>"),
        ({"kind": "text", "view_kind": "text", "notes": []}, b"\xff"),
        ({"kind": "mp4", "view_kind": "", "notes": []}, b"x"),
        ({"kind": ["jpeg"], "view_kind": "", "notes": []}, b""),
        ({"refused": ["x"]}, b""),
        ({"refused": "x"}, b""),
    ],
)
def test_examine_believes_no_answer_that_there_is_not(monkeypatch, head, view):
    said = f"import sys, json, struct; h = json.dumps({head!r}).encode()\n"
    said += f"sys.stdout.buffer.write(struct.pack('>I', len(h)) + h + {view!r})"
    monkeypatch.setattr(files, "START", said)
    with pytest.raises(FileRefused) as refused:
        examine("a.jpg", honest()["jpeg"][1])
    assert refused.value.code == "damaged"


def test_examine_asks_to_come_back_while_all_places_are_taken(monkeypatch):
    monkeypatch.setattr(files, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(files, "WAIT_SECONDS", 0.1)
    with files._places, pytest.raises(FileRefused) as refused:
        examine(*honest()["jpeg"])
    assert refused.value.code == "busy"
    assert examine(*honest()["jpeg"]).kind == "jpeg"


def test_examine_gives_its_place_back_whatever_happens():
    for what in ("half a picture", "a bomb in a document", "many pixels"):
        with pytest.raises(FileRefused):
            examine(*hostile(what)[:2])
    for _each in range(files.AT_ONCE):
        assert files._places.acquire(blocking=False)
    for _each in range(files.AT_ONCE):
        files._places.release()


def test_examine_writes_nothing_anywhere(monkeypatch, tmp_path):
    # The process apart is held to it in tests/portal/test_confinement.py; this is about ours.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    written, watching = [], [True]

    def note(event, details):
        if watching and event == "open" and isinstance(details[2], int) and details[2] & WRITES:
            written.extend({str(details[0])} - {os.devnull})

    # There is no way to take it off again: it is told to look no more.
    sys.addaudithook(note)
    for name, content in honest().values():
        examine(name, content)
    watching.clear()

    assert written == []
    assert list(tmp_path.iterdir()) == []


def test_examine_is_quick_about_an_ordinary_photo():
    photo = jpeg((1600, 1200))
    times = []
    for _each in range(5):
        start = time.perf_counter()
        examine("IMG.JPG", photo)
        times.append(time.perf_counter() - start)
    # Generous, since tests share the machine; docs/decisions hold what was measured.
    assert min(times) < 2
