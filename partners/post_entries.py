"""What a reader may see of posts, and which post answers for a country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django_countries import countries

from partners import directory, search
from partners.local_time import Clock, clock
from partners.models import (
    Accreditation,
    ContactPoint,
    Coverage,
    Partner,
    PartnerType,
    Post,
    Posting,
    PostStatus,
    PostType,
)
from partners.visibility import Level, columns, sees, shown
from portal import reference

# Fields that are no column of the table.
JOINED = {"covered_countries", "postings", "contact_points"}
PEOPLE = ("verified_by", "keeper")
# Whom to ask where nobody of ours is: in some countries customs is part of a border service.
AT_THE_BORDER = (PartnerType.CUSTOMS, PartnerType.BORDER)


def standing(level: Level, *, day: date | None = None) -> QuerySet[Post]:
    """Posts that this level finds, with the columns that it sees and no others."""
    day = day or timezone.localdate()
    seen = columns(Post, level)
    people = [name for name in PEOPLE if name in seen]
    named = [f"{name}__{column}" for name in people for column in ("name", "email")]
    posts = Post.objects.standing().visible_at(level).select_related(*people)
    found = with_countries(posts.only(*seen, *named), day=day)
    if sees("post", "postings", level):
        there = Posting.objects.live().on(day).order_by("starts_on", "pk")
        accredited = Accreditation.objects.order_by("kind", "pk")
        posted = there.prefetch_related(Prefetch("accreditations", accredited, to_attr="shown"))
        found = found.prefetch_related(Prefetch("postings", posted, to_attr="shown_postings"))
    return found.order_by("city", "pk")


def with_countries(posts: QuerySet[Post], *, day: date | None = None) -> QuerySet[Post]:
    """Posts that know which countries they cover, as `covered` asks."""
    covering = Coverage.objects.on(day or timezone.localdate())
    return posts.prefetch_related(Prefetch("coverages", covering, to_attr="shown_coverages"))


def whole(level: Level) -> QuerySet[Post]:
    """Posts with all that their own page tells: the desks of each as well."""
    desks = Prefetch("contact_points", directory.contacts(level), to_attr="shown_contacts")
    return standing(level).prefetch_related(desks)


def find(rows: QuerySet[Post], level: Level, wanted: Mapping[str, str]) -> QuerySet[Post]:
    """Those that fit what is wanted, by city; every door searches like this."""
    if wanted.get("type"):
        rows = rows.filter(type=wanted["type"])
    if code := wanted.get("country"):
        covering = Coverage.objects.on(timezone.localdate()).filter(country=code)
        rows = rows.filter(Q(host_country=code) | Q(pk__in=covering.values("post")))
    return search.matching(rows, wanted.get("q", ""), level, of="post")


def after(rows: QuerySet[Post], level: Level, code: str) -> QuerySet[Post]:
    """The rows that follow this post; from the beginning when the reader finds no such post."""
    last = standing(level).filter(code=code).first() if code and "\0" not in code else None
    if last is None:
        return rows
    return rows.filter(Q(city__gt=last.city) | Q(city=last.city, pk__gt=last.pk))


def owned_contacts(level: Level, posts: QuerySet[Post]) -> QuerySet[ContactPoint]:
    """The contact points of these posts, each with the code and city of its own."""
    found = directory.contacts(level, "post__code", "post__city").select_related("post")
    wanted = posts.order_by().values("pk")
    return found.filter(post__in=wanted).order_by("post__city", "post_id", "pk")


def describe(post: Post, level: Level) -> dict[str, Any]:
    """The post as this level reads it; of what `whole` loaded, and nothing else is looked up."""
    told = directory.plain(post, "post", level)
    # A strategic post is no attaché of any country, whatever its host country is to the desk.
    answers_for = covered(post) if post.type == PostType.ATTACHE else []
    told["covered_countries"] = [{"code": code, "name": name} for code, name in answers_for]
    desks = getattr(post, "shown_contacts", ())
    told["contact_points"] = [directory.describe_contact(one, level) for one in desks]
    if sees("post", "postings", level):
        told["postings"] = [_person(one, level) for one in post.shown_postings]  # type: ignore[attr-defined]
    return shown("post", told, level)


def covered(post: Post) -> list[tuple[str, str]]:
    """Codes and names, the host country first."""
    found = {str(one.country): one.country_name for one in post.shown_coverages}  # type: ignore[attr-defined]
    host = str(post.host_country)
    return sorted(found.items(), key=lambda one: (one[0] != host, one[1]))


def by_country(posts: Iterable[Post]) -> dict[str, list[Post]]:
    """Country → posts of attachés that cover it; strategic posts are none."""
    found: dict[str, list[Post]] = {}
    for post in posts:
        if post.type == PostType.ATTACHE:
            for code, _name in covered(post):
                found.setdefault(code, []).append(post)
    return found


def clock_of(post: Post, **when: Any) -> Clock | None:
    """Open hours of a post that does not answer are no opening."""
    hours = post.hours if post.status != PostStatus.SUSPENDED else {}
    return clock(post.time_zone, hours, post.holidays, **when)


def country_name(code: str) -> str:
    return str(countries.name(code)) or code


def last_updated(posts: Iterable[Post]) -> date | None:
    """The day somebody last found one of these true, or else took it in."""
    days = [post.verified_on or timezone.localdate(post.created_at) for post in posts]
    return max(days, default=None)


@dataclass(frozen=True)
class Answer:
    """Which posts to ask about a country, and whom else: `reason` says why there is none."""

    code: str
    country: str
    posts: list[Post]
    strategic: list[Post]
    services: list[Partner]
    reason: str = ""

    @property
    def is_host(self) -> bool:
        return any(str(post.host_country) == self.code for post in self.posts)


def answer(code: str, posts: Iterable[Post], level: Level) -> Answer:
    """The honest answer for one country; one query more than the posts took."""
    country = country_name(code)
    every = list(posts)
    there = [post for post in every if code in dict(covered(post))]
    attaches = [post for post in there if post.type == PostType.ATTACHE]
    services = Partner.objects.current().visible_at(level).filter(country=code)
    return Answer(
        code,
        country,
        attaches,
        [post for post in there if post.type == PostType.STRATEGIC],
        list(services.filter(type__in=AT_THE_BORDER).only("code", "name").order_by("name")[:3]),
        "" if attaches else _reason(code),
    )


def _reason(code: str) -> str:
    if code == settings.BRAND["country"]:
        return "home"
    return "union" if reference.is_member_state(code) else "none"


def _person(posting: Posting, level: Level) -> dict[str, Any]:
    told = directory.plain(posting, "posting", level)
    told["accreditations"] = [
        {
            "kind": one.kind,
            "country": str(one.country),
            "country_name": one.country_name,
            "asked_on": one.asked_on,
            "since": one.since,
            "until": one.until,
        }
        for one in posting.shown  # type: ignore[attr-defined]
    ]
    return shown("posting", told, level)
