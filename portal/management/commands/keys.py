"""Makes, lists, rotates and recovers the keys of what is sealed; see docs/decisions/keys.md."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import key_files, key_terminal, pins, sealing
from portal.actions import keys
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import DeskKey, KeyWrap, SealingKey
from portal.permissions import LIAISON_KEY, works_with_key
from portal.pins import Pin

# How long the faces may go on with the file they have read, and a request with what it seals.
SETTLE = 120 if settings.PRODUCTION else 10
# These work where neither a database nor a desk is.
OFFLINE = {"signing-key", "sign-pins"}
VERBS = {"list": "list_keys"}


class Command(BaseCommand):
    help = "Keys: create, list, rotate, add and remove officers, recover with two of three."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="the first keys, and their first holders")
        create.add_argument("--unit", action="append", default=[])
        create.add_argument("--officer", action="append", default=[], metavar="EMAIL")
        create.add_argument("--expires", type=date.fromisoformat)
        create.add_argument("--if-missing", action="store_true")
        missing = verbs.add_parser("add-key", help="a key that came with a newer release")
        missing.add_argument("name", nargs="?", default=LIAISON_KEY, metavar="KEY")
        missing.add_argument("--officer", action="append", default=[], metavar="EMAIL")
        missing.add_argument("--again", action="store_true", help="forget a request not signed yet")
        verbs.add_parser("list", help="versions, holders, what is due")
        rotate = verbs.add_parser("rotate", help="a new version of these keys, or of all due")
        rotate.add_argument("names", nargs="*", metavar="KEY")
        rotate.add_argument("--again", action="store_true", help="forget a request not signed yet")
        recover = verbs.add_parser("recover", help="new versions of keys that every holder lost")
        recover.add_argument("--name", action="append", default=[], metavar="KEY")
        recover.add_argument("--officer", action="append", default=[], metavar="EMAIL")
        recover.add_argument("--keep-desk-keys", action="store_true")
        drill = verbs.add_parser("recovery-drill", help="prove that two shares open; no change")
        add = verbs.add_parser("add-officer", help="give an officer the keys you hold")
        add.add_argument("email")
        add.add_argument("--fingerprint", default="")
        remove = verbs.add_parser("remove-officer", help="end a desk key, then rotate")
        remove.add_argument("email")
        remove.add_argument("--lost", action="store_true", help="the passphrase is lost, no more")
        extend = verbs.add_parser("extend", help="pin the same keys for longer")
        extend.add_argument("--expires", type=date.fromisoformat, required=True)
        make = verbs.add_parser("signing-key", help="the offline key; on a machine of its own")
        sign = verbs.add_parser("sign-pins", help="sign a request, where the offline key is")
        sign.add_argument("request")
        sign.add_argument("--yes", action="store_true", help="the fingerprints were compared")
        for one in (rotate, add, remove):
            one.add_argument("--as", dest="officer_email", required=one is not rotate, default="")
            one.add_argument("--passphrase-file", default="")
        for one in (rotate, recover, drill):
            one.add_argument("--share", action="append", default=[], metavar="FILE")
        for one in (rotate, recover, remove):
            _moving(one)
        for one in (create, missing, rotate, recover, remove, extend, sign, make):
            one.add_argument("--signing-key", default="", metavar="FILE")
            one.add_argument("--out", default="", help="the folder or file for what is made")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb not in OFFLINE and "office" not in settings.FACES:
            raise CommandError("Keys are kept at the office: run this with PORTAL_FACES=office.")
        self.desk = key_terminal.Desk(
            self.stdout.write, options.get("signing_key", ""), options.get("out", "")
        )
        try:
            getattr(self, VERBS.get(verb, verb.replace("-", "_")))(options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    # --- The first keys -------------------------------------------------------------------------

    def create(self, options: Any) -> None:
        if options["if_missing"] and SealingKey.objects.exists():
            self._first_holders(options)
            return
        if settings.PRODUCTION and not options["out"]:
            raise CommandError("Say where the recovery shares go: --out FOLDER.")
        expires = options["expires"] or timezone.localdate() + timedelta(days=365)
        offline = key_terminal.signer(options["signing_key"]) if options["signing_key"] else b""
        with transaction.atomic():
            ceremony = keys.create_keys(
                units=options["unit"] or ["desk"], expires=expires, by=None, offline=offline
            )
            for email in options["officer"]:
                self._holds(ceremony, email)
            recovery = ceremony.made[keys.RECOVERY]
            folder = self.desk.folder()
            for path in key_terminal.write_shares(folder, recovery, ceremony.shares):
                self.stdout.write(_("For a custodian: %(path)s") % {"path": path})
            self._pin_first(ceremony, folder, given=bool(offline))

    def _first_holders(self, options: Any) -> None:
        """Development makes keys before there are people; its shares lie here."""
        if settings.PRODUCTION or not options["officer"] or KeyWrap.objects.exists():
            return
        folder = self.desk.folder()
        files = [str(folder / f"recovery-1-share-{number}.txt") for number in (1, 2)]
        moving = {"batch": 200, "settle": 0, "despite_broken": False, "keep_desk_keys": False}
        self.recover({**options, **moving, "share": files, "name": []})

    def _holds(self, ceremony: keys.Ceremony, email: str) -> None:
        officer = key_terminal.person(email)
        desk_key = key_terminal.desk_key_of(officer, self.stdout.write)
        for name in keys.names_for(officer):
            made = ceremony.made[name]
            keys.wrap(row=made.row, bundle=made.bundle, desk_key=desk_key, by=None)

    def _pin_first(self, ceremony: keys.Ceremony, folder: Path, *, given: bool) -> None:
        if not settings.PRODUCTION:
            key_terminal.keep_for_development(ceremony.offline)
        elif not given:
            path = folder / "pins-request-1.json"
            path.write_bytes(ceremony.request)
            self.stdout.write(_("Sign %(path)s where the offline key is.") % {"path": path})
            self.desk.describe(ceremony.request)
            return
        self.desk.place(ceremony.pinned, 1)

    def add_key(self, options: Any) -> None:
        """With its first holders: nobody else can give it on."""
        name = options["name"]
        if name != LIAISON_KEY:
            raise CommandError(f"{name} is no key that this release works with.")
        if SealingKey.objects.filter(name=name).exists() and not options["again"]:
            raise CommandError(f"{name}: a request waits to be signed; or give --again.")
        with transaction.atomic():
            officers = [key_terminal.person(email) for email in options["officer"]]
            held = [key_terminal.desk_key_of(one, self.stdout.write) for one in officers]
            if not any(works_with_key(one, name) for one in officers):
                raise CommandError("Say who holds it: --officer EMAIL, with a role for it.")
            made = keys.add_key(name=name, desk_keys=held, by=None)
        self.desk.pin([made.pin()])

    # --- What there is --------------------------------------------------------------------------

    def list_keys(self, options: Any) -> None:
        believed = pins.current()
        self.stdout.write(f"serial {believed.serial}, until {believed.expires}")
        for row in SealingKey.objects.order_by("name", "version").prefetch_related(
            "wraps__desk_key__user"
        ):
            held = ", ".join(sorted(wrap.desk_key.user.email for wrap in row.wraps.all()))
            self.stdout.write(f"{row.slot:24} {_state(row, believed):14} {held}")

    # --- Rotation -------------------------------------------------------------------------------

    def rotate(self, options: Any) -> None:
        names = set(options["names"])
        if keys.RECOVERY in names:
            self._rotate_recovery(options)
            names.discard(keys.RECOVERY)
            if not names:
                return
        if not options["officer_email"]:
            raise CommandError("Say who holds the key: --as EMAIL.")
        held = key_terminal.unlocked(options["officer_email"], options["passphrase_file"])
        self._rotate(sorted(names) or _due(held), held, options)

    def _rotate(self, names: list[str], held: Unlocked, options: Any) -> None:
        if not names:
            self.stdout.write(_("No key that you hold is due."))
            return
        offline = bool(key_terminal.signer(options["signing_key"]))
        made: list[Pin] = []
        with transaction.atomic():
            for name in names:
                if keys.unfinished(name):
                    continue
                if keys.waiting(name) and not offline and not options.get("again"):
                    raise CommandError(f"{name}: a request waits to be signed; or give --again.")
                made.append(keys.begin_rotation(name=name, keys=held, by=held.user).pin())
        if made and not self.desk.pin(made):
            return
        self._move(
            names,
            lambda name: keys.move_slots(name=name, seeds=held.seeds, batch=options["batch"]),
            held.user,
            options,
        )

    def _rotate_recovery(self, options: Any) -> None:
        shares = key_terminal.shares(options["share"])
        slot, seed = keys.recovered(shares)
        if not keys.unfinished(keys.RECOVERY):
            with transaction.atomic():
                made = keys.renew_recovery(shares=shares, by=None)
                given = sealing.share_out(made.seed)
                for path in key_terminal.write_shares(self.desk.folder(), made, given):
                    self.stdout.write(_("For a custodian: %(path)s") % {"path": path})
            if not self.desk.pin([made.pin()]):
                return
        self._move(
            [keys.RECOVERY],
            lambda name: keys.move_slots(name=name, seeds={slot: seed}, batch=options["batch"]),
            None,
            options,
        )

    def _move(self, names: list[str], move: Any, by: Any, options: Any) -> None:
        """Everything to the new versions; once more when every face seals to them; then the end."""
        for name in names:
            for _pass in range(2):
                for so_far in move(name):
                    self.stdout.write(f"{name}: {so_far.moved} sealed again")
                self.desk.settle(options["settle"])
            broken = sorted({one for so_far in move(name) for one in so_far.broken})
            for envelope in broken:
                self.stderr.write(f"{name}: envelope {envelope} does not open")
            despite = options["despite_broken"]
            for slot in keys.finish_rotation(name=name, by=by, despite_broken=despite):
                self.stdout.write(f"{slot} has ended")

    # --- Officers -------------------------------------------------------------------------------

    def add_officer(self, options: Any) -> None:
        officer = key_terminal.person(options["email"])
        held = key_terminal.unlocked(options["officer_email"], options["passphrase_file"])
        typed = options["fingerprint"] or input(f"Fingerprint that {officer} reads out: ")
        for wrapped in keys.add_officer(officer=officer, typed=typed, keys=held, by=held.user):
            self.stdout.write(f"{officer.email} holds {wrapped.sealing_key.slot}")

    def remove_officer(self, options: Any) -> None:
        held = key_terminal.unlocked(options["officer_email"], options["passphrase_file"])
        officer = DeskKey.objects.filter(user__email__iexact=options["email"]).first()
        if officer is None:
            raise CommandError(f"{options['email']} has no desk key.")
        keys.end_desk_key(officer=officer.user, by=held.user, lost=options["lost"])
        self.stdout.write(f"{options['email']} holds no key any more")
        if not options["lost"]:
            self._rotate(_due(held), held, options)
            for row in SealingKey.objects.filter(retired_at=None).exclude(rotation_due_at=None):
                self.stdout.write(f"{row.slot}: rotation due, by somebody who holds it")

    # --- Recovery -------------------------------------------------------------------------------

    def recover(self, options: Any) -> None:
        shares = key_terminal.shares(options["share"])
        keys.recovered(shares)
        believed = pins.current()
        every = [name for name in believed.names() if name != keys.RECOVERY]
        names = options["name"] or every
        lost = [name for name in names if not keys.unfinished(name)]
        made = []
        with transaction.atomic():
            officers = [key_terminal.person(email) for email in options["officer"]]
            for officer in officers if lost else []:
                old = DeskKey.objects.filter(user=officer, revoked_at=None).first()
                if old is not None and not options["keep_desk_keys"]:
                    keys.revoke(old, [], by=None, lost=True)
                key_terminal.desk_key_of(officer, self.stdout.write)
            made = keys.begin_recovery(names=lost, shares=shares, officers=officers, by=None)
        if made and not self.desk.pin([one.pin() for one in made]):
            return
        self._move(
            names,
            lambda name: keys.move_recovered(name=name, shares=shares, batch=options["batch"]),
            None,
            options,
        )

    def recovery_drill(self, options: Any) -> None:
        tried = keys.drill(shares=key_terminal.shares(options["share"]), by=None)
        self.stdout.write(f"The shares make the recovery key; {tried} slots opened.")

    # --- The pinned file ------------------------------------------------------------------------

    def extend(self, options: Any) -> None:
        self.desk.pin(expires=options["expires"])

    def signing_key(self, options: Any) -> None:
        offline = sealing.new_signer()
        path = Path(options["out"] or "offline-signing-key.txt")
        key_terminal.write_signing_key(path, offline)
        self.stdout.write(f"{path} is written. PINS_ROOT={sealing.verifier_of(offline).hex()}")

    def sign_pins(self, options: Any) -> None:
        request = Path(options["request"]).read_bytes()
        self.desk.describe(request)
        offline = key_files.read(Path(options["signing_key"])).parts["key"]
        if (
            not options["yes"]
            and input("Are these the fingerprints you were told? yes/no: ") != "yes"
        ):
            raise CommandError("Nothing was signed.")
        path = Path(options["out"] or "pins.json")
        path.write_bytes(pins.sign(request, offline))
        self.stdout.write(f"{path} is signed.")


def _moving(parser: ArgumentParser) -> None:
    parser.add_argument("--batch", type=int, default=200, help="slots in one transaction")
    parser.add_argument("--settle", type=float, default=SETTLE, help="seconds for every face")
    parser.add_argument("--despite-broken", action="store_true", help="leave what does not open")


def _due(held: Unlocked) -> list[str]:
    """Keys that the officer holds and that are due, or whose rotation was not finished."""
    rows = SealingKey.objects.filter(retired_at=None).exclude(rotation_due_at=None)
    mine = {slot.rpartition("#")[0] for slot in held.seeds}
    due = {row.name for row in rows} | {name for name in mine if keys.unfinished(name)}
    return sorted(due & mine)


def _state(row: SealingKey, believed: pins.Pins) -> str:
    if row.retired_at:
        return "ended"
    if row.slot not in believed.slots():
        return "not pinned"
    if row.slot != believed.recipient(row.name).slot:
        return "being moved"
    return "rotation due" if row.rotation_due_at else "in use"
