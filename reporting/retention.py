"""How long reports are kept, as a table; and what that means for one report today."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from portal.dates import add_months
from portal.retention import Decision, Rule
from reporting.lifecycle import NEW, OPEN, Status
from reporting.models import Report, RetentionRule

# House policy, to be changed at the desk. The rows in the database count; these are what they
# begin with, and what holds as long as they are missing.
TABLE = {
    rule.code: rule
    for rule in (
        Rule("unassessed", _("Never assessed"), 6, 12),
        Rule("assessed", _("Assessed: action was taken, or it was referred"), 57, 60),
        Rule("no_action", _("Assessed, without action"), 9, 12),
        Rule("out_of_scope", _("Out of scope"), 3, 6),
        Rule("malicious", _("Knowingly false"), 9, 12),
        # Counted from the closing of the report; nobody reviews it.
        Rule("identity", _("Who reported"), 3, 3),
        # Requests of officers about many reports at once.
        Rule("export", _("Requests for an export"), 3, 3),
    )
}
# Work that lies still is shown to officers; it is never erased over their heads.
OPEN_RULE = "open"
OPEN_REVIEW_MONTHS = 12
# However late a review was, officers have this long before the report is erased.
REVIEW_LASTS = timedelta(days=30)

BY_OUTCOME = {
    Status.ACTION: "assessed",
    Status.REFERRED: "assessed",
    Status.MERGED: "assessed",
    Status.NO_ACTION: "no_action",
    Status.OUT_OF_SCOPE: "out_of_scope",
    Status.MALICIOUS: "malicious",
}
# What is noted about a report without anything having happened to it: keeps nothing longer.
IRRELEVANT = (
    "escalated",
    "retention_reviewed",
    "retention_postponed",
    "kept",
    "hold_placed",
    "hold_lifted",
)


def rules() -> dict[str, Rule]:
    """The table as it stands at the desk."""
    return TABLE | {
        row.code: Rule(row.code, row.name, row.review_months, row.erase_months)
        for row in RetentionRule.objects.all()
    }


def rule_of(report: Report) -> str:
    """Under which rule a report falls now."""
    status = Status(report.status)
    if status in NEW:
        return "unassessed"
    if status in OPEN:
        return OPEN_RULE
    came_of_it = BY_OUTCOME.get(Status(report.outcome or status))
    if came_of_it:
        return came_of_it
    return "assessed" if report.source_grade else "unassessed"


def next_review(report: Report, *, since: date, table: dict[str, Rule] | None = None) -> date:
    """When its retention is looked at next, if nothing more happens than did on this day."""
    code = rule_of(report)
    if code == OPEN_RULE:
        return add_months(since, OPEN_REVIEW_MONTHS)
    return add_months(since, (table or rules())[code].review_months)


def decide(
    report: Report, *, last: date, held: bool, today: date, table: dict[str, Rule]
) -> Decision:
    """`last` is the day of the last relevant event; `held` says that something stops erasure."""
    code = rule_of(report)
    due = report.review_due
    if due is None or (due <= today and report.status != Status.RETENTION_REVIEW):
        computed = next_review(report, since=last, table=table)
        if computed > today:
            return Decision("dated" if due is None else "postponed", code, computed)
    if held:
        return Decision("held", code)
    if code == OPEN_RULE:
        return Decision("flagged", code, due or today)
    if report.status == Status.RETENTION_REVIEW:
        return Decision("erased", code)
    erased_on = add_months(last, table[code].erase_months)
    return Decision("review", code, max(erased_on, today + REVIEW_LASTS))
