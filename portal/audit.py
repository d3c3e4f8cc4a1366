"""The only writer of the audit record."""

from __future__ import annotations

from typing import Any

from django.db import models

from portal.models import AuditEvent, Organisation, User


def record(
    event: str,
    *,
    target: models.Model,
    by: User | None,
    kind: str = "alteration",
    organisation: Organisation | None = None,
    reason: str = "",
    **facts: Any,
) -> AuditEvent:
    """Add one event, in the caller's transaction.

    `facts` are identifiers and codes, never confidential text; `by=None` is the system itself.
    """
    return AuditEvent.objects.create(
        event=event,
        kind=kind,
        actor=f"user:{by.pk}" if by is not None else "system",
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        organisation_id=organisation.pk if organisation is not None else None,
        reason=reason,
        facts=facts,
    )
