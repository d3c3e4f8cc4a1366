"""An office with one officer, asked by bench/reading.py: a word in, figures out.

Runs as the office's face and answers pages in this process, so what it holds is what a worker of
the office holds, and a little more.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.desk import officer  # noqa: E402
from bench.servers import memory_mib  # noqa: E402
from portal.keyring import Unlocked  # noqa: E402
from portal.models import User  # noqa: E402
from reporting import content as contents  # noqa: E402
from reporting import envelopes, scanning  # noqa: E402
from reporting.actions.filing import KeptFile, file_report  # noqa: E402
from reporting.models import Envelope, Kind, Report, Slot  # noqa: E402
from reporting.models.reports import new_id, new_reference, this_hour  # noqa: E402
from reporting.periods import first_id  # noqa: E402

REASON = "Measured by the bench"
NARRATIVE = "Two men carried sports bags to an open container behind gate four. "
ORIGINAL, VIEW = 400_000, 150_000
BATCH = 500
PICTURE = re.compile(r'<img src="(/admin/reporting/[^"]+)"')


class Office:
    """What the officer does, each timed."""

    def __init__(self) -> None:
        self.user, passphrase, self.keys = officer()
        self.client = Client()
        self.client.force_login(self.user)
        self.client.post("/admin/unlock/", {"passphrase": passphrase})
        self.reports = {"plain": filed(0), "files": filed(10)}

    def open(self, which: str) -> list[float]:
        """Seconds until the report is on the screen, and until its pictures are as well."""
        path = self.reports[which]
        begun = time.perf_counter()
        self.client.post(reverse("admin:reporting_report_open", args=[path]), {"reason": REASON})
        page = self.client.get(reverse("admin:reporting_report_change", args=[path]))
        shown = time.perf_counter() - begun
        assert NARRATIVE.strip() in page.content.decode()  # noqa: S101 - else nothing was measured
        for address in PICTURE.findall(page.content.decode()):
            b"".join(self.client.get(address))
        return [shown, time.perf_counter() - begun]

    def memory(self, _word: str) -> float:
        self.client.get(reverse("admin:reporting_report_changelist"))
        self.client.get("/admin/")
        return memory_mib(os.getpid())

    def make(self, count: str) -> int:
        make(int(count))
        return Report.objects.count()

    def scan(self, _word: str) -> dict[str, Any]:
        return scanned(self.keys, self.user)

    def decrypt(self, _word: str) -> dict[str, Any]:
        return decrypted(self.keys)


def filed(count: int) -> Any:
    """A report with so many pictures; what is in them nobody looks at here."""

    def copy(size: int) -> Callable[[], Iterable[bytes]]:
        return lambda: [os.urandom(size)]

    files = [
        KeptFile(
            id=uuid4(),
            name=f"photo {number}.jpg",
            kind="jpeg",
            size=ORIGINAL,
            sha256=sha256(b"").hexdigest(),
            scan="unscanned",
            original=copy(ORIGINAL),
            view=copy(VIEW),
            view_kind="jpeg",
        )
        for number in range(count)
    ]
    told = file_report(content=content(), identity=None, files=files)
    return Report.objects.get(reference=told.reference).pk


def content() -> dict[str, Any]:
    return {
        "version": 1,
        "filed": {"language": "en", "channel": "public"},
        "what": {"narrative": NARRATIVE * 12, "categories": ["TOBACCO"], "goods": "cigarettes"},
        "who": [{"name": "Karl", "role": "driver", "category": "suspect"}],
        "where": {"place": "Quay 7", "country": "SE"},
    }


def make(count: int) -> None:
    """Reports with what is sealed of them, straight into the tables."""
    told = contents.dump(content())
    for start in range(0, count, BATCH):
        number = min(BATCH, count - start)
        reports = [received(start + place) for place in range(number)]
        made = [envelopes.sealed(one.pk, Kind.REPORT, told, unit=one.unit) for one in reports]
        Report.objects.bulk_create(reports)
        Envelope.objects.bulk_create(envelope for envelope, _slots in made)
        Slot.objects.bulk_create(slot for _envelope, slots in made for slot in slots)


def received(number: int) -> Report:
    """Twenty an hour, going back from now: the progress of a search is told in hours."""
    hour = this_hour() - timedelta(hours=number // 20)
    id_ = UUID(int=first_id(hour).int | (new_id().int & (1 << 96) - 1))
    return Report(id=id_, reference=new_reference(), received_hour=hour)


def scanned(keys: Unlocked, user: User) -> dict[str, Any]:
    """A search through everything for what stands nowhere: slices, their lengths, how far."""
    found = scanning.Slice()
    slices, far, looked = [], [], 0
    begun = time.perf_counter()
    while not slices or found.after is not None:
        before = time.perf_counter()
        found = scanning.scan(
            text="nowhere at all",
            choice=scanning.Choice(),
            keys=keys,
            by=user,
            reason=REASON,
            after=found.after,
        )
        slices.append(time.perf_counter() - before)
        far.append(found.done)
        looked += found.looked
    taken = time.perf_counter() - begun
    return {"rate": looked / taken, "looked": looked, "slices": slices, "far": far}


def decrypted(keys: Unlocked) -> dict[str, Any]:
    """The plain loop: every report's envelope by the same keys, and nothing looked at."""
    count, begun, last = 0, time.perf_counter(), None
    while True:
        slots = Slot.objects.filter(
            envelope__kind=Kind.REPORT, recipient__in=list(keys.seeds)
        ).select_related("envelope")
        slots = slots.filter(envelope__report__lt=last) if last else slots
        batch = list(slots.order_by("-envelope__report_id")[: scanning.BATCH])
        for slot in batch:
            envelopes.opened(slot.envelope, [slot], keys.seeds)
        count += len(batch)
        if len(batch) < scanning.BATCH:
            return {"rate": count / (time.perf_counter() - begun), "looked": count}
        last = batch[-1].envelope.report_id


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    office = Office()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        word, _, about = line.strip().partition(" ")
        print(json.dumps(getattr(office, word)(about)), flush=True)


if __name__ == "__main__":
    main()
