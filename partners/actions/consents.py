"""Whether who supplied something lets it be used further: said, and taken back; what left stays."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import demand, held, required, write_word
from partners.exchange_lifecycle import Status
from partners.models import Exchange, OnwardConsent
from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User


@transaction.atomic
def record_consent(
    *, exchange: Exchange, by: User, keys: Unlocked, consent: str, text: str = ""
) -> Exchange:
    """What the supplier says to further use, in court or by others."""
    exchange = held(exchange, by)
    demand(permissions.can_record_consent(by, exchange), "record_consent", exchange, by)
    said = OnwardConsent(consent)
    if said == OnwardConsent.WITHDRAWN:
        raise DomainError(_("What was never given is not taken back."))
    if said == OnwardConsent.CONDITIONAL:
        text = required(text, _("Write down the conditions."))
    exchange.onward_consent, exchange.onward_at = said, timezone.now()
    exchange.save(update_fields=["onward_consent", "onward_at"])
    write_word(exchange, "record_consent", text, by=by, keys=keys)
    audit.record("consent_recorded", target=exchange, by=by, consent=consent)
    return exchange


@transaction.atomic
def withdraw_consent(*, exchange: Exchange, by: User, keys: Unlocked, text: str = "") -> Exchange:
    """The supplier told us so; how, and with what reason, is sealed."""
    exchange = held(exchange, by)
    demand(permissions.can_withdraw_consent(by, exchange), "withdraw_consent", exchange, by)
    before = exchange.onward_consent
    exchange.onward_consent, exchange.onward_at = OnwardConsent.WITHDRAWN, timezone.now()
    exchange.save(update_fields=["onward_consent", "onward_at"])
    audit.record("consent_withdrawn", target=exchange, by=by, before=before)
    write_word(exchange, "withdraw_consent", text, by=by, keys=keys)
    return exchange


def withdraw_for_report(*, report_id: UUID, by: User) -> int:
    """The source of a report took its consent back: no exchange made of it leaves any more.

    For good: a source that agrees again is referred anew. The partner's own consent, to what the
    partner told, is another matter and stays as it is.

    Called in the transaction of the report's own verb, which has asked for the right.
    """
    made = Exchange.objects.filter(report_id=report_id, source_withdrawn_at=None)
    made = made.exclude(status=Status.ERASED)
    found = list(made.select_for_update(of=("self",)).order_by("pk"))
    for exchange in found:
        exchange.source_withdrawn_at = timezone.now()
        exchange.save(update_fields=["source_withdrawn_at"])
        audit.record("source_withdrew", target=exchange, by=by)
    return len(found)
