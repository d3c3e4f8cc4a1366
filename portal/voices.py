"""A code spoken: each character by its name and a word that begins with it, slowly.

Each character is synthesised once in a process and kept in memory; a sound is put together from
them for each key, with other pauses, loudness and noise. No answer is ever on a disk or cached.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import operator
import random
import re
import shutil
import subprocess
import threading
import wave
from array import array
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

DATA = Path(__file__).parent / "data" / "spelling.json"
RATE = 11_025
# Words a minute, of a program whose own choice is 175.
SPEED = 125
# Enough at a time for people; a flood waits, or is told to.
AT_A_TIME = 4
PATIENCE_SECONDS = 3
NOISE = 300  # of 32767
_turn = threading.BoundedSemaphore(AT_A_TIME)


class NoVoice(Exception):
    """Nothing here speaks this language."""


class Busy(Exception):
    """Too many sounds are being made at this moment."""


def speaks(language: str) -> bool:
    return _name(language) in _spelling() and bool(_program())


def speak(code: str, key: str, language: str) -> bytes:
    """A WAV file that says this code."""
    if not speaks(language):
        raise NoVoice(language)
    if not _turn.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        parts = [part(_name(language), character) for character in code]
        return _file(_together(parts, _chance(key)))
    finally:
        _turn.release()


@lru_cache(maxsize=256)
def part(language: str, character: str) -> array[int]:
    """One character as samples."""
    done = subprocess.run(
        [_program(), "-v", _spelling()[language]["voice"], "-s", str(SPEED), "-m", "--stdout"],
        input=said(language, character).encode(),
        capture_output=True,
        timeout=10,
        check=True,
    )
    # What is written to a pipe has a header without sizes: the rate is all it tells.
    header, samples = done.stdout[:44], array("h", done.stdout[44 : len(done.stdout) // 2 * 2])
    step = round(int.from_bytes(header[24:28], "little") / RATE)
    thinned = (sum(samples[at : at + step]) // step for at in range(0, len(samples) - step, step))
    return _trimmed(array("h", thinned))


def said(language: str, character: str) -> str:
    """What the voice is given for one character: its name, then a word that leaves no doubt."""
    spelling = _spelling()[language]
    if character in spelling["words"]:
        word = spelling["words"][character]
        return "<speak>" + spelling["say"].format(character=character, word=word) + "</speak>"
    return f"<speak>{character}</speak>"


def byte_range(asked: str, size: int) -> range | None:
    """The one part of a file that a browser asks for, if it asks for one that there is."""
    found = re.fullmatch(r"bytes=(\d{0,9})-(\d{0,9})", asked)
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    return range(start, stop) if start < stop else None


def _together(parts: list[array[int]], chance: random.Random) -> array[int]:
    """The parts one after the other, with the pauses, loudness and noise of this key."""
    whole = _pause(0.4, chance)
    for samples in parts:
        loudness = chance.uniform(0.75, 1.0)
        whole.extend(int(sample * loudness) for sample in samples)
        whole.extend(_pause(0.7, chance))
    # Two bytes less a middle, so that no sample leaves its sixteen bits: the voice keeps below.
    noise = array("h", chance.randbytes(2 * len(whole)))
    return array("h", map(operator.add, whole, (sample * NOISE >> 15 for sample in noise)))


def _pause(seconds: float, chance: random.Random) -> array[int]:
    return array("h", bytes(2 * int(RATE * chance.uniform(seconds, seconds * 1.5))))


def _trimmed(samples: array[int]) -> array[int]:
    """Without the silence around it, and as loud as every other part."""
    loud = [at for at, sample in enumerate(samples) if abs(sample) > 200]
    kept = samples[loud[0] : loud[-1] + 1]
    gain = 28_000 / max(map(abs, kept))
    return array("h", (int(sample * gain) for sample in kept))


def _file(samples: array[int]) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return out.getvalue()


def _chance(key: str) -> random.Random:
    seed = hmac.new(settings.SECRET_KEY.encode(), f"sound:{key}".encode(), hashlib.sha256)
    return random.Random(seed.digest())  # noqa: S311 - its seed is secret


def _name(language: str) -> str:
    return language.partition("-")[0]


@cache
def _program() -> str:
    return shutil.which(settings.VOICE_PROGRAM) or ""


@cache
def _spelling() -> dict[str, dict]:
    loaded: dict[str, dict] = json.loads(DATA.read_text())
    return loaded
