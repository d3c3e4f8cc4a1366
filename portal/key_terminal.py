"""What `manage.py keys` asks for and leaves behind: passphrases, shares, signed files, requests."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import key_files, pins, sealing
from portal.actions import keys
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import DeskKey, PinnedSerial, User
from portal.pins import Pin

Say = Callable[[str], object]
OFFLINE, ROOT = "pins_signing_key", "pins_root"


def person(email: str) -> User:
    found: User | None = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise DomainError(_("Nobody works here as %(email)s.") % {"email": email})
    return found


def unlocked(email: str, passphrase_file: str) -> Unlocked:
    """The officer at the terminal gives the desk passphrase."""
    officer = person(email)
    if passphrase_file:
        passphrase = Path(passphrase_file).read_text()
    else:
        passphrase = getpass.getpass(_("Desk passphrase of %(name)s: ") % {"name": officer})
    return keys.open_keys(user=officer, passphrase=passphrase)


def shares(paths: Iterable[str]) -> keys.Shares:
    """Two share files; what they make is looked at by whoever uses it."""
    found = [key_files.read(Path(path)).parts for path in paths]
    if len(found) != 2:
        raise DomainError(_("Give two shares: --share FILE --share FILE."))
    return found[0], found[1]


def write_shares(folder: Path, made: keys.Made, given: list[dict[str, bytes]]) -> list[Path]:
    version, public = made.row.version, bytes(made.row.public)
    written = []
    for number, share in enumerate(given, start=1):
        path = folder / f"recovery-{version}-share-{number}.txt"
        about = [
            f"Recovery key, version {version}, made on {timezone.localdate():%d %B %Y}.",
            f"Fingerprint: {sealing.fingerprint(public)}",
            "Any two of the three shares open everything that was ever sealed here.",
            "Keep this one under lock, away from the other two and from every network.",
        ]
        key_files.write(path, f"Recovery share {number} of 3", about, share)
        written.append(path)
    return written


def write_signing_key(path: Path, offline: bytes) -> None:
    about = [
        f"Made on {timezone.localdate():%d %B %Y}. It signs which keys are believed.",
        f"PINS_ROOT={sealing.verifier_of(offline).hex()}",
        "Keep it under lock, on no machine that is on a network.",
    ]
    key_files.write(path, "Offline signing key of the pinned keys", about, {"key": offline})


def keep_for_development(offline: bytes) -> None:
    """Outside production the offline key stays here, so that rotation works by itself."""
    folder = Path(settings.VAR) / "keys"
    (folder / ROOT).write_text(sealing.verifier_of(offline).hex())
    (folder / OFFLINE).unlink(missing_ok=True)
    write_signing_key(folder / OFFLINE, offline)


def signer(path: str) -> bytes:
    """The offline key from its file; outside production from var/keys; empty when it is away."""
    local = Path(settings.VAR) / "keys" / OFFLINE
    if not path and not settings.PRODUCTION and local.is_file():
        path = str(local)
    if not path:
        return b""
    key = key_files.read(Path(path)).parts.get("key", b"")
    if len(key) != sealing.KEY:
        raise DomainError(_("%(path)s holds no signing key.") % {"path": path})
    return key


@dataclass(frozen=True)
class Desk:
    """Where new pinned files go, and who signs them."""

    say: Say
    signing_key: str
    out: str

    def pin(self, made: Iterable[Pin] = (), *, expires: date | None = None) -> bool:
        """Have new keys believed; False when somebody has to sign or place the file first."""
        request = pins.succession(pins.current(), made, expires=expires)
        serial = pins.requested(request).serial
        offline = signer(self.signing_key)
        if offline:
            return self.place(pins.sign(request, offline), serial)
        path = self.folder() / f"pins-request-{serial}.json"
        path.write_bytes(request)
        self.say(_("Take %(path)s to the offline key and sign it there:") % {"path": path})
        self.say(f"  manage.py keys sign-pins {path.name} --signing-key FILE --out pins.json")
        self.describe(request)
        self.say(_("Put the signed file in place as PINS_FILE, then run this again."))
        return False

    def place(self, signed: bytes, serial: int) -> bool:
        try:
            pins.put_in_place(signed)
        except OSError:
            path = self.folder() / f"pins-{serial}.json"
            path.write_bytes(signed)
            self.say(_("Put %(path)s in place as PINS_FILE of every face.") % {"path": path})
            self.say(_("Then run this again."))
            return False
        self.say(_("Pinned keys, serial %(serial)d, are in place.") % {"serial": serial})
        return True

    def folder(self) -> Path:
        folder = Path(self.out) if self.out else Path(settings.VAR) / "keys"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def describe(self, request: bytes) -> None:
        """What is about to be believed, to compare on both machines."""
        asked = pins.requested(request)
        self.say(f"  serial {asked.serial}, until {asked.expires}")
        for pin in asked.pins:
            state = "seals" if pin.active else "verifies only"
            self.say(f"  {pin.slot:24} {sealing.fingerprint(pin.public + pin.verifier)} {state}")

    def settle(self, seconds: float) -> None:
        """Wait until every face has read the new file, and what it was filing is filed."""
        seen = PinnedSerial.objects.get(serial=pins.current().serial).seen_at
        left = seconds - (timezone.now() - seen).total_seconds()
        if left > 0:
            self.say(_("Waiting %(seconds)d seconds for every face.") % {"seconds": left})
            time.sleep(left)


def desk_key_of(officer: User, say: Say) -> DeskKey:
    """The key of an officer in a ceremony: made now, or recognised by its fingerprint."""
    own = DeskKey.objects.filter(user=officer, revoked_at=None).first()
    if own is not None and own.confirmed_at is not None:
        typed = input(_("Fingerprint that %(name)s reads out: ") % {"name": officer})
        keys.recognise(own, typed, by=None)
        return own
    passphrase = keys.set_up_desk_key(user=officer, confirmed=True)
    say(
        _("Desk passphrase of %(email)s: %(passphrase)s")
        % {
            "email": officer.email,
            "passphrase": passphrase,
        }
    )
    return DeskKey.objects.get(user=officer, revoked_at=None)
