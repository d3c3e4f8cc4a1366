"""Measures: proposed by one side, agreed by the other, done with a proof, verified."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import measured_threats
from mou import plan_permissions as permissions
from mou.actions.locking import lock
from mou.actions.planning import demand, lock_planned, told
from mou.models import Measure, MeasureFile, Mou
from portal import files as stored
from portal import sent_files
from portal.errors import DomainError, NotAllowed
from portal.models import User
from portal.sent_files import Sent

MOST_FILES = 20


@transaction.atomic
def propose_measure(
    *,
    mou: Mou,
    party: str,
    duty: str,
    text: str,
    due_on: date,
    by: User,
    threats: Collection[str] = (),
) -> Measure:
    """Either side proposes what either side should do."""
    mou = lock(mou)
    if not permissions.can_plan(by, mou):
        raise NotAllowed(_("Only a caseworker, or who may bind the firm, plans measures."))
    _check_day(due_on)
    measure = Measure.objects.create(
        mou=mou,
        party=party,
        duty=duty,
        text=text,
        due_on=due_on,
        proposed_by=permissions.side_of(by, mou),
        proposer=by,
        **_linked(mou, threats),
    )
    told("measure_proposed", mou, by)
    return measure


@transaction.atomic
def agree_measure(*, measure: Measure, by: User) -> Measure:
    """The other side agrees: from now on it is due."""
    measure = lock_planned(measure)
    measure.status = demand(permissions.can_agree(by, measure), "agree", measure)
    measure.save(update_fields=["status"])
    told("measure_agreed", measure.mou, by)
    return measure


@transaction.atomic
def postpone_measure(*, measure: Measure, due_on: date, reason: str, by: User) -> Measure:
    """An officer gives it another day."""
    measure = lock_planned(measure)
    demand(permissions.can_postpone(by, measure), "postpone", measure)
    _check_day(due_on)
    measure.due_on, measure.reason = due_on, _said(reason)
    measure.save(update_fields=["due_on", "reason"])
    told("measure_postponed", measure.mou, by)
    return measure


@transaction.atomic
def link_measure(*, measure: Measure, by: User, threats: Collection[str] = ()) -> Measure:
    """Either side says which threats it lowers, of those that both may read."""
    measure = lock_planned(measure)
    demand(permissions.can_link(by, measure), "link", measure)
    for name, value in _linked(measure.mou, threats).items():
        setattr(measure, name, value)
    measure.save(update_fields=["threats", "threats_version"])
    told("measure_linked", measure.mou, by)
    return measure


@transaction.atomic
def report_measure(
    *, measure: Measure, proof: str, by: User, enclosed: Sequence[Sent] = ()
) -> Measure:
    """The side whose measure it is says that it is done, and what proves that.

    Files are added to those that were sent before; none is taken away.
    """
    measure = lock_planned(measure)
    status = demand(permissions.can_report(by, measure), "report", measure)
    measure.status, measure.proof = status, _said(proof)
    measure.reported_at, measure.reported_by = timezone.now(), by
    _keep(measure, enclosed, by)
    measure.save(update_fields=["status", "proof", "reported_at", "reported_by"])
    told("measure_reported", measure.mou, by)
    return measure


@transaction.atomic
def give_measure_back(*, measure: Measure, reason: str, by: User) -> Measure:
    """An officer is not convinced: it is open again."""
    measure = lock_planned(measure)
    measure.status = demand(permissions.can_give_back(by, measure), "give_back", measure)
    measure.reason = _said(reason)
    measure.save(update_fields=["status", "reason"])
    told("measure_given_back", measure.mou, by)
    return measure


@transaction.atomic
def verify_measure(*, measure: Measure, proof_seen: str, by: User) -> Measure:
    """An officer, another person than reported it, has seen that it is done.

    `proof_seen` is the mark of the proof that was read; another one is refused.
    """
    measure = lock_planned(measure)
    status = demand(permissions.can_verify(by, measure), "verify", measure)
    if measure.proof_mark != proof_seen:
        raise DomainError(_("The proof has changed meanwhile. Read it again, then verify it."))
    measure.status, measure.verified_at, measure.verified_by = status, timezone.now(), by
    measure.save(update_fields=["status", "verified_at", "verified_by"])
    told("measure_verified", measure.mou, by)
    return measure


@transaction.atomic
def drop_measure(*, measure: Measure, reason: str, by: User) -> Measure:
    """Either side lets it go, and says why."""
    measure = lock_planned(measure)
    measure.status = demand(permissions.can_drop(by, measure), "drop", measure)
    measure.reason = _said(reason)
    measure.save(update_fields=["status", "reason"])
    told("measure_dropped", measure.mou, by)
    return measure


def _linked(mou: Mou, threats: Collection[str]) -> dict[str, Any]:
    """The fields that name these threats; DomainError for one that the firm was not shown."""
    known = [code for code, _title in measured_threats.choices(mou)]
    if not set(threats) <= set(known):
        raise DomainError(_("Choose among the threats that were shared with the firm."))
    shared = measured_threats.shared_with(mou)
    return {
        "threats": [code for code in known if code in threats],
        "threats_version": shared.version if shared is not None else None,
    }


def _keep(measure: Measure, sent: Sequence[Sent], by: User) -> None:
    """Each of them, or none: the first that may not be kept is named."""
    if sent and measure.files.count() + len(sent) > MOST_FILES:
        raise DomainError(_("At most %(count)d files can be kept.") % {"count": MOST_FILES})
    for one in sent:
        try:
            known = sent_files.know(one)
        except DomainError as error:
            raise DomainError(f"{one.name}: {error}") from error
        file = MeasureFile(measure=measure, added_by=by, **asdict(known))
        stored.put(file.path, one.data)
        file.save(force_insert=True)


def _check_day(due_on: date) -> None:
    if due_on < timezone.localdate():
        raise DomainError(_("Choose a day that has not passed."))


def _said(text: str) -> str:
    if not text.strip():
        raise DomainError(_("Write a sentence for the other side."))
    return text.strip()
