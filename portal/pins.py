"""The pinned file: which public keys are believed, signed offline, with a serial and an end.

Every face reads it; the database's word about a key is not enough. A file with a lower serial than
one that any process has believed is refused, and so is one that changed under the same serial.
"""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import PinnedSerial
from portal.pinned_file import (
    Pin,
    Pins,
    PinsRefused,
    read,
    request,
    requested,
    root,
    sign,
    succession,
    write,
)

__all__ = [
    "Pin",
    "Pins",
    "PinsRefused",
    "current",
    "forget",
    "put_in_place",
    "read",
    "request",
    "requested",
    "root",
    "sign",
    "succession",
    "write",
]

# A process looks at the file and at the serials believed so far this often, in seconds.
REMEMBERED_FOR = 5.0


_remembered: dict[str, tuple[float, Pins]] = {}


def current() -> Pins:
    """What is pinned now; PinsRefused, with a sentence, when the file cannot be believed."""
    path = str(settings.PINS_FILE)
    until, pins = _remembered.get(path, (0.0, None))
    if pins is None or time.monotonic() >= until:
        pins = _believe(Path(path))
        _remembered[path] = (time.monotonic() + REMEMBERED_FOR, pins)
    if pins.expires < timezone.localdate():
        raise PinsRefused(_("The pinned keys ended on %(day)s.") % {"day": pins.expires})
    return pins


def forget() -> None:
    """Read the file again: it has been replaced."""
    _remembered.clear()


def put_in_place(data: bytes) -> Pins:
    """Make a signed file the one that every face reads, at once or not at all."""
    pins = read(data, root())
    path = Path(settings.PINS_FILE)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    draft.chmod(0o644)
    draft.replace(path)
    forget()
    return pins


def _believe(path: Path) -> Pins:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PinsRefused(_("The file of pinned keys cannot be read.")) from error
    pins = read(data, root())
    digest = hashlib.sha256(data).hexdigest()
    highest = PinnedSerial.objects.aggregate(highest=Max("serial"))["highest"] or 0
    if pins.serial < highest:
        raise PinsRefused(_("The file of pinned keys is older than one that was used before."))
    if pins.serial > highest:
        PinnedSerial.objects.bulk_create(
            [PinnedSerial(serial=pins.serial, digest=digest)], ignore_conflicts=True
        )
    known = PinnedSerial.objects.filter(serial=pins.serial).values_list("digest", flat=True).first()
    if known != digest:
        raise PinsRefused(_("Two different files of pinned keys go by the same serial."))
    return pins
