"""A day's retention, in batches that a killed worker repeats nowhere; and the rules behind it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import DomainError
from portal.models import User
from portal.models.retention import DayOfRetention, KeptFor

Run = TypeVar("Run", bound=DayOfRetention)
Kept = TypeVar("Kept", bound=KeptFor)
# The date and the id of the last row that was looked at.
Cursor = tuple[date | None, UUID]
# One batch of a step, written down in the run as it is done; nothing when the step is over.
Step = Callable[[Any], Iterable[Cursor]]


@dataclass(frozen=True)
class Rule:
    """Months after the last relevant event until it is looked at, and until it is erased."""

    code: str
    name: object
    review_months: int
    erase_months: int


@dataclass(frozen=True)
class Decision:
    """What becomes of one thing, by which rule, and when it is looked at again."""

    what: str
    rule: str
    due: date | None = None


# --- A day's work -----------------------------------------------------------------------------


def work(runs: type[Run], steps: Sequence[Step], *, day: date, dry: bool, seconds: float) -> Run:
    """Do a day's work, or go on with it for so long; dry, say what would be done."""
    run = _begun(runs, day, dry)
    until = time.monotonic() + seconds
    while run.finished_at is None and (dry or time.monotonic() < until):
        run = go_on(run, steps)
    return run


def _begun(runs: type[Run], day: date, dry: bool) -> Run:
    if dry:
        return runs._default_manager.create(day=day, dry=True)
    try:
        with transaction.atomic():
            return runs._default_manager.create(day=day)
    except IntegrityError:
        return runs._default_manager.get(day=day, dry=False)


@transaction.atomic
def go_on(run: Run, steps: Sequence[Step]) -> Run:
    """One batch and its count together: a killed run counts nothing twice."""
    runs = type(run)._default_manager
    run = runs.select_for_update(of=("self",)).get(pk=run.pk)
    if run.finished_at is not None:
        return run
    if rows := list(steps[run.step](run)):
        run.after_due, run.after_id = rows[-1]
    else:
        run.step, run.after_due, run.after_id = run.step + 1, None, None
        if run.step == len(steps):
            run.finished_at = timezone.now()
    run.save()
    return run


def count(run: DayOfRetention, counts: Mapping[tuple[str, str], int]) -> None:
    """Add what a batch did, by rule and by what was done."""
    for (rule, what), number in counts.items():
        row = run.counts.setdefault(rule, {})
        row[what] = row.get(what, 0) + number


# --- Rules ------------------------------------------------------------------------------------


def change_rule(
    rules: type[Kept],
    *,
    code: str,
    review_months: int,
    erase_months: int,
    reason: str,
    by: User,
    **more: Any,
) -> Kept:
    """Another time for one group; in the caller's transaction, once it has asked for the right."""
    rule = rules._default_manager.select_for_update(of=("self",)).get(code=code)
    if not 0 < review_months <= erase_months:
        raise DomainError(_("The review comes before the erasure."))
    before = [rule.review_months, rule.erase_months]
    rule.review_months, rule.erase_months = review_months, erase_months
    rule.changed_at, rule.changed_by = timezone.now(), by
    for name, value in more.items():
        setattr(rule, name, value)
    rule.save()
    audit.record(
        "retention_rule_changed",
        target=rule,
        by=by,
        reason=given_reason(reason),
        before=before,
        after=[review_months, erase_months],
        **more,
    )
    return rule


def load_rules(rules: type[Kept], table: Iterable[Rule]) -> int:
    """Add the rows of the table that are not there; what was changed at the desk stays."""
    there = set(rules._default_manager.values_list("code", flat=True))
    missing = [rules(**_row(rule)) for rule in table if rule.code not in there]
    rules._default_manager.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _row(rule: Rule) -> dict[str, Any]:
    return {**vars(rule), "name": str(rule.name)}


def given_reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Give the reason."))
    return reason
