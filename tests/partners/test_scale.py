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
from portal import pins, reference
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
DESK = [
    "/admin/",
    "/admin/partners/partner/",
    "/admin/partners/partner/?q=custms+service",
    "/admin/partners/contactpoint/",
    "/admin/partners/holder/",
    "/admin/partners/groupmembership/",
    "/admin/partners/post/",
    "/admin/partners/post/timeline/",
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


def asked(client: Client, addresses: list[str]) -> dict[str, int]:
    told = {}
    for address in addresses:
        # What a process remembers for a while would be forgotten before some of them only.
        reference.forget()
        pins.forget()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200, address
        told[address] = len(captured)
    return told


# As many as one administration will hardly ever know: 5 000 organisations, 20 000 contact points.
MANY = [130, pytest.param(5_000, marks=pytest.mark.soak)]


@pytest.mark.parametrize("many", MANY)
@pytest.mark.parametrize("level", [Level.PUBLIC, Level.RESTRICTED])
def test_read_the_directory_costs_the_same_however_many_there_are(client, level, many):
    addresses = ADDRESSES + (DESK if level == Level.RESTRICTED else [])
    if level == Level.RESTRICTED:
        at_the_desk(client, UserFactory(liaison_officer=True))
    first = PartnerFactory(code="first", name="Customs service")
    GroupFactory(code="CLUB", organisation=first)
    # On the first page of every list, however many come after it.
    ContactPointFactory(partner=None, post=PostFactory(code="first", city="Wellington"))
    grown(3)
    # Once before it counts: what a test before left in the process is settled then.
    asked(client, addresses)
    small = asked(client, addresses)
    grown(many)
    large = asked(client, addresses)
    assert large == small
    assert max(small[one] for one in ADDRESSES) <= 16, small
