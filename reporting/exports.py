"""Sealed exports: a ZIP whose entries open by a passphrase alone, made piece by piece in memory.

`manifest.json` says what there is without telling what it says; `manifest.sealed` names the files.
`reporting/data/open_export.py` opens it without the portal.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.utils.translation import gettext as _

from portal.keyring import tidy
from portal.sealing import SealBroken

FORMAT = "sealed export of suspicion reports, 1"
OPENER = Path(__file__).parent / "data" / "open_export.py"
SALT, NONCE, KEY = 16, 12, 32
# 32 MiB and a tenth of a second a guess, on top of the passphrase's 100 bits.
SCRYPT: dict[str, Any] = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26, "dklen": KEY}
_ODD = re.compile(r"[^\w.\- ()]+")


@dataclass(frozen=True)
class Head:
    """What everybody may read of an export: no content, no names, no reason."""

    made_by: str  # `user:12`
    made_at: datetime
    handling: str
    limits: str
    references: list[str]
    export: UUID = field(default_factory=uuid4)

    def told(self, salt: bytes) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "export": str(self.export),
            "made_by": self.made_by,
            "made_at": self.made_at.isoformat(timespec="minutes"),
            "handling": self.handling,
            "limits": self.limits,
            "reports": self.references,
            "salt": salt.hex(),
        }


@dataclass(frozen=True)
class Item:
    """One file of an export, in pieces that fit into memory."""

    name: str
    pieces: Iterable[bytes] = field(repr=False)


def sealed_zip(items: Iterable[Item], head: Head, passphrase: str) -> Iterator[bytes]:
    """The bytes of the ZIP as they come; no more than one piece is held at a time."""
    salt = os.urandom(SALT)
    packer = _Packer(head, key_of(passphrase, salt), head.told(salt))
    yield packer.plain("READ ME.txt", read_me(head).encode())
    yield packer.plain(OPENER.name, OPENER.read_bytes())
    files: list[dict[str, Any]] = []
    broken: list[str] = []
    for item in items:
        made = packer.file(item)
        try:
            yield from made
            files.append(packer.last)
        except SealBroken:
            # The rest is worth having; what does not open is named inside.
            broken.append(item.name)
    if broken:
        note = Item("DID NOT OPEN.txt", ["\n".join(broken).encode()])
        yield from packer.file(note)
        files.append(packer.last)
    yield packer.manifest(files)
    yield packer.end()


def key_of(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(tidy(passphrase).encode(), salt=salt, **SCRYPT)


class _Packer:
    """Writes entries into a ZIP that goes away as it is made."""

    def __init__(self, head: Head, key: bytes, told: dict[str, Any]) -> None:
        self._head, self._told, self._cipher = head, told, ChaCha20Poly1305(key)
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)
        self._digests: dict[str, str] = {}
        self._count = 0
        self.last: dict[str, Any] = {}

    def plain(self, name: str, data: bytes) -> bytes:
        self._digests[name] = hashlib.sha256(data).hexdigest()
        return self._entry(name, data)

    def file(self, item: Item) -> Iterator[bytes]:
        """Each piece is an entry of its own; afterwards `last` tells of the whole."""
        digest, size, entries = hashlib.sha256(), 0, []
        for piece in item.pieces:
            digest.update(piece)
            size += len(piece)
            self._count += 1
            entries.append(f"{self._count:05}.sealed")
            yield self._sealed(entries[-1], piece)
        name = item.name
        self.last = {"name": name, "size": size, "sha256": digest.hexdigest(), "entries": entries}

    def manifest(self, files: list[dict[str, Any]]) -> bytes:
        entries = dict(self._digests)
        inner = {"head": self._told, "entries": entries, "files": files}
        sealed = self._sealed("manifest.sealed", json.dumps(inner, ensure_ascii=False).encode())
        outer = {"head": self._told, "entries": self._digests}
        return sealed + self._entry("manifest.json", json.dumps(outer, indent=1).encode())

    def end(self) -> bytes:
        self._zip.close()
        return self._sink.taken()

    def _sealed(self, name: str, data: bytes) -> bytes:
        nonce, place = os.urandom(NONCE), f"{self._head.export}|{name}".encode()
        return self.plain(name, nonce + self._cipher.encrypt(nonce, data, place))

    def _entry(self, name: str, data: bytes) -> bytes:
        made_at = self._head.made_at.timetuple()[:6]
        self._zip.writestr(zipfile.ZipInfo(name, made_at), data)
        return self._sink.taken()


class _Sink(io.RawIOBase):
    """What was written since somebody last took it; cannot be wound back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


def safe_name(name: str) -> str:
    """A name that any system takes and that leads nowhere else."""
    plain = _ODD.sub("_", name.replace("\\", "/").rpartition("/")[2]).strip(" .")
    return plain[-100:] or "file"


def read_me(head: Head) -> str:
    lines = [
        _("Sealed export of suspicion reports: %(references)s")
        % {"references": ", ".join(head.references)},
        f"{head.handling}. {head.limits}",
        _("It is confidential. Keep it as the handling code says and delete it after use."),
        _("To open it you need the passphrase, which was shown once to the officer who made it."),
        _("Take open_export.py from this file, or better from a copy you trust, and run"),
        "    python3 open_export.py EXPORT.zip NEW_FOLDER",
        _("It needs Python and its package cryptography, and no network."),
        _(
            "manifest.json lists every entry with its SHA-256. The names of the files inside and "
            "their own SHA-256 are in manifest.sealed."
        ),
        _("Everything in NEW_FOLDER is in clear: choose an encrypted disk."),
    ]
    return "\r\n\r\n".join(lines) + "\r\n"
