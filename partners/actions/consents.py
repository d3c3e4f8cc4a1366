"""Whether who supplied something lets it be used further: said, and taken back; what left stays."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import demand, held, required, write_word
from partners.models import AGREED, Exchange, FurtherUse, OnwardConsent
from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User


@transaction.atomic
def record_consent(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    consent: str,
    uses: Collection[str] = (),
    text: str = "",
) -> Exchange:
    """What the supplier says to further use: for what, and on which conditions.

    `uses` are codes of `FurtherUse`. What was granted for one is granted for more later on; it is
    taken back by a verb of its own.
    """
    exchange = held(exchange, by)
    demand(permissions.can_record_consent(by, exchange), "record_consent", exchange, by)
    said = OnwardConsent(consent)
    if said == OnwardConsent.WITHDRAWN:
        raise DomainError(_("What was never given is not taken back."))
    if said == OnwardConsent.CONDITIONAL:
        text = required(text, _("Write down the conditions."))
    _keep(exchange, said, _reaches(exchange, said, uses))
    write_word(exchange, "record_consent", text, by=by, keys=keys)
    audit.record(
        "consent_recorded", target=exchange, by=by, consent=consent, uses=exchange.onward_uses
    )
    return exchange


@transaction.atomic
def withdraw_consent(*, exchange: Exchange, by: User, keys: Unlocked, text: str = "") -> Exchange:
    """The supplier told us so; how, and with what reason, is sealed."""
    exchange = held(exchange, by)
    demand(permissions.can_withdraw_consent(by, exchange), "withdraw_consent", exchange, by)
    before = exchange.onward_consent
    _keep(exchange, OnwardConsent.WITHDRAWN, [])
    audit.record("consent_withdrawn", target=exchange, by=by, before=before)
    write_word(exchange, "withdraw_consent", text, by=by, keys=keys)
    return exchange


def _keep(exchange: Exchange, said: OnwardConsent, uses: list[str]) -> None:
    exchange.onward_consent, exchange.onward_uses = said, uses
    exchange.onward_at = timezone.now()
    exchange.save(update_fields=["onward_consent", "onward_uses", "onward_at"])


def _reaches(exchange: Exchange, said: OnwardConsent, uses: Collection[str]) -> list[str]:
    """In the order of the list; with what was granted without conditions before."""
    granted = exchange.onward_uses if exchange.onward_consent == OnwardConsent.GRANTED else []
    if said not in AGREED:
        if granted:
            raise DomainError(_("It was granted. Record that it was taken back instead."))
        return []
    named = {*uses, *granted}
    if not uses or named - set(FurtherUse.values):
        raise DomainError(_("Say what the consent reaches: choose at least one use."))
    if granted and said == OnwardConsent.CONDITIONAL:
        raise DomainError(_("It was granted without conditions, and conditions narrow it no more."))
    return [use for use in FurtherUse.values if use in named]
