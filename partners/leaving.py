"""What has to be so before information leaves for a partner: law, ground of transfer, consent."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import legal_basis
from partners.models import (
    Exchange,
    Instrument,
    LeavesAs,
    OurWord,
    Partner,
    PartnerType,
    approved_words,
)
from portal import reference
from portal.errors import DomainError

# Of what we say to a request that came in.
HELD_TO_THE_LAW = (LeavesAs.ANSWER, LeavesAs.QUESTION)


class NotCovered(DomainError):
    """No instrument in force covers both sides and the purpose."""


class NoConsent(DomainError):
    """Who told it lets it be passed on no longer."""


class NoGround(DomainError):
    """A transfer to a third country has no recorded ground."""


def is_third_country(partner: Partner) -> bool:
    """Neither of the Union nor one of its bodies; international organisations count too."""
    if partner.type == PartnerType.EU_BODY:
        return False
    national = partner.type in legal_basis.NATIONAL
    return not (national and reference.is_member_state(str(partner.country)))


def check(exchange: Exchange, *, on: date | None = None) -> None:
    """Refuse to let anything leave that the law does not cover today.

    Call it in the transaction that sends: the instrument is locked, so that nobody ends it in
    between.
    """
    on = on or timezone.localdate()
    check_source(exchange)
    check_covered(exchange, on=on)
    check_ground(exchange)


def check_source(exchange: Exchange) -> None:
    """What a report told leaves for nobody once its source has taken the consent back."""
    if exchange.source_withdrawn_at is not None:
        raise NoConsent(
            _(
                "The source of the report has taken its consent back: nothing more leaves. What "
                "left before stays recorded."
            )
        )


def check_word(exchange: Exchange, leaves_as: str) -> None:
    """The same for what we say to a request that came in.

    That something is refused, or that a clock stands still, is told even where no instrument
    covers the request: it gives nothing away, and whoever approves it has looked for that.
    """
    if leaves_as in HELD_TO_THE_LAW:
        check(exchange)


@transaction.atomic
def check_today(exchange: Exchange) -> None:
    """The same for what is handed out of a transaction of its own."""
    check(exchange)


@transaction.atomic
def words_that_may(exchange: Exchange) -> list[OurWord]:
    """Approved words that the law lets leave today; refused where it lets none of them."""
    found: list[OurWord] = []
    refused: DomainError | None = None
    for word in approved_words(exchange):
        try:
            check_word(exchange, word.leaves_as)
        except DomainError as error:
            refused = refused or error
        else:
            found.append(word)
    if refused is not None and not found:
        raise refused
    return found


def check_covered(exchange: Exchange, *, on: date) -> None:
    if exchange.instrument_id is None:
        raise NotCovered(
            _("Choose the instrument under which it passes. Without one nothing is sent.")
        )
    instrument = Instrument.objects.select_for_update(of=("self",)).get(pk=exchange.instrument_id)
    why = legal_basis.why_not(
        instrument,
        own=legal_basis.own_country(),
        partner=exchange.partner,
        purpose=exchange.purpose,
        on=on,
    )
    if why:
        raise NotCovered(
            _("It cannot be sent under “%(instrument)s”. %(why)s")
            % {"instrument": instrument, "why": why}
        )


def check_ground(exchange: Exchange) -> None:
    if is_third_country(exchange.partner) and not exchange.transfer_ground:
        raise NoGround(
            _(
                "%(partner)s is outside the European Union: record the ground of the transfer, "
                "its day and its justification first."
            )
            % {"partner": exchange.partner}
        )
