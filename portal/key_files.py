"""Text files for people who keep keys: recovery shares, the offline key; printable, with checks.

Each line carries its place and a check, so that one typed in again from paper shows its slips.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from portal.errors import DomainError

_BYTES = 16
_LINE = re.compile(r"^([a-z0-9]+)-(\d+):((?: [0-9a-f]{2,4})+) \* ([0-9a-f]{4})$")


@dataclass(frozen=True)
class KeyFile:
    """What a file says at its top, and its secret parts by name."""

    title: str
    parts: Mapping[str, bytes]


def write(path: Path, title: str, about: Iterable[str], parts: Mapping[str, bytes]) -> None:
    """A new file that its owner alone reads; never over an old one."""
    lines = [title, "=" * len(title), "", *about, ""]
    for name, secret in sorted(parts.items()):
        lines += [*_lines(name, secret), f"{name} {_check(name, 0, secret)}", ""]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as error:
        raise DomainError(_("%(path)s is there already.") % {"path": path}) from error
    with os.fdopen(handle, "w") as file:
        file.write("\n".join(lines))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> KeyFile:
    """The parts of a file; DomainError says which line was mistyped."""
    try:
        lines = [" ".join(line.lower().split()) for line in path.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise DomainError(_("%(path)s cannot be read.") % {"path": path}) from error
    parts: dict[str, bytes] = {}
    for number, line in enumerate(lines, start=1):
        if found := _LINE.match(line):
            name, place, digits, check = found.groups()
            data = bytes.fromhex(digits)
            whole = parts.get(name, b"")
            if len(whole) != (int(place) - 1) * _BYTES or _check(name, int(place), data) != check:
                raise DomainError(
                    _("Line %(number)d of %(path)s is not right.")
                    % {"number": number, "path": path}
                )
            parts[name] = whole + data
    complete = {f"{name} {_check(name, 0, whole)}" for name, whole in parts.items()}
    if not parts or not complete <= set(lines):
        raise DomainError(_("Something is missing in %(path)s.") % {"path": path})
    return KeyFile(path.read_text().splitlines()[0], parts)


def _lines(name: str, secret: bytes) -> Iterable[str]:
    for place, at in enumerate(range(0, len(secret), _BYTES), start=1):
        data = secret[at : at + _BYTES]
        yield f"{name}-{place:02}: {data.hex(' ', -2)} * {_check(name, place, data)}"


def _check(name: str, place: int, data: bytes) -> str:
    told = f"portal.key_files|{name}|{place}|".encode()
    return hashlib.sha256(told + data).hexdigest()[:4]
