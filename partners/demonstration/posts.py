"""People at the posts of the demonstration: invented, with a gap, an overlap, an end near."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from partners.actions import post_calendar, postings, posts
from partners.models import Post, Posting
from portal import demonstration as people
from portal.models import User

OFFICER = "liaison@customs.example"
USUAL: dict[str, list[list[str]]] = {str(day): [["09:00", "17:00"]] for day in range(5)}


@dataclass(frozen=True)
class Term:
    """Somebody at a post, in days from today; without an end it goes on."""

    name: str
    title: str
    since: int
    until: int | None = None


ATTACHE, DEPUTY = "Customs attaché", "Deputy attaché"
TERMS: dict[str, list[Term]] = {
    "beijing": [Term("Noor Dahlgren", ATTACHE, -1500, -420), Term("Ivo Terpstra", ATTACHE, -419)],
    # Nobody for four months.
    "brasilia": [Term("Maud Ekholm", ATTACHE, -1400, -400), Term("Joost Kamp", ATTACHE, -280, 815)],
    "moscow": [Term("Sanna Rietveld", ATTACHE, -700, 400)],
    # Five weeks together, so that work is handed over in person.
    "singapore": [
        Term("Tuva Merkel", ATTACHE, -1070, 25),
        Term("Bram Solberg", ATTACHE, -10, 1085),
    ],
    # The end is near and nobody follows.
    "london": [Term("Elin Vermaas", ATTACHE, -1020, 75)],
    "washington": [Term("Pieter Hallgren", "Financial Counsellor", -200, 900)],
    "brussels": [Term("Wilma Strand", "Permanent Representative", -500, 600)],
}
LANGUAGES = {"beijing": ["en", "zh"], "brasilia": ["en", "pt"], "moscow": ["en", "ru"]}
# Country → days since it was asked for and since it was accepted.
ACCREDITED: dict[str, tuple[int, int | None]] = {
    "SG": (-1120, -1070),
    "ID": (-1100, -990),
    "MY": (-1100, -1010),
    "TH": (-1100, -700),
    "VN": (-60, None),
}


def man(say: Callable[[str], None]) -> None:
    """By the real actions; done before, it stays as it is."""
    people.require_demonstration()
    if Posting.objects.exists():
        return
    officer = User.objects.get(email=OFFICER)
    found = {post.code: post for post in Post.objects.filter(code__in=TERMS)}
    for code, post in found.items():
        _equip(post, officer)
        for term in TERMS[code]:
            _serve(post, term, officer)
    if "singapore" in found:
        _accredit(found["singapore"], officer)
    post_calendar.lead_posts_on()
    say(f"People posted to {len(found)} posts abroad\n")


def _equip(post: Post, officer: User) -> None:
    posts.edit_post(
        post=post,
        version=post.version,
        by=officer,
        email=f"{post.code}@posts.customs.example",
        phone="+00 000 00 10",
        languages=LANGUAGES.get(post.code, ["en"]),
        hours=USUAL,
    )


def _serve(post: Post, term: Term, officer: User) -> None:
    over = term.until is not None and term.until < 0
    posting = postings.start_posting(
        post=post,
        by=officer,
        name=term.name,
        title=term.title,
        email=f"{term.name.lower().replace(' ', '.')}@customs.example",
        direct_line="+00 000 00 11",
        starts_on=_day(term.since),
        ends_on=None if over or term.until is None else _day(term.until),
    )
    if over and term.until is not None:
        postings.end_posting(posting=posting, last_day=_day(term.until), by=officer)


def _accredit(post: Post, officer: User) -> None:
    first, second = post.postings.live().order_by("starts_on")[:2]
    for country, (asked, accepted) in ACCREDITED.items():
        told: dict[str, Any] = {"asked_on": _day(asked)}
        if accepted is not None:
            told["since"] = _day(accepted)
        postings.accredit(posting=first, country=country, by=officer, **told)
    postings.accredit(posting=second, country="SG", by=officer, asked_on=_day(-40))
    postings.name_successor(posting=first, successor=second, by=officer)


def _day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
