"""Where an exchange stands, in sentences: approved by whom, left when, waiting for whom."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.exchange_lifecycle import RUNNING, Status
from partners.exchange_texts import words_under_way
from partners.models import Exchange, OurWord


def standing(exchange: Exchange) -> list[str]:
    """The latest last; nothing of what it says."""
    if exchange.status == Status.ERASED:
        return []
    return [*_request(exchange), *_words(exchange)]


def _request(exchange: Exchange) -> list[str]:
    told: list[str] = []
    if exchange.approved_by is not None:
        told.append(
            _("Approved by %(who)s on %(day)s.")
            % {"who": exchange.approved_by, "day": _when(exchange.approved_at)}
        )
    if exchange.status == Status.APPROVED:
        told.append(_("It has not left: somebody at the desk sends it and records the channel."))
    if exchange.sent_at is not None:
        told.append(
            _("Left for %(partner)s on %(day)s by %(channel)s.")
            % {
                "partner": exchange.partner,
                "day": _when(exchange.sent_at),
                "channel": exchange.get_channel_display(),
            }
        )
    return told


def _words(exchange: Exchange) -> list[str]:
    if exchange.status not in RUNNING:
        return []
    return [_word(word) for word in words_under_way(exchange)]


def _word(word: OurWord) -> str:
    told: dict[str, object] = {"what": word, "writer": word.by, "who": word.approved_by}
    if word.is_drafted:
        return (
            _("%(what)s: written by %(writer)s, waits for a supervisor who worded none of it.")
            % told
        )
    told["day"] = _when(word.approved_at)
    return (
        _("%(what)s: approved by %(who)s on %(day)s, has not left. Somebody at the desk sends it.")
        % told
    )


def _when(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i") if at else ""
