"""Counts of reports from the plain columns of triage; small cells are hidden, and stay so.

A cell below FEWEST is not shown, nor one from which it could be computed. Periods never overlap:
the difference of two of them would tell what each hides. Nor is a report counted for somebody who
is shut out of it: the difference to the list would tell all that is counted of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal import reference
from portal.models import User
from reporting import periods
from reporting.grades import InformationGrade, SourceGrade
from reporting.lifecycle import Priority, Status
from reporting.models import Grading, Report

FEWEST = 5
MONTHS = 12
# How many years one may look back.
YEARS = 5


@dataclass(eq=False)
class Cell:
    """One count. `shown` is None where it is hidden."""

    label: str
    count: int = field(repr=False)
    shown: int | None = None
    small: bool = False

    @property
    def text(self) -> str:
        if self.shown is not None:
            return str(self.shown)
        return _("fewer than %(count)d") % {"count": FEWEST} if self.small else _("hidden")


@dataclass
class Table:
    """Counts of one kind; together they are the total."""

    code: str
    title: str
    cells: list[Cell]
    in_order: bool = False  # of time: drawn as a line


@dataclass(frozen=True)
class Period:
    """A whole number of months, back to back with the one before."""

    back: int
    since: datetime
    before: datetime

    @property
    def name(self) -> str:
        last = self.before - timedelta(days=1)
        return f"{date_format(self.since, 'F Y')} – {date_format(last, 'F Y')}"


@dataclass
class Statistics:
    period: Period
    total: Cell
    tables: list[Table]

    def rows(self) -> Iterator[list[str]]:
        """For a file."""
        yield [_("Table"), _("What"), _("Reports")]
        yield [_("All"), self.period.name, self.total.text]
        for table in self.tables:
            for cell in table.cells:
                yield [table.title, cell.label, cell.text]


def period(back: int = 0) -> Period:
    """Twelve months up to and with this one; `back` goes to those before."""
    now = timezone.localtime()
    month = now.year * 12 + now.month - MONTHS * back
    return Period(back, _month(month - MONTHS), _month(month))


def _month(number: int) -> datetime:
    """The first moment of a month, counted from the year nought."""
    now = timezone.localtime()
    first = datetime(number // 12, number % 12 + 1, 1, tzinfo=None)
    return timezone.make_aware(first, now.tzinfo)


def count(within: Period, *, reader: User) -> Statistics:
    """Every table of one period, suppressed; one statement each, over the period's ids alone."""
    reports = Report.objects.known_to(reader).filter(periods.between(within.since, within.before))
    tables = [
        _months(reports, within),
        _named(reports, "category", _("Kind of goods"), _list("commodity")),
        _named(reports, "mode", _("Mode of transport"), _list("transport_mode")),
        _named(reports, "direction", _("Direction"), _list("direction")),
        _named(reports, "status", _("Status"), dict(Status.choices)),
        _named(reports, "outcome", _("Outcome"), dict(Status.choices)),
        _named(reports, "priority", _("Priority"), dict(Priority.choices)),
        _named(reports, "source_grade", _("Grade of the source"), dict(SourceGrade.choices)),
        _named(
            reports,
            "information_grade",
            _("Grade of the information"),
            dict(InformationGrade.choices),
        ),
        _assessed(reports),
        _feedback(reports),
    ]
    total = Cell(_("All"), sum(cell.count for cell in tables[0].cells))
    for table in tables:
        table.cells = suppress(table.cells)
    if 0 < total.count < FEWEST:
        total.small = True
    else:
        total.shown = total.count
    return Statistics(within, total, tables)


def suppress(cells: Iterable[Cell]) -> list[Cell]:
    """What may be shown of these; `count` is gone from what is hidden.

    With the total known, one large cell is hidden beside the small ones: the first, whatever its
    size, so that the choice tells nothing. Where even so the small ones could be told from the sum
    of what is hidden, or there is no large one, nothing is shown.
    """
    cells = list(cells)
    small = [cell for cell in cells if 0 < cell.count < FEWEST]
    hidden = [*small, *[cell for cell in cells if cell.count >= FEWEST][:1]] if small else []
    least = len(small) + FEWEST
    if small and (len(hidden) == len(small) or sum(cell.count for cell in hidden) == least):
        return [Cell(_("Too few to be shown"), 0)]
    for cell in cells:
        if cell in hidden:
            cell.small, cell.count = cell in small, 0
        else:
            cell.shown = cell.count
    return cells


# --- Tables ---------------------------------------------------------------------------------


def _months(reports: QuerySet[Report], within: Period) -> Table:
    counted = reports.annotate(month=TruncMonth("received_hour")).values_list("month")
    found = {
        (month.year, month.month): number
        for month, number in counted.annotate(number=Count("id")).order_by()
    }
    first = within.since.year * 12 + within.since.month - 1
    starts = [_month(first + number) for number in range(MONTHS)]
    cells = [
        Cell(date_format(start, "M Y"), found.get((start.year, start.month), 0)) for start in starts
    ]
    return Table("month", _("Received, by month"), cells, in_order=True)


def _named(reports: QuerySet[Report], column: str, title: str, names: Mapping[str, Any]) -> Table:
    counted = reports.order_by().values_list(column).annotate(number=Count("id"))
    found = {code: number for code, number in counted if number}
    known = [code for code in names if code in found]
    other = sorted(code for code in found if code and code not in names)
    cells = [Cell(str(names[code]), found[code]) for code in known]
    cells += [Cell(code, found[code]) for code in other]
    if "" in found:
        cells.append(Cell(_("Not said yet"), found[""]))
    return Table(column, title, cells)


def _list(name: str) -> dict[str, str]:
    return dict(reference.choices(name))


def _assessed(reports: QuerySet[Report]) -> Table:
    """From receipt to the first grading."""
    first = Grading.objects.filter(report=OuterRef("pk")).order_by().values("report")
    graded = reports.annotate(
        first=Subquery(first.annotate(first=Min("graded_at")).values("first"))
    )
    limits = [
        (_("Within an hour"), timedelta(hours=2)),  # the hour of receipt is not known finer
        (_("Within 24 hours"), timedelta(hours=25)),
        (_("Within a week"), timedelta(days=7, hours=1)),
    ]
    asked: dict[str, Any] = {
        f"within_{place}": Count("id", filter=Q(first__lte=F("received_hour") + limit))
        for place, (_label, limit) in enumerate(limits)
    }
    told = graded.aggregate(
        all=Count("id"), graded=Count("id", filter=Q(first__isnull=False)), **asked
    )
    upto = [told[f"within_{place}"] for place in range(len(limits))]
    cells, before = [], 0
    for (label, _limit), number in zip(limits, upto, strict=True):
        cells.append(Cell(label, number - before))
        before = number
    cells.append(Cell(_("Later"), told["graded"] - before))
    cells.append(Cell(_("Not graded yet"), told["all"] - told["graded"]))
    return Table("assessed", _("Time to the first grading"), cells)


def _feedback(reports: QuerySet[Report]) -> Table:
    """The clock that the law starts where something was learned through work."""
    now = timezone.now()
    due = Q(feedback_due__isnull=False)
    told = reports.aggregate(
        none=Count("id", filter=Q(feedback_due=None)),
        kept=Count("id", filter=due & Q(feedback_at__lte=F("feedback_due"))),
        late=Count("id", filter=due & Q(feedback_at__gt=F("feedback_due"))),
        missed=Count("id", filter=due & Q(feedback_at=None, feedback_due__lt=now)),
        open=Count("id", filter=due & Q(feedback_at=None, feedback_due__gte=now)),
    )
    cells = [
        Cell(_("Given in time"), told["kept"]),
        Cell(_("Given late"), told["late"]),
        Cell(_("Overdue"), told["missed"]),
        Cell(_("Not due yet"), told["open"]),
        Cell(_("No law asks for it"), told["none"]),
    ]
    return Table("feedback", _("Feedback within three months"), cells)
