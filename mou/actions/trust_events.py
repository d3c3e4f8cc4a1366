"""One thing that happens to a trust status: what it fits, what it does, what is noted of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from mou.actions import standing
from mou.models import ComponentState, StatusEvent, StatusEventKind, TrustStatus
from mou.models.trust import COMPONENTS, normalise_number
from portal import audit
from portal.errors import DomainError
from portal.models import User

# Verb → what a half must be worth before; what it is worth after; what is noted.
_LIVE = (ComponentState.VALID, ComponentState.SUSPENDED)
BEFORE: dict[str, tuple[str, ...]] = {
    "suspend": (ComponentState.VALID,),
    "reinstate": (ComponentState.SUSPENDED,),
    "downgrade": _LIVE,
    "revoke": _LIVE,
    "annul": _LIVE,
}
AFTER = {
    "suspend": ComponentState.SUSPENDED,
    "reinstate": ComponentState.VALID,
    "revoke": ComponentState.REVOKED,
    "annul": ComponentState.ANNULLED,
}
EVENTS: dict[str, str] = {
    "suspend": StatusEventKind.SUSPENDED,
    "reinstate": StatusEventKind.REINSTATED,
    "downgrade": StatusEventKind.DOWNGRADED,
    "revoke": StatusEventKind.REVOKED,
    "annul": StatusEventKind.ANNULLED,
}
# Further ahead it is a slip of the pen.
FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Event:
    """What was decided, about which half, when, and from when it holds."""

    verb: str
    component: str
    decided_on: date | None
    effective_on: date
    reason: str


def components_for(verb: str, status: TrustStatus) -> list[str]:
    """The halves, or both at once, to which this verb fits now; of a downgrade, the one kept."""
    halves = [
        component
        for component in ("C", "S")
        if all(getattr(status, field) in BEFORE[verb] for field in COMPONENTS[component])
    ]
    if verb == "downgrade":
        return halves if status.type == "F" else []
    return [*halves, "F"] if len(halves) > 1 else halves


def lock(status: TrustStatus) -> TrustStatus:
    return TrustStatus.objects.select_for_update(of=("self",), no_key=True).get(pk=status.pk)


def demand_fit(verb: str, status: TrustStatus, component: str) -> None:
    if component not in components_for(verb, status):
        raise DomainError(
            _("This does not fit what the certificate is worth now. Reload the page and look.")
        )


def apply(status: TrustStatus, event: Event, by: User) -> TrustStatus:
    if event.verb == "downgrade":
        _downgrade(status, event.component)
    else:
        for field in _held(status, event.component):
            setattr(status, field, AFTER[event.verb])
        status.save()
    note(status, EVENTS[event.verb], event, by)
    standing.follow_trust(status=status, by=by)
    return status


def _downgrade(status: TrustStatus, kept: str) -> None:
    """The number names the type, so it changes with it."""
    status.type = kept
    status.number = re.sub("AEO ?F", lambda old: old[0][:-1] + kept, status.number, count=1)
    for field in COMPONENTS["F"]:
        if field not in COMPONENTS[kept]:
            setattr(status, field, ComponentState.NONE)
    number = normalise_number(status.number)
    same = TrustStatus.objects.filter(scheme=status.scheme_id, number_normalised=number)
    if same.exclude(pk=status.pk).exists():
        raise DomainError(
            _("There is a certificate %(number)s already.") % {"number": status.number}
        )
    status.save()


def _held(status: TrustStatus, component: str) -> list[str]:
    return [
        field for field in COMPONENTS[component] if getattr(status, field) != ComponentState.NONE
    ]


def note(status: TrustStatus, kind: str, event: Event, by: User | None) -> None:
    StatusEvent.objects.create(
        status=status,
        kind=kind,
        component=event.component,
        decided_on=event.decided_on,
        effective_on=event.effective_on,
        recorded_by=by,
        reason=event.reason,
    )
    audit.record(
        f"trust_{kind}",
        target=status,
        by=by,
        organisation=status.organisation,
        component=event.component,
        effective_on=event.effective_on.isoformat(),
    )
