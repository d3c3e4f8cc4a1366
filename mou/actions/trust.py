"""What happens to a trust status: granted, amended, suspended, reinstated, revoked."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions import standing
from mou.models import ComponentState, StatusEvent, StatusEventKind, TrustScheme, TrustStatus
from mou.models.trust import COMPONENTS
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import Organisation, User

# Verb → what a half must be worth before.
BEFORE: dict[str, tuple[str, ...]] = {
    "suspend": (ComponentState.VALID,),
    "reinstate": (ComponentState.SUSPENDED,),
    "revoke": (ComponentState.VALID, ComponentState.SUSPENDED),
}


def components_for(verb: str, status: TrustStatus) -> list[str]:
    """The halves, or both at once, to which this verb fits now."""
    halves = [
        component
        for component in ("C", "S")
        if all(getattr(status, field) in BEFORE[verb] for field in COMPONENTS[component])
    ]
    return [*halves, "F"] if len(halves) > 1 else halves


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
    _note(status, StatusEventKind.GRANTED, type, effective_from, by, "")
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
    status = _lock(status)
    held = {field: getattr(status, field) for field in COMPONENTS["F"]}
    new = _components(type)
    for field, state in new.items():
        keeps = state == ComponentState.VALID and held[field] != ComponentState.NONE
        setattr(status, field, held[field] if keeps else state)
    changes = _changes(status, number or status.number, type, effective_from)
    status.number = number or status.number
    status.type, status.effective_from = type, effective_from
    status.save()
    _note(status, StatusEventKind.AMENDED, type, effective_from, by, changes)
    standing.follow_trust(status=status, by=by)
    return status


def suspend_trust(
    *, status: TrustStatus, component: str, effective_on: date, reason: str, by: User
) -> TrustStatus:
    """Customs suspended a half, or both; agreements resting on it follow at once.

    Del. Reg. (EU) 2015/2446, Art. 30: one half may be suspended and leave the other valid.
    """
    return _set(
        status,
        component,
        BEFORE["suspend"],
        ComponentState.SUSPENDED,
        (StatusEventKind.SUSPENDED, effective_on, reason),
        by,
    )


def reinstate_trust(
    *, status: TrustStatus, component: str, effective_on: date, reason: str, by: User
) -> TrustStatus:
    """The suspension is lifted; an officer confirms each agreement that was suspended by it."""
    return _set(
        status,
        component,
        BEFORE["reinstate"],
        ComponentState.VALID,
        (StatusEventKind.REINSTATED, effective_on, reason),
        by,
    )


def revoke_trust(
    *, status: TrustStatus, component: str, effective_on: date, reason: str, by: User
) -> TrustStatus:
    """A half, or both, is taken away (Impl. Reg. (EU) 2015/2447, Art. 34)."""
    return _set(
        status,
        component,
        BEFORE["revoke"],
        ComponentState.REVOKED,
        (StatusEventKind.REVOKED, effective_on, reason),
        by,
    )


@transaction.atomic
def _set(
    status: TrustStatus,
    component: str,
    before: tuple[str, ...],
    after: str,
    event: tuple[str, date, str],
    by: User,
) -> TrustStatus:
    status = _lock(status)
    if not permissions.can_record_trust(by):
        raise NotAllowed(_("Only a caseworker records what happens to a certificate."))
    if event[1] > timezone.localdate():
        raise DomainError(_("Record it on the day on which it takes effect, not before."))
    if not event[2].strip():
        raise DomainError(_("Give the reason, such as the number of the decision."))
    fields = [
        field for field in COMPONENTS[component] if getattr(status, field) != ComponentState.NONE
    ]
    if not fields or any(getattr(status, field) not in before for field in fields):
        raise DomainError(
            _("This does not fit what the certificate is worth now. Reload the page and look.")
        )
    for field in fields:
        setattr(status, field, after)
    status.save()
    kind, effective_on, reason = event
    _note(status, kind, component, effective_on, by, reason)
    standing.follow_trust(status=status, by=by)
    return status


def _changes(status: TrustStatus, number: str, type: str, effective_from: date) -> str:
    pairs = [
        (status.number, number),
        (status.type, type),
        (status.effective_from.isoformat(), effective_from.isoformat()),
    ]
    return ", ".join(f"{old} → {new}" for old, new in pairs if old != new)


def _lock(status: TrustStatus) -> TrustStatus:
    return TrustStatus.objects.select_for_update(of=("self",)).get(pk=status.pk)


def _components(type: str) -> dict[str, str]:
    return {
        field: ComponentState.VALID if field in COMPONENTS[type] else ComponentState.NONE
        for field in COMPONENTS["F"]
    }


def _note(
    status: TrustStatus, kind: str, component: str, day: date, by: User | None, reason: str
) -> None:
    StatusEvent.objects.create(
        status=status,
        kind=kind,
        component=component,
        effective_on=day,
        recorded_by=by,
        reason=reason,
    )
    audit.record(
        f"trust_{kind}",
        target=status,
        by=by,
        organisation=status.organisation,
        component=component,
        effective_on=day.isoformat(),
    )
