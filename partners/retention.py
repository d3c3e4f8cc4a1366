"""How long the directory and the liaison desk keep what may name people, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.dates import add_months


@dataclass(frozen=True)
class Rule:
    """So long after its end, by the setting named here, it is erased."""

    code: str
    name: object
    # The setting that says how many months.
    setting: str

    def ended_before(self, today: date) -> date:
        """What ended on an earlier day than this is to be erased now."""
        return add_months(today, -int(getattr(settings, self.setting)))


TABLE = {
    rule.code: rule
    for rule in (
        # The row stays, and names nobody.
        Rule("holder", _("Holders of contact points"), "DIRECTORY_HOLDER_MONTHS"),
        # The row goes with all that hangs on it; the event in the record is what is left.
        Rule("engagement", _("Engagements, after they were held"), "ENGAGEMENT_MONTHS"),
        Rule("notice", _("Notices of opportunities, after their last day"), "NOTICE_MONTHS"),
        Rule("subscription", _("Subscriptions that were ended"), "SUBSCRIPTION_MONTHS"),
    )
}
