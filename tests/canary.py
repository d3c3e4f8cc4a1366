"""Canaries: random words that may come to light nowhere, and a search of everything that is kept.

Every canary holds the mark of its run, so one search finds all of them; a mark is found as it is
typed, in other case, as base64 at any of its three alignments, in hexadecimal or UTF-16, and in
whatever of that, of gzip, zlib, ZIP and percent signs can be undone, one inside the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import secrets
import subprocess
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

import redis
from django.conf import settings
from django.core import mail
from django.db import connection

from setup.services import postgresql_program
from tests.databases import bytes_of

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
DEEPEST = 4
SHORTEST = 10
Pieces = Iterator[tuple[str, bytes]]

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
HEXADECIMAL = re.compile(rb"(?:[0-9a-fA-F]{2}){16,}")
PERCENT = re.compile(rb"(?:%[0-9a-fA-F]{2}){6,}")
# zlib at its usual levels, and gzip.
PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")


def random_letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


class Canaries:
    """Makes words that nobody can guess, and knows their traces when it sees them."""

    def __init__(self) -> None:
        self.mark = random_letters(10)
        self.others: dict[bytes, str] = {}
        self.prints: dict[bytes, str] = {}
        self.made = 0
        self.traces = [one.lower() for one in spellings(self.mark)]
        self.exact = coded(self.mark)

    def new(self) -> str:
        """A word for one field: twenty characters, the run's mark in their midst."""
        self.made += 1
        return random_letters(5) + self.mark + random_letters(5)

    def also(self, name: str, *words: str) -> None:
        """Something that was not made here and has to stay as secret, its fingerprints too."""
        for word in words:
            sums = [getattr(hashlib, kind)(word.encode()) for kind in ("md5", "sha1", "sha256")]
            prints = [one.hexdigest().encode() for one in sums] + [one.digest() for one in sums]
            self.others[word.encode()] = name
            self.prints |= dict.fromkeys([*spellings(word), *coded(word), *prints], name)

    def trace(self, data: bytes) -> str:
        """What of ours shows in this; nothing when nothing does."""
        return self._shown(data, 0)

    def _shown(self, data: bytes, depth: int) -> str:
        if len(data) < SHORTEST:
            return ""
        small = data.lower()
        for one in self.traces:
            if one in small:
                return f"a canary, {depth} deep"
        for one in self.exact:
            if one in data:
                return f"a canary, {depth} deep"
        # What is undone of something is words; all other forms were looked for before that.
        for one, name in (self.others if depth else self.prints).items():
            if one in data:
                return name
        if depth < DEEPEST:
            for inner in undone(data):
                if found := self._shown(inner, depth + 1):
                    return found
        return ""


def spellings(word: str) -> list[bytes]:
    """The word as bytes, and their hexadecimal."""
    plain = [word.encode(), word.encode("utf-16-le")]
    return [*plain, *(binascii.hexlify(one) for one in plain)]


def coded(word: str) -> list[bytes]:
    """What base64 makes of the word wherever it stands in a text, its edges left off."""
    found = []
    for text in {word, word.lower()}:
        for before in range(3):
            made = base64.b64encode(b"\0" * before + text.encode())
            first = (before * 8 + 5) // 6
            last = (before + len(text)) * 8 // 6
            found += [made[first:last], made[first:last].translate(bytes.maketrans(b"+/", b"-_"))]
    return found


def undone(data: bytes) -> Iterator[bytes]:
    """Everything in this that can be decoded or decompressed, one step of it."""
    for run in PERCENT.finditer(data):
        yield unquote_to_bytes(run[0])
    for run in HEXADECIMAL.finditer(data):
        yield binascii.unhexlify(run[0])
    for run in BASE64.finditer(data):
        if not HEXADECIMAL.fullmatch(run[0]):
            yield from _from_base64(run[0].rstrip(b"="))
    for run in PACKED.finditer(data):
        yield from _unpacked(data[run.start() :])
    if b"PK\x03\x04" in data:
        yield from _unzipped(data[data.index(b"PK\x03\x04") :])


def _from_base64(run: bytes) -> Iterator[bytes]:
    """From each of its four first places, since letters before it may look like more of it."""
    plain = run.translate(bytes.maketrans(b"-_", b"+/"))
    for start in range(4):
        part = plain[start:]
        yield base64.b64decode(part[: len(part) // 4 * 4] + _rest(part))


def _rest(part: bytes) -> bytes:
    rest = part[len(part) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _unpacked(data: bytes) -> Iterator[bytes]:
    try:
        yield zlib.decompressobj(wbits=47).decompress(data, 50_000_000)
    except zlib.error:
        return


def _unzipped(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
        return


# --- All that is kept -------------------------------------------------------------------------


def cells() -> Pieces:
    """Every value in every table of the database."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own name
            names = [column[0] for column in cursor.description]
            while rows := cursor.fetchmany(500):
                for row in rows:
                    for name, value in zip(names, row, strict=True):
                        if value not in (None, "", b""):
                            yield f"column {table}.{name}", as_bytes(value)


def as_bytes(value: object) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode()


def dump() -> Pieces:
    """The database as whoever steals it has it: its files, or what pg_dump writes."""
    named = connection.settings_dict
    if connection.vendor == "sqlite":
        for path in sorted(Path(named["NAME"]).parent.glob(f"{Path(named['NAME']).name}*")):
            yield f"database file {path.name}", bytes_of(path)
        return
    address = f"postgres://{named['USER']}:{named['PASSWORD']}@{named['HOST']}:{named['PORT']}"
    command = [postgresql_program("pg_dump"), f"{address}/{named['NAME']}"]
    yield "pg_dump", subprocess.run(command, check=True, capture_output=True).stdout


def files(*folders: Path, but: Iterable[Path] = ()) -> Pieces:
    """Every file below these folders, and its name."""
    left_out = set(but)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in left_out:
                yield f"file name {path}", str(path.relative_to(folder)).encode()
                yield f"file {path}", bytes_of(path)


def letters() -> Pieces:
    """Mail as it goes over the wire, and each part as it is read."""
    for number, sent in enumerate(mail.outbox):
        message = sent.message()
        yield f"letter {number}", message.as_bytes()
        for part in message.walk():
            yield f"letter {number}, a part", part.get_payload(decode=True) or b""


def remembered() -> Pieces:
    """Cache and broker where Redis is both; elsewhere they are a table and files."""
    if not settings.REDIS_URL:
        return
    store = redis.from_url(settings.REDIS_URL)
    read = {
        b"string": store.get,
        b"list": lambda key: store.lrange(key, 0, -1),
        b"hash": store.hgetall,
        b"set": store.smembers,
        b"zset": lambda key: store.zrange(key, 0, -1),
    }
    for key in store.scan_iter():
        yield f"redis key {key!r}", key
        held = read[store.type(key)](key)
        many = [*held, *held.values()] if isinstance(held, dict) else held
        for one in [many] if isinstance(many, bytes) else many or []:
            yield f"redis {key!r}", one
    store.close()
