"""The parts a JPEG is made of: those that draw are kept, those that tell are not."""

from __future__ import annotations

START, SCAN = b"\xff\xd8", 0xDA
# JFIF and Adobe's mark decide how colours are read; every other application's part only tells.
KEPT_APPLICATIONS = {0xE0, 0xEE}
APPLICATIONS = set(range(0xE0, 0xF0)) | {0xFE}


def without_metadata(jpeg: bytes) -> bytes:
    """The same picture, bit for bit, without EXIF, place, comments, thumbnails."""
    if not jpeg.startswith(START):
        return jpeg
    kept, place = [START], 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] != SCAN:
        mark = jpeg[place + 1]
        if mark == 0xFF:
            place += 1
            continue
        end = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if mark not in APPLICATIONS or mark in KEPT_APPLICATIONS:
            kept.append(jpeg[place:end])
        place = end
    kept.append(jpeg[place:])
    return b"".join(kept)
