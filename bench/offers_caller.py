"""Takes lists over: a way and a number in, seconds out. Started by bench/offers.py."""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from mou import programme  # noqa: E402
from mou.actions import comparing, imports  # noqa: E402
from mou.models import ImportStatus, MouOffer  # noqa: E402
from portal import reference_files  # noqa: E402
from portal.actions import staff  # noqa: E402
from portal.models import StaffRole, User  # noqa: E402

HEADING = "holder,country,EORI,certificate number,type,effective date,contact e-mail"
WAYS = {"slices": imports.SLICE, "single": 1}


def listed(numbers: list[int]) -> bytes:
    """Firms that nobody knows yet, each with an address to send its offer to."""
    rows = [
        f"Holder {n:06} AB,SE,SE{n:010},SEAEOF{n:06},F,2026-01-01,owner{n}@firm{n}.example"
        for n in numbers
    ]
    return "\n".join([HEADING, *rows]).encode()


def seconds(way: str, numbers: list[int], by: User) -> float:
    """Compared and confirmed before; what is timed is taking over, offers and all."""
    batch = imports.import_list(file_name="bench.csv", data=listed(numbers), by=by)
    while batch.status not in (ImportStatus.COMPARED, ImportStatus.REFUSED):
        comparing.compare_rows(batch=batch)
        batch.refresh_from_db()
    imports.confirm_import(batch=batch, by=by)
    before = MouOffer.objects.count()
    begun = time.perf_counter()
    with mock.patch.object(imports, "SLICE", WAYS[way]):
        while batch.status != ImportStatus.FINISHED:
            imports.import_rows(batch=batch)
            batch.refresh_from_db()
    taken = time.perf_counter() - begun
    assert MouOffer.objects.count() - before == len(numbers)  # noqa: S101 - else nothing was measured
    return taken


def main() -> None:
    call_command("migrate", verbosity=0)
    reference_files.load()
    programme.load()
    officer = staff.add_staff(email="bench@customs.example", name="Bench", by=None)
    staff.grant_role(user=officer, role=StaffRole.CASEWORKER, by=None)
    by, fresh = User.objects.get(pk=officer.pk), itertools.count(1)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        way, count = line.split()
        numbers = list(itertools.islice(fresh, int(count)))
        print(json.dumps(seconds(way, numbers, by)), flush=True)


if __name__ == "__main__":
    main()
