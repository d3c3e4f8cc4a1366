"""Erasing what names people in expressions of interest when the list of retention says so."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from mou import retention
from mou.models import Interest
from mou.models.agreements import new_token
from mou.retention import Rule
from portal import audit
from portal.models.audit import AuditKind

# A run takes so many of each rule at most; the next goes on.
AT_ONCE = 500
# What tells who asked and what was said. It stays that somebody did, from which country and
# trade, when it was decided, how and by whom, and which offer it led to.
ERASED = (
    "firm_name",
    "national_id",
    "eori",
    "about",
    "person",
    "email",
    "phone",
    "refusal",
    "objection",
)


def erase_interests(
    *, day: date | None = None, dry: bool = False, at_once: int | None = AT_ONCE
) -> dict[str, int]:
    """How many of each rule; a dry run changes nothing. May run twice, and by two at once."""
    day = day or timezone.localdate()
    counts = {}
    for rule in retention.rules():
        due = retention.due(rule, day=day)
        if dry:
            counts[rule.code] = due.count()
        else:
            ids = list(due.values_list("pk", flat=True)[:at_once])
            counts[rule.code] = sum(_erase(pk, rule, day) for pk in ids)
    return counts


@transaction.atomic
def _erase(interest_id: int, rule: Rule, day: date) -> bool:
    """One, if it is still due with the lock on it; its letter leads nowhere from then on."""
    Interest.objects.select_for_update(of=("self",)).get(pk=interest_id)
    interest = retention.due(rule, day=day).filter(pk=interest_id).first()
    if interest is None:
        return False
    for name in ERASED:
        setattr(interest, name, "")
    interest.token, interest.erased_at = new_token(), timezone.now()
    interest.save()
    audit.record(
        "interest_erased",
        target=interest,
        by=None,
        kind=AuditKind.ERASURE,
        reason=rule.legal_basis,
        rule=rule.code,
    )
    return True
