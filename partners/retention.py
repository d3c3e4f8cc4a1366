"""How long the directory keeps what names people, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.dates import add_months


@dataclass(frozen=True)
class Rule:
    """So long after the end of a role what names the person is erased; the row stays."""

    code: str
    name: object
    # The setting that says how many months.
    setting: str

    def ended_before(self, today: date) -> date:
        """Whose role ended on an earlier day than this is to be erased now."""
        return add_months(today, -int(getattr(settings, self.setting)))


TABLE = {
    rule.code: rule
    for rule in (Rule("holder", _("Holders of contact points"), "DIRECTORY_HOLDER_MONTHS"),)
}
