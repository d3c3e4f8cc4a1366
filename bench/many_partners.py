"""Makes a directory of many organisations, four contact points each, straight in the tables."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django_countries import countries

from partners import search
from partners.models import (
    ContactPoint,
    Coverage,
    Duty,
    Group,
    GroupMembership,
    Holder,
    Partner,
    PartnerType,
    Post,
    PostType,
)
from partners.visibility import Level
from portal.models import User

BATCH = 500
# A network of posts grows with the world, not with the directory: the same at every size.
POSTS = 60
DESKS = (Duty.GENERAL, Duty.DUTY_DESK, Duty.DRUGS, Duty.AEO)
TOWNS = [
    "Aarhus",
    "Bergen",
    "Cork",
    "Dakar",
    "Essen",
    "Fukuoka",
    "Gdynia",
    "Hobart",
    "Izmir",
    "Jeddah",
    "Kribi",
    "Lagos",
]
WORKS = [
    "excise",
    "parcels",
    "tobacco",
    "precursors",
    "valuation",
    "origin",
    "transit",
    "postal",
    "cultural",
    "timber",
]
HOURS = {str(day): [["08:00", "16:30"]] for day in range(5)}


def generate(count: int, *, keeper: User) -> None:
    """So many organisations, a fifth of them due, a tenth for officers alone; and our posts."""
    codes = list(countries.countries)
    organisations = Partner.objects.bulk_create(
        [_partner(n, codes, keeper) for n in range(count)], batch_size=BATCH
    )
    points = ContactPoint.objects.bulk_create(
        [_desk(one, n, keeper) for one in organisations for n in range(len(DESKS))],
        batch_size=BATCH,
    )
    Holder.objects.bulk_create(
        [Holder(contact_point=one, name=f"{_name(n)} Holder") for n, one in enumerate(points)],
        batch_size=BATCH,
    )
    group = Group.objects.create(code="bench", name="Members", organisation=organisations[0])
    GroupMembership.objects.bulk_create(
        [GroupMembership(group=group, partner=one) for one in organisations[::5]], batch_size=BATCH
    )
    _posts(codes)
    search.keep_all()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _partner(number: int, codes: list[str], keeper: User) -> Partner:
    today = timezone.localdate()
    found_true = today - timedelta(days=200 if number % 5 == 4 else number % 100)
    return Partner(
        code=f"bench-{number}",
        name=f"Customs office {_name(number)}",
        local_name=f"Tollsted {_name(number)}",
        type=PartnerType.CUSTOMS if number % 3 else PartnerType.POLICE,
        country=codes[number % len(codes)],
        about=f"Looks after {WORKS[number % 10]} and {WORKS[number // 10 % 10]} at the port.",
        for_business="Answers firms within a week.",
        languages=["en"],
        time_zone="Europe/Oslo",
        hours=HOURS,
        visibility=Level.LIAISON if number % 10 == 9 else Level.PUBLIC,
        note=f"Asked about {WORKS[number // 100 % 10]}.",
        keeper=keeper,
        verified_on=found_true,
        review_due=found_true + timedelta(days=180),
    )


def _desk(partner: Partner, number: int, keeper: User) -> ContactPoint:
    return ContactPoint(
        partner=partner,
        duty=DESKS[number],
        name=f"Desk {number} of {partner.code}",
        email=f"desk{number}@{partner.code}.example",
        phone="+47 22 00 00 00",
        hours=HOURS,
        visibility=Level.RESTRICTED if number == 1 else Level.PUBLIC,
        keeper=keeper,
        verified_on=partner.verified_on,
        review_due=partner.review_due,
    )


def _posts(codes: list[str]) -> None:
    posts = Post.objects.bulk_create(
        Post(
            code=f"bench-{number}",
            type=PostType.STRATEGIC if number % 20 == 19 else PostType.ATTACHE,
            city=f"{TOWNS[number % 12]} {number}",
            host_country=codes[number * 4],
            time_zone="Europe/Oslo",
            hours=HOURS,
            email=f"post{number}@customs.example",
            verified_on=timezone.localdate(),
        )
        for number in range(POSTS)
    )
    Coverage.objects.bulk_create(
        Coverage(post=post, country=codes[number * 4 + more])
        for number, post in enumerate(posts)
        for more in range(3)
    )


def _name(number: int) -> str:
    """A town and a word of its own: no two organisations share all of their words."""
    letters = "".join(
        "bdfgklmnprst"[number // 12**place % 12] + "aeiou"[place] for place in (3, 2, 1, 0)
    )
    return f"{TOWNS[number % 12]} {letters.capitalize()}"
