"""Statistics: counted from plain columns, within a year, and no small cell can be told."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal import charts
from reporting import statistics
from reporting.actions import custody
from reporting.models import Grading
from reporting.statistics import FEWEST, Cell
from tests.factories import UserFactory
from tests.people import at_the_desk
from tests.reporting.sealed import make_report


def shown(*numbers):
    return statistics.suppress([Cell(f"cell {n}", number) for n, number in enumerate(numbers)])


def texts(*numbers):
    return [cell.text for cell in shown(*numbers)]


def test_suppress_leaves_large_cells_and_noughts():
    assert texts(5, 0, 17) == ["5", "0", "17"]


def test_suppress_hides_a_small_cell_and_one_beside_it():
    assert texts(9, 3, 20, 0) == ["hidden", "fewer than 5", "20", "0"]


@pytest.mark.parametrize("numbers", [(4,), (1, 1), (4, 4), (2, 3, 0), (1, 5), (5, 1)])
def test_suppress_shows_nothing_where_the_rest_would_tell(numbers):
    assert texts(*numbers) == ["hidden"]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_suppress_leaves_more_than_one_possibility(numbers):
    """Every table of the same total that looks the same: no small cell is the same in all."""
    seen = texts(*numbers)
    if "fewer than 5" not in seen:
        return
    free = [place for place, text in enumerate(seen) if not text.isdigit()]
    total = sum(numbers)
    alike = []
    for guess in product(range(total + 1), repeat=len(free)):
        table = list(numbers)
        for place, number in zip(free, guess, strict=True):
            table[place] = number
        if sum(table) == total and texts(*table) == seen:
            alike.append(table)
    for place, text in enumerate(seen):
        if text == "fewer than 5":
            assert len({table[place] for table in alike}) > 1


@pytest.mark.django_db
def test_count_by_column_month_and_time(desk):
    now = timezone.now()
    for number in range(7):
        report = make_report(category="TOBACCO", status="triaged", mode="ROAD" * (number < 6))
        Grading.objects.create(
            report=report,
            source_grade="A",
            information_grade="1",
            handling="H2",
            graded_by=desk.officer,
        )
    for _again in range(6):
        make_report(feedback_due=now + timedelta(days=90))
    make_report(category="TOBACCO", at=now - timedelta(days=400))
    found = statistics.count(statistics.period(), reader=desk.officer)
    tables = {table.code: {c.label: c.text for c in table.cells} for table in found.tables}
    assert found.total.text == "13"
    assert tables["category"] == {"TOBACCO": "7", "Not said yet": "6"}
    assert list(tables["month"].values()) == ["0"] * 11 + ["13"]
    assert tables["assessed"]["Within an hour"] == "7"
    assert tables["assessed"]["Not graded yet"] == "6"
    assert tables["feedback"] == {
        "Given in time": "0",
        "Given late": "0",
        "Overdue": "0",
        "Not due yet": "6",
        "No law asks for it": "7",
    }


def test_periods_stand_back_to_back():
    for back in range(statistics.YEARS - 1):
        assert statistics.period(back).since == statistics.period(back + 1).before


def test_draw_hides_what_is_hidden():
    table = statistics.Table("x", "X", shown(9, 3, 20))
    assert [bar.hidden for bar in charts.bars(table)] == [True, True, False]
    points = charts.points(table)
    assert charts.runs(points) == []
    assert len({bar.length for bar in charts.bars(table)[:2]}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("triage_officer", 200),
        ("supervisor", 200),
        ("auditor", 200),
        ("data_protection_officer", 200),
        ("system_administrator", 404),
        ("caseworker", 404),
        ("identity_custodian", 404),
    ],
)
def test_statistics_page_by_role(client, role, status):
    at_the_desk(client, UserFactory(**{role: True}))
    for address in ("statistics/", "statistics/csv/"):
        assert client.get(f"/admin/reporting/report/{address}").status_code == status


@pytest.mark.django_db
def test_statistics_file_is_quoted_and_harmless(desk, client):
    for _again in range(FEWEST):
        make_report(category="=1+1")
    at_the_desk(client, desk.supervisor)
    text = client.get("/admin/reporting/report/statistics/csv/").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert ["Kind of goods", "'=1+1", "5"] in rows
    assert all(line.startswith('"') for line in text.splitlines())


@pytest.mark.django_db
def test_statistics_page_costs_the_same_however_many_there_are(desk, django_assert_num_queries):
    make_report()
    with django_assert_num_queries(14):
        statistics.count(statistics.period(), reader=desk.officer)
    for _again in range(3):
        make_report()
    with django_assert_num_queries(11):
        statistics.count(statistics.period(), reader=desk.officer)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["statistics/", "statistics/csv/"])
def test_statistics_tell_nothing_of_a_report_to_whom_it_is_shut(client, desk, address):
    """Else the list, subtracted from the counts, told its kind, its grade and what came of it."""
    for _again in range(FEWEST):
        make_report(category="TOBACCO", mode="1")
    hidden = make_report(category="TOBACCO", mode="1")
    custody.exclude(report=hidden, by=desk.supervisor, person=desk.officer)
    told = {}
    for reader in (desk.officer, desk.supervisor):
        at_the_desk(client, reader)
        told[reader] = client.get(f"/admin/reporting/report/{address}").content.decode()
    at_the_desk(client, desk.officer)
    assert hidden.reference not in client.get("/admin/reporting/report/").content.decode()
    number = {"statistics/": "<td>{}</td>", "statistics/csv/": '"{}"'}[address]
    assert number.format(FEWEST) in told[desk.officer]
    assert number.format(FEWEST + 1) not in told[desk.officer]
    assert number.format(FEWEST + 1) in told[desk.supervisor]
    custody.lift_exclusion(report=hidden, by=desk.supervisor, person=desk.officer)
    at_the_desk(client, desk.officer)
    again = client.get(f"/admin/reporting/report/{address}").content.decode()
    assert number.format(FEWEST + 1) in again
