"""Every field of every entry, as every reader, through every door: no door shows more.

Each field holds a word that stands nowhere else. What a reader finds of these words behind a door
is compared with the table of fields.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, models, transaction
from django.test import Client
from django.utils import timezone

from partners import directory, search
from partners.models import (
    ContactPoint,
    Coverage,
    Group,
    GroupMembership,
    Holder,
    Notice,
    Partner,
    Post,
    Posting,
    PostType,
    SecureChannel,
)
from partners.views.downloads import NO_COLUMN
from partners.visibility import FIELDS, Level, fields, level_of
from portal.models import StaffRole, Standing, User
from tests.databases import acting_as, postgresql
from tests.factories import MembershipFactory, UserFactory
from tests.partners.factories import GroupFactory, PartnerFactory, PostFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
LETTERS = "bcdfghjklmnpqrstvwxz"
READERS = ["visitor", "firm", "firm_without", *StaffRole.values]
# What is no text: its value is a code or a list, and `test_doors_for_programs_name…` watches it.
CODED = {
    "uuid", "type", "country", "parent", "groups", "languages", "time_zone", "hours", "holidays",
    "verified_on", "confirmed", "is_coordinating", "contact_points", "parts",
    "members", "holders", "duty", "always_open", "code", "host_country",
    "covered_countries", "status", "postings", "accreditations",
    "latitude", "longitude",
}  # fmt: skip
PEOPLE = {"verified_by", "keeper"}
# Days that are each entry's own; what holds now began long ago, and ends long from now.
DAYS = {
    "review_due": date(2091, 1, 1),
    "since": date(1921, 1, 1),
    "until": date(2131, 1, 1),
    "starts_on": date(1951, 1, 1),
    "ends_on": date(2161, 1, 1),
    "ended_on": date(2191, 1, 1),
}


@dataclass
class Told:
    """The word of a field, the level that reads it, and in which entry it stands."""

    word: str
    name: str
    level: int
    code: str
    searched: bool

    def stands_in(self, shown: str) -> bool:
        return any(word in shown for word in self.word.split("|"))


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
            if name in DAYS:
                values[name] = day = DAYS[name] + timedelta(days=next(self.numbers))
                told = Told(_written(day), f"{table}.{name}", max(lowest, own), code, False)
                self.told.append(told)
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


def _written(day: date) -> str:
    """As files and programs read it, and as people do on pages and at the desk."""
    return f"{day:%Y-%m-%d}|{day.day} {day:%B %Y}|{day:%b}. {day.day}, {day:%Y}"


def neighbours(cast: Cast, partner: Partner) -> None:
    """What it is part of, what is part of it, and its groups, each for one level of readers."""

    def named(what: str, level: int) -> dict[str, object]:
        word = cast.word()
        cast.told.append(Told(word, f"{what}.name", level, partner.code, searched=False))
        return {"name": word, "code": f"{what}-at-{level}"}

    partner.parent = PartnerFactory(visibility=Level.LIAISON, **named("parent", Level.LIAISON))
    partner.save()
    for own in Level:
        PartnerFactory(parent=partner, visibility=own, **named("part", own))
        member = PartnerFactory(visibility=own, **named("member", own))
        group = GroupFactory(organisation=partner, name=f"Members {own:d}")
        GroupMembership.objects.create(group=group, partner=member)
        # The name of a group tells of the organisation whose members these are.
        group = GroupFactory(organisation=PartnerFactory(visibility=own), **named("group", own))
        GroupMembership.objects.create(group=group, partner=partner)
    gone = PartnerFactory(ended_on=date(2020, 1, 1), **named("gone", 9))
    GroupMembership.objects.create(group=group, partner=gone)
    GroupMembership.objects.create(group=GroupFactory(organisation=partner), partner=gone)


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
    if own == Level.PUBLIC:
        neighbours(cast, partner)
    desks(cast, own, code, partner=partner)
    return partner


def desks(cast: Cast, own: Level, code: str, **owner: object) -> None:
    """A desk of each visibility that somebody holds, and that somebody held."""
    for visibility in Level if own == Level.PUBLIC else [Level.PUBLIC]:
        floor = max(own, visibility)
        told = cast.fill("contactpoint", ContactPoint, floor, code)
        point = ContactPoint.objects.create(visibility=visibility, duty="drugs", **owner, **told)
        Holder.objects.create(contact_point=point, **cast.fill("holder", Holder, floor, code))
        over = cast.word()
        cast.told.append(Told(over, "holder.past", 9, code, searched=False))
        yesterday = timezone.localdate() - timedelta(days=1)
        Holder.objects.create(contact_point=point, name=over, since=yesterday, until=yesterday)


def post_entry(cast: Cast, own: Level, kind: str) -> Post:
    """A post of this visibility, somebody there, somebody still to come, and its desks."""
    code, today = f"canary-{kind}-{own:d}", timezone.localdate()
    values = cast.fill("post", Post, own, code)
    shipped = cast.word()
    cast.told.append(Told(shipped, "post.shipped", 9, code, searched=False))
    post = PostFactory(
        code=code, type=kind, visibility=own, shipped=shipped, latitude=1, longitude=103, **values
    )
    Coverage.objects.create(post=post, country="NZ")
    there = Posting.objects.create(post=post, **cast.fill("posting", Posting, own, code))
    asked = date(1981, 1, 1) + timedelta(days=next(cast.numbers))
    level = max(FIELDS["posting"]["accreditations"], own)
    told = Told(_written(asked), "posting.accreditations", level, code, searched=False)
    cast.told.append(told)
    there.accreditations.create(country="NZ", kind="host", asked_on=asked)
    later = cast.word()
    cast.told.append(Told(later, "posting.later", 9, code, searched=False))
    Posting.objects.create(post=post, name=later, starts_on=today + timedelta(days=9))
    desks(cast, own, code, post=post)
    return post


@pytest.fixture
def cast():
    cast = Cast()
    partners = [entry(cast, own) for own in Level]
    search.keep(partners=[partner.pk for partner in partners])
    return cast


@pytest.fixture
def posted():
    cast = Cast()
    posts = [post_entry(cast, own, kind) for own in Level for kind in PostType.values]
    search.keep(posts=[post.pk for post in posts])
    return cast


def words(cast: Cast) -> list[Told]:
    """What can be typed; a day is no word."""
    return [one for one in cast.told if "|" not in one.word]


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


def post_doors(client: Client) -> dict[str, str]:
    """Everything that tells of posts."""
    codes = [f"canary-{kind}-{own:d}" for own in Level for kind in PostType.values]
    points = ContactPoint.objects.values_list("uuid", flat=True)
    addresses = {
        "list": ["/partners/posts/"],
        "finder": ["/partners/posts/?country=NZ"],
        "map": ["/partners/posts/map/"],
        "page": [f"/partners/posts/{code}/" for code in codes],
        "contact card": [f"/partners/contacts/{uuid}/card.vcf" for uuid in points],
        "directory": ["/partners/", "/partners/?country=NZ", "/partners/api/partners/"],
        "api": [f"/partners/api/posts/{code}/" for code in codes],
        "api list": ["/partners/api/posts/"],
        "posts.csv": ["/partners/download/posts.csv"],
        "post-contacts.csv": ["/partners/download/post-contacts.csv"],
        "card": [f"/partners/posts/{code}/card.vcf" for code in codes],
        "files": ["/partners/download/partners.csv", "/partners/download/contacts.csv"],
        "question": ["/partners/enquiries/ask/", *(f"/partners/posts/{c}/ask/" for c in codes)],
    }
    return {
        name: "\n".join(body(client, address) for address in found)
        for name, found in addresses.items()
    }


NEIGHBOURS = {"parent", "part", "member", "group"}
# Door → the tables whose fields all stand behind it.
COMPLETE = {
    "list": {"part", "member", "group"},
    "page": {"partner", "contactpoint", "holder", *NEIGHBOURS},
    "api": {"partner", "contactpoint", "holder", *NEIGHBOURS},
    "api list": {"partner", "contactpoint", "holder", *NEIGHBOURS},
    "partners.csv": {"partner"},
    "contacts.csv": {"contactpoint"},
}


@pytest.mark.parametrize("kind", READERS)
def test_every_door_shows_what_the_table_allows_and_no_more(cast, kind):
    client, level = reader(kind)
    for door, shown in doors(client).items():
        too_much = [one.name for one in cast.told if one.stands_in(shown) and one.level > level]
        assert too_much == [], (kind, door)
        missing = [
            one.name
            for one in cast.told
            if not one.stands_in(shown)
            and one.level <= level
            and one.name.split(".")[0] in COMPLETE.get(door, ())
        ]
        assert missing == [], (kind, door)


@pytest.mark.parametrize("kind", READERS)
def test_search_finds_by_what_the_table_allows_and_by_nothing_else(cast, kind):
    _client, level = reader(kind)
    for one in words(cast):
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
    told = {one.name for one in cast.told if one.stands_in(shown) and level < one.level <= 3}
    assert told == set(), kind


ALL_OF = {table: {f"{table}.{name}" for name in FIELDS[table]} for table in FIELDS}
WHOLE_POST = ALL_OF["post"] | ALL_OF["posting"] | ALL_OF["contactpoint"] | ALL_OF["holder"]
# A line of a file and a business card tell who it is, and no days.
NAMED = {table: ALL_OF[table] - {f"{table}.{name}" for name in (*DAYS, "accreditations")}
         for table in ("posting", "holder")}  # fmt: skip
# The cities of posts are all that the map has of them; the list adds title and mailbox.
POSTS_COMPLETE = {
    "page": WHOLE_POST,
    "api": WHOLE_POST,
    "api list": WHOLE_POST,
    "posts.csv": ALL_OF["post"] | NAMED["posting"],
    "post-contacts.csv": ALL_OF["contactpoint"] | NAMED["holder"],
    "card": {"post.city", "post.mission", "post.title", "post.email", "post.phone",
             "post.services"} | NAMED["posting"] | NAMED["holder"],
    "directory": {"post.city", "post.title"},
    "list": {"post.city", "post.title", "post.email"},
    "finder": {"post.city", "post.title"},
    "map": {"post.city"},
}  # fmt: skip


@pytest.mark.parametrize("kind", READERS)
def test_every_door_of_posts_shows_what_the_table_allows_and_no_more(posted, kind):
    client, level = reader(kind)
    for door, shown in post_doors(client).items():
        too_much = [one.name for one in posted.told if one.stands_in(shown) and one.level > level]
        assert too_much == [], (kind, door)
        missing = [
            one.name
            for one in posted.told
            if not one.stands_in(shown)
            and one.level <= level
            and one.name in POSTS_COMPLETE.get(door, ())
        ]
        assert missing == [], (kind, door)


@pytest.mark.parametrize("kind", READERS)
def test_posts_are_found_by_what_the_table_allows_and_by_nothing_else(posted, kind):
    _client, level = reader(kind)
    for one in words(posted):
        found = search.matching(Post.objects.visible_at(level), one.word, level, of="post")
        expected = {one.code} if one.searched and one.level <= level else set()
        assert set(found.values_list("code", flat=True)) == expected, (kind, one.name)


@pytest.mark.parametrize("kind", ["visitor", "firm", "liaison_officer"])
def test_search_for_a_post_behind_every_door_is_the_same(posted, kind):
    client, level = reader(kind)
    # One word of each level, of the post that everybody finds.
    mine = {one.level: one for one in posted.told if one.code == "canary-attache-0"}
    for one in (mine[number] for number in Level if number in mine):
        for door in (
            "/partners/",
            "/partners/api/posts/",
            "/partners/download/posts.csv",
            "/partners/download/post-contacts.csv",
        ):
            found = "canary-attache-0" in body(client, f"{door}?q={one.word}")
            assert found == (one.searched and one.level <= level), (door, one.name)


@pytest.mark.parametrize("kind", [kind for kind in READERS if kind in StaffRole.values])
def test_desk_shows_an_officer_no_more_of_posts_than_the_pages_do(posted, kind):
    client, level = reader(kind)
    posts = Post.objects.values_list("pk", flat=True)
    addresses = ["/admin/partners/post/", "/admin/partners/posting/"]
    addresses += ["/admin/partners/contactpoint/", "/admin/partners/post/timeline/"]
    addresses += [f"/admin/partners/post/{pk}/{page}/" for pk in posts for page in DESK_PAGES]
    for table in (Posting, ContactPoint):
        keys = table.objects.values_list("pk", flat=True)
        addresses += [f"/admin/partners/{table._meta.model_name}/{pk}/change/" for pk in keys]
    shown = "".join(body(client, address) for address in addresses)
    told = {one.name for one in posted.told if one.stands_in(shown) and level < one.level <= 3}
    assert told == set(), kind
    assert (kind in ("liaison_officer", "supervisor")) == ("qj" in shown)


DESK_PAGES = ("change", "timeline", "edit")


def test_card_of_a_desk_goes_with_its_post(posted, client):
    point = ContactPoint.objects.filter(post__code="canary-attache-0", visibility=0).get()
    address = f"/partners/contacts/{point.uuid}/card.vcf"
    assert client.get(address).status_code == 200
    Post.objects.filter(pk=point.post_id).update(status="closed")
    assert client.get(address).status_code == 404


# Columns that stand in no table of fields: no door shows what is in them.
NOBODYS = {
    Partner: "id uuid visibility version changed_at changed_by shipped created_at",
    ContactPoint: "id visibility version changed_at changed_by partner post created_at ended_at",
    Holder: "id uuid contact_point erased_at",
    Post: "id uuid visibility version changed_at changed_by shipped created_at",
    Posting: "id uuid post user successor handed_over_at ended_at ended_by called_off_at warned "
    "version",
}


def test_every_field_of_the_directory_was_read(cast, posted):
    """A new field stands in the table, or is one of those that nobody reads."""
    read = {one.name for one in (*cast.told, *posted.told)}
    for table, names in FIELDS.items():
        assert {f"{table}.{name}" for name in names if name not in CODED} <= read
    for model, nobodys in NOBODYS.items():
        columns = {one.name for one in model._meta.get_fields() if one.concrete}
        decided = set(FIELDS[model._meta.model_name])
        assert columns - decided == set(nobodys.split()), model


BESIDE = {"contact_points": "contactpoint", "holders": "holder", "postings": "posting"}


def names_as_the_table_does(told: dict, table: str, level: Level, *more: str) -> None:
    assert list(told) == [*more, *fields(table, level)], (table, level)
    for name, inner in BESIDE.items():
        for one in told.get(name, ()):
            names_as_the_table_does(one, inner, level)


@pytest.mark.parametrize("kind", ["visitor", "firm", "triage_officer", "liaison_officer"])
def test_doors_for_programs_name_the_fields_of_the_table_and_no_others(cast, posted, kind):
    """Codes, numbers and lists have no word of their own; programs get them by their name."""
    client, level = reader(kind)
    for table, code, path in (
        ("partner", "canary-0", "partners"),
        ("post", "canary-attache-0", "posts"),
    ):
        told = client.get(f"/partners/api/{path}/{code}/").json()
        names_as_the_table_does(told, table, level, "url")
        listed = client.get(f"/partners/api/{path}/").json()[path]
        names_as_the_table_does(listed[0], table, level, "url")
        head = body(client, f"/partners/download/{path}.csv").lstrip("\ufeff").splitlines()[0]
        head = head.replace('"', "")
        seen = fields(table, level)
        assert [name for name in head.split(",") if not name.startswith("posting_")] == [
            name for name in seen if name not in {*NO_COLUMN, "postings"}
        ]
        assert ("posting_name" in head) == ("postings" in seen)


@postgresql
def test_site_reads_no_person_and_nothing_that_only_officers_see(roles, cast):
    with acting_as("site"):
        for kind_level in (Level.PUBLIC, Level.PARTNER):
            found = search.matching(directory.entries(kind_level), "canary", kind_level)
            list(found)
        assert set(Partner.objects.values_list("visibility", flat=True)) == {0, 1}
        assert set(ContactPoint.objects.values_list("visibility", flat=True)) == {0, 1}
        words = set(search.SearchKey.objects.values_list("text", flat=True))
    assert not {one.word for one in cast.told if one.level > Level.PARTNER} & words


CLOSED_TO_THE_SITE = {
    Partner: "note source is_coordinating keeper verified_by review_due version shipped",
    ContactPoint: "note keeper verified_by review_due changed_by",
    Post: "note source counterparts keeper verified_by review_due version",
    Group: "source shipped",
    GroupMembership: "source shipped",
    Notice: "written_by approved_by",
}


@postgresql
def test_site_reads_no_column_of_the_desk(roles, posted):
    for table, names in CLOSED_TO_THE_SITE.items():
        for name in names.split():
            with acting_as("site"), pytest.raises(ProgrammingError), transaction.atomic():
                table.objects.values_list(name).first()


@postgresql
def test_site_knows_no_country_and_no_group_of_a_closed_entry(roles):
    closed = PostFactory(visibility=Level.LIAISON), PartnerFactory(visibility=Level.LIAISON)
    Coverage.objects.create(post=closed[0], country="FJ")
    GroupMembership.objects.create(partner=closed[1], group=GroupFactory())
    with acting_as("site"):
        assert not Coverage.objects.filter(country="FJ").exists()
        assert not GroupMembership.objects.values("pk").exists()


@postgresql
def test_pages_are_answered_by_the_role_of_the_site(roles, cast):
    visitor, firm = Client(), reader("firm")[0]
    with acting_as("site"):
        for client in (visitor, firm):
            assert all(doors(client)[door] for door in COMPLETE)


@postgresql
def test_pages_of_posts_are_answered_by_the_role_of_the_site(roles, posted):
    visitor, firm = Client(), reader("firm")[0]
    with acting_as("site"):
        for client in (visitor, firm):
            assert all(post_doors(client)[door] for door in POSTS_COMPLETE)
