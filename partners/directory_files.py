"""Brings the directory of partners/data into the database without undoing officers' edits."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from partners import search
from partners.addresses import is_taken_by_a_page
from partners.models import Coverage, Group, GroupMembership, Partner, Post, SearchPlace

FOLDER = Path(__file__).resolve().parent / "data"
ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Sheet:
    """One file: what its rows are, what tells them apart, which columns name other entries."""

    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    refers: dict[str, type[models.Model]]


PARTNERS = [
    Sheet(name, Partner, ("code",), {"parent": Partner})
    for name in ("customs_administration", "organisation")
]
# In the order of loading: what is referred to comes first.
SHEETS = [
    *PARTNERS,
    Sheet("group", Group, ("code",), {"organisation": Partner}),
    Sheet(
        "membership", GroupMembership, ("group", "partner"), {"group": Group, "partner": Partner}
    ),
    Sheet("post", Post, ("code",), {}),
]
Row = dict[str, Any]
# Column → code → entry.
Known = dict[str, dict[str, models.Model]]


def load(folder: Path = FOLDER) -> Counter[str]:
    """How many entries were added, updated, unchanged or kept as an officer left them.

    Nothing is removed: what ends gets an end date, in the file or at the desk.
    """
    report: Counter[str] = Counter()
    with transaction.atomic():
        for sheet in SHEETS:
            if (path := folder / f"{sheet.name}.csv").exists():
                report += _load(sheet, read(path, sheet))
        if report["added"] or report["updated"] or not SearchPlace.objects.exists():
            search.keep_all()
    return report


def read(path: Path, sheet: Sheet) -> list[Row]:
    """The rows as values of the model's fields; ValidationError names the bad line."""
    rows: list[Row] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in (reader := csv.DictReader(file, strict=True)):
            try:
                rows.append(dict(_value(name, (text or "").strip()) for name, text in line.items()))
                _check(sheet, rows[-1])
            except (AttributeError, KeyError, ValueError, TypeError, ValidationError) as error:
                where = f"{path.name}, line {reader.line_num}"
                raise ValidationError(f"{where}: {error}") from error
    repeated = [
        key for key, count in Counter(_key(sheet, row) for row in rows).items() if count > 1
    ]
    if repeated:
        raise ValidationError(
            f"{path.name}: repeated {', '.join(' '.join(key) for key in repeated)}"
        )
    return rows


def fingerprint(values: Row) -> str:
    told = {
        name: str(value) if isinstance(value, date) else value for name, value in values.items()
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _load(sheet: Sheet, rows: list[Row]) -> Counter[str]:
    report: Counter[str] = Counter()
    present = {
        _key(sheet, _as_row(sheet, one, sheet.key)): one
        for one in sheet.model._default_manager.select_related(*sheet.refers)
    }
    known = {
        name: {one.code: one for one in model._default_manager.all()}  # type: ignore[attr-defined]
        for name, model in sheet.refers.items()
    }
    for row in rows:
        covers = row.pop("covers", [])
        before = present.get(_key(sheet, row))
        outcome, entry = _bring_up_to_date(sheet, before, row, known)
        if sheet.model in sheet.refers.values():
            known["parent"][row["code"]] = entry
        present[_key(sheet, row)] = entry
        report[outcome] += 1
        if isinstance(entry, Post) and outcome in ("added", "updated"):
            _cover(entry, covers)
    return report


def _bring_up_to_date(
    sheet: Sheet, before: models.Model | None, row: Row, known: Known
) -> tuple[str, models.Model]:
    shipped = fingerprint(row)
    if before is None:
        entry = sheet.model(**_resolved(row, known), shipped=shipped)
        entry.save(force_insert=True)
        return "added", entry
    if before.shipped == shipped:  # type: ignore[attr-defined]
        return "unchanged", before
    # An officer changed it, or made it: the officer knows more than the file.
    if before.shipped != fingerprint(_as_row(sheet, before, tuple(row))):  # type: ignore[attr-defined]
        return "kept", before
    for name, value in (_resolved(row, known) | {"shipped": shipped}).items():
        setattr(before, name, value)
    if hasattr(before, "version"):
        before.version += 1
    before.save()
    return "updated", before


def _resolved(row: Row, known: Known) -> Row:
    """The row with the entries that it names by code."""
    found = dict(row)
    for name, entries in known.items():
        if (code := row.get(name, "")) and code not in entries:
            raise ValidationError(f"{name} {code} is not in the directory")
        found[name] = entries.get(code)
    return found


def _as_row(sheet: Sheet, entry: models.Model, names: tuple[str, ...]) -> Row:
    """What the file would say of the entry as it stands."""
    told: Row = {}
    for name in names:
        value = getattr(entry, name)
        if name in sheet.refers:
            value = value.code if value else ""
        told[name] = value if isinstance(value, bool | list | date | None) else str(value)
    return told


def _cover(post: Post, countries: list[str]) -> None:
    known = set(post.coverages.values_list("country", flat=True))
    Coverage.objects.bulk_create(
        Coverage(post=post, country=country) for country in countries if country not in known
    )


def _key(sheet: Sheet, row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in sheet.key)


def _check(sheet: Sheet, row: Row) -> None:
    """Refuse what the model's fields would not take; codes of other entries are asked later."""
    plain = {name: value for name, value in row.items() if name not in {*sheet.refers, "covers"}}
    entry = sheet.model(**plain)
    known = {field.name for field in sheet.model._meta.fields}
    below = "posts/" if sheet.model is Post else ""
    if sheet.model in (Partner, Post) and is_taken_by_a_page(row["code"], below):
        raise ValidationError(f"the code {row['code']} is the address of a page")
    entry.clean_fields(exclude=known - set(plain))


def _value(name: str, text: str) -> tuple[str, Any]:
    """A column's name says what it holds: name[] a list; days and yes-or-no go by their names."""
    if name.endswith("[]"):
        return name[:-2], [part.strip() for part in text.split("|") if part.strip()]
    if name == "confirmed":
        return name, ANSWERS[text]
    if name in ("since", "until"):
        return name, date.fromisoformat(text) if text else None
    return name, text
