"""Figures of the programme for the desk: offers, conversion, where agreements stand, time per step.

Counted over a year and over the agreements last completed, kept for some minutes: a page that is
looked at all day never counts a whole table twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from mou import plan_queues
from mou.event_words import EVENTS
from mou.feedback_words import words
from mou.lifecycle import MouStatus, OfferStatus
from mou.models import Feedback, HistoryEntry, Mou, MouOffer, MouVersion

MONTHS = 12
# How many of the agreements that came into force last tell how long each step takes.
SAMPLE = 200
KEPT_SECONDS = 300
# The steps whose length is told, in the order in which they are taken.
STEPS = (
    "accepted",
    "signatory_named",
    "drafted",
    "proposed",
    "agreed",
    "sealed",
    "signed",
    "countersigned",
    "archived",
)


@dataclass(frozen=True)
class Cell:
    """One figure and how it is written."""

    label: str
    shown: int | None
    text: str


@dataclass(frozen=True)
class Table:
    """Figures of one kind, drawn and written beside each other."""

    code: str
    title: str
    unit: str
    cells: list[Cell]
    in_order: bool = False


@dataclass(frozen=True)
class Figures:
    made_at: datetime
    headlines: list[Cell]
    tables: list[Table]

    def rows(self) -> Iterator[list[str]]:
        """For a file."""
        yield [_("Table"), _("What"), _("Figure")]
        for cell in self.headlines:
            yield [_("Together"), cell.label, cell.text]
        for table in self.tables:
            for cell in table.cells:
                yield [table.title, cell.label, cell.text]


def figures() -> Figures:
    """The figures of the last twelve months, at most five minutes old."""
    key = f"mou.figures:{get_language()}"
    found = cache.get(key)
    if not isinstance(found, Figures):
        found = count()
        cache.set(key, found, KEPT_SECONDS)
    return found


def count() -> Figures:
    """Count anew, in a fixed number of statements."""
    since = _months()[0]
    answers = dict(
        MouOffer.objects.filter(sent_at__gte=since)
        .order_by()
        .values_list("status")
        .annotate(number=Count("id"))
    )
    tables = [
        _by_month("sent", _("Offers sent, by month"), MouOffer, "sent_at"),
        _answers(answers),
        _by_month("in_force", _("Came into force, by month"), Mou, "in_force_at"),
        _standing(),
        _lengths(),
        _feedback(since),
    ]
    return Figures(timezone.localtime(), _headlines(answers), tables)


def _months() -> list[datetime]:
    """The first moments of the last twelve months, this one included."""
    now = timezone.localtime()
    last = now.year * 12 + now.month - 1
    return [
        timezone.make_aware(datetime(number // 12, number % 12 + 1, 1))
        for number in range(last - MONTHS + 1, last + 1)
    ]


def _plain(label: str, number: int) -> Cell:
    return Cell(label, number, str(number))


def _by_month(code: str, title: str, model: type[Mou] | type[MouOffer], field: str) -> Table:
    months = _months()
    counted = (
        model._default_manager.filter(**{f"{field}__gte": months[0]})
        .annotate(month=TruncMonth(field))
        .order_by()
        .values_list("month")
        .annotate(number=Count("id"))
    )
    found = {(month.year, month.month): number for month, number in counted}
    cells = [
        _plain(date_format(month, "M Y"), found.get((month.year, month.month), 0))
        for month in months
    ]
    return Table(code, title, _("Number"), cells, in_order=True)


def _answers(answers: dict[str, int]) -> Table:
    cells = [_plain(str(OfferStatus(code).label), answers.get(code, 0)) for code in OfferStatus]
    sent = [cell for code, cell in zip(OfferStatus, cells, strict=True) if code != "unsent"]
    return Table("answers", _("What became of the offers sent this year"), _("Offers"), sent)


def _headlines(answers: dict[str, int]) -> list[Cell]:
    sent = sum(answers.values())
    accepted = sum(answers.get(one, 0) for one in (OfferStatus.ACCEPTED, OfferStatus.ENDED))
    share = round(100 * accepted / sent) if sent else None
    return [
        _plain(_("offers sent in twelve months"), sent),
        _plain(_("of them accepted"), accepted),
        Cell(_("conversion"), share, "–" if share is None else f"{share} %"),
        _plain(_("measures overdue"), plan_queues.overdue_measures().count()),
        _plain(_("contacts to be confirmed"), plan_queues.stale_contacts().count()),
    ]


def _standing() -> Table:
    counted = Mou.objects.order_by().values_list("status").annotate(number=Count("id"))
    found = dict(counted)
    cells = [_plain(str(status.label), found.get(status, 0)) for status in MouStatus]
    return Table("standing", _("Where agreements stand now"), _("Agreements"), cells)


def _feedback(since: datetime) -> Table:
    """What officers said to firms; what was taken back does not count."""
    counted = (
        Feedback.objects.standing()
        .filter(given_at__gte=since)
        .order_by()
        .values_list("code")
        .annotate(number=Count("id"))
    )
    found = dict(counted)
    cells = [_plain(_(one.desk), found.get(one.code, 0)) for one in words().values()]
    title = _("Feedback given to firms in twelve months")
    return Table("feedback", title, _("Number"), cells)


def _lengths() -> Table:
    """Of each step: half of the agreements that came into force last waited no longer for it."""
    waits: dict[str, list[float]] = defaultdict(list)
    for events in _histories():
        for before, after in pairwise(events):
            waits[after.event].append((after.at - before.at).total_seconds() / 86400)
    cells = [_days(str(EVENTS[step]), median(waits[step])) for step in STEPS if waits[step]]
    title = _("Days that each step takes, in the middle of the last %(count)d agreements")
    return Table("lengths", title % {"count": SAMPLE}, _("Days"), cells)


def _days(label: str, days: float) -> Cell:
    shown = round(days)
    if days < 1:
        return Cell(label, shown, _("under a day"))
    return Cell(label, shown, ngettext("%(days)d day", "%(days)d days", shown) % {"days": shown})


def _histories() -> list[list[HistoryEntry]]:
    """What happened to each of the agreements last completed, in its order."""
    newest = Mou.objects.filter(in_force_at__isnull=False).order_by("-in_force_at")[:SAMPLE]
    owner: dict[tuple[str, str], int] = {}
    for pk, offer_id in newest.values_list("pk", "offer_id"):
        owner["mou.mou", str(pk)] = pk
        owner["mou.mouoffer", str(offer_id)] = pk
    mous = set(owner.values())
    for pk, mou_id in MouVersion.objects.filter(mou__in=mous).values_list("pk", "mou_id"):
        owner["mou.mouversion", str(pk)] = mou_id
    happened: dict[int, list[HistoryEntry]] = defaultdict(list)
    types, ids = {key[0] for key in owner}, {key[1] for key in owner}
    found = HistoryEntry.objects.filter(target_type__in=types, target_id__in=ids, event__in=STEPS)
    for entry in found.order_by("id"):
        if whose := owner.get((entry.target_type, entry.target_id)):
            happened[whose].append(entry)
    return list(happened.values())
