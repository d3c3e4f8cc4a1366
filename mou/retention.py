"""How long expressions of interest are kept: the rules of the list, and which are due today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from mou.lifecycle import InterestStatus, OfferStatus
from mou.models import Interest
from portal import reference
from portal.dates import add_months

LIST = "interest_retention"
# What nobody has decided yet is shown to officers; it is never erased over their heads.
DECIDED = {
    "refused": InterestStatus.REFUSED,
    "upheld": InterestStatus.UPHELD,
    "accepted": InterestStatus.ACCEPTED,
}
# An offer whose answer is still awaited; an accepted one has led to an agreement of its own.
AWAITED = [OfferStatus.UNSENT, OfferStatus.SENT]


@dataclass(frozen=True)
class Rule:
    """So many months after the last decision what names the firm and its person is erased."""

    code: str
    name: str
    months: int
    legal_basis: str


def rules() -> list[Rule]:
    """Those that the list holds today; one without a whole number of months erases nothing."""
    found = []
    for item in reference.items(LIST):
        months = item.attributes.get("months")
        if item.code in DECIDED and type(months) is int and months > 0:
            basis = str(item.attributes.get("legal_basis", ""))
            found.append(Rule(item.code, item.label, months, basis))
    return found


def due(rule: Rule, *, day: date) -> QuerySet[Interest]:
    """Decided longer ago than the rule says, and never while a review may still be asked for."""
    before = datetime.combine(add_months(day, -rule.months), time.min)
    open_since = timezone.make_aware(datetime.combine(day, time.min)) - timedelta(
        days=settings.INTEREST_REVIEW_DAYS
    )
    decided = Interest.objects.alias(last=Coalesce("reviewed_at", "decided_at"))
    found = decided.filter(
        status=DECIDED[rule.code],
        erased_at=None,
        last__lt=min(timezone.make_aware(before), open_since),
    )
    return found.exclude(offer__status__in=AWAITED).order_by("pk")
