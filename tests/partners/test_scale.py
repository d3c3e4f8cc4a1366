"""The directory costs the same however large it is: queries are counted, small against large."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners import search
from partners.models import ContactPoint, Coverage, Group, GroupMembership, Holder, Partner, Post
from partners.visibility import Level
from tests.factories import UserFactory
from tests.partners.factories import ContactPointFactory, GroupFactory, PartnerFactory, PostFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/partners/",
    "/partners/?q=custms+service",
    "/partners/?q=wellington",
    "/partners/?group=CLUB&type=customs",
    "/partners/?after=first",
    "/partners/first/",
    "/partners/api/partners/",
    "/partners/api/partners/first/",
    "/partners/download/partners.csv",
    "/partners/download/contacts.csv",
    "/partners/first/card.vcf",
    "/partners/api/posts/?q=wellington",
    "/partners/posts/first/",
    "/partners/posts/map/",
    "/partners/download/posts.csv",
    "/partners/download/post-contacts.csv",
]


def grown(count: int) -> None:
    """So many more partners, parts of the first and members of its club, with four desks each."""
    first, club = Partner.objects.get(code="first"), Group.objects.get(code="CLUB")
    made = Partner.objects.bulk_create(
        PartnerFactory.build(parent=first, name=f"Customs service {n}") for n in range(count)
    )
    GroupMembership.objects.bulk_create(GroupMembership(group=club, partner=one) for one in made)
    points = ContactPoint.objects.bulk_create(
        ContactPoint(partner=one, duty="general", name=f"Desk {n}")
        for one in [*made, first]
        for n in range(4)
    )
    today = timezone.localdate()
    Holder.objects.bulk_create(
        Holder(contact_point=one, name="Somebody", since=today) for one in points
    )
    posts = Post.objects.bulk_create(PostFactory.build() for _one in range(count))
    Coverage.objects.bulk_create(Coverage(post=one, country="NZ") for one in posts)
    search.keep_all()
    if connection.vendor == "postgresql":
        # What the planner knows of these tables may be what a test before left: hardly a row.
        with connection.cursor() as cursor:
            cursor.execute(
                "ANALYZE partners_partner, partners_post, partners_contactpoint, partners_holder, "
                "partners_coverage, partners_groupmembership, partners_searchplace, "
                "partners_searchkey"
            )


def asked(client: Client) -> dict[str, int]:
    told = {}
    for address in ADDRESSES:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200, address
        told[address] = len(captured)
    return told


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.RESTRICTED])
def test_read_the_directory_costs_the_same_however_many_there_are(client, level):
    if level == Level.RESTRICTED:
        at_the_desk(client, UserFactory(liaison_officer=True))
    first = PartnerFactory(code="first", name="Customs service")
    GroupFactory(code="CLUB", organisation=first)
    ContactPointFactory(partner=None, post=PostFactory(code="first"))
    grown(3)
    client.get("/partners/")
    small = asked(client)
    grown(130)
    large = asked(client)
    assert large == small
    assert max(small.values()) <= 16, small
