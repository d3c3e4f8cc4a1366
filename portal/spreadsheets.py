"""Tables as files that spreadsheets open: every cell in quotes, none of them a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from django.http import HttpResponse

# What a spreadsheet would run instead of show, also behind blanks or the apostrophe we write.
FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]|[\t\r]")


def harmless(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if FORMULA.match(cell) and not cell.startswith("'") else cell


def attachment(rows: Iterable[Iterable[object]], name: str) -> HttpResponse:
    """A file of this name; it begins with the mark by which spreadsheets know the letters."""
    response = HttpResponse(table(rows).encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table(rows: Iterable[Iterable[object]]) -> str:
    """The rows as CSV; the first one is the heading."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return file.getvalue()
