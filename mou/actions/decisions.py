"""Decisions on a trust status that take effect on a later day: kept, taken back, in effect."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions.trust_events import EVENTS, Event, apply, demand_fit, lock
from mou.models import TrustDecision, TrustStatus
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


def keep(status: TrustStatus, event: Event, by: User) -> TrustStatus:
    """Until its day comes; the same is waiting only once."""
    kind = EVENTS[event.verb]
    if status.decisions.waiting().filter(kind=kind, component=event.component).exists():
        raise DomainError(_("This is recorded already and waits for its day."))
    decision = TrustDecision.objects.create(
        status=status,
        kind=kind,
        component=event.component,
        decided_on=event.decided_on or timezone.localdate(),
        effective_on=event.effective_on,
        reason=event.reason,
        recorded_by=by,
    )
    audit.record(
        "trust_decided",
        target=status,
        by=by,
        organisation=status.organisation,
        verb=event.verb,
        effective_on=decision.effective_on.isoformat(),
    )
    return status


@transaction.atomic
def drop_decision(*, decision: TrustDecision, by: User) -> TrustDecision:
    """A caseworker takes back what has not taken effect."""
    lock(decision.status)
    decision = TrustDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if not permissions.can_record_trust(by):
        raise NotAllowed(_("Only a caseworker records what happens to a certificate."))
    if decision.applied_at is not None or decision.dropped_at is not None:
        raise DomainError(_("This has taken effect or was taken back. Reload the page."))
    decision.dropped_at, decision.dropped_by = timezone.now(), by
    decision.save(update_fields=["dropped_at", "dropped_by"])
    audit.record(
        "trust_decision_dropped",
        target=decision.status,
        by=by,
        organisation=decision.status.organisation,
        decision=decision.pk,
    )
    return decision


def due(day: date) -> QuerySet[TrustDecision]:
    """In the order in which they take effect, without those that an officer has to look at."""
    found = TrustDecision.objects.due(day).filter(obstacle="")
    return found.order_by("effective_on", "pk")


@transaction.atomic
def apply_decision(*, decision: TrustDecision) -> None:
    """Its day has come. What no longer fits the certificate is left to an officer."""
    status = lock(decision.status)
    decision = TrustDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.applied_at is not None or decision.dropped_at is not None:
        return
    verb = next(verb for verb, kind in EVENTS.items() if kind == decision.kind)
    days = decision.decided_on, decision.effective_on
    event = Event(verb, decision.component, *days, decision.reason)
    try:
        with transaction.atomic():
            demand_fit(verb, status, decision.component)
            apply(status, event, decision.recorded_by)
    except DomainError as error:
        decision.obstacle = str(error)
        decision.save(update_fields=["obstacle"])
        audit.record(
            "trust_decision_held_up",
            target=status,
            by=None,
            organisation=status.organisation,
            decision=decision.pk,
        )
        return
    decision.applied_at = timezone.now()
    decision.save(update_fields=["applied_at"])
