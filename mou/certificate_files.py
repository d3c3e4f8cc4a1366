"""Lists of certificates as files: what the bytes say row by row, and rejected rows written back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal import spreadsheets
from portal.errors import DomainError

# Column → its heading in files we write, and other headings it may have in files we read.
HEADINGS = {
    "holder": "holder",
    "country": "country",
    "eori": "EORI",
    "number": "certificate number",
    "type": "type",
    "effective": "effective date",
    "email": "contact e-mail",
    "authority": "competent authority",
    "simplifications": "customs simplifications",
    "security": "security and safety",
    "decided": "standing decided on",
    "since": "standing in effect from",
    "publication": "consent to publication",
    "exchange": "consent to exchange",
}
REQUIRED = {"holder", "country", "eori", "number", "type", "effective"}
OPTIONAL = HEADINGS.keys() - REQUIRED
REASON = "reason"
SYNONYMS = {
    "holder": ("holdername", "nameofholder"),
    "country": ("countrycode", "issuingcountry"),
    "eori": ("eorinumber", "eorino"),
    "number": ("number", "certificateno", "certificate"),
    "type": ("certificatetype",),
    "effective": ("effectivefrom", "dateofeffect"),
    "email": ("email", "emailaddress", "contactemailaddress", "contactaddress"),
    "authority": ("authority", "issuingauthority"),
    "simplifications": (),
    "security": (),
    "decided": ("decidedon",),
    "since": ("standingsince",),
    "publication": ("publication",),
    "exchange": ("exchange",),
}
DELIMITERS = (",", ";")
LONGEST_CELL = 10_000
KINDS = (
    (b"PK", "ZIP", "Excel (.xlsx)"),
    (b"\xd0\xcf\x11\xe0", "Excel (.xls)", ""),
    (b"%PDF", "PDF", ""),
)
MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


class Unreadable(DomainError):
    """The file as a whole cannot be taken; the message says why and what to do."""


@dataclass(frozen=True)
class Record:
    """One row as the file has it: its first line, its cells by column, and what was too much."""

    line: int
    cells: dict[str, str]
    surplus: list[str] = field(default_factory=list)
    broken: str = ""


@dataclass(frozen=True)
class Sheet:
    records: list[Record]
    unused: list[str]


def read(data: bytes, *, most_rows: int) -> Sheet:
    """The rows of a file; raises nothing but Unreadable."""
    rows = _Lines(_decode(data))
    header, delimiter = _header(rows)
    columns = _columns(header)
    records: list[Record] = []
    for line, cells, broken in _split(rows, delimiter):
        if not broken and not any(cell.strip() for cell in cells):
            continue
        if len(records) == most_rows:
            raise Unreadable(
                _("The file has more than {most} rows. Split it into several files.").format(
                    most=most_rows
                )
            )
        records.append(_record(line, cells, broken, columns))
    if not records:
        raise Unreadable(_("The file has no rows below the names of the columns."))
    unused = [name for name, column in zip(header, columns, strict=True) if not column and name]
    return Sheet(records, unused)


def write(rejected: Iterable[tuple[dict[str, object], str]]) -> str:
    """Rejected rows with their reasons, safe to open in a spreadsheet and to send again."""
    return spreadsheets.table([[*HEADINGS.values(), REASON], *map(_line, rejected)])


def _line(rejected: tuple[dict[str, object], str]) -> list[object]:
    values, reason = rejected
    surplus = values.get("surplus")
    more = surplus if isinstance(surplus, list) else []
    return [*(values.get(column, "") for column in HEADINGS), reason, *more]


# --- From bytes to text ---------------------------------------------------------------------


def _decode(data: bytes) -> str:
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Unreadable(_("The file is empty."))
    for mark, kind, also in KINDS:
        if data.startswith(mark):
            name = f"{kind} / {also}" if also else kind
            raise Unreadable(
                _(
                    "This is a file of the kind {kind}, whatever its name says. "
                    "Save the table as “CSV UTF-8” and send that."
                ).format(kind=name)
            )
    for mark, name in MARKS:
        if data.startswith(mark):
            raise _not_utf8(name)
    if b"\x00" in data:
        raise _with_nul(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(_guess(data), line=_line_of(data, error.start)) from error


def _with_nul(data: bytes) -> Unreadable:
    start = data[:400]
    # Plain letters in UTF-16 leave a zero in every second byte.
    if max(start[::2].count(0), start[1::2].count(0)) * 4 > len(start):
        return _not_utf8("UTF-16")
    return Unreadable(
        _(
            "Line {line} contains a NUL byte, so this is no text file. "
            "Save the table as “CSV UTF-8” and send that."
        ).format(line=_line_of(data, data.index(0)))
    )


def _not_utf8(name: str, line: int = 0) -> Unreadable:
    where = _("line {line}: ").format(line=line) if line else ""
    return Unreadable(
        _(
            "The file is written in {name}, not in UTF-8 ({where}letters would be lost). "
            "Save the table as “CSV UTF-8” and send that."
        ).format(name=name, where=where)
    )


def _guess(data: bytes) -> str:
    """Which older encoding it looks like; good enough to tell the reader what to look for."""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return _("an encoding we do not know")
    return "Windows-1252" if re.search(rb"[\x80-\x9f]", data) else "Latin-1 (ISO 8859-1)"


def _line_of(data: bytes, position: int) -> int:
    return len(re.findall(rb"\r\n|\r|\n", data[:position])) + 1


# --- From text to rows ----------------------------------------------------------------------


class _Lines:
    """The lines of a text, one after the other, and which of them were taken last."""

    def __init__(self, text: str) -> None:
        # The csv module wants line ends as they are, so that those in quotes stay what they are.
        self.lines = io.StringIO(text, newline="").readlines()
        self.next = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.lines):
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]


def _split(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Each row's first line, its cells and, where a quotation mark is misplaced, what is wrong."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        first = lines.next + 1
        try:
            cells, broken = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):
                raise _endless(first) from error
            cells = ["".join(lines.lines[first - 1 : lines.next]).rstrip("\r\n")]
            broken = _("A quotation mark inside a cell must be doubled.")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _endless(first)
        yield first, cells, broken


def _endless(line: int) -> Unreadable:
    return Unreadable(
        _(
            "The row that begins in line {line} has a cell without end. "
            "Probably a quotation mark is opened there and never closed."
        ).format(line=line)
    )


def _header(lines: _Lines) -> tuple[list[str], str]:
    """The names of the columns, and the delimiter under which most of them are known."""
    found: list[tuple[int, list[str], str, int]] = []
    for delimiter in DELIMITERS:
        lines.next = 0
        for _first, cells, _broken in _split(lines, delimiter):
            if any(cell.strip() for cell in cells):
                known = sum(bool(column) for column in map(_column, cells))
                found.append((known, [cell.strip() for cell in cells], delimiter, lines.next))
                break
    if not found:
        raise Unreadable(_("The file is empty."))
    _most, header, delimiter, lines.next = max(found, key=lambda candidate: candidate[0])
    return header, delimiter


def _column(heading: str) -> str:
    """Which column a heading names, whatever its case, spaces and hyphens."""
    plain = re.sub(r"[\s\-_.‐‑]", "", heading).casefold()
    for column, name in HEADINGS.items():
        if plain == re.sub(r"[ -]", "", name).casefold() or plain in SYNONYMS[column]:
            return column
    return REASON if plain == REASON else ""


def _columns(header: list[str]) -> list[str]:
    columns = [_column(heading) for heading in header]
    missing = [
        name
        for column, name in HEADINGS.items()
        if column not in columns and column not in OPTIONAL
    ]
    if missing:
        raise Unreadable(
            _(
                "The first line must name the columns. Missing: {missing}. "
                "Columns are separated by commas or semicolons."
            ).format(missing=", ".join(missing))
        )
    twice = [name for column, name in HEADINGS.items() if columns.count(column) > 1]
    if twice or columns.count(REASON) > 1:
        raise Unreadable(
            _("A column stands in the file twice: {names}. Take one of them out.").format(
                names=", ".join(twice or [REASON])
            )
        )
    return columns


def _record(line: int, cells: list[str], broken: str, columns: list[str]) -> Record:
    if broken:
        return Record(line, {}, surplus=cells, broken=broken)
    named = {
        column: cell
        for column, cell in zip(columns, cells, strict=False)
        if column and column != REASON
    }
    surplus = [cell for cell in cells[len(columns) :] if cell.strip()]
    return Record(line, named, surplus=surplus)
