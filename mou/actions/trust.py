"""What happens to a trust status: granted, amended, suspended, reinstated, downgraded, revoked."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions import decisions, standing
from mou.actions.trust_events import FURTHEST, Event, apply, demand_fit, lock, note
from mou.models import (
    ComponentState,
    StatusEventKind,
    TrustScheme,
    TrustStatus,
)
from mou.models.trust import COMPONENTS
from portal.errors import DomainError, NotAllowed
from portal.models import Organisation, User


class _What(TypedDict):
    status: TrustStatus
    component: str
    effective_on: date
    reason: str
    by: User


class What(_What, total=False):
    """What each of the verbs is told; the day of the decision may be unknown."""

    decided_on: date | None


@transaction.atomic(savepoint=False)
def grant(
    *,
    scheme: TrustScheme,
    organisation: Organisation,
    number: str,
    type: str,
    effective_from: date,
    by: User | None,
) -> TrustStatus:
    """A firm holds a new certificate."""
    status = TrustStatus.objects.create(
        scheme=scheme,
        organisation=organisation,
        number=number,
        type=type,
        effective_from=effective_from,
        **_components(type),
    )
    note(status, StatusEventKind.GRANTED, Event("grant", type, None, effective_from, ""), by)
    return status


@transaction.atomic(savepoint=False)
def amend(
    *,
    status: TrustStatus,
    type: str,
    effective_from: date,
    by: User | None,
    number: str = "",
) -> TrustStatus:
    """The certificate changed its type, and its number with it, or its date.

    A half no longer held falls away.
    """
    status = lock(status)
    held = {field: getattr(status, field) for field in COMPONENTS["F"]}
    new = _components(type)
    for field, state in new.items():
        keeps = state == ComponentState.VALID and held[field] != ComponentState.NONE
        setattr(status, field, held[field] if keeps else state)
    fewer = status.type == "F" != type
    changes = _changes(status, number or status.number, type, effective_from)
    status.number = number or status.number
    status.type, status.effective_from = type, effective_from
    status.save()
    kind = StatusEventKind.DOWNGRADED if fewer else StatusEventKind.AMENDED
    note(status, kind, Event("amend", type, None, effective_from, changes), by)
    standing.follow_trust(status=status, by=by)
    return status


def suspend_trust(**what: Unpack[What]) -> TrustStatus:
    """Customs suspended a half, or both; agreements resting on it follow at once.

    Del. Reg. (EU) 2015/2446, Art. 30: one half may be suspended and leave the other valid.
    """
    return record(verb="suspend", **what)


def reinstate_trust(**what: Unpack[What]) -> TrustStatus:
    """The suspension is lifted; an officer confirms each agreement that was suspended by it."""
    return record(verb="reinstate", **what)


def downgrade_trust(**what: Unpack[What]) -> TrustStatus:
    """Both halves become the one that is named (Impl. Reg. (EU) 2015/2447, Art. 34)."""
    return record(verb="downgrade", **what)


def revoke_trust(**what: Unpack[What]) -> TrustStatus:
    """A half, or both, is taken away (Impl. Reg. (EU) 2015/2447, Art. 34)."""
    return record(verb="revoke", **what)


def annul_trust(**what: Unpack[What]) -> TrustStatus:
    """A half, or both, is taken away as if it had never been granted (UCC, Art. 27)."""
    return record(verb="annul", **what)


@transaction.atomic
def record(
    *,
    verb: str,
    status: TrustStatus,
    component: str,
    effective_on: date,
    reason: str,
    by: User,
    decided_on: date | None = None,
) -> TrustStatus:
    """What was decided about a half of a certificate, or both, and from when it holds.

    What takes effect later is kept as a decision and takes effect on its day; the agreements that
    rest on the certificate follow on that day, in the same transaction.
    """
    status = lock(status)
    if not permissions.can_record_trust(by):
        raise NotAllowed(_("Only a caseworker records what happens to a certificate."))
    today = timezone.localdate()
    if decided_on is not None and decided_on > today:
        raise DomainError(_("The day of the decision has to be today or before."))
    if effective_on > today + FURTHEST:
        raise DomainError(_("The day on which it takes effect lies more than a year ahead."))
    if not reason.strip():
        raise DomainError(_("Give the reason, such as the number of the decision."))
    demand_fit(verb, status, component)
    event = Event(verb, component, decided_on, effective_on, reason.strip())
    if effective_on > today:
        return decisions.keep(status, event, by)
    return apply(status, event, by)


def _changes(status: TrustStatus, number: str, type: str, effective_from: date) -> str:
    pairs = [
        (status.number, number),
        (status.type, type),
        (status.effective_from.isoformat(), effective_from.isoformat()),
    ]
    return ", ".join(f"{old} → {new}" for old, new in pairs if old != new)


def _components(type: str) -> dict[str, str]:
    return {
        field: ComponentState.VALID if field in COMPONENTS[type] else ComponentState.NONE
        for field in COMPONENTS["F"]
    }
