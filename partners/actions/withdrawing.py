"""Whoever supplied something takes the leave to use it further back; what left stays recorded."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import demand, held, write_word
from partners.exchange_lifecycle import Status
from partners.models import Exchange, OnwardConsent
from portal import audit
from portal.keyring import Unlocked
from portal.models import User


@transaction.atomic
def withdraw_consent(*, exchange: Exchange, by: User, keys: Unlocked, text: str = "") -> Exchange:
    """The supplier told us so; how, and with what reason, is sealed."""
    exchange = held(exchange, by)
    demand(permissions.can_withdraw_consent(by, exchange), "withdraw_consent", exchange, by)
    _withdraw(exchange, by)
    write_word(exchange, "withdraw_consent", text, by=by, keys=keys)
    return exchange


def withdraw_for_report(*, report_id: UUID, by: User) -> int:
    """The source of a report took its consent back: no exchange made of it leaves any more.

    Called in the transaction of the report's own verb, which has asked for the right.
    """
    made = Exchange.objects.filter(report_id=report_id).exclude(status=Status.ERASED)
    found = list(made.select_for_update(of=("self",)).order_by("pk"))
    for exchange in found:
        _withdraw(exchange, by)
    return len(found)


def _withdraw(exchange: Exchange, by: User) -> None:
    before = exchange.onward_consent
    exchange.onward_consent, exchange.onward_at = OnwardConsent.WITHDRAWN, timezone.now()
    exchange.save(update_fields=["onward_consent", "onward_at"])
    audit.record("consent_withdrawn", target=exchange, by=by, before=before)
