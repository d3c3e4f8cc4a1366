"""What rights requests and breaches go through: statuses, and one table of verbs each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.errors import InvalidTransition


class RightsStatus(models.TextChoices):
    RECEIVED = "received", gettext_lazy("Received")
    IDENTIFIED = "identified", gettext_lazy("Identity checked")
    DECIDED = "decided", gettext_lazy("Decided")
    REFUSED = "refused", gettext_lazy("Refused")
    CLOSED = "closed", gettext_lazy("Closed")


class BreachStatus(models.TextChoices):
    DISCOVERED = "discovered", gettext_lazy("Discovered")
    NOTIFIED = "notified", gettext_lazy("Authority notified")
    NO_RISK = "no_risk", gettext_lazy("No notification needed")
    CLOSED = "closed", gettext_lazy("Closed")


R, B = RightsStatus, BreachStatus

# verb: {from: to}. Who asks must be known before anything is given out; a refusal may come first.
RIGHTS: dict[str, Mapping[str, str]] = {
    "identify": {R.RECEIVED: R.IDENTIFIED},
    "extend": {R.RECEIVED: R.RECEIVED, R.IDENTIFIED: R.IDENTIFIED},
    "contest": {R.RECEIVED: R.RECEIVED, R.IDENTIFIED: R.IDENTIFIED, R.DECIDED: R.DECIDED},
    "decide": {R.IDENTIFIED: R.DECIDED},
    "refuse": {R.RECEIVED: R.REFUSED, R.IDENTIFIED: R.REFUSED},
    "close": {R.DECIDED: R.CLOSED, R.REFUSED: R.CLOSED},
}
BREACHES: dict[str, Mapping[str, str]] = {
    "amend": {B.DISCOVERED: B.DISCOVERED, B.NOTIFIED: B.NOTIFIED, B.NO_RISK: B.NO_RISK},
    # A breach held for harmless may turn out not to be.
    "notify": {B.DISCOVERED: B.NOTIFIED, B.NO_RISK: B.NOTIFIED},
    "find_harmless": {B.DISCOVERED: B.NO_RISK},
    "tell_people": {B.DISCOVERED: B.DISCOVERED, B.NOTIFIED: B.NOTIFIED, B.NO_RISK: B.NO_RISK},
    "close": {B.NOTIFIED: B.CLOSED, B.NO_RISK: B.CLOSED},
}


def after(table: Mapping[str, Mapping[str, str]], verb: str, thing: Any) -> str:
    """The status after this verb; InvalidTransition with a sentence for the officer."""
    try:
        return table[verb][thing.status]
    except KeyError:
        raise InvalidTransition(
            _("What is “%(status)s” cannot be changed in this way.")
            % {"status": thing.get_status_display()}
        ) from None
