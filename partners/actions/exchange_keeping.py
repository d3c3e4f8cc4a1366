"""What officers decide about keeping exchanges: outcomes, reviews, holds and the rules."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import exchange_retention as retention
from partners.actions.exchange_holding import demand, held, move
from partners.actions.exchange_retaining import send_to_review
from partners.models import Exchange, ExchangeHold, ExchangeRule, Outcome
from portal import audit
from portal import retention as kept
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User
from portal.retention import Decision, given_reason


@transaction.atomic
def record_outcome(*, exchange: Exchange, by: User, outcome: str) -> Exchange:
    """What came of it, once it is closed; it is kept as long as that says, from today."""
    exchange = held(exchange, by)
    demand(permissions.can_record_outcome(by, exchange), "record_outcome", exchange, by)
    before = exchange.outcome
    exchange.outcome, exchange.outcome_at = Outcome(outcome), timezone.now()
    exchange.review_due = retention.next_review(exchange)
    moved = move(exchange, "record_outcome")
    exchange.save(update_fields=["outcome", "outcome_at", "review_due", *moved])
    audit.record("outcome_recorded", target=exchange, by=by, outcome=outcome, before=before)
    return exchange


@transaction.atomic
def review(*, exchange: Exchange, by: User) -> Exchange:
    """Look at its retention now, before its date."""
    exchange = held(exchange, by)
    demand(permissions.can_review(by, exchange), "review", exchange, by)
    due = retention.erased_on(exchange, today=timezone.localdate(), table=retention.rules())
    send_to_review(exchange, Decision("review", retention.rule_of(exchange), due), by)
    return exchange


@transaction.atomic
def keep(*, exchange: Exchange, by: User, reason: str, until: date) -> Exchange:
    """Keep one that is under review until another day, for a reason."""
    exchange = held(exchange, by)
    demand(permissions.can_keep(by, exchange), "keep", exchange, by)
    reason = given_reason(reason)
    if until <= timezone.localdate():
        raise DomainError(_("Give a day in the future."))
    exchange.review_due = until
    exchange.save(update_fields=["review_due", *move(exchange, "keep")])
    audit.record("kept", target=exchange, by=by, reason=reason, until=until.isoformat())
    return exchange


@transaction.atomic
def place_hold(*, exchange: Exchange, by: User, reason: str) -> Exchange:
    """Nothing of it is erased until another supervisor lifts the hold."""
    exchange = held(exchange, by)
    if exchange.holds.filter(lifted_at=None).exists() and permissions.can_list(by):
        raise AlreadyDone(_("This exchange is held already."))
    if not permissions.can_place_hold(by, exchange):
        raise NotAllowed(_("Only a supervisor holds an exchange."))
    hold = ExchangeHold.objects.create(
        exchange=exchange, reason=given_reason(reason)[:300], placed_by=by
    )
    audit.record("hold_placed", target=exchange, by=by, reason=hold.reason, hold=hold.pk)
    return exchange


@transaction.atomic
def lift_hold(*, hold: ExchangeHold, by: User, reason: str) -> ExchangeHold:
    """Let it be erased again; by another person than held it."""
    exchange = held(hold.exchange, by)
    hold = exchange.holds.select_for_update(of=("self",)).get(pk=hold.pk)
    if not permissions.can_hold(by):
        raise NotAllowed(_("Only a supervisor lifts a hold."))
    if hold.lifted_at is not None:
        raise AlreadyDone(_("This hold has been lifted already."))
    if hold.placed_by_id == by.pk:
        raise DomainError(_("Another supervisor than placed the hold lifts it."))
    hold.lifted_at, hold.lifted_by = timezone.now(), by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    audit.record("hold_lifted", target=exchange, by=by, reason=given_reason(reason), hold=hold.pk)
    return hold


@transaction.atomic
def change_rule(
    *,
    code: str,
    review_months: int,
    erase_months: int,
    source: str,
    confirmed: bool,
    reason: str,
    by: User,
) -> ExchangeRule:
    """Another time for one outcome; it counts from the next run."""
    if not permissions.can_change_rules(by):
        raise NotAllowed(_("Only a supervisor or the data protection officer changes a rule."))
    source = " ".join(source.split())
    if confirmed and not source:
        raise DomainError(_("Say where it stands before you confirm it."))
    return kept.change_rule(
        ExchangeRule,
        code=code,
        review_months=review_months,
        erase_months=erase_months,
        reason=reason,
        by=by,
        source=source,
        confirmed=confirmed,
    )


@transaction.atomic
def load_rules() -> int:
    """Add the rows of the table that are not there; what was changed at the desk stays."""
    return kept.load_rules(ExchangeRule, retention.TABLE.values())
