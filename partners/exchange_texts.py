"""What an exchange says, laid out for people once it is open; every value is text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from partners import content
from partners.models import Channel, Exchange, LeavesAs, OurWord
from partners.opening import Entry, Opened
from portal import file_words, scanner
from portal.models import User

VERBS: dict[str, Any] = {
    "confirm": gettext_lazy("Confirmed in writing"),
    "ask_clarification": gettext_lazy("Clarification asked"),
    "clarify": gettext_lazy("Clarified"),
    "pause": gettext_lazy("Notice: the clock is paused"),
    "resume": gettext_lazy("Notice: the clock goes on"),
    "answer_in_part": gettext_lazy("Answered in part"),
    "answer": gettext_lazy("Answered in full"),
    "refuse": gettext_lazy("Refused, with reasons"),
    "record_consent": gettext_lazy("Consent to further use"),
    "withdraw_consent": gettext_lazy("Consent taken back"),
}


@dataclass(frozen=True)
class Ours:
    """A word of ours that is on its way out: written by one, waiting for another or approved."""

    word: OurWord
    told: dict[str, Any]
    files: list[dict[str, Any]]


@dataclass(frozen=True)
class Said:
    """One text, what brought it and who wrote it down."""

    entry: Entry
    label: Any
    by: str
    files: list[dict[str, Any]]

    @property
    def way(self) -> str:
        """The channel by which it passed, with its reference there; empty where none was noted."""
        return passed_by(self.entry.told.get("way", {}))


def passed_by(way: Mapping[str, str]) -> str:
    channels = dict(Channel.choices)
    parts = (channels.get(way.get("channel", ""), ""), way.get("reference", ""))
    return ", ".join(str(part) for part in parts if part)


def laid_out(
    exchange: Exchange, opened: Opened, *, words: Iterable[OurWord] | None = None
) -> dict[str, Any]:
    """What it says, for a template; every value is text and is escaped there.

    `words` of ours that have not left; on the page of the exchange all of them.
    """
    if words is None:
        words = words_under_way(exchange)
    authors = dict(
        User.objects.filter(pk__in={entry.author_id for entry in opened.entries}).values_list(
            "pk", "name"
        )
    )
    return {
        "opened": opened,
        "content_rows": content.rows(opened.content),
        "content_files": _shown_files(opened.content),
        "ours": [_worded(word, opened) for word in words],
        "words": [
            Said(
                entry,
                VERBS.get(entry.verb, entry.verb),
                authors.get(entry.author_id, ""),
                _shown_files(entry.told),
            )
            for entry in opened.words
        ],
        "broken": [entry for entry in opened.entries if entry.broken],
    }


def words_under_way(exchange: Exchange) -> list[OurWord]:
    """Written and not left yet, in the order of the kinds."""
    order = list(LeavesAs)
    found = exchange.our_words.exclude(by=None).select_related("by", "approved_by")
    return sorted(found, key=lambda word: order.index(LeavesAs(word.leaves_as)))


def _worded(word: OurWord, opened: Opened) -> Ours:
    """Empty where what is sealed is not the version that stands."""
    found = opened.ours.get(word.leaves_as)
    told = found.told if found is not None and found.version == word.version else {}
    return Ours(word, told, _shown_files(told))


def _shown_files(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Files of one text, with what the scanner said and what was remarked of each."""
    return [
        {
            **file,
            "unscanned": file.get("scan") != scanner.CLEAN,
            "scan": file_words.SCANS[str(file.get("scan") or scanner.UNSCANNED)],
            "remarks": file_words.remarks(str(file.get("note", "")), copied=False),
        }
        for file in told.get("files", [])
    ]
