"""How long exchanges are kept by what came of them, as a table; and what that means today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.exchange_lifecycle import Status
from partners.models import Exchange, ExchangeRule, Outcome
from portal.dates import add_months
from portal.retention import Decision, Rule


@dataclass(frozen=True)
class SourcedRule(Rule):
    """A rule, and where it is said to stand; nobody has checked that yet."""

    source: str = ""


FIDE = "Regulation (EC) No 515/97, Art. 41d (FIDE), by analogy"
# What the rows of the database begin with; those count, and are changed at the desk. The years
# are from memory: `confirmed` stays false until somebody has looked them up.
TABLE = {
    rule.code: rule
    for rule in (
        SourcedRule(Outcome.NOTHING.value, Outcome.NOTHING.label, 33, 36, FIDE),
        SourcedRule(Outcome.ESTABLISHED.value, Outcome.ESTABLISHED.label, 69, 72, FIDE),
        SourcedRule(Outcome.DECIDED.value, Outcome.DECIDED.label, 117, 120, FIDE),
        SourcedRule("not_sent", _("Written and never sent"), 9, 12, "House policy"),
    )
}
# However late a review was, officers have this long before the exchange is erased.
REVIEW_LASTS = timedelta(days=30)
# Open for longer than this is shown to officers; it is never erased over their heads.
DORMANT_MONTHS = 12


def rules() -> dict[str, Rule]:
    """The table as it stands at the desk."""
    return TABLE | {
        row.code: Rule(row.code, row.name, row.review_months, row.erase_months)
        for row in ExchangeRule.objects.all()
    }


def rule_of(exchange: Exchange) -> str:
    """Where nobody said what came of it, nothing did."""
    if exchange.is_out and exchange.sent_at is None:
        return "not_sent"
    return exchange.outcome or Outcome.NOTHING.value


def since(exchange: Exchange) -> date:
    """The day from which months are counted: that of closing, or of what came of it later."""
    days = [timezone.localdate(at) for at in (exchange.closed_at, exchange.outcome_at) if at]
    return max(days)


def next_review(exchange: Exchange, table: dict[str, Rule] | None = None) -> date:
    """When its retention is looked at."""
    rule = (table or rules())[rule_of(exchange)]
    return add_months(since(exchange), rule.review_months)


def erased_on(exchange: Exchange, *, today: date, table: dict[str, Rule]) -> date:
    """When it goes, if it comes under review today."""
    months = table[rule_of(exchange)].erase_months
    return max(add_months(since(exchange), months), today + REVIEW_LASTS)


def decide(exchange: Exchange, *, held: bool, today: date, table: dict[str, Rule]) -> Decision:
    """What is done with one that is closed, when its day has come or it has none yet."""
    code, due = rule_of(exchange), exchange.review_due
    if exchange.status != Status.RETENTION_REVIEW:
        computed = next_review(exchange, table)
        if computed > today:
            return Decision("dated" if due is None else "postponed", code, computed)
    if held:
        return Decision("held", code)
    if exchange.status == Status.RETENTION_REVIEW:
        return Decision("erased", code)
    return Decision("review", code, erased_on(exchange, today=today, table=table))
