"""Canary: a random word in every field of many reports; afterwards it is found nowhere at all."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import redis
import time_machine
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from portal import audit_chain, keyring, limits, outbox, pins, reference_files
from portal.celery import app
from portal.models import AuditEvent, StaffRole
from reporting import letters, notifications, steps
from reporting.actions.filing import Filed, file_report
from reporting.forms.circumstances import RepeatingForm
from reporting.forms.fields import One, Several, Tick, Words
from reporting.models import IdentityRequest, Report
from tests import canary
from tests.canary import Canaries
from tests.challenges import answers
from tests.partners.factories import PartnerFactory
from tests.reporting import cases
from tests.reporting.intake import Reporter, url
from tests.reporting.test_admin_exports import take

pytestmark = pytest.mark.django_db(transaction=True)
FEW, MANY = 4, 1000
REASON = {"reason": "first assessment"}


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


# --- All that is looked through ---------------------------------------------------------------


REFERRED = {"receiver": "OLAF", "legal_basis": "Art. 8"}


class Ear(logging.Handler):
    """Hears every record at every level, and keeps what no record may hold."""

    def __init__(self, canaries: Canaries) -> None:
        super().__init__(logging.DEBUG)
        self.canaries, self.heard, self.found = canaries, 0, set()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard += 1
        # The statement is in the message too; asked again it takes the longest time of all.
        kept = () if record.name == "django.db.backends" else vars(record).values()
        said = " ".join([self.format(record), *(repr(one) for one in kept)])
        if trace := self.canaries.trace(said.encode()):
            self.found.add(f"{trace} in a record of {record.name}: {record.msg!r}")


@contextmanager
def listening(canaries: Canaries) -> Iterator[Ear]:
    """Every logger speaks of everything, each statement of the database with its values too."""
    ear, root = Ear(canaries), logging.getLogger()
    named = [logging.getLogger(name) for name in list(root.manager.loggerDict)]
    before = [(one, one.level, one.propagate) for one in (root, *named)]
    for one in (root, *named):
        one.setLevel(logging.DEBUG)
        one.propagate = True
    root.addHandler(ear)
    connection.force_debug_cursor = True
    try:
        yield ear
    finally:
        connection.force_debug_cursor = False
        root.removeHandler(ear)
        for one, level, propagate in before:
            one.setLevel(level)
            one.propagate = propagate


def found(canaries: Canaries, *folders: Path) -> set[str]:
    """Every place in which something of ours shows."""
    named = Path(str(connection.settings_dict["NAME"]))
    bases = set(named.parent.glob(f"{named.name}*")) if connection.vendor == "sqlite" else set()
    places = (
        *canary.cells(),
        *canary.dump(),
        *canary.files(Path(settings.VAR), *folders, but=bases),
        *canary.letters(),
        *canary.remembered(),
    )
    return {f"{trace} in {place}" for place, data in places if (trace := canaries.trace(data))}


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """The folder for what is temporary is the test's own, for processes that it starts as well."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


# --- The search itself can fail ---------------------------------------------------------------


def plain(word: str) -> str:
    return f"said {word} aloud"


def small(word: str) -> str:
    return word.lower()


def hexadecimal(word: str) -> str:
    return plain(word).encode().hex()


def misaligned(word: str, before: int) -> str:
    return "payload=" + base64.b64encode(b"x" * before + word.encode() + b"tail").decode()


def packed(word: str) -> str:
    return "x." + base64.urlsafe_b64encode(gzip.compress(plain(word).encode())).decode()


def wide(word: str) -> str:
    return base64.b64encode(word.encode("utf-16-le")).decode()


def percent(word: str) -> str:
    return "".join(f"%{byte:02x}" for byte in word.encode())


def twice(word: str) -> str:
    return base64.b64encode(packed(word).encode()).decode()


CODINGS: dict[str, Callable[[str], str]] = {
    "plain": plain,
    "small letters": small,
    "hexadecimal": hexadecimal,
    "base64": lambda word: misaligned(word, 0),
    "base64, one off": lambda word: misaligned(word, 1),
    "base64, two off": lambda word: misaligned(word, 2),
    "gzip in base64": packed,
    "UTF-16 in base64": wide,
    "percent signs": percent,
    "gzip in base64 in base64": twice,
}


def in_a_table(text: str, folder: Path) -> None:
    AuditEvent.objects.create(event="planted", facts={"why": text})


def in_a_file(text: str, folder: Path) -> None:
    (Path(settings.VAR) / "planted.txt").write_text(text)


def in_a_temporary_file(text: str, folder: Path) -> None:
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)


def in_the_cache(text: str, folder: Path) -> None:
    cache.set("planted", text, 60)


def in_the_broker(text: str, folder: Path) -> None:
    app.send_task("planted", args=[text], queue="default")


def in_a_letter(text: str, folder: Path) -> None:
    mail.EmailMessage("Planted", text, to=["someone@desk.example"]).send()


PLACES = [in_a_table, in_a_file, in_a_temporary_file, in_the_cache, in_the_broker, in_a_letter]


@pytest.fixture
def swept() -> Iterator[None]:
    """What a test planted is gone before the next one looks."""
    yield
    (Path(settings.VAR) / "planted.txt").unlink(missing_ok=True)
    cache.clear()
    for path in (Path(settings.VAR) / "broker").glob("*.msg"):
        path.unlink()
    if settings.REDIS_URL:
        with redis.from_url(settings.REDIS_URL) as store:
            store.flushdb()


@pytest.mark.parametrize("coding", CODINGS.values(), ids=CODINGS)
def test_find_a_canary_however_it_is_written(canaries, coding):
    assert canaries.trace(b"before " + coding(canaries.new()).encode() + b" after")
    assert not canaries.trace(b"before " + coding(canary.random_letters(20)).encode() + b" after")


def test_find_nothing_where_no_canary_lies(canaries, temporary, swept):
    for place, coding in itertools.product(PLACES, (plain, packed)):
        place(coding(canary.random_letters(20)), temporary)
    assert not found(canaries, temporary)


@pytest.mark.parametrize("coding", [plain, packed], ids=["plain", "packed"])
@pytest.mark.parametrize("place", PLACES)
def test_find_a_canary_wherever_it_lies(canaries, temporary, swept, place, coding):
    place(coding(canaries.new()), temporary)
    assert found(canaries, temporary)


@pytest.mark.parametrize("coding", [plain, packed], ids=["plain", "packed"])
def test_hear_a_canary_in_a_record_of_any_level(canaries, coding):
    with listening(canaries) as ear:
        logging.getLogger("django.request").debug("nothing to see")
        assert not ear.found
        logging.getLogger("django.request").debug("seen: %s", coding(canaries.new()))
        assert len(ear.found) == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", [coding(canaries.new())])
        assert len(ear.found) == 2


def test_find_what_was_not_made_here_and_its_fingerprint(canaries):
    canaries.also("an address", "2001:db8::77")
    assert canaries.trace(b"from 2001:db8::77 port 4")
    assert canaries.trace(canary.hashlib.sha256(b"2001:db8::77").hexdigest().encode())


# --- Reports that are full of canaries --------------------------------------------------------


def told_page(form: type[steps.PageForm], new: Callable[[], str], prefix: str = "") -> dict:
    """An answer to every question of a page: a canary where words go, else the first on offer."""
    told: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        key = prefix + name
        if isinstance(field, Words):
            told[key] = new()
        elif isinstance(field, Tick):
            told[key] = "on"
        elif isinstance(field, One | Several):
            codes = [code for code, _label in field.options()]
            told[key] = codes[:2] if isinstance(field, Several) else codes[:1]
    if issubclass(form, RepeatingForm):
        for number in range(2):
            told |= told_page(form.group, new, f"{form.group_name}-{number}-")
    return told


def photo(name: str, comment: str) -> io.BytesIO:
    file = io.BytesIO()
    about = Image.Exif()
    about[0x010E] = comment
    # What the camera's program writes into its own log is nothing of ours.
    logging.disable()
    Image.new("RGB", (16, 16), "red").save(file, "JPEG", comment=comment.encode(), exif=about)
    logging.disable(logging.NOTSET)
    file.name = name
    file.seek(0)
    return file


def letter(name: str, text: str) -> io.BytesIO:
    file = io.BytesIO(text.encode())
    file.name = name
    return file


class Witness(Reporter):
    """A reporter whose address, browser and way here could be told, and who says a lot."""

    def __init__(self, canaries: Canaries, number: int) -> None:
        super().__init__()
        self.canaries = canaries
        self.address = f"2001:db8:{os.urandom(2).hex()}:{os.urandom(2).hex()}::{number + 1:x}"
        canaries.also("an address", self.address)
        self.client = Client(
            REMOTE_ADDR=self.address,
            HTTP_X_FORWARDED_FOR=self.address,
            HTTP_X_REAL_IP=self.address,
            HTTP_FORWARDED=f'for="[{self.address}]"',
            HTTP_USER_AGENT=f"Mozilla/5.0 ({canaries.new()})",
            HTTP_REFERER=f"https://elsewhere.example/?q={canaries.new()}",
            HTTP_X_DEVICE=canaries.new(),
            HTTP_SEC_FETCH_SITE="same-origin",
        )
        self.client.cookies["tracker"] = canaries.new()

    def tells_all(self) -> None:
        """Every question on every page; twice, since answers bring further questions."""
        for step in steps.FORMS:
            told = told_page(step.form, self.canaries.new)
            if step.slug == "about":
                told["mode"] = "confidential"
            for _again in range(2):
                answer = self.post(step.slug, **told)
            assert answer.status_code == 302, step.slug

    def adds_files(self) -> None:
        new = self.canaries.new
        page = self.text("files")
        self.client.post(url("files"), answers(page, challenge_answer=new(), solve="1"))
        self.may_add_files()
        self.add(
            photo(f"{new()}.jpg", new()),
            letter(f"{new()}.txt", f"Seen: {new()}"),
            letter(f"{new()}.exe", f"MZ\x90\x00{new()}"),
            note=new(),
        )

    def files_it(self) -> Filed:
        """Once with a wrong answer, which is kept as little as the right one."""
        new = self.canaries.new
        wrong = answers(self.text("check"), challenge_answer=new(), send="1")
        assert self.client.post(url("check"), wrong).status_code == 200
        assert self.send().url == url("receipt")
        receipt = self.receipt()
        self.post("receipt", last_group=new()[:5])
        reference = Report.objects.order_by("-id").first().reference
        assert self.post("receipt", last_group=receipt[-5:]).status_code == 302
        return Filed(receipt, reference)


def content_of(canaries: Canaries) -> dict[str, Any]:
    """The content as the form's pages fold it, all of it canaries."""
    content: dict[str, Any] = {"version": 1}
    for step in steps.FORMS:
        told = told_page(step.form, canaries.new)
        told = {key: value if isinstance(value, list) else [value] for key, value in told.items()}
        form = step.form(told | ({"mode": ["anonymous"]} if step.slug == "about" else {}))
        form.is_valid()
        form.fold(content)
    content["filed"] = {"language": "en", "channel": "public", "organisation": None}
    content["about"] = {
        "mode": "confidential",
        "risk": canaries.new(),
        "safe_times": canaries.new(),
    }
    return content


def identity_of(canaries: Canaries) -> dict[str, str]:
    parts = ("name", "phone", "email", "address", "organisation")
    return {part: canaries.new() for part in parts}


def filed_directly(canaries: Canaries) -> tuple[Filed, dict[str, Any]]:
    """As the form's last page files it."""
    new = canaries.new
    kept = [
        cases.kept(f"{new()}.txt", "text", original=new().encode(), view=new().encode())
        for _ in range(2)
    ]
    content = content_of(canaries)
    done = file_report(content=content, identity=identity_of(canaries), files=kept, firm_tag="")
    return done, content


# --- The desk ---------------------------------------------------------------------------------


class Office:
    """The officers at their unlocked desks, who do with each report all that can be done."""

    def __init__(self, desk: Any, canaries: Canaries) -> None:
        self.desk, self.canaries = desk, canaries
        canaries.also("a desk passphrase", *desk.passphrases.values())
        people = (desk.officer, desk.supervisor, desk.custodian)
        self.officer, self.supervisor, self.custodian = (self._seated(one) for one in people)

    def _seated(self, person: Any) -> Client:
        client = Client()
        self.desk.unlocked(client, person)
        # A wrong one, typed now or at another time, is as secret.
        other = Client()
        other.force_login(person)
        other.post("/admin/unlock/", {"passphrase": self.canaries.new()})
        return client

    def works_on(self, report: Report, *, print_it: bool = True) -> None:
        """Opened, graded, noted, answered, searched, handed out, referred."""
        self._opens(report)
        self._does_every_verb(report)
        self._hands_out(report, print_it=print_it)

    def _at(self, report: Report, name: str) -> str:
        return reverse(f"admin:reporting_report_{name}", args=[report.pk])

    def _opens(self, report: Report) -> None:
        self.officer.post(self._at(report, "open"), {"reason": " "})
        assert self.officer.post(self._at(report, "open"), REASON).status_code == 302
        page = self.officer.get(self._at(report, "change")).content.decode()
        assert page.count(self.canaries.mark) > 30
        for file in _links(page, "/files/"):
            self.officer.get(file)
            self.officer.post(f"{file}original/", {"reason": "for the laboratory"})

    def _does_every_verb(self, report: Report) -> None:
        new = self.canaries.new
        verbs = [
            ("acknowledge", {}),
            ("prioritise", {"priority": "P2"}),
            ("grade", {"source": "B", "information": "2", "handling": "H0"}),
            ("grade", {"source": "C", "information": "3", "handling": "H1"}),
            (
                "classify",
                {
                    "category": "NARCOTICS",
                    "origin": "CO",
                    "destination": "AU",
                    "eu_finances": "on",
                },
            ),
            ("add_note", {"statement": "fact", "text": new(), "source": new()}),
            ("add_note", {"statement": "assessment", "text": new(), "source": new()}),
            ("categorise", {"person": "0", "category": "witness"}),
            ("sanitise", {"text": new()}),
            ("reply", {"text": new(), "asks": "on"}),
            ("refer", {**REFERRED, "limits_stated": "on", "version": "1"}),
            ("reopen", {"reason": new()}),
            ("set_aside", {"reason": new()}),
        ]
        for verb, told in verbs:
            answer = self.officer.post(self._at(report, verb), told)
            assert answer.status_code == 302, (verb, answer.content.decode()[-2000:])

    def _hands_out(self, report: Report, *, print_it: bool) -> None:
        asked = {
            "form": "zip",
            "what": "everything",
            "with_files": "on",
            "recipient": "Inspector Berg",
            "reason": "For case 7",
        }
        passphrase, *_rest = take(self.officer, self._at(report, "export"), asked)
        if print_it:
            # Each holds no mark and is looked for by itself: a thousand would take hours.
            self.canaries.also("passphrase of an export", passphrase, passphrase.replace("-", ""))
            printed = self.officer.post(self._at(report, "export"), {**asked, "form": "pdf"})
            assert printed["Content-Type"] == "application/pdf"

    def looks_up(self, content: dict[str, Any], report: Report) -> None:
        """By the whole of a number that stands in a report that was opened."""
        plate = content["transport"]["vehicles"][0]["plate"]
        told = {"typed": plate, "kind": "", "reason": "Operation Northern Light"}
        found = self.officer.post("/admin/reporting/report/look-up/", told)
        assert report.reference in found.content.decode()

    def scans(self, content: dict[str, Any], reference: str) -> None:
        """By words of what was told, the newest report first."""
        told = {"text": content["what"]["narrative"], "reason": "Operation Northern Light"}
        found = self.officer.post("/admin/reporting/report/scan/", told)
        assert reference in found.content.decode()

    def opens_identity(self, report: Report) -> None:
        """Supervisor and custodian, each with half of the key."""
        why = {"reason": "Testimony is needed in court"}
        self.supervisor.post(self._at(report, "request_identity"), why)
        asked = IdentityRequest.objects.get(report=report)
        page = f"/admin/reporting/identityrequest/{asked.pk}"
        self.custodian.post(f"{page}/release_identity/")
        shown = self.supervisor.post(f"{page}/open_identity/").content.decode()
        assert self.canaries.mark in shown


def _links(page: str, part: str) -> set[str]:
    return {word for word in page.split('"') if part in word and word.startswith("/admin/")}


def writes_again(witness: Witness, done: Filed) -> None:
    """With the receipt, after a wrong one: reads, writes, adds a file, leaves."""
    new, client = witness.canaries.new, witness.client
    client.post("/report/inbox/", {"code": new()})
    assert client.post("/report/inbox/", {"code": done.receipt}).status_code == 302
    shown = client.get("/report/inbox/").content.decode()
    assert witness.canaries.mark in shown
    page = client.post("/report/inbox/files/", {"text": new()}).content.decode()
    client.post("/report/inbox/files/", {"text": new(), **answers(page, "inbox files")})
    file = photo(f"{new()}.jpg", new())
    sent = client.post("/report/inbox/message/", {"text": new(), "attached": file})
    assert sent.status_code == 302
    client.post("/report/inbox/leave/")


def everything_runs() -> None:
    """What the workers and the clock do."""
    for _round in range(3):
        outbox.deliver_open()
    notifications.ping(StaffRole.TRIAGE_OFFICER)
    with time_machine.travel(letters.digest_time(date.today())):
        notifications.send_due_digest()
    outbox.deliver_open()
    audit_chain.seal_committed()


@pytest.fixture
def lists(db: None) -> None:
    reference_files.load()
    PartnerFactory(code="OLAF")


def test_canary_of_every_field_is_found_nowhere(desk, lists, canaries, temporary):
    with listening(canaries) as ear:
        office = Office(desk, canaries)
        for number in range(FEW):
            limits.counters.forget()
            witness = Witness(canaries, number)
            if number % 4 == 0:
                witness.tells_all()
                witness.adds_files()
                done = witness.files_it()
            else:
                done, content = filed_directly(canaries)
            canaries.also("a receipt", done.receipt, done.receipt.replace("-", ""))
            report = Report.objects.get(reference=done.reference)
            office.works_on(report, print_it=number < 2)
            writes_again(witness, done)
            office.opens_identity(report)
        office.looks_up(content, report)
        office.scans(content, report.reference)
        left_open = Witness(canaries, FEW)
        left_open.tells_all()
        left_open.adds_files()
        everything_runs()
        cannot_send(Witness(canaries, FEW + 1))
    assert canaries.made > FEW * 60
    assert ear.heard > 1000
    assert mail.outbox
    assert not ear.found
    assert not found(canaries, temporary)


def cannot_send(witness: Witness) -> None:
    """Nothing can be sealed: what is said of it in logs holds nothing of the report."""
    witness.tells_all()
    limits.counters.forget()
    believed = settings.PINS_FILE
    settings.PINS_FILE = str(Path(settings.VAR) / "keys" / "none.json")
    pins.forget()
    try:
        assert "Nothing is lost" in witness.send().content.decode()
    finally:
        settings.PINS_FILE = believed
        pins.forget()


@pytest.mark.soak
def test_canary_of_a_thousand_reports_is_found_nowhere(
    desk, lists, canaries, temporary, monkeypatch
):
    """All are filed; as many are worked on as the time allows, all of them in a quarter hour."""
    # Set back while this runs, as a virtual machine's clock may be, it would lock the desk.
    monkeypatch.setattr(keyring, "time", SimpleNamespace(time=time.monotonic))
    until = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "600")) * 0.4
    office = Office(desk, canaries)
    filed = [filed_directly(canaries) for _ in range(MANY)]
    for done, _content in filed[::50]:
        canaries.also("a receipt", done.receipt, done.receipt.replace("-", ""))
    for number, (done, _content) in enumerate(filed):
        limits.counters.forget()
        report = Report.objects.get(reference=done.reference)
        office.works_on(report, print_it=number % 50 == 0)
        writes_again(Witness(canaries, number), done)
        office.opens_identity(report)
        if time.monotonic() > until:
            break
    office.looks_up(filed[0][1], Report.objects.get(reference=filed[0][0].reference))
    # Within an hour their order tells nothing, so the scan may begin with any of them.
    newest = Report.objects.order_by("-id").first().reference
    office.scans(next(told for done, told in filed if done.reference == newest), newest)
    everything_runs()
    print(f"{number + 1} of {MANY} reports worked on, {canaries.made} canaries")
    assert not found(canaries, temporary)
