"""Which half of a certificate an agreement requires: the programme's rule, read for one firm."""

from __future__ import annotations

from mou.models import ComponentState, Programme, TrustStatus
from mou.models.trust import COMPONENTS

LIVE = (ComponentState.VALID, ComponentState.SUSPENDED)


def required(programme: Programme, status: TrustStatus | None) -> str:
    """C, S, or "" where none is required: the first half of the rule that is valid now.

    Where none of those that the certificate names is valid, the first of them: the agreement waits
    for it. A certificate that names none of the rule's halves carries one that requires none.
    """
    if status is None:
        return ""
    halves = [half for half in programme.component_rule if half in named(status)]
    return next((half for half in halves if status.holds(half)), halves[0] if halves else "")


def named(status: TrustStatus) -> list[str]:
    """The halves that the certificate has, valid or suspended; F = C + S."""
    states = {half: getattr(status, COMPONENTS[half][0]) for half in ("C", "S")}
    return [half for half, state in states.items() if state in LIVE]


def carries(status: TrustStatus, component: str) -> bool:
    """Whether an agreement that requires this half can rest on the certificate now."""
    return status.holds(component) if component else any(map(status.holds, ("C", "S")))
