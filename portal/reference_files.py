"""Brings the reference lists of portal/data into the database without undoing officers' edits."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from portal import reference
from portal.models import ReferenceItem

FOLDER = Path(__file__).resolve().parent / "data"
# What a file may say of an item besides its attributes.
COLUMNS = ("code", "label", "source", "confirmed", "valid_from", "valid_to")
ANSWERS = {"yes": True, "no": False}


def read(path: Path) -> list[ReferenceItem]:
    """The items of one file, whose name is the list's; ValidationError names the bad line."""
    items: list[ReferenceItem] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in (reader := csv.DictReader(file, strict=True)):
            try:
                items.append(_item(path.stem, row))
            except (KeyError, ValueError, AttributeError, ValidationError) as error:
                where = f"{path.name}, line {reader.line_num}"
                raise ValidationError(f"{where}: {error}") from error
    repeated = [code for code, count in Counter(item.code for item in items).items() if count > 1]
    if repeated:
        raise ValidationError(f"{path.name}: repeated codes {', '.join(repeated)}")
    return items


def load(folder: Path = FOLDER) -> Counter[str]:
    """Load every file; returns how many items were added, updated, unchanged or kept.

    An item is *kept* when an officer changed it and the file says something else: the officer
    knows more than the file. Nothing is ever removed: what ends gets an end date.
    """
    shipped = [item for path in sorted(folder.glob("*.csv")) for item in read(path)]
    report: Counter[str] = Counter()
    with transaction.atomic():
        present = {(item.list, item.code): item for item in ReferenceItem.objects.all()}
        added = [item for item in shipped if (item.list, item.code) not in present]
        ReferenceItem.objects.bulk_create(added, ignore_conflicts=True)
        report["added"] = len(added)
        for item in shipped:
            if before := present.get((item.list, item.code)):
                report[_bring_up_to_date(before, item)] += 1
    reference.forget()
    return report


def edited(item: ReferenceItem) -> bool:
    """Whether an officer changed this item, or made it."""
    return item.shipped != fingerprint(item)


def fingerprint(item: ReferenceItem) -> str:
    fields = [item.list, item.code, item.label, item.attributes, item.source, item.confirmed]
    dates = [str(day) if day else "" for day in (item.valid_from, item.valid_to)]
    text = json.dumps([*fields, *dates], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _bring_up_to_date(before: ReferenceItem, item: ReferenceItem) -> str:
    if before.shipped == item.shipped:
        return "unchanged"
    if edited(before):
        return "kept"
    item.pk = before.pk
    item.save(force_update=True)
    return "updated"


def _item(list_name: str, row: dict[str, str]) -> ReferenceItem:
    known = {name: (row.pop(name, "") or "").strip() for name in COLUMNS}
    item = ReferenceItem(
        list=list_name,
        code=known["code"],
        label=known["label"],
        attributes=dict(_attribute(name, value.strip()) for name, value in row.items()),
        source=known["source"],
        confirmed=ANSWERS[known["confirmed"]],
        valid_from=_day(known["valid_from"]),
        valid_to=_day(known["valid_to"]),
    )
    item.clean_fields(exclude=["attributes"])
    item.clean()
    item.shipped = fingerprint(item)
    return item


def _attribute(name: str, value: str) -> tuple[str, object]:
    """The end of a column's name says what it holds: name[] a list, name? a yes or no, name#."""
    if name.endswith("[]"):
        return name[:-2], [part.strip() for part in value.split("|") if part.strip()]
    if name.endswith("?"):
        return name[:-1], ANSWERS[value]
    if name.endswith("#"):
        return name[:-1], int(value)
    return name, value


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
