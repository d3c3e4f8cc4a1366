"""Who was, is and will be posted where, as a drawing by years; beside it the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Post, Posting
from partners.tenure import Stretch, gaps, overlaps

WIDTH, LABELS, LANE, BAR, HEAD, PAD = 960, 150, 24, 18, 34, 12
# Years drawn before and after this one; the table knows no such bound.
BEFORE, AFTER = 3, 4
LONGEST = 24


@dataclass(frozen=True)
class Mark:
    """One stretch in the drawing: a person, nobody, or two at once."""

    kind: str
    x: int
    y: int
    width: int
    title: str
    label: str = ""

    @property
    def text_x(self) -> int:
        return self.x + 6

    @property
    def text_y(self) -> int:
        return self.y + BAR - 5


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    post: Post
    kind: str
    what: str
    since: date
    until: date | None
    posting: Posting | None = None


@dataclass(frozen=True)
class Row:
    """One post."""

    post: Post
    y: int
    height: int
    marks: list[Mark]
    lines: list[Line]

    @property
    def text_y(self) -> int:
        return self.y + BAR + PAD // 2


@dataclass(frozen=True)
class Year:
    label: str
    x: int


@dataclass(frozen=True)
class Drawn:
    rows: list[Row]
    years: list[Year]
    today: int
    height: int
    width: int = WIDTH
    bar: int = BAR

    @property
    def lines(self) -> list[Line]:
        return [line for row in self.rows for line in row.lines]


class Scale:
    """Where a day stands."""

    def __init__(self, today: date) -> None:
        self.first, self.last = date(today.year - BEFORE, 1, 1), date(today.year + AFTER, 1, 1)

    def x(self, day: date) -> int:
        share = (day - self.first).days / (self.last - self.first).days
        return LABELS + round(min(max(share, 0), 1) * (WIDTH - LABELS))

    def span(self, stretch: Stretch) -> tuple[int, int] | None:
        """Where it begins and how long it is; None where it lies outside."""
        if stretch.since >= self.last or (stretch.until and stretch.until < self.first):
            return None
        begins = self.x(stretch.since)
        return begins, max(self.x(stretch.until or self.last) - begins, 2)

    @property
    def years(self) -> list[Year]:
        found = range(self.first.year, self.last.year)
        return [Year(str(year), self.x(date(year, 1, 1))) for year in found]


def draw(asked: QuerySet[Post], *, today: date | None = None) -> Drawn:
    """All these posts by city, in three queries whatever their number."""
    scale = Scale(today or timezone.localdate())
    kept = Posting.objects.real().order_by("starts_on", "pk")
    found = asked.order_by("city", "pk").prefetch_related(Prefetch("postings", kept))
    rows: list[Row] = []
    y = HEAD
    for post in found:
        rows.append(_row(post, list(post.postings.all()), y, scale))
        y += rows[-1].height
    return Drawn(rows, scale.years, scale.x(today or timezone.localdate()), y + PAD)


def _row(post: Post, postings: Sequence[Posting], y: int, scale: Scale) -> Row:
    stretches = [Stretch(one.starts_on, one.ends_on) for one in postings]
    lanes = _lanes(stretches)
    lines = [
        *(_person(post, one) for one in postings),
        *_found(post, "gap", _("Nobody posted"), gaps(stretches)),
        *_found(post, "overlap", _("Two or more at once"), overlaps(stretches)),
    ]
    marks = []
    for place, line in enumerate(lines):
        if (span := scale.span(Stretch(line.since, line.until))) is None:
            continue
        top = y + PAD + (lanes[place] * LANE if line.posting else 0)
        if line.kind == "overlap":
            top = y + PAD - 5
        label = line.what[:LONGEST] if line.posting and span[1] > 8 * len(line.what) else ""
        marks.append(Mark(line.kind, span[0], top, span[1], f"{line.what}: {_days(line)}", label))
    height = LANE * (max(lanes, default=0) + 1) + PAD
    return Row(post, y, height, marks, sorted(lines, key=lambda line: line.since))


def _lanes(stretches: Sequence[Stretch]) -> list[int]:
    """The row below the first for whoever overlaps with those already there."""
    ends: list[date | None] = []
    found = []
    for one in stretches:
        free = (lane for lane, end in enumerate(ends) if end is not None and end < one.since)
        lane = next(free, len(ends))
        ends[lane : lane + 1] = [one.until]
        found.append(lane)
    return found


def _person(post: Post, posting: Posting) -> Line:
    kind = "over" if posting.ended_at is not None else "held"
    name = posting.name or _("Former holder")
    return Line(post, kind, name, posting.starts_on, posting.ends_on, posting)


def _found(post: Post, kind: str, what: str, stretches: Iterable[Stretch]) -> list[Line]:
    return [Line(post, kind, what, one.since, one.until) for one in stretches]


def _days(line: Line) -> str:
    until = line.until.isoformat() if line.until else "…"
    return f"{line.since.isoformat()} – {until}"
