"""Brings the focus areas of partners/data into the database without undoing officers' edits."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction

from partners.models import FocusArea, Partner

FILE = Path(__file__).resolve().parent / "data" / "focus_area.toml"
FIELDS = ("name", "commodities", "directions", "modes", "origins")
AS_SHIPPED = "as shipped"


@transaction.atomic
def load(path: Path = FILE) -> Counter[str]:
    """Adds what is not there; partners are joined when the directory knows them."""
    report: Counter[str] = Counter()
    for row in tomllib.loads(path.read_text())["areas"]:
        area, added = FocusArea.objects.get_or_create(code=row["code"], defaults=_fields(row))
        report["added" if added else "kept"] += 1
        if area.version == 1 and area.shipped:
            area.partners.add(*Partner.objects.filter(code__in=row["partners"]))
    return report


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in FIELDS} | {"shipped": AS_SHIPPED}
