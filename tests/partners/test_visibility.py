"""Every field of every entry, as every reader, through every door: no door shows more.

Each field holds a word that stands nowhere else. What a reader finds of these words behind a door
is compared with the table of fields.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from partners import search
from partners.models import ContactPoint, Holder, Partner, SecureChannel
from partners.visibility import FIELDS, Level, level_of
from portal.models import StaffRole, Standing, User
from tests.databases import acting_as, postgresql
from tests.factories import MembershipFactory, UserFactory
from tests.partners.factories import PartnerFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
LETTERS = "bcdfghjklmnpqrstvwxz"
READERS = ["visitor", "firm", "firm_without", *StaffRole.values]
# What is no text: its value is a code or a day, and has tests of its own.
CODED = {
    "uuid", "type", "country", "parent", "groups", "languages", "time_zone", "hours", "holidays",
    "verified_on", "review_due", "confirmed", "is_coordinating", "contact_points", "parts",
    "members", "holders", "duty", "always_open", "since", "until", "code",
}  # fmt: skip
PEOPLE = {"verified_by", "keeper"}


@dataclass
class Told:
    """The word of a field, the level that reads it, and in which entry it stands."""

    word: str
    name: str
    level: int
    code: str
    searched: bool


@dataclass
class Cast:
    told: list[Told] = field(default_factory=list)
    numbers: itertools.count = field(default_factory=itertools.count)

    def word(self) -> str:
        """Letters that no language puts together, far from one another for the search too."""
        number = next(self.numbers)
        return "qj" + "".join(LETTERS[number // 20**place % 20] * 3 for place in reversed(range(3)))

    def fill(self, table: str, model: type[models.Model], own: int, code: str) -> dict[str, object]:
        values: dict[str, object] = {}
        for name, lowest in FIELDS[table].items():
            if name in CODED or name == "channels":
                continue
            word = self.word()
            self.told.append(
                Told(word, f"{table}.{name}", max(lowest, own), code, name not in PEOPLE)
            )
            if name in PEOPLE:
                values[name] = UserFactory(name=word, liaison_officer=True)
            elif isinstance(model._meta.get_field(name), models.EmailField):
                values[name] = f"{word}@canary.example"
            elif isinstance(model._meta.get_field(name), models.URLField):
                values[name] = f"https://{word}.example"
            else:
                values[name] = word
        return values


def entry(cast: Cast, own: Level) -> Partner:
    """A partner of this visibility, with a desk of each visibility that somebody holds."""
    code = f"canary-{own:d}"
    values = cast.fill("partner", Partner, own, code)
    # In nobody's table: no door shows it.
    shipped = cast.word()
    cast.told.append(Told(shipped, "partner.shipped", 9, code, searched=False))
    partner = PartnerFactory(code=code, visibility=own, shipped=shipped, **values)
    channel = cast.word()
    level = max(FIELDS["partner"]["channels"], own)
    cast.told.append(Told(channel, "partner.channels", level, code, searched=False))
    SecureChannel.objects.create(partner=partner, name="X", reference=channel)
    for visibility in Level if own == Level.PUBLIC else [Level.PUBLIC]:
        floor = max(own, visibility)
        told = cast.fill("contactpoint", ContactPoint, floor, code)
        point = ContactPoint.objects.create(
            partner=partner, visibility=visibility, duty="drugs", **told
        )
        Holder.objects.create(
            contact_point=point,
            since=timezone.localdate(),
            **cast.fill("holder", Holder, floor, code),
        )
        over = cast.word()
        cast.told.append(Told(over, "holder.past", 9, code, searched=False))
        yesterday = timezone.localdate() - timedelta(days=1)
        Holder.objects.create(contact_point=point, name=over, since=yesterday, until=yesterday)
    return partner


@pytest.fixture
def cast():
    cast = Cast()
    partners = [entry(cast, own) for own in Level]
    search.keep(partners=[partner.pk for partner in partners])
    return cast


def reader(kind: str) -> tuple[Client, Level]:
    client = Client()
    if kind == "visitor":
        return client, Level.PUBLIC
    if kind.startswith("firm"):
        member = MembershipFactory()
        Standing.objects.create(
            organisation=member.organisation, programme="mou", in_force=kind == "firm"
        )
        client.force_login(member.user)
        return client, level_of(member.user)
    user = UserFactory(**{kind: True})
    at_the_desk(client, user)
    return client, level_of(User.objects.get(pk=user.pk))


def body(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code in (200, 302, 403, 404), (address, answer.status_code)
    # Long lines of a business card go on after a line break and a blank.
    return answer.content.decode().replace("\r\n ", "") if answer.status_code == 200 else ""


def doors(client: Client) -> dict[str, str]:
    """Everything that tells of entries, with what this reader is shown there."""
    codes = [f"canary-{own:d}" for own in Level]
    points = ContactPoint.objects.values_list("uuid", flat=True)
    addresses = {
        "list": ["/partners/"],
        "page": [f"/partners/{code}/" for code in codes],
        "api": [f"/partners/api/partners/{code}/" for code in codes],
        "api list": ["/partners/api/partners/"],
        "partners.csv": ["/partners/download/partners.csv"],
        "contacts.csv": ["/partners/download/contacts.csv"],
        "card": [f"/partners/{code}/card.vcf" for code in codes],
        "contact card": [f"/partners/contacts/{uuid}/card.vcf" for uuid in points],
    }
    return {
        name: "\n".join(body(client, address) for address in found)
        for name, found in addresses.items()
    }


# Door → the tables whose fields all stand behind it.
COMPLETE = {
    "page": {"partner", "contactpoint", "holder"},
    "api": {"partner", "contactpoint", "holder"},
    "api list": {"partner", "contactpoint", "holder"},
    "partners.csv": {"partner"},
    "contacts.csv": {"contactpoint"},
}


@pytest.mark.parametrize("kind", READERS)
def test_every_door_shows_what_the_table_allows_and_no_more(cast, kind):
    client, level = reader(kind)
    for door, shown in doors(client).items():
        too_much = [one.name for one in cast.told if one.word in shown and one.level > level]
        assert too_much == [], (kind, door)
        missing = [
            one.name
            for one in cast.told
            if one.word not in shown
            and one.level <= level
            and one.name.split(".")[0] in COMPLETE.get(door, ())
        ]
        assert missing == [], (kind, door)


@pytest.mark.parametrize("kind", READERS)
def test_search_finds_by_what_the_table_allows_and_by_nothing_else(cast, kind):
    _client, level = reader(kind)
    for one in cast.told:
        found = search.matching(Partner.objects.visible_at(level), one.word, level)
        expected = {one.code} if one.searched and one.level <= level else set()
        assert set(found.values_list("code", flat=True)) == expected, (kind, one.name)


@pytest.mark.parametrize("door", ["/partners/", "/partners/api/partners/",
                                  "/partners/download/partners.csv",
                                  "/partners/download/contacts.csv"])  # fmt: skip
def test_search_behind_every_door_is_the_same(cast, client, door):
    hidden = next(one for one in cast.told if one.name == "holder.name")
    open_one = next(one for one in cast.told if one.name == "partner.about")
    assert "canary-0" in body(client, f"{door}?q={open_one.word}")
    assert "canary-0" not in body(client, f"{door}?q={hidden.word}")


@pytest.mark.parametrize("kind", [kind for kind in READERS if kind in StaffRole.values])
def test_desk_shows_an_officer_no_more_than_the_pages_do(cast, kind):
    client, level = reader(kind)
    keys = Partner.objects.values_list("pk", flat=True)
    points = ContactPoint.objects.values_list("pk", flat=True)
    addresses = [
        "/admin/partners/partner/",
        "/admin/partners/contactpoint/",
        *(f"/admin/partners/partner/{pk}/change/" for pk in keys),
        *(f"/admin/partners/contactpoint/{pk}/change/" for pk in points),
    ]
    shown = "".join(body(client, address) for address in addresses)
    told = {one.name for one in cast.told if one.word in shown and level < one.level <= 3}
    assert told == set(), kind


def test_every_field_of_the_directory_was_read(cast):
    """A new field stands in the table, or is one of those that nobody reads."""
    read = {one.name for one in cast.told}
    for table, names in FIELDS.items():
        if table in ("partner", "contactpoint", "holder"):
            assert {f"{table}.{name}" for name in names if name not in CODED} <= read


@postgresql
def test_site_reads_no_person_and_nothing_that_only_officers_see(roles, cast):
    with acting_as("site"):
        for kind_level in (Level.PUBLIC, Level.PARTNER):
            found = search.matching(Partner.objects.all(), "canary", kind_level)
            list(found)
        assert set(Partner.objects.values_list("visibility", flat=True)) == {0, 1}
        assert set(ContactPoint.objects.values_list("visibility", flat=True)) == {0, 1}
        words = set(search.SearchKey.objects.values_list("text", flat=True))
    assert not {one.word for one in cast.told if one.level > Level.PARTNER} & words


@postgresql
def test_pages_are_answered_by_the_role_of_the_site(roles, cast):
    visitor, firm = Client(), reader("firm")[0]
    with acting_as("site"):
        for client in (visitor, firm):
            assert all(doors(client)[door] for door in COMPLETE)
