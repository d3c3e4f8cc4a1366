"""Short reports of an ordinary month, made from a table of words, so that lists are not empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from portal.keyring import Unlocked
from portal.models import User
from reporting.actions import custody, filing, outcomes, triage
from reporting.lifecycle import Status
from reporting.models import Report
from reporting.opening import open_report

HOW_MANY = 30
REASON = "First look at the month's reports"

# What was seen, the kind of goods, the mode of transport and the direction.
SEEN = (
    ("Cartons of cigarettes were handed out of a van", "TOBACCO", "3", "IMPORT"),
    ("Crates of spirits without stamps stood", "ALCOHOL", "3", "IMPORT"),
    ("Bags were thrown over the fence", "NARCOTICS", "1", "IMPORT"),
    ("Watches were repacked into toy boxes", "COUNTERFEITS", "5", "IMPORT"),
    ("Bottles without labels were carried aboard", "ALCOHOL", "1", "EXPORT"),
    ("A driver took a parcel from a stranger", "NARCOTICS", "3", "EXPORT"),
    ("Somebody sold tobacco from a car", "TOBACCO", "3", "IMPORT"),
)
PLACES = (
    ("behind the ferry terminal", "SETRG"),
    ("at the container port", "SEGOT"),
    ("on the lorry park by the border", "SESVI"),
    ("at the parcel depot", ""),
)
WHEN = ("last night.", "twice this week.", "on Sunday morning.", "for the third time.")
GRADES = (("X", "4", "H2"), ("B", "2", "H1"), ("X", "3", "H1"), ("C", "3", "H2"))
PRIORITIES = ("P4", "P3", "P3", "P2")
# How far each is brought; some wait, since a queue that is empty shows nothing.
FATES = (
    Status.NO_ACTION,
    Status.TRIAGED,
    Status.ASSESSED,
    Status.NO_ACTION,
    Status.ACKNOWLEDGED,
    Status.ACTION,
    Status.TRIAGED,
    Status.RECEIVED,
)
BEFORE_GRADING = (Status.RECEIVED, Status.ACKNOWLEDGED)


@dataclass(frozen=True)
class Short:
    """One sentence, and what the desk makes of it."""

    content: dict[str, Any]
    classified: dict[str, Any]
    grade: tuple[str, str, str]
    priority: str
    fate: Status


def shorts() -> Iterator[Short]:
    """The tables have lengths that do not divide each other, so few sentences come twice."""
    rows = zip(
        cycle(SEEN), cycle(PLACES), cycle(WHEN), cycle(GRADES), cycle(PRIORITIES), cycle(FATES)
    )
    for seen, place, when, grade, priority, fate in islice(rows, HOW_MANY):
        (what, category, mode, direction), (where, code) = seen, place
        content = {
            "version": 1,
            "filed": {"language": "en", "channel": "public"},
            "what": {"narrative": f"{what} {where} {when}", "categories": [category]},
            "about": {"mode": "anonymous"},
        }
        classified = {"category": category, "mode": mode, "direction": direction, "place": code}
        yield Short(content, classified, grade, priority, fate)


def tell_shorts(*, officer: User, keys: Unlocked) -> int:
    """File them all, and look at most of them."""
    told = list(shorts())
    for short in told:
        made = filing.file_report(content=short.content, identity=None, files=[], firm_tag="")
        if short.fate != Status.RECEIVED:
            _look_at(Report.objects.get(reference=made.reference), short, officer, keys)
    return len(told)


def _look_at(report: Report, short: Short, officer: User, keys: Unlocked) -> None:
    open_report(report=report, keys=keys, by=officer, reason=REASON)
    custody.take(report=report, by=officer)
    triage.acknowledge(report=report, by=officer)
    if short.fate in BEFORE_GRADING:
        return
    source, information, handling = short.grade
    triage.grade(
        report=report, by=officer, source=source, information=information, handling=handling
    )
    triage.prioritise(report=report, by=officer, priority=short.priority)
    triage.classify(report=report, by=officer, **short.classified)
    if short.fate == Status.NO_ACTION:
        outcomes.set_aside(
            report=report, by=officer, reason="Nothing to go by was found.", keys=keys
        )
    if short.fate in (Status.ASSESSED, Status.ACTION):
        outcomes.assess(report=report, by=officer)
    if short.fate == Status.ACTION:
        outcomes.act(report=report, by=officer)
