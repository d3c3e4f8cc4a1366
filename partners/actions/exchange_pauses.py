"""The clock of an exchange stands still and goes on; the other side has notice of both."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import clocks
from partners import exchange_permissions as permissions
from partners.actions.exchange_holding import by_way, demand, held, required, write_word
from partners.actions.our_words import leaves
from partners.models import Exchange, LeavesAs, PauseGround
from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User


@transaction.atomic
def pause(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    ground: str = "",
    notice: str = "",
    channel: str = "",
    channel_reference: str = "",
) -> Exchange:
    """The clock stops, because the other side has notice of it and why.

    From now on, and not from when our notice was written: until it had left there was none.
    """
    exchange = held(exchange, by)
    demand(permissions.can_pause(by, exchange), "pause", exchange, by)
    fields = ["paused_at", "pause_ground"]
    passed = by_way(not exchange.is_out, channel, channel_reference)
    if not exchange.is_out:
        told = leaves(exchange, keys, LeavesAs.NOTICE)
        ground, notice = str(told["ground"]), str(told["text"])
    notice = required(notice, _("Write the notice that the other side was given."))
    exchange.paused_at, exchange.pause_ground = timezone.now(), PauseGround(ground)
    exchange.save(update_fields=fields)
    write_word(exchange, "pause", notice, by=by, keys=keys, **passed)
    audit.record("paused", target=exchange, by=by, ground=ground, channel=channel)
    return exchange


@transaction.atomic
def resume(
    *,
    exchange: Exchange,
    by: User,
    keys: Unlocked,
    notice: str = "",
    channel: str = "",
    channel_reference: str = "",
) -> Exchange:
    """The clock goes on with what was left of it.

    Ours goes on at once, with a notice that says that and nothing else: waiting for somebody to
    approve words would let it stand still for longer than its ground.
    """
    exchange = held(exchange, by)
    demand(permissions.can_resume(by, exchange), "resume", exchange, by)
    if not exchange.is_out:
        if notice.strip():
            raise DomainError(_("Our notice says that the clock goes on, and nothing else."))
        notice = _("The ground of the pause has ended. The time for our answer runs again.")
    notice = required(notice, _("Write the notice that the other side was given."))
    passed = by_way(not exchange.is_out, channel, channel_reference)
    exchange.save(update_fields=go_on(exchange))
    write_word(exchange, "resume", notice, by=by, keys=keys, **passed)
    audit.record("resumed", target=exchange, by=by, channel=channel)
    return exchange


def go_on(exchange: Exchange) -> list[str]:
    if exchange.paused_at is not None:
        now = timezone.now()
        exchange.due_at = clocks.after_pause(exchange.due_at, exchange.paused_at, now)
        if exchange.due_at is not None and exchange.due_at > now:
            # There is something to be reminded of again.
            exchange.reminded_at = exchange.late_told_at = None
    exchange.paused_at, exchange.pause_ground = None, ""
    return ["due_at", "paused_at", "pause_ground", "reminded_at", "late_told_at"]
