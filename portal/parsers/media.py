"""Sound, film and pictures of phones that we cannot redraw: their containers are walked through."""

from __future__ import annotations

import struct

from portal.parsers.found import Found, Unfit

MOST_BOXES = 20_000
# Brands of the box that stands first in a file of this family.
BRANDS = {
    b"heic": "heic", b"heix": "heic", b"hevc": "heic", b"mif1": "heic", b"msf1": "heic",
    b"heim": "heic", b"heis": "heic", b"avif": "heic", b"M4A ": "m4a", b"M4B ": "m4a",
    b"qt  ": "mov", b"3gp4": "3gp", b"3gp5": "3gp", b"3gp6": "3gp", b"3g2a": "3gp",
}  # fmt: skip
MP3_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MP3_RATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def parse(kind: str, data: bytes) -> Found:
    """Sealed as it is: there is no viewing copy, and the officer is told so."""
    walk = {
        "boxes": _boxes,
        "wav": _wav,
        "ogg": _ogg,
        "mp3": _mp3,
        "webm": _webm,
        "amr": _amr,
    }[kind]
    try:
        return Found(walk(data), notes={"no_view"})
    except (struct.error, IndexError):
        raise Unfit("damaged") from None


def _boxes(data: bytes) -> str:
    """MP4, MOV, M4A, 3GP, HEIC: boxes from the first byte to the last, each within the file."""
    seen: list[bytes] = []
    place = 0
    while place + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, place)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        size = size or len(data) - place
        if size < 8 or place + size > len(data) or len(seen) >= MOST_BOXES:
            raise Unfit("damaged")
        seen.append(name)
        place += size
    kind = BRANDS.get(data[8:12], "mp4")
    wanted = b"meta" if kind == "heic" else b"moov"
    # A film that is sent while it is recorded has its index in pieces.
    if wanted not in seen:
        raise Unfit("damaged")
    return kind


def _wav(data: bytes) -> str:
    place, seen = 12, set()
    while place + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        seen.add(name)
        place += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= seen:
        raise Unfit("damaged")
    return "wav"


def _ogg(data: bytes) -> str:
    place, pages = 0, 0
    while data[place : place + 4] == b"OggS":
        pieces = data[place + 26]
        lengths = data[place + 27 : place + 27 + pieces]
        if len(lengths) < pieces:
            break
        place += 27 + pieces + sum(lengths)
        pages += 1
    if pages < 2 or place > len(data):
        raise Unfit("damaged")
    return "ogg"


def _mp3(data: bytes) -> str:
    place = 0
    if data[:3] == b"ID3":
        a, b, c, d = data[6:10]
        place = 10 + (a << 21 | b << 14 | c << 7 | d)
        while data[place : place + 1] == b"\0":
            place += 1
    frames = 0
    while frames < 4 and place + 4 <= len(data):
        length = _frame(data[place : place + 4])
        if not length:
            break
        place, frames = place + length, frames + 1
    if frames < 3:
        raise Unfit("damaged")
    return "mp3"


def _frame(head: bytes) -> int:
    """How long a frame of sound is, by its head; 0 when that is none."""
    if head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[1] & 0x18 == 0x08:
        return 0
    version, rate, sampling = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if rate in {0, 15} or sampling == 3:
        return 0
    first = version == 3
    bits = (MP3_RATES if first else MP3_RATES_LOW)[rate] * 1000
    hertz = (44100, 48000, 32000)[sampling] // {3: 1, 2: 2, 0: 4}[version]
    return (144 if first else 72) * bits // hertz + (head[2] >> 1 & 1)


def _webm(data: bytes) -> str:
    place, size = 4, 0
    length, width = _number(data, place)
    head = data[place + width : place + width + length]
    place += width + length
    if b"webm" not in head and b"matroska" not in head:
        raise Unfit("kind")
    if data[place : place + 4] != b"\x18\x53\x80\x67":
        raise Unfit("damaged")
    size, width = _number(data, place + 4)
    endless = size == (1 << 7 * width) - 1
    if not endless and place + 4 + width + size > len(data):
        raise Unfit("damaged")
    return "webm"


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of this family, whose first bits tell its width."""
    first = data[place]
    width = 9 - first.bit_length()
    if width > 8:
        raise Unfit("damaged")
    digits = data[place : place + width]
    return int.from_bytes(digits, "big") & ((1 << 7 * width) - 1), width


def _amr(data: bytes) -> str:
    if len(data) < 20:
        raise Unfit("damaged")
    return "amr"
