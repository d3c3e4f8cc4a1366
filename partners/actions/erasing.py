"""Erasing what names people in the directory when the table of retention says so."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from partners.actions.keeping import erase
from partners.models import Holder
from partners.retention import TABLE
from portal import audit
from portal.models.audit import AuditKind

# A run takes so many at most; the next goes on.
AT_ONCE = 500


def erase_due() -> int:
    """Former holders, each in a transaction of its own; the record keeps the rule and the time."""
    before = TABLE["holder"].ended_before(timezone.localdate())
    due = Holder.objects.filter(erased_at=None, until__lt=before).order_by("until", "pk")
    return sum(erase_holder(holder_id=pk) for pk in due.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def erase_holder(*, holder_id: int) -> bool:
    before = TABLE["holder"].ended_before(timezone.localdate())
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    if holder.erased_at is not None or holder.until is None or holder.until >= before:
        return False
    erase(holder)
    audit.record("holder_erased", target=holder, by=None, kind=AuditKind.ERASURE, rule="holder")
    return True
