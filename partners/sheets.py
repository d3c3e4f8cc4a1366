"""The directory as a table, a row a record: read line by line, written to be sent back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from partners.file_records import (
    CHANNEL,
    CODED,
    CONTACT,
    GROUP,
    HOLDER,
    LONGEST_CELL,
    MEMBERSHIP,
    MOST_RECORDS,
    PARTNER,
    POST,
    Content,
    Record,
    Unreadable,
    decode,
)
from portal import spreadsheets

HEADINGS = {
    "record": "record",
    "code": "code",
    "id": "id",
    "version": "version",
    "name": "name",
    "local_name": "local name",
    "abbreviation": "abbreviation",
    "type": "type",
    "country": "country",
    "parent": "part of",
    "area": "area",
    "competent_for": "competent for",
    "about": "what it is",
    "for_business": "for business",
    "website": "web site",
    "time_zone": "time zone",
    "holidays": "holidays of",
    "is_coordinating": "coordinating unit",
    "duty": "duty",
    "email": "mailbox",
    "phone": "telephone",
    "always_open": "day and night",
    "languages": "languages",
    "hours": "hours",
    "note": "note",
    "contact": "contact point",
    "title": "title",
    "direct_line": "direct line",
    "group": "group",
    "since": "since",
    "until": "until",
    "reference": "reference",
    "city": "city",
    "host_country": "host country",
    "covers": "covers",
    "mission": "mission",
    "portfolio": "portfolio",
    "services": "services",
    "counterparts": "counterparts",
    "latitude": "latitude",
    "longitude": "longitude",
    "ended_on": "ended on",
    "has_ended": "ended",
}
OF_PARTNERS = {
    "name", "local_name", "abbreviation", "type", "country", "parent", "area", "competent_for",
    "about", "for_business", "website", "time_zone", "holidays", "is_coordinating", "languages",
    "hours", "note", "ended_on",
}  # fmt: skip
OF_CONTACTS = {
    "name", "duty", "email", "phone", "always_open", "languages", "hours", "note", "has_ended",
}  # fmt: skip
OF_POSTS = {
    "type", "city", "host_country", "covers", "mission", "title", "portfolio", "services",
    "counterparts", "email", "phone", "languages", "time_zone", "hours", "holidays", "latitude",
    "longitude", "note", "has_ended",
}  # fmt: skip
# Record → its columns, beside those that say which row it is.
USED = {
    PARTNER: OF_PARTNERS,
    CONTACT: OF_CONTACTS,
    HOLDER: {"name", "title", "email", "direct_line", "contact", "duty", "until"},
    GROUP: {"name", "about"},
    MEMBERSHIP: {"group", "since", "until"},
    CHANNEL: {"name", "reference", "has_ended"},
    POST: OF_POSTS,
}
TICKS = {"is_coordinating", "always_open", "has_ended"}
YES, NO = ("yes", "y", "true", "1", "on", "x"), ("no", "n", "false", "0", "off", "")


def write(records: Iterable[Record]) -> Iterator[str]:
    """The table, chunk by chunk; it begins with the mark by which spreadsheets know the letters."""
    yield "\ufeff" + spreadsheets.table([HEADINGS.values()])
    for record in records:
        cells = {
            **record.cells,
            "record": record.table,
            "code": record.key if record.table in CODED else record.partner or record.owner,
            "id": record.key if record.table in (CONTACT, HOLDER) else "",
            "version": "" if record.version is None else str(record.version),
        }
        if record.table == HOLDER:
            cells |= {"contact": record.owner, "duty": record.duty}
        for name in TICKS & cells.keys():
            cells[name] = "yes" if cells[name] else "no"
        yield spreadsheets.table([[cells.get(name, "") for name in HEADINGS]])


def read(data: bytes) -> Content:
    """What stands in the file; raises nothing but Unreadable."""
    text = decode(data)
    delimiter = (
        ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    content = Content()
    columns: list[str] = []
    line = 0
    try:
        for cells in reader:
            first, line = line + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells)
                continue
            _take(content, first, cells, columns)
    except csv.Error as error:
        raise Unreadable(
            _("The table breaks off after line %(line)d: a quotation mark is missing or misplaced.")
            % {"line": line}
        ) from error
    if not content.records and not content.errors:
        raise Unreadable(_("The file has no rows below the names of the columns."))
    return content


def _columns(cells: list[str]) -> list[str]:
    known = {_plain(heading): name for name, heading in HEADINGS.items()}
    found = [known.get(_plain(cell), "") for cell in cells]
    unknown = [cell.strip() for cell, name in zip(cells, found, strict=True) if not name]
    if "record" not in found or "code" not in found:
        raise Unreadable(
            _(
                "The first line has to name the columns, among them “record” and “code”. "
                "Export the directory to see the form."
            )
        )
    if unknown:
        raise Unreadable(
            _("There is no column called “%(name)s”. Take it out, or correct its name.")
            % {"name": unknown[0][:60]}
        )
    twice = [name for name in found if found.count(name) > 1]
    if twice:
        raise Unreadable(
            _("The column “%(name)s” stands there twice.") % {"name": HEADINGS[twice[0]]}
        )
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]", "", heading.lower())


def _take(content: Content, line: int, cells: list[str], columns: list[str]) -> None:
    if len(content.records) == MOST_RECORDS:
        raise Unreadable(_("The file has more than %(most)d rows.") % {"most": MOST_RECORDS})
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        content.errors.append((line, _("This row has more cells than there are columns.")))
        return
    if any(len(cell) > LONGEST_CELL for cell in cells):
        content.errors.append((line, _("A cell of this row is far too long.")))
        return
    row = dict(zip(columns, cells, strict=False))
    table = row.get("record", "").strip().lower()
    if table not in USED:
        names = ", ".join(f"“{name}”" for name in USED)
        content.errors.append((line, _("The column “record” has to say one of %s.") % names))
        return
    version, wrong = _version(row.get("version", ""))
    told, astray = _cells(row, USED[table])
    if wrong or astray:
        content.errors.append((line, wrong or astray))
        return
    code, number = _bare(row.get("code", "")).strip(), _bare(row.get("id", "")).strip()
    if not code:
        content.errors.append((line, _("The code is missing.")))
        return
    content.records.append(_record(line, table, code, number, told, version))


def _record(
    line: int, table: str, code: str, number: str, told: dict[str, str], version: int | None
) -> Record:
    if table in CODED:
        return Record(line, table, code, told, version)
    if table == HOLDER:
        contact, duty = told.pop("contact", "").strip(), told.pop("duty", "").strip()
        return Record(line, table, number, told, version, contact, duty, code)
    if table == CONTACT:
        return Record(line, table, number, told, version, code)
    names = ("group", "since") if table == MEMBERSHIP else ("name",)
    key = "|".join([code, *(told.get(name, "").strip() for name in names)])
    return Record(line, table, key, told, version, code)


def _version(cell: str) -> tuple[int | None, str]:
    cell = cell.strip()
    if not cell:
        return None, ""
    if not re.fullmatch(r"[0-9]{1,9}", cell):
        return None, _("The version has to be the number that the export gave, or empty.")
    return int(cell), ""


def _cells(row: dict[str, str], used: set[str]) -> tuple[dict[str, str], str]:
    """The cells of the table; a cell that belongs to the other one has to be empty."""
    told = {}
    for name, cell in row.items():
        if name in ("record", "code", "id", "version"):
            continue
        if name not in used:
            if cell.strip() and not (name in TICKS and cell.strip().lower() in NO):
                return {}, _("The column “%(name)s” has to be empty in this row.") % {
                    "name": HEADINGS[name]
                }
            continue
        if name in TICKS:
            ticked = _bare(cell).strip().lower()
            if ticked not in YES and ticked not in NO:
                return {}, _("“%(name)s” has to be yes or no.") % {"name": HEADINGS[name]}
            told[name] = "on" if ticked in YES else ""
        else:
            told[name] = cell
    return told, ""


def _bare(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from calculating."""
    return cell[1:] if cell.startswith("'") and spreadsheets.FORMULA.match(cell[1:]) else cell


def as_meant(cell: str, present: str) -> str:
    """A cell as it was before it was made harmless; what stands there already is left alone."""
    return present if spreadsheets.harmless(present) == cell else _bare(cell)
