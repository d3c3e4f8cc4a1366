"""Sealed exports: a stand-alone opener reads them with the passphrase, and nothing altered."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest

from portal.actions.keys.custody import new_passphrase
from portal.sealing import SealBroken
from reporting import exports
from reporting.exports import Head, Item

HEAD = Head("user:7", datetime(2026, 11, 25, 10, 30, tzinfo=UTC), "H2", "Not passed on.", ["SR-1"])
FILES = {"SR-1/report.txt": "Żółć at the quay".encode(), "SR-1/files/photo.jpg": b"\xff" * 9000}
PASSPHRASE = "7KQ2M-9XW4T-0GXYK-433AN"


def made(files=FILES, *, piece=4000):
    items = [
        Item(name, [data[at : at + piece] for at in range(0, len(data), piece)])
        for name, data in files.items()
    ]
    return b"".join(exports.sealed_zip(items, HEAD, PASSPHRASE))


def open_(tmp_path, export, passphrase=PASSPHRASE):
    """By the opener that lies in the export, as somebody else would."""
    archive, folder = tmp_path / "export.zip", tmp_path / "opened"
    archive.write_bytes(export)
    script = tmp_path / "open_export.py"
    script.write_bytes(exports.OPENER.read_bytes())
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), str(archive), str(folder)],
        input=passphrase + "\n",
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return found, done


def changed(export, change):
    """The ZIP again, after `change` was done to its dictionary of entries."""
    with zipfile.ZipFile(BytesIO(export)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def relisted(entries):
    """Somebody who also repairs the open list of digests."""
    manifest = json.loads(entries["manifest.json"])
    manifest["entries"] = {
        name: exports.hashlib.sha256(data).hexdigest()
        for name, data in entries.items()
        if name != "manifest.json"
    }
    entries["manifest.json"] = json.dumps(manifest).encode()


def test_opener_reads_what_was_sealed(tmp_path):
    found, done = open_(tmp_path, made())
    assert (found, done.returncode) == (FILES, 0)


@pytest.mark.parametrize("typed", [PASSPHRASE.lower(), PASSPHRASE.replace("-", " ")])
def test_opener_takes_the_passphrase_however_it_is_typed(tmp_path, typed):
    assert open_(tmp_path, made(), typed)[0] == FILES


def test_opener_is_short_and_needs_nothing_of_the_portal():
    lines = exports.OPENER.read_text().splitlines()
    assert len(lines) <= 42
    imported = {line.split()[1].split(".")[0] for line in lines if line[:5] in ("impor", "from ")}
    assert imported - sys.stdlib_module_names == {"cryptography"}


def test_opener_without_names_says_what_it_needs():
    done = subprocess.run([sys.executable, exports.OPENER], capture_output=True, text=True)
    assert done.stderr.startswith("Opens a sealed export")


def test_opener_refuses_a_wrong_passphrase(tmp_path):
    found, done = open_(tmp_path, made(), new_passphrase())
    assert (found, done.returncode) == ({}, 1)
    assert "passphrase is wrong" in done.stderr


def alter(entries):
    entries["00002.sealed"] = entries["00002.sealed"][:-1] + b"\x00"


def remove(entries):
    del entries["00001.sealed"]


def add(entries):
    entries["notes.txt"] = b"also read this"


def swap(entries):
    one, other = "00002.sealed", "00003.sealed"
    entries[one], entries[other] = entries[other], entries[one]


def relabel(entries):
    manifest = json.loads(entries["manifest.json"])
    manifest["head"]["handling"] = "H0"
    entries["manifest.json"] = json.dumps(manifest).encode()


def replace_opener(entries):
    entries["open_export.py"] = b"print('send me the passphrase')"


@pytest.mark.parametrize("change", [alter, remove, add, swap, relabel, replace_opener])
def test_opener_refuses_what_was_changed(tmp_path, change):
    found, done = open_(tmp_path, changed(made(), change))
    assert (found, done.returncode) == ({}, 1)
    assert "Refused" in done.stderr


@pytest.mark.parametrize("change", [alter, remove, add, swap, replace_opener])
def test_opener_refuses_what_was_changed_in_the_open_list_as_well(tmp_path, change):
    def thoroughly(entries):
        change(entries)
        relisted(entries)

    found, done = open_(tmp_path, changed(made(), thoroughly))
    assert (found, done.returncode) == ({}, 1)
    assert "Refused" in done.stderr


@pytest.mark.parametrize("name", ["../outside.txt", "/tmp/outside.txt", "a/../../outside.txt"])
def test_opener_refuses_a_name_that_leads_elsewhere(tmp_path, name):
    found, done = open_(tmp_path, made({name: b"x"}))
    assert (found, done.returncode) == ({}, 1)
    assert "leads elsewhere" in done.stderr
    assert not (tmp_path / "outside.txt").exists()


def test_opener_overwrites_nothing(tmp_path):
    open_(tmp_path, made())
    found, done = open_(tmp_path, made({"SR-1/report.txt": b"another"}))
    assert done.returncode == 1
    assert found == FILES


def test_seal_shows_outside_nothing_but_the_head():
    export = made()
    with zipfile.ZipFile(BytesIO(export)) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["head"]["handling"] == "H2"
    assert manifest["head"]["made_by"] == "user:7"
    for secret in (b"photo", "Żółć".encode(), PASSPHRASE.encode(), b"\xff" * 50):
        assert secret not in export


def test_seal_holds_one_piece_at_a_time():
    made_so_far = 0

    def pieces():
        nonlocal made_so_far
        for _piece in range(50):
            made_so_far += 1
            yield b"x" * 10_000

    seen = []
    for chunk in exports.sealed_zip([Item("big", pieces())], HEAD, PASSPHRASE):
        assert len(chunk) < 30_000
        seen.append(made_so_far)
    assert set(range(1, 51)) <= set(seen)


def test_seal_names_what_did_not_open(tmp_path):
    def pieces():
        yield b"begin"
        raise SealBroken("altered")

    items = [Item("SR-1/files/a.jpg", pieces()), Item("SR-1/report.txt", [b"text"])]
    export = b"".join(exports.sealed_zip(items, HEAD, PASSPHRASE))
    found, done = open_(tmp_path, export)
    assert done.returncode == 0
    assert found == {"SR-1/report.txt": b"text", "DID NOT OPEN.txt": b"SR-1/files/a.jpg"}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.doc", "a.doc"),
        ("...", "file"),
        ("å b(1).jpg", "å b(1).jpg"),
        ("a\x00\n<b>.txt", "a_b_.txt"),
    ],
)
def test_safe_name_leads_nowhere(name, safe):
    assert exports.safe_name(name) == safe
