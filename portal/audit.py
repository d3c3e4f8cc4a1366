"""The only writer of the audit record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext as _

from portal.errors import DomainError
from portal.models import AuditEvent, Organisation, User
from portal.models.audit import AuditKind

Actor = User | AnonymousUser | None


def record(
    event: str,
    *,
    target: models.Model,
    by: Actor,
    kind: str = AuditKind.ALTERATION,
    organisation: Organisation | None = None,
    reason: str = "",
    **facts: Any,
) -> AuditEvent:
    """Add one event, in the caller's transaction.

    `facts` are identifiers and codes, never confidential text; `by=None` is the system itself.
    """
    recorded = _event(event, target, by, kind, reason, facts)
    recorded.organisation_id = organisation.pk if organisation is not None else None
    recorded.save(force_insert=True)
    return recorded


def consult(
    *,
    target: models.Model,
    by: Actor,
    reason: str,
    event: str = "consulted",
    organisation: Organisation | None = None,
    **facts: Any,
) -> AuditEvent:
    """Record that somebody is about to read something confidential, and why.

    Call it before showing anything: without a reason nothing is shown.
    """
    return record(
        event,
        target=target,
        by=by,
        kind=AuditKind.CONSULTATION,
        organisation=organisation,
        reason=_given(reason),
        **facts,
    )


def consult_all(
    *, targets: Iterable[models.Model], by: Actor, reason: str, event: str, **facts: Any
) -> None:
    """The same for everything on a list of results, each by itself, in one statement."""
    record_all(
        event, targets=targets, by=by, kind=AuditKind.CONSULTATION, reason=_given(reason), **facts
    )


def record_all(
    event: str,
    *,
    targets: Iterable[models.Model],
    by: Actor,
    kind: str = AuditKind.ALTERATION,
    reason: str = "",
    organisations: Mapping[Any, int] | None = None,
    **facts: Any,
) -> None:
    """The same event for each of these, in one statement.

    `organisations`: key of the target → the organisation that it concerns.
    """
    recorded = []
    for one in targets:
        recorded.append(_event(event, one, by, kind, reason, facts))
        recorded[-1].organisation_id = (organisations or {}).get(one.pk)
    AuditEvent.objects.bulk_create(recorded)


class Happened(NamedTuple):
    """One of many events that are written at once."""

    event: str
    target: models.Model
    facts: dict[str, Any]


def record_each(happened: Iterable[Happened], *, by: Actor) -> None:
    """Alterations of many things, each with its own event and facts, in few statements."""
    kind = AuditKind.ALTERATION
    recorded = [_event(one.event, one.target, by, kind, "", one.facts) for one in happened]
    AuditEvent.objects.bulk_create(recorded, batch_size=500)


def _given(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise DomainError(_("Give the reason for which you open this."))
    return reason


def _event(
    event: str, target: models.Model, by: Actor, kind: str, reason: str, facts: dict[str, Any]
) -> AuditEvent:
    return AuditEvent(
        event=event,
        kind=AuditKind(kind),
        actor=_actor(by),
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        reason=reason,
        facts=facts,
    )


def _actor(by: Actor) -> str:
    if by is None:
        return "system"
    return f"user:{by.pk}" if isinstance(by, User) else "anonymous"
