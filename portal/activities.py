"""Brings the shipped register of processing into the database, and writes it out again."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction

from portal import spreadsheets
from portal.models import ProcessingActivity

FILE = Path(__file__).resolve().parent / "data" / "processing.toml"
COLUMNS = (
    "code",
    "name",
    "regime",
    "purpose",
    "legal_basis",
    "people",
    "data",
    "recipients",
    "transfers",
    "retention",
    "security",
    "profiling",
)


def load(path: Path = FILE) -> Counter[str]:
    """Add what is missing and update what nobody changed; what an officer wrote stays."""
    report: Counter[str] = Counter()
    with transaction.atomic():
        present = {activity.code: activity for activity in ProcessingActivity.objects.all()}
        for told in tomllib.loads(path.read_text("utf-8"))["activities"]:
            shipped = ProcessingActivity(**told)
            shipped.shipped = fingerprint(shipped)
            report[_bring_up_to_date(present.get(told["code"]), shipped)] += 1
    return report


def _bring_up_to_date(before: ProcessingActivity | None, shipped: ProcessingActivity) -> str:
    if before is None:
        shipped.save()
        return "added"
    if before.shipped == shipped.shipped:
        return "unchanged"
    if before.shipped != fingerprint(before):
        return "kept"
    shipped.pk = before.pk
    shipped.save(force_update=True)
    return "updated"


def fingerprint(activity: ProcessingActivity) -> str:
    return hashlib.sha256(json.dumps(_row(activity)).encode()).hexdigest()


def as_csv() -> str:
    """The whole register as a table, each cell in quotes and none a formula."""
    named = {column.name: str(column.verbose_name) for column in ProcessingActivity._meta.fields}
    heading = [named[name] for name in COLUMNS]
    return spreadsheets.table([heading, *(_row(activity) for activity in _all())])


def as_json() -> str:
    rows = [dict(zip(COLUMNS, _row(activity), strict=True)) for activity in _all()]
    return json.dumps({"activities": rows}, ensure_ascii=False, indent=2)


def _all() -> Any:
    return ProcessingActivity.objects.filter(ended_at=None).order_by("code")


def _row(activity: ProcessingActivity) -> list[str]:
    return [str(getattr(activity, name)) for name in COLUMNS]
