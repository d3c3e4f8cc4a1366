"""Lists of certificates: which files are read, which rows are good, and what goes back."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mou import certificate_files, certificates
from mou.certificate_files import Unreadable

HEADER = "holder,country,EORI,certificate number,type,effective date,contact e-mail"
GOOD = {
    "holder": "Nordfrakt AB",
    "country": "SE",
    "eori": "SE5566778899",
    "number": "SEAEOF0000001",
    "type": "F",
    "effective": "2026-01-01",
    "email": "customs@nordfrakt.example",
}
STATES = {"SE", "FI", "DE"}


def line(**changes: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow((GOOD | changes).values())
    return out.getvalue().removesuffix("\r\n")


def text(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines]).encode()


def read(data: bytes, most_rows: int = 100) -> certificate_files.Sheet:
    return certificate_files.read(data, most_rows=most_rows)


def check(data: bytes) -> list[certificates.Row]:
    return certificates.check(read(data).records, member_states=STATES)


def refusal(data: bytes, most_rows: int = 100) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, most_rows)
    return str(caught.value)


def reasons(**changes: str) -> str:
    (row,) = check(text(line(**changes)))
    assert (row.certificate is None) == bool(row.reasons)
    return " ".join(row.reasons)


# --- Files ----------------------------------------------------------------------------------


def test_read_a_good_row():
    (row,) = check(text(line()))
    found = row.certificate
    assert found
    assert (found.holder, found.eori, found.type) == ("Nordfrakt AB", "SE5566778899", "F")
    assert found.effective_from.isoformat() == "2026-01-01"


@pytest.mark.parametrize(
    "header",
    [
        "Holder,COUNTRY,eori,Certificate-Number,Type,Effective_Date,Contact E-Mail",
        " holder , country ,EORI number,certificate no.,Certificate type,effective from,email",
        "holder;country;EORI;certificate number;type;effective date;contact e-mail",
    ],
)
def test_read_headings_however_they_are_written(header):
    body = line().replace(",", ";") if ";" in header else line()
    (row,) = check(text(body, header=header))
    assert row.certificate


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_read_any_line_end_with_or_without_a_byte_order_mark(end, mark):
    data = mark + text(line(), line(number="FIAEOF1"), "").replace(b"\n", end.encode())
    assert [row.record.line for row in check(data)] == [2, 3]


def test_read_counts_the_lines_of_cells_that_run_over_several():
    data = text(line(holder="Nord\nfrakt\r\nAB"), "", line(number="SEAEOC2"), line(country="XX"))
    rows = check(data)
    assert [row.record.line for row in rows] == [2, 6, 7]
    assert rows[0].certificate
    assert rows[0].certificate.holder == "Nord frakt AB"


def test_read_doubled_quotation_marks_and_delimiters_in_quotes():
    (row,) = check(text(line(holder='"Nord", frakt; AB')))
    assert row.certificate
    assert row.certificate.holder == '"Nord", frakt; AB'


def test_read_without_the_optional_column():
    (row,) = check(text(line().rpartition(",")[0], header=HEADER.rpartition(",")[0]))
    assert row.certificate
    assert row.certificate.email == ""


def test_read_names_columns_that_are_not_used():
    sheet = read(text("7," + line(), header="consignments," + HEADER))
    assert sheet.unused == ["consignments"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (HEADER.encode(), "no rows"),
        (text("", ",,,,,,"), "no rows"),
        (text(line()).decode().encode("utf-16"), "UTF-16"),
        (text(line()).decode().encode("utf-16-le"), "UTF-16"),
        (text(line()).decode().encode("utf-32"), "UTF-32"),
        (text(line(holder="Åkeri")).decode().encode("latin-1"), "Latin-1"),
        (text(line(holder="Åkeri “X”")).decode().encode("cp1252"), "Windows-1252"),
        (text(line(), line(holder="Åkeri")).decode().encode("latin-1"), "line 3"),
        (text(line(), line(holder="a\0b")), "Line 3 contains a NUL"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "xls"),
        (b"%PDF-1.7", "PDF"),
        (text(line(), header=HEADER.replace("EORI", "VAT")), "Missing: EORI."),
        (text(line(), header=HEADER + ",E-mail"), "twice: contact e-mail"),
        (text(line(), '"Nord' + line()), "line 3 has a cell without end"),
        (text(line(), line(holder="x" * 200_000)), "line 3 has a cell without end"),
        (text(line(), line(holder="x" * 20_000)), "line 3 has a cell without end"),
        (b"just some words\nand more", "Missing: holder"),
        (b'"', "without end"),
    ],
)
def test_read_refuses_a_file_that_is_no_list(data, words):
    assert words in refusal(data)


def test_read_refuses_a_workbook_renamed_to_csv():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "Excel (.xlsx)" in refusal(out.getvalue())


def test_read_refuses_too_many_rows():
    data = text(*(line(number=f"SEAEOF{n}") for n in range(4)))
    assert len(read(data, most_rows=4).records) == 4
    assert "more than 3 rows" in refusal(data, most_rows=3)


# --- Rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"holder": " "}, "holder is missing"),
        ({"holder": "x" * 201}, "longer than 200"),
        ({"country": "Sweden"}, "two letters"),
        ({"country": "NO", "number": "NOAEOF1"}, "NO is not a member state"),
        ({"country": "FI"}, "begins with SE, the country is FI"),
        ({"eori": ""}, "EORI number is missing"),
        ({"eori": "S1"}, "EORI number is not well-formed"),
        ({"eori": "SE" + "1" * 16}, "EORI number is not well-formed"),
        ({"eori": "SEÅ1"}, "EORI number is not well-formed"),
        ({"number": "SEAEO1"}, "certificate number is not well-formed"),
        ({"number": "SEAEOF"}, "certificate number is not well-formed"),
        ({"number": "SEAEOF" + "1" * 30}, "certificate number is not well-formed"),
        ({"number": "SEAEOF1_2"}, "certificate number is not well-formed"),
        ({"type": "C"}, "says AEOF, the type is C"),
        ({"type": "X"}, "type must be"),
        ({"effective": "01/02/2026"}, "year-month-day"),
        ({"effective": "20260101"}, "year-month-day"),
        ({"effective": "٢٠٢٦-٠١-٠١"}, "year-month-day"),
        ({"effective": "2026-02-30"}, "does not exist"),
        ({"effective": ""}, "year-month-day"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"email": "a@b"}, "not an e-mail address"),
        ({"holder": "Nord\u202efrakt"}, "cannot be seen"),
        ({"holder": "Nord\x07frakt"}, "cannot be seen"),
    ],
)
def test_check_says_why_a_row_is_not_good(changes, words):
    assert words in reasons(**changes)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+46", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "'=1", "\n=1", "＝1", "' =1"]
)
@pytest.mark.parametrize("column", ["holder", "email"])
def test_check_rejects_what_a_spreadsheet_would_run(cell, column):
    assert "begins like a formula" in reasons(**{column: cell})


@pytest.mark.parametrize(
    "changes",
    [
        {"number": " seaeof 0000-001/a.b "},
        {"type": "aeof"},
        {"eori": "se 5566778899"},
        {"eori": "DE1"},
        {"email": ""},
        {"effective": "2030-12-31"},
        {"holder": "Åkeri & Söner – d'Été (publ)"},
        {"holder": "'t Groene Woud"},
    ],
)
def test_check_takes_what_is_written_a_little_differently(changes):
    assert reasons(**changes) == ""


def test_check_keeps_the_number_as_printed_beside_its_plain_form():
    (row,) = check(text(line(number="seaeof 0000 001")))
    assert row.certificate
    assert (row.certificate.number, row.certificate.normalised) == (
        "SEAEOF 0000 001",
        "SEAEOF0000001",
    )


def test_check_names_everything_that_is_wrong_in_a_row():
    found = reasons(holder="", country="NO", effective="soon", email="x")
    assert found.count(".") >= 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "seaeof 0000001"}, "same certificate stands in line 2"),
        ({"number": "SEAEOC0000001", "type": "C"}, "line 2 with another type"),
        ({"number": "SEAEOF2", "holder": "Other AB"}, "Line 2 gives another holder"),
        ({"number": "SEAEOF2", "email": "b@x.example"}, "Line 2 gives another e-mail address"),
    ],
)
def test_check_rejects_a_row_that_contradicts_one_above(changes, words):
    first, second = check(text(line(), line(**changes)))
    assert first.certificate
    assert second.certificate is None
    assert words in second.reasons[0]


def test_check_takes_a_second_certificate_of_a_holder():
    rows = check(text(line(), line(number="FIAEOC2", country="FI", type="C", email="")))
    assert all(row.certificate for row in rows)


def test_check_blames_no_row_for_a_bad_one_above():
    bad, good = check(text(line(effective="soon"), line()))
    assert bad.certificate is None
    assert good.certificate


def test_check_rejects_surplus_cells_and_misplaced_quotation_marks():
    surplus, quoted, good = check(text(line() + ",more", '"Nord" frakt,SE', line()))
    assert "more cells" in surplus.reasons[0]
    assert "must be doubled" in quoted.reasons[0]
    assert good.certificate


# --- And back -------------------------------------------------------------------------------


def rejected(data: bytes) -> bytes:
    rows = [(row.values, " ".join(row.reasons)) for row in check(data) if not row.certificate]
    return ("\ufeff" + certificate_files.write(rows)).encode()


def test_write_rejected_rows_can_be_corrected_and_sent_again():
    back = rejected(text(line(), line(number="SEAEOC7", holder="Second\nAB")))
    assert back.decode("utf-8-sig").splitlines()[0].endswith(',"reason"')
    (row,) = check(back.replace(b"SEAEOC7", b"SEAEOF7"))
    assert row.certificate
    assert row.certificate.holder == "Second AB"


def test_write_rejected_rows_are_rejected_for_the_same_reason_again():
    data = text(line(holder="=cmd|' /C calc'!A0"), line(country="NO"), '"x" y,SE', line() + ",z")
    once = rejected(data)
    assert rejected(once).count(b"\n") == once.count(b"\n")
    assert b"begins like a formula" in rejected(once)


@given(st.lists(st.text(max_size=20), min_size=7, max_size=9))
def test_write_gives_no_cell_that_a_spreadsheet_runs(cells):
    values = dict(zip(GOOD, cells, strict=False)) | {"surplus": cells[7:]}
    out = certificate_files.write([(values, cells[0])])
    _header, row = csv.reader(io.StringIO(out, newline=""))
    assert not [cell for cell in row if cell[:1] in set("=+-@\t\r＝＋－＠") - {""}]


# --- Anything at all ------------------------------------------------------------------------

PIECES = st.sampled_from([",", ";", '"', "\n", "\r", "\r\n", "=", "\t", " ", "\ufeff", "é", "x"])
CELLS = st.text(max_size=30) | st.sampled_from(sorted(GOOD.values()))


def takes_or_refuses(data: bytes) -> None:
    try:
        sheet = read(data)
    except Unreadable:
        return
    for row in certificates.check(sheet.records, member_states=STATES):
        assert bool(row.certificate) != bool(row.reasons)


@given(st.binary(max_size=400))
def test_read_any_bytes_or_refuse_them(data):
    takes_or_refuses(data)


@given(st.binary(max_size=200))
def test_read_any_bytes_below_a_header_or_refuse_them(data):
    takes_or_refuses(HEADER.encode() + b"\n" + data)


@given(st.lists(st.lists(CELLS | PIECES, max_size=9).map(",".join), max_size=5), PIECES)
def test_read_any_text_below_a_header_or_refuse_it(lines, end):
    data = end.join([HEADER, *lines]).encode(errors="surrogatepass")
    takes_or_refuses(data)


@given(st.lists(st.tuples(*[CELLS] * 7), min_size=1, max_size=4))
def test_check_gives_every_row_a_certificate_or_a_reason(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    takes_or_refuses((HEADER + "\n" + out.getvalue()).encode(errors="replace"))
