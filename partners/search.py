"""Full-text search over the directory: never finds by what the reader may not see.

Each word of an entry is kept with the level that its field needs; an action that changes an entry
calls `keep` in its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_countries.fields import Country

from partners import spelling
from partners.models import ContactPoint, Holder, Partner, Post, Posting, SearchKey, SearchPlace
from partners.visibility import FIELDS, Level

# What somebody typed beyond this is not looked at.
MOST_WORDS = 6
MOST_SPELLINGS = 1000
BATCH = 500
# Codes, and other rows: those would be asked for one by one.
NO_TEXT = {
    *("type", "status", "duty", "holidays", "time_zone"),
    *("parent", "keeper", "verified_by", "successor", "user"),
}
Ids = Iterable[int]
# What changed inside `together` and is still to be kept.
_waiting: ContextVar[dict[str, set[int]] | None] = ContextVar("waiting", default=None)


class Found(NamedTuple):
    """A word of an entry, as it will be kept."""

    text: str
    level: int
    since: date | None = None
    until: date | None = None


# --- Finding --------------------------------------------------------------------------------


def matching(found: QuerySet, typed: str, level: Level, *, of: str = "partner") -> QuerySet:
    """Those entries that hold every word typed, in fields that this level sees."""
    typed_words = list(dict.fromkeys(spelling.words(typed)))[:MOST_WORDS]
    if not typed_words:
        return found.none() if typed.strip() else found
    known = SearchKey.objects.filter(level__lte=level)
    places = SearchPlace.objects.seen(level, timezone.localdate()).exclude(**{of: None})
    # A word of what is over or of another kind of entry would hide those that it is near to.
    standing = Exists(places.filter(text=OuterRef("text")))
    near = _near(typed_words, known.filter(standing))
    for word in typed_words:
        # Many words may begin like this, so the database puts them together by itself.
        meant = near.get(word, known.filter(key__in=_as_it_is(word)).values("text"))
        found = found.filter(pk__in=places.filter(text__in=meant).values(f"{of}_id"))
    return found


def _near(typed: list[str], known: QuerySet[SearchKey]) -> dict[str, list[str]]:
    """For each word typed that stands nowhere as it is: those it may be a slip of."""
    wanted = {key: word for word in typed for key in _as_it_is(word)}
    there = known.filter(key__in=wanted).values_list("key", flat=True).distinct()
    unknown = set(typed) - {wanted[key] for key in there}
    keys = {key for word in unknown for key in spelling.shortened(word)}
    rows = known.filter(key__in=keys).values_list("text", flat=True).distinct()
    texts = list(rows[:MOST_SPELLINGS]) if keys else []
    return {word: [text for text in texts if spelling.is_near(word, text)] for word in unknown}


def _as_it_is(word: str) -> list[str]:
    """Whole, or as the beginning of a longer one."""
    return [f"={word}", f"{word}*"]


# --- Keeping --------------------------------------------------------------------------------


@transaction.atomic
def keep(*, partners: Ids = (), posts: Ids = ()) -> None:
    """Lay the words of these entries down anew; the last that a transaction locks."""
    _one_at_a_time()
    for of, model, ids in (("partner", Partner, partners), ("post", Post, posts)):
        wanted = list(ids)
        for start in range(0, len(wanted), BATCH):
            _keep(of, model, wanted[start : start + BATCH])


def _one_at_a_time() -> None:
    """Until this transaction ends nobody else lays words down.

    Entries share words, and one that is new waits for whoever is just taking it away: two who
    changed entries into each other's words would wait for each other for ever.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('partners.search'))")


def keep_entry(entry: models.Model) -> None:
    """After an action changed it: a partner, a post, or a contact point of one of them."""
    changed: dict[str, int | None] = {}
    if isinstance(entry, ContactPoint):
        changed = {"partners": entry.partner_id, "posts": entry.post_id}
    elif isinstance(entry, Partner):
        changed = {"partners": entry.pk}
    elif isinstance(entry, Post):
        changed = {"posts": entry.pk}
    ids = {name: [pk] for name, pk in changed.items() if pk}
    waiting = _waiting.get()
    if waiting is None:
        keep(**ids)
        return
    for name, changed_ids in ids.items():
        waiting.setdefault(name, set()).update(changed_ids)


@contextmanager
def together() -> Iterator[None]:
    """The words of all that changes inside are laid down once, at the end.

    So whoever waits for words has locked every entry already, and whoever holds them wants none.
    """
    waiting: dict[str, set[int]] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    keep(**{name: sorted(ids) for name, ids in waiting.items()})


def keep_all() -> None:
    """The whole directory, entry by entry; for a night, or after a table was filled by hand."""
    keep(
        partners=Partner.objects.order_by("pk").values_list("pk", flat=True),
        posts=Post.objects.order_by("pk").values_list("pk", flat=True),
    )


def _keep(of: str, model: type[models.Model], ids: list[int]) -> None:
    old = SearchPlace.objects.filter(**{f"{of}_id__in": ids})
    before = set(old.values_list("text", "level"))
    old.delete()
    places = [
        SearchPlace(**found._asdict(), **{f"{of}_id": pk})
        for pk, all_found in _words(of, model, ids).items()
        for found in sorted(all_found, key=str)
    ]
    SearchPlace.objects.bulk_create(places, batch_size=BATCH)
    now = {(place.text, place.level) for place in places}
    _forget(before - now)
    _spell(now - before)


def _spell(new: set[tuple[str, int]]) -> None:
    SearchKey.objects.bulk_create(
        (
            SearchKey(key=key, text=text, level=level)
            for text, level in sorted(new)
            for key in sorted(spelling.keys(text))
        ),
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def _forget(gone: set[tuple[str, int]]) -> None:
    """Words that stand nowhere any more: a name that left is not kept by its spellings."""
    still = set(
        SearchPlace.objects.filter(text__in={text for text, _level in gone}).values_list(
            "text", "level"
        )
    )
    for level in {level for _text, level in gone - still}:
        texts = [text for text, its in gone - still if its == level]
        SearchKey.objects.filter(text__in=texts, level=level).delete()


def _words(of: str, model: type[models.Model], ids: list[int]) -> dict[int, set[Found]]:
    found: dict[int, set[Found]] = {pk: set() for pk in ids}
    entries: dict[int, int] = {}
    for entry in model._default_manager.filter(pk__in=ids):
        entries[entry.pk] = entry.visibility  # type: ignore[attr-defined]
        found[entry.pk] |= _of(entry, of, entry.visibility)  # type: ignore[attr-defined]
    points = ContactPoint.objects.filter(**{f"{of}_id__in": ids}, ended_at=None)
    levels = {}
    for point in points:
        pk = getattr(point, f"{of}_id")
        levels[point.pk] = pk, max(point.visibility, entries[pk])
        found[pk] |= _of(point, "contactpoint", levels[point.pk][1])
    for holder in Holder.objects.filter(contact_point__in=points):
        pk, level = levels[holder.contact_point_id]
        found[pk] |= _of(holder, "holder", level, holder.since, holder.until)
    if of == "post":
        for posting in Posting.objects.filter(post__in=ids, ended_at=None):
            pk, days = posting.post_id, (posting.starts_on, posting.ends_on)
            found[pk] |= _of(posting, "posting", entries[pk], *days)
    return found


def _of(
    entry: models.Model, table: str, own: int, since: date | None = None, until: date | None = None
) -> set[Found]:
    """The words of an entry's texts; its own visibility can only raise what a field asks for."""
    return {
        Found(word, max(lowest, own), since, until)
        for name, lowest in FIELDS[table].items()
        for word in spelling.words(_text(entry, name))
    }


def _text(entry: models.Model, name: str) -> str:
    """Countries are found by their names; what is no text is not searched.

    Another entry is none either: who may not know of it would find by it.
    """
    if name in NO_TEXT:
        return ""
    value = getattr(entry, name, "")
    if isinstance(value, Country):
        return f"{value.name} {value.code}" if value.code else ""
    return value if isinstance(value, str) else ""
