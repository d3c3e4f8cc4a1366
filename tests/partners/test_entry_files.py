"""Files in and out of the directory: compared first, then all of it or nothing."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import cards, search, sheets, vcards
from partners.actions import applying, contacts, exporting, files, keeping, partners, posts
from partners.file_records import MOST_BYTES, Unreadable
from partners.forms.posts import PostForm
from partners.lifecycle import PostStatus
from partners.models import (
    ContactPoint,
    Coverage,
    DirectoryImport,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    SecureChannel,
)
from portal import files as kept
from portal import outbox
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, OutboxMessage
from tests.factories import UserFactory
from tests.partners import file_flows
from tests.partners.factories import (
    ContactPointFactory,
    GroupFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
)
from tests.partners.file_flows import NotApplied, apply
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
HEAD = "record,code,id,version,name,type,country,duty,mailbox,telephone,hours,note\n"


@pytest.fixture
def officer():
    return UserFactory(liaison_officer=True, name="Sofia Marino")


def compare(text: str | bytes, by, **belongs) -> DirectoryImport:
    data = text if isinstance(text, bytes) else text.encode()
    batch = file_flows.compare(data, by, **belongs)
    batch.refresh_from_db()
    return batch


def table(by) -> list[dict[str, str]]:
    text = "".join(exporting.export_table(by=by)).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_text(rows: list[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def content() -> list[object]:
    """Everything the directory says, versions as well."""
    tables = (Partner, ContactPoint, Holder, Group, GroupMembership, SecureChannel, Post, Coverage)
    return [list(model.objects.order_by("pk").values()) for model in tables]


AWKWARD = {
    "name": "=HYPERLINK(1)",
    "local_name": 'Ελληνική, «ΑΑΔΕ»; "x"',
    "about": "Two\nlines\\n, and; more",
    "note": "'=1+1",
    "area": "-5 \\, degrees",
    "hours": {"0": [["08:00", "12:00"], ["13:00", "16:30"]], "6": [["09:00", "10:00"]]},
    "languages": ["en", "el"],
    "is_coordinating": True,
    "holidays": "GR",
}


HOURS = {"hours": {"0": [["08:00", "12:00"]]}, "languages": ["en", "ms"], "holidays": "SG"}


@pytest.fixture
def directory():
    """A partner with everything, one with nothing, a post, and people."""
    full = PartnerFactory(code="customs:GR", country="GR", **AWKWARD)
    PartnerFactory(code="bare", name="Bare", country="", languages=[], time_zone="", parent=full)
    point = ContactPointFactory(
        partner=full,
        name="Desk; of, commas\\",
        phone="+30 21 555",
        note="=1\nsecond; line, with\\all",
        languages=["en", "fr"],
    )
    ContactPointFactory(partner=full, duty="drugs", email="", always_open=True)
    ContactPointFactory(partner=None, post=PostFactory())
    HolderFactory(contact_point=point, name="Eleni; Papa", title="Head, of", direct_line="+30 1")
    SecureChannel.objects.create(partner=full, name="CENcomm", reference="=desk 7")
    club = GroupFactory(code="CLUB", name="Club", about="One\ntwo")
    GroupMembership.objects.create(group=club, partner=full, since=date(1981, 1, 1))
    singapore = PostFactory(
        code="singapore", city="Singapore", host_country="SG", time_zone="Asia/Singapore",
        latitude="1.352", longitude="103.820", portfolio="-a\nb", **HOURS,
    )  # fmt: skip
    for country in ("SG", "NZ"):
        Coverage.objects.create(post=singapore, country=country)
    return full


# --- Out and in again -----------------------------------------------------------------------


def test_a_table_sent_back_changes_nothing(officer, directory):
    before = content()
    batch = compare("".join(exporting.export_table(by=officer)), officer)
    assert (batch.changes, batch.errors) == ([], [])
    assert batch.counts["same"] == 11
    with pytest.raises(DomainError, match="changes nothing"):
        apply(batch, officer)
    assert content() == before


@pytest.mark.parametrize("version", ["4.0", "3.0"])
def test_cards_sent_back_change_nothing(officer, directory, version):
    before = content()
    text = "".join(exporting.export_cards(version=version, by=officer))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    batch = compare(text, officer)
    assert (batch.changes, batch.errors) == ([], [])
    assert batch.counts["same"] == 4
    assert content() == before


NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@';,\\\"\n"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, note=NAMES)
def test_any_text_comes_back_as_it_went(officer, name, note):
    with transaction.atomic():
        PartnerFactory(name=name, note=note)
        ContactPointFactory(name=name, note=note, languages=["en"])
        for text in (
            "".join(exporting.export_table(by=officer)),
            "".join(exporting.export_cards(version="4.0", by=officer)),
        ):
            batch = compare(text, officer)
            assert (batch.changes, batch.errors) == ([], [])
        transaction.set_rollback(True)


def test_an_exported_table_runs_no_formula(officer, directory):
    for row in table(officer):
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@"))


def test_an_export_is_recorded_as_disclosed_and_refused_to_others(officer):
    list(exporting.export_cards(version="3.0", by=officer))
    event = AuditEvent.objects.get(event="directory_exported")
    assert (event.kind, event.facts) == ("disclosure", {"form": "vcard 3.0"})
    for role in ("supervisor", "triage_officer", "system_administrator"):
        with pytest.raises(NotAllowed):
            exporting.export_table(by=UserFactory(**{role: True}))


# --- Differences ----------------------------------------------------------------------------


def test_a_changed_row_is_shown_field_by_field_and_applied(officer, directory):
    rows = table(officer)
    (row,) = [one for one in rows if one["telephone"] == "'+30 21 555"]
    row["telephone"], row["hours"] = "+30 99", "Mon-Fri 08:00-16:00"
    batch = compare(as_text(rows), officer)
    (change,) = batch.changes
    assert change["kind"] == "changed"
    assert change["changes"] == [
        ["Telephone", "+30 21 555", "+30 99"],
        ["Hours", "", "Mon-Fri 08:00-16:00"],
    ]
    apply(batch, officer)
    contact = ContactPoint.objects.get(pk=change["pk"])
    assert (contact.phone, contact.hours["0"]) == ("+30 99", [["08:00", "16:00"]])
    assert contact.version == 2
    batch.refresh_from_db()
    assert (batch.state, batch.changes) == ("applied", [])


def test_new_partners_and_their_contact_points_are_added_together(officer):
    text = (
        HEAD
        + "contact,customs:NZ,,,,,,general,desk@customs.example,'+64 4 1,Mon-Fri 08:00-16:00,\n"
        + "partner,customs:NZ,,,New Zealand Customs,customs,NZ,,,,,\n"
    )
    batch = compare(text, officer)
    assert batch.errors == []
    apply(batch, officer)
    contact = ContactPoint.objects.get()
    assert (contact.partner.code, contact.phone) == ("customs:NZ", "+64 4 1")
    with pytest.raises(AlreadyDone):
        apply(batch, officer)


WRONG = {
    "partner,x,,,,customs,NZ,,,,,": "Name in English",
    "partner,x,,,X,nonsense,NZ,,,,,": "nonsense",
    "partner,x,,,X,customs,Nowhere,,,,,": "Country",
    "partner,x,,,X,customs,NZ,,,,always,": "not understood",
    "partner,x,,,X,customs,NZ,drugs,,,,": "has to be empty",
    "partner,x,,one,X,customs,NZ,,,,,": "version",
    "partner,x y,,,X,customs,NZ,,,,,": "letters, digits",
    "partner,,,,X,customs,NZ,,,,,": "code is missing",
    "other,x,,,X,customs,NZ,,,,,": "“partner”, “contact”",
    "contact,nobody,,,,,,general,,,,": "no partner of the code",
    "contact,here,,,,,,general,not-an-address,,,": "Mailbox",
    "contact,here,,,,,,general,,call me,,": "Telephone",
    "contact,here,,,,,,,,,,": "Duty",
    "contact,gone,,,,,,general,,,,": "has ended",
    "partner,gone,,,Changed,,,,,,,": "has ended",
    "partner,here,,,X,customs,NZ,,,,,,more": "more cells",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_named_in_words_and_stops_the_file(officer, line):
    PartnerFactory(code="here")
    PartnerFactory(code="gone", ended_on=timezone.localdate())
    good = "partner,good,,,Good,customs,NZ,,,,,\n"
    batch = compare(HEAD + good + line + "\n", officer)
    (first, *_more) = batch.errors
    assert first[0] == 3
    assert WRONG[line] in first[1]
    with pytest.raises(DomainError, match="wrong"):
        apply(batch, officer)
    assert not Partner.objects.filter(code="good").exists()


def test_the_same_entry_twice_is_wrong(officer):
    line = "partner,x,,,X,customs,NZ,,,,,\n"
    batch = compare(HEAD + line + line.replace("x,", "X,", 1), officer)
    assert batch.errors == [[3, "The same entry stands in line 2 already."]]


UNREADABLE = {
    b"": "empty",
    b"\xef\xbb\xbf \r\n": "empty",
    b"PK\x03\x04": "office document",
    b"record;code\r\npartner;\xe9": "UTF-8",
    b"record,code\r\na\x00b": "no text file",
    b"name,code\nx,y\n": "name the columns",
    b"record,code,colour\nx,y,z\n": "colour",
    b"record,code,code\nx,y,z\n": "twice",
    b"record,code\n": "no rows",
    b'record,code\n"partner,x\n': "quotation mark",
    b"BEGIN:VCARD\nEND:VCARD\nstray\n": "belongs to no card",
    b"x" * (MOST_BYTES + 1): "larger",
}


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: data[:20])
def test_a_file_that_cannot_be_read_is_refused_in_words(officer, data):
    with pytest.raises(Unreadable, match=UNREADABLE[data]):
        compare(data, officer)
    assert not DirectoryImport.objects.exists()


# --- Edited meanwhile -----------------------------------------------------------------------


def test_a_row_edited_since_the_export_is_shown_and_not_applied(officer, directory):
    rows = table(officer)
    partners.change_partner(partner=directory, values={"area": "theirs"}, version=1, by=officer)
    (row,) = [one for one in rows if one["code"] == "customs:GR" and one["record"] == "partner"]
    row["area"] = "mine"
    batch = compare(as_text(rows), officer)
    (change,) = batch.changes
    assert change["kind"] == "conflict"
    assert ["Area it covers", "theirs", "mine"] in change["changes"]
    with pytest.raises(DomainError, match="edited since"):
        apply(batch, officer)
    # With the present version in the row the editor says: yes, over theirs.
    row["version"] = "2"
    apply(compare(as_text(rows), officer), officer)
    directory.refresh_from_db()
    assert directory.area == "mine"


def test_an_entry_edited_between_comparison_and_applying_stops_all_of_it(officer, directory):
    rows = table(officer)
    for row in rows:
        row["note"] = "from the file" if row["record"] in ("partner", "contact") else row["note"]
    batch = compare(as_text(rows), officer)
    assert len(batch.changes) == 5
    other = UserFactory(liaison_officer=True, name="Pieter Vos")
    bare = Partner.objects.get(code="bare")
    keeping.confirm_entry(entry=bare, by=other)
    before = content()
    with pytest.raises(NotApplied, match=r"Line [0-9]+: “Bare” was edited by Pieter Vos"):
        apply(batch, officer)
    assert content() == before


def test_what_fails_in_the_middle_leaves_nothing_behind(officer):
    text = HEAD + "partner,one,,,One,customs,NZ,,,,,\npartner,two,,,Two,customs,NZ,,,,,\n"
    batch = compare(text, officer)
    partners.add_partner(code="TWO", values={"name": "Other"}, by=officer)
    with pytest.raises(DomainError, match=r"Line 3: .*taken"):
        apply(batch, officer)
    assert not Partner.objects.filter(code="one").exists()


def test_a_file_that_could_not_be_applied_names_every_line_and_is_compared_anew(client, officer):
    """Somebody edits both entries meanwhile: the file is kept, and applied in the second run."""
    for code in ("one", "two"):
        PartnerFactory(code=code)
    rows = "record,code,area\npartner,one,mine\npartner,two,mine\n"
    batch = compare(rows, officer)
    for partner in Partner.objects.all():
        keeping.confirm_entry(entry=partner, by=officer)
    with pytest.raises(NotApplied):
        apply(batch, officer)
    assert [line for line, _said in batch.errors] == [2, 3]
    assert kept.exists(batch.path)
    assert AuditEvent.objects.filter(event="directory_file_refused").count() == 1
    desk = at_the_desk(client, officer)
    page = desk.get(reverse("admin:partners_directoryimport_change", args=[batch.pk]))
    assert "Line 3" in page.content.decode()
    compare_anew = reverse("admin:partners_directoryimport_compare", args=[batch.pk])
    assert "being compared" in desk.post(compare_anew, follow=True).content.decode()
    outbox.deliver_open()
    assert "Apply all of it" in desk.get(page.request["PATH_INFO"]).content.decode()
    batch.refresh_from_db()
    apply(batch, officer)
    assert set(Partner.objects.values_list("area", flat=True)) == {"mine"}


def test_a_file_runs_twice_and_is_applied_once(officer):
    batch = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    apply(batch, officer)
    applying.apply_file(batch=batch)
    assert AuditEvent.objects.filter(event="partner_added").count() == 1
    assert AuditEvent.objects.get(event="directory_file_applied").actor == f"user:{officer.pk}"


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_applies_it(
    officer, monkeypatch
):
    batch = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    files.confirm_file(batch=batch, by=officer)

    def die(**ids) -> None:
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(search, "keep", die)
        outbox.deliver_open()
    batch.refresh_from_db()
    assert (batch.state, Partner.objects.count()) == ("applying", 0)
    OutboxMessage.objects.update(available_at=timezone.now())
    outbox.deliver_open()
    batch.refresh_from_db()
    assert (batch.state, Partner.objects.count()) == ("applied", 1)


def test_whoever_confirmed_and_lost_the_role_changes_nothing(officer):
    batch = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    files.confirm_file(batch=batch, by=officer)
    officer.grants.update(revoked_at=timezone.now())
    applying.apply_file(batch=batch)
    batch.refresh_from_db()
    assert (batch.state, Partner.objects.count()) == ("refused", 0)


def test_a_file_that_no_worker_finishes_is_told_plainly_and_kept(officer):
    batch = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    files.confirm_file(batch=batch, by=officer)
    assert files.refuse_stuck() == 0
    ago = timezone.now() - files.STUCK - timedelta(minutes=1)
    DirectoryImport.objects.update(decided_at=ago)
    assert files.refuse_stuck() == 1
    outbox.deliver_open()
    batch.refresh_from_db()
    assert (batch.state, Partner.objects.count()) == ("refused", 0)
    assert "No worker could finish" in batch.errors[0][1]
    assert "could not be applied" in mail.outbox[0].subject


def test_a_file_that_no_worker_compares_is_told_plainly(officer):
    text = HEAD + "partner,one,,,One,customs,NZ,,,,,\n"
    told = {"file_name": "l.csv", "partner": None, "duty": "", "by": officer}
    batch = files.send_file(data=text.encode(), **told)
    assert files.refuse_stuck() == 0
    DirectoryImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=2))
    assert files.refuse_stuck() == 1
    batch.refresh_from_db()
    assert (batch.state, len(batch.errors)) == ("compared", 1)
    assert "No worker could compare this file" in batch.errors[0][1]


def test_a_file_dropped_while_it_waits_is_not_compared(officer):
    text = HEAD + "partner,one,,,One,customs,NZ,,,,,\n"
    told = {"file_name": "l.csv", "partner": None, "duty": "", "by": officer}
    batch = files.send_file(data=text.encode(), **told)
    files.drop_file(batch=batch, by=officer)
    outbox.deliver_open()
    batch.refresh_from_db()
    assert (batch.state, batch.changes) == ("dropped", [])


def test_a_kept_file_goes_when_it_is_applied_or_dropped(
    officer, django_capture_on_commit_callbacks
):
    one, two = (compare(HEAD + f"partner,{code},,,One,customs,NZ,,,,,\n", officer) for code in "ab")
    assert kept.exists(one.path)
    assert kept.exists(two.path)
    with django_capture_on_commit_callbacks(execute=True):
        apply(one, officer)
        files.drop_file(batch=two, by=officer)
    assert not kept.exists(one.path)
    assert not kept.exists(two.path)


def test_drop_a_file_forgets_what_it_said(officer):
    batch = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    files.drop_file(batch=batch, by=officer)
    batch.refresh_from_db()
    assert (batch.state, batch.changes, batch.errors) == ("dropped", [], [])
    with pytest.raises(AlreadyDone):
        apply(batch, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        DirectoryImport.objects.update(changes=[{"line": 1}])


def test_a_file_that_nobody_decided_on_is_dropped(officer):
    old = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    new = compare(HEAD + "partner,two,,,Two,customs,NZ,,,,,\n", officer)
    DirectoryImport.objects.filter(pk=old.pk).update(
        uploaded_at=timezone.now() - files.ABANDONED - timedelta(hours=1)
    )
    assert files.drop_abandoned() == 1
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state) == ("dropped", "compared")


# --- Holders, groups, memberships, channels and posts ---------------------------------------


def test_every_kind_of_row_is_changed_by_one_table(officer, directory):
    rows = table(officer)
    told = {
        "holder": {"title": "Deputy"},
        "group": {"name": "The club"},
        "membership": {"until": "2026-03-31"},
        "channel": {"reference": "desk 8"},
        "post": {"city": "Singapore City", "covers": "SG, ID, MY"},
    }
    mine = ("customs:GR", "CLUB", "singapore")
    rows = [one for one in rows if one["record"] in told and one["code"] in mine]
    for row in rows:
        row.update(told[row["record"]])
    batch = compare(as_text(rows), officer)
    assert batch.errors == []
    assert {one["table"] for one in batch.changes} == set(told)
    apply(batch, officer)
    assert Holder.objects.get().title == "Deputy"
    assert Group.objects.get().name == "The club"
    assert GroupMembership.objects.get().until == date(2026, 3, 31)
    assert SecureChannel.objects.get().reference == "desk 8"
    post = Post.objects.get(code="singapore")
    assert post.city == "Singapore City"
    open_ended = post.coverages.filter(until=None).values_list("country", flat=True)
    assert set(open_ended) == {"SG", "ID", "MY"}


ALL = (
    "record,code,id,version,name,type,country,duty,title,group,since,until,reference,city,"
    "host country,time zone,covers\n"
)


def test_every_kind_of_row_is_added_by_one_table(officer):
    text = ALL + (
        "membership,new,,,,,,,,CLUB,2024-01-01,,,,,,\n"
        "channel,new,,,SIENA,,,,,,,,box 1,,,,\n"
        "contact,new,,,Desk,,,general,,,,,,,,,\n"
        'post,perth,,,,attache,,,,,,,,Perth,AU,Australia/Perth,"NZ,AU"\n'
        "group,CLUB,,,Club,,,,,,,,,,,,\n"
        "partner,new,,,New,customs,NZ,,,,,,,,,,\n"
    )
    apply(compare(text, officer), officer)
    holder = ALL + "holder,new,,,Mere Tane,,,general,Head,,,,,,,,\n"
    apply(compare(holder, officer), officer)
    partner = Partner.objects.get()
    assert partner.group_memberships.get().since == date(2024, 1, 1)
    assert partner.channels.get().reference == "box 1"
    assert Holder.objects.get().contact_point.partner == partner
    covers = Post.objects.get(code="perth").coverages.values_list("country", flat=True)
    assert set(covers) == {"AU", "NZ"}


WRONG_ROWS = {
    "membership,here,,,,,,,,NONE,,,,,,,": "no group",
    "membership,none,,,,,,,,CLUB,,,,,,,": "no partner",
    "membership,here,,,,,,,,CLUB,2020-01-01,,,,,,": "on that day already",
    "membership,here,,,,,,,,CLUB,,1980-13-01,,,,,": "days like",
    "membership,here,,,,,,,,CLUB2,2020-01-02,2020-01-01,,,,,": "before it began",
    "channel,here,,,,,,,,,,,x,,,,": "Channel",
    "group,a b,,,X,,,,,,,,,,,,": "Code",
    "post,map,,,,attache,,,,,,,,X,NZ,UTC,": "Another post",
    "post,x1,,,,attache,,,,,,,,,NZ,UTC,": "City",
    "post,x1,,,,attache,,,,,,,,X,NZ,UTC,QQ": "no code of a country",
    "post,x1,,,,strategic,,,,,,,,X,NZ,UTC,": "strategic post",
    "post,x1,,,,attache,,general,,,,,,X,NZ,UTC,": "has to be empty",
    "holder,here,,,X,,,aeo,,,,,,,,,": "no contact point",
    "holder,here,,,,,,general,,,,,,,,,": "Name",
}


@pytest.mark.parametrize("line", WRONG_ROWS)
def test_a_wrong_row_of_any_kind_is_named_in_words(officer, line):
    here = ContactPointFactory(partner__code="here").partner
    GroupMembership.objects.create(group=GroupFactory(code="CLUB"), partner=here)
    GroupFactory(code="CLUB2")
    (first, sentence), *_more = compare(ALL + line + "\n", officer).errors
    assert first == 2
    assert WRONG_ROWS[line] in sentence


def test_rows_edited_between_comparison_and_applying_stop_all_of_it(officer, directory):
    other = UserFactory(liaison_officer=True, name="Pieter Vos")
    post, group = Post.objects.get(code="singapore"), Group.objects.get()
    edits = {
        "post": lambda: posts.cover(post=post, country="MY", since=timezone.localdate(), by=other),
        "group": lambda: partners.change_group(
            group=group, name="Theirs", about="", version=group.fingerprint, by=other
        ),
        "channel": lambda: keeping.confirm_entry(entry=directory, by=other),
    }
    for kind, edit in edits.items():
        rows = [one for one in table(officer) if one["record"] == kind]
        row = next(one for one in rows if one["code"] in ("singapore", "CLUB", directory.code))
        row.update({"city": "Mine"} if kind == "post" else {"name": "Mine"})
        if kind == "channel":
            row.update({"name": "CENcomm", "reference": "mine"})
        batch = compare(as_text([row]), officer)
        assert [one["table"] for one in batch.changes] == [kind]
        edit()
        before = content()
        with pytest.raises(NotApplied, match="was edited by"):
            apply(batch, officer)
        assert content() == before
        (change,) = compare(as_text([row]), officer).changes
        assert change["kind"] == "conflict"


# --- As at the desk -------------------------------------------------------------------------


def post_row(officer, post: Post, **told) -> list[dict[str, str]]:
    (row,) = [one for one in table(officer) if one["code"] == post.code]
    return [{**row, **told}]


def test_a_post_as_the_desk_may_type_it_goes_out_and_its_city_comes_back(officer):
    spans = [[f"{hour:02}:00", f"{hour:02}:30"] for hour in range(8, 14)]
    post = PostFactory(note="n" * 4900, hours={"0": spans}, holidays="SG")
    batch = compare(as_text(post_row(officer, post, city="Nelson")), officer)
    assert batch.errors == []
    apply(batch, officer)
    post.refresh_from_db()
    assert (post.city, post.hours["0"], post.holidays) == ("Nelson", spans, "SG")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"holidays of": "AQ"}, "Keeps the holidays of"),
        ({"telephone": "call me"}, "Telephone of the post"),
        ({"mailbox": f"{'a' * 250}@customs.example"}, "Mailbox of the post"),
        ({"type": "strategic"}, "Title of the post"),
        ({"latitude": "1.0"}, "Longitude"),
    ],
)
def test_what_the_desk_refuses_of_a_post_a_file_refuses_with_its_line(officer, told, sentence):
    post = PostFactory()
    names = {sheets.HEADINGS[name]: name for name in sheets.OF_POSTS}
    shown = {**PostForm(thing=post).initial, "version": 1}
    typed = {name: value for name, value in shown.items() if value is not None}
    form = PostForm({**typed, **{names[head]: cell for head, cell in told.items()}}, thing=post)
    assert [str(form.fields[name].label) for name in form.errors] == [sentence]
    (line, said), *more = compare(as_text(post_row(officer, post, **told)), officer).errors
    assert (line, said.split(":")[0], more) == (2, sentence, [])


def test_a_partner_that_ended_gets_nothing_by_cards_or_by_its_duty(officer):
    contact = ContactPointFactory(partner__ended_on=timezone.localdate(), partner__code="gone")
    card = CARD.format(version="4.0", name="M")
    holder = ALL + "holder,gone,,,M,,,general,,,,,,,,,\n"
    chosen = {"partner": contact.partner, "duty": "general"}
    for batch in (compare(card, officer, **chosen), compare(holder, officer)):
        assert ["“gone” has ended" in said for _line, said in batch.errors] == [True]
    no_duty = compare(card, officer, partner=PartnerFactory())
    assert "Name a partner and a duty" in no_duty.errors[0][1]
    desk = card.replace("BEGIN:VCARD\r\n", "BEGIN:VCARD\r\nKIND:org\r\n", 1)
    assert "has ended" in compare(desk, officer, **chosen).errors[0][1]


def test_desks_of_a_closed_post_are_in_no_file_and_no_file_changes_them(officer):
    contact = ContactPointFactory(partner=None, post=PostFactory(code="shut"), name="Shut desk")
    HolderFactory(contact_point=contact, name="Mere Tane")
    before = "".join(exporting.export_cards(version="4.0", by=officer))
    assert "Shut desk" in before
    Post.objects.update(status=PostStatus.CLOSED)
    after = "".join(exporting.export_cards(version="4.0", by=officer))
    after += "".join(exporting.export_table(by=officer))
    assert not [name for name in ("Shut desk", "Mere Tane", "shut") if name in after]
    changed = before.replace("Shut desk", "Open desk")
    assert "has ended" in compare(changed, officer).errors[0][1]


# --- What could not be applied, and what ends -------------------------------------------------


def circle(officer):
    above = PartnerFactory(code="above")
    PartnerFactory(code="below", parent=above)
    return "record,code,part of\npartner,above,below\n", "cannot be part of itself"


def covered_later(officer):
    post = PostFactory(code="suva", host_country="FJ", status="vacant")
    post.coverages.create(country="FJ")
    post.coverages.create(country="NZ", since=timezone.localdate() + timedelta(days=9))
    return "record,code,covers\npost,suva,FJ\n", "comes before the first"


def one_desk_too_many(officer):
    partner = PartnerFactory(code="one")
    for _each in range(contacts.MOST):
        ContactPointFactory(partner=partner)
    return "record,code,duty\ncontact,one,drugs\n", "At most 60 contact points"


def posted_still(officer):
    PostFactory(code="suva").postings.create(name="Alma Berg", starts_on=timezone.localdate())
    return "record,code,ended\npost,suva,yes\n", "call off the postings"


@pytest.mark.parametrize("case", [circle, covered_later, one_desk_too_many, posted_still])
def test_what_could_not_be_applied_is_wrong_with_its_line_at_once(officer, case):
    text, sentence = case(officer)
    before = content()
    batch = compare(text, officer)
    ((line, said),) = batch.errors
    assert (line, sentence in said) == (2, True)
    assert content() == before


@pytest.fixture
def ending():
    """One of each kind that a row ends, with somebody who holds a duty of it."""
    partner = PartnerFactory(code="one")
    gone = ContactPointFactory(partner=PartnerFactory(code="gone"))
    joined = GroupMembership.objects.create(group=GroupFactory(), partner=gone.partner)
    desk = ContactPointFactory(partner=partner)
    channel = SecureChannel.objects.create(partner=partner, name="AFIS")
    post = PostFactory(code="suva", host_country="FJ", status="vacant")
    cover = post.coverages.create(country="FJ")
    abroad = ContactPointFactory(partner=None, post=post)
    kept = HolderFactory(contact_point=ContactPointFactory(partner=partner), name="Kept")
    held = [HolderFactory(contact_point=one) for one in (gone, desk, abroad)]
    return gone.partner, joined, desk, channel, post, cover, kept, held


def test_rows_end_what_they_name_as_the_desk_does(officer, ending):
    partner, joined, desk, channel, post, cover, kept_one, held = ending
    day = timezone.localdate()
    rows = table(officer)
    for row in rows:
        if row["code"] == "gone" and row["record"] == "partner":
            row["ended on"] = day.isoformat()
        if row["id"] == str(desk.uuid) or row["record"] in ("channel", "post"):
            row["ended"] = "yes"
        if row["id"] == str(kept_one.uuid):
            row["until"] = day.isoformat()
    batch = compare(as_text(rows), officer)
    assert batch.errors == []
    assert {one["changes"][0][0] for one in batch.changes} == {
        "Ended on", "It has ended", "Until, that day included",
    }  # fmt: skip
    apply(batch, officer)
    for one in (partner, joined, desk, channel, post, cover, kept_one, *held):
        one.refresh_from_db()
    assert (partner.ended_on, joined.until, cover.until) == (day, day, day)
    assert [one.has_ended for one in (desk, channel, post)] == [True] * 3
    assert [one.until for one in (*held, kept_one)] == [day] * 4
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert events >= {
        "partner_ended", "contact_point_ended", "channel_ended", "post_closed", "holder_ended",
    }  # fmt: skip
    assert not any(one["code"] in ("gone", "suva") for one in table(officer))


def test_what_a_file_adds_to_what_it_ends_ends_too(officer):
    contact = ContactPointFactory(partner__code="one")
    GroupFactory(code="CLUB")
    text = (
        "record,code,name,ended on,group,duty\n"
        f"partner,one,{contact.partner.name},2026-01-01,,\n"
        "membership,one,,,CLUB,\n"
        "holder,one,Mere Tane,,,general\n"
    )
    apply(compare(text, officer), officer)
    day, holder = date(2026, 1, 1), Holder.objects.get()
    assert GroupMembership.objects.get().until == day
    assert holder.until == max(day, holder.since)


def test_an_end_to_come_goes_out_and_comes_back_and_is_moved_only(officer):
    day = timezone.localdate() + timedelta(days=30)
    partners.end_partner(partner=PartnerFactory(code="one"), ended_on=day, by=officer)
    rows = table(officer)
    assert [row["ended on"] for row in rows] == [day.isoformat()]
    assert compare(as_text(rows), officer).counts["same"] == 1
    taken_back = compare(as_text([{**rows[0], "ended on": ""}]), officer)
    assert "An end can be moved, and not taken back." in taken_back.errors[0][1]
    later = (day + timedelta(days=9)).isoformat()
    apply(compare(as_text([{**rows[0], "ended on": later}]), officer), officer)
    assert Partner.objects.get().ended_on.isoformat() == later


def test_desks_of_posts_go_out_and_come_back_by_the_table(officer):
    post = PostFactory(code="suva")
    contact = ContactPointFactory(partner=None, post=post, name="Front desk")
    HolderFactory(contact_point=contact, name="Mere Tane")
    rows = [row for row in table(officer) if row["code"] == "suva" and row["record"] != "post"]
    assert [row["record"] for row in rows] == ["contact", "holder"]
    rows[0]["telephone"], rows[1]["title"] = "+679 1", "Head"
    apply(compare(as_text(rows), officer), officer)
    contact.refresh_from_db()
    assert (contact.phone, Holder.objects.get().title) == ("+679 1", "Head")


@pytest.mark.parametrize("column", ["ended on", "ended", "until"])
def test_what_is_new_and_has_ended_is_wrong(officer, column):
    ContactPointFactory(partner__code="one")
    row = {
        "ended on": "partner,two,Two,,2026-01-01",
        "ended": "contact,one,,drugs,yes",
        "until": "holder,one,Mere Tane,general,2026-01-01",
    }[column]
    batch = compare(f"record,code,name,duty,{column}\n{row}\n", officer)
    assert "What is new has not ended" in batch.errors[0][1]


def test_a_row_of_what_is_gone_since_the_export_is_not_added_anew(officer, directory):
    rows = [row for row in table(officer) if row["record"] == "channel"]
    partners.end_channel(channel=SecureChannel.objects.get(), by=officer)
    batch = compare(as_text(rows), officer)
    assert "there no more" in batch.errors[0][1]


# --- Cards ----------------------------------------------------------------------------------

CARD = (
    "BEGIN:VCARD\r\nVERSION:{version}\r\nFN:{name}\r\nN:Tane;Mere;;;\r\n"
    "item1.EMAIL;TYPE=work:mere@customs.example\r\n"
    'TEL;VALUE=uri;TYPE="work,voice":tel:+64-4-1\r\nTITLE:Head of \r\n the desk\r\nEND:VCARD\r\n'
)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_card_from_elsewhere_names_a_holder_of_the_chosen_duty(officer, version):
    contact = ContactPointFactory()
    text = CARD.format(version=version, name="Mere Tane")
    batch = compare(text, officer, partner=contact.partner, duty="general")
    assert batch.errors == []
    apply(batch, officer)
    holder = Holder.objects.get()
    assert (holder.name, holder.title, holder.direct_line) == (
        "Mere Tane",
        "Head of the desk",
        "+64-4-1",
    )
    assert (holder.email, holder.since) == ("mere@customs.example", timezone.localdate())


def test_a_card_of_an_organisation_becomes_a_contact_point(officer):
    partner = PartnerFactory()
    text = "BEGIN:VCARD\nVERSION:4.0\nKIND:org\nFN:Drugs desk\nEMAIL:d@customs.example\nEND:VCARD\n"
    batch = compare(text, officer, partner=partner, duty="drugs")
    apply(batch, officer)
    contact = ContactPoint.objects.get()
    assert (contact.partner, contact.duty, contact.name) == (partner, "drugs", "Drugs desk")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (CARD.format(version="4.0", name="M"), "to whom it belongs"),
        (CARD.format(version="2.1", name="M"), "vCard 3.0 or 4.0"),
        (CARD.replace("END:VCARD", "").format(version="4.0", name="M"), "no end"),
        ("BEGIN:VCARD\nVERSION:4.0\nthis is none\nEND:VCARD", "not understood"),
        ("BEGIN:VCARD\nVERSION:4.0\nX-PORTAL-CONTACT:none\nFN:M\nEND:VCARD", "does not exist"),
        ("BEGIN:VCARD\nVERSION:4.0\nX-PORTAL-VERSION:x\nFN:M\nEND:VCARD", "version"),
    ],
)
def test_a_wrong_card_is_named_in_words(officer, text, sentence):
    batch = compare(text, officer)
    assert any(sentence in said for _line, said in batch.errors)


def test_a_changed_card_of_ours_corrects_the_holder_and_the_desk(officer, directory):
    text = "".join(exporting.export_cards(version="4.0", by=officer))
    text = text.replace("TITLE:Head\\, of", "TITLE:Deputy").replace("+30 21 555", "+30 21 556")
    batch = compare(text, officer)
    assert {one["table"] for one in batch.changes} == {"contact", "holder"}
    apply(batch, officer)
    assert Holder.objects.get().title == "Deputy"
    assert ContactPoint.objects.get(duty="general", post=None).phone == "+30 21 556"


# --- Anything at all ------------------------------------------------------------------------

CELLS = st.sampled_from(
    [
        "",
        "partner",
        "contact",
        "here",
        "customs",
        "NZ",
        "1",
        "yes",
        "Mon 08:00-09:00",
        "'=1",
        "\x00",
    ]
) | st.text(max_size=12)


# Rows that nearly are some: each cell is what its column may hold, or anything.
COLUMNS = [
    ("holder", "group", "membership", "channel", "post", "contact"),
    ("here", "CLUB", "singapore", "new"),
    ("",),
    ("", "1"),
    ("", "A"),
    ("", "attache", "strategic"),
    ("",),
    ("", "general"),
    ("", "Head"),
    ("", "CLUB"),
    ("", "2024-01-01", "0001-01-01", "9999-12-31"),
    ("", "2023-12-31", "2025-01-01"),
    ("", "box"),
    ("", "Perth"),
    ("", "NZ"),
    ("", "UTC"),
    ("", "AU", "NZ"),
]
ROWS = st.tuples(*(st.sampled_from(some) for some in COLUMNS)) | st.tuples(
    *(st.sampled_from(some) | CELLS.filter(lambda cell: "," not in cell) for some in COLUMNS)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELLS, max_size=14), max_size=5).map(
        lambda rows: HEAD + "\n".join(",".join(row) for row in rows)
    )
    | st.lists(ROWS, max_size=5).map(lambda rows: ALL + "\n".join(map(",".join, rows)))
    | st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "BEGIN:VCARD",
                "END:VCARD",
                "VERSION:4.0",
                "FN:A",
                "N:A;B",
                "UID:x",
                "KIND:org",
                "X-PORTAL-PARTNER:here",
                "X-PORTAL-DUTY:drugs",
                "TEL:tel:+1",
                " folded",
                "EMAIL:a@b.c",
            ]
        )
        | st.text(max_size=20),
        max_size=12,
    ).map("\n".join)
    | st.binary(max_size=200)
)
def test_any_file_is_compared_or_refused_and_never_half_applied(officer, data):
    with transaction.atomic():
        here = ContactPointFactory(partner__code="here").partner
        GroupMembership.objects.create(group=GroupFactory(code="CLUB"), partner=here)
        before = content()
        try:
            batch = compare(data, officer)
        except (Unreadable, UnicodeEncodeError):
            assert content() == before
        else:
            assert content() == before
            try:
                apply(batch, officer)
            except DomainError:
                assert content() == before
        transaction.set_rollback(True)


@given(st.text(max_size=80))
def test_escaped_text_is_the_same_again(text):
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert vcards.unescape(cards.escape(text)) == plain


def test_every_column_of_the_table_is_used_by_somebody():
    fixed = {"record", "code", "id", "version"}
    assert set(sheets.HEADINGS) == fixed.union(*sheets.USED.values())


# --- At the desk ----------------------------------------------------------------------------


def send(desk: Client, text: str, **more):
    file = SimpleUploadedFile("list.csv", text.encode(), "text/csv")
    return desk.post(reverse("admin:partners_directoryimport_send"), {"file": file, **more})


def test_send_look_and_apply_at_the_desk(client, officer):
    desk = at_the_desk(client, officer)
    answer = send(desk, HEAD + "partner,customs:NZ,,,New Zealand Customs,customs,NZ,,,,,\n")
    waits = desk.get(answer.url).content.decode()
    assert "The file is being compared with the directory." in waits
    assert '<meta http-equiv="refresh" content="2">' in waits
    assert "Apply all of it" not in waits
    state = reverse("admin:partners_directoryimport_state", args=[DirectoryImport.objects.get().pk])
    assert desk.get(state).json()["finished"] is False
    outbox.deliver_open()
    assert desk.get(state).json()["finished"] is True
    shown = desk.get(answer.url).content.decode()
    assert "New Zealand Customs" in shown
    assert "Apply all of it" in shown
    batch = DirectoryImport.objects.get()
    confirm = reverse("admin:partners_directoryimport_confirm", args=[batch.pk])
    waits = desk.post(confirm, follow=True).content.decode()
    assert "1 change is being applied." in waits
    assert '<meta http-equiv="refresh" content="2">' in waits
    assert not Partner.objects.exists()
    outbox.deliver_open()
    done = desk.get(answer.url).content.decode()
    assert "All of it is applied" in done
    assert "http-equiv" not in done
    assert Partner.objects.get().code == "customs:NZ"
    assert [letter.subject for letter in mail.outbox] == ["Your file with entries is applied"]
    again = desk.post(confirm, follow=True).content.decode()
    assert "Somebody was first: this file is applied already." in again


def test_send_what_cannot_be_read_says_why_at_the_field(client, officer):
    desk = at_the_desk(client, officer)
    text = send(desk, "name,code\nx,y\n").content.decode()
    assert "The first line has to name the columns" in text
    assert (
        "Choose a file"
        in desk.post(
            reverse("admin:partners_directoryimport_send"), {"duty": "drugs"}
        ).content.decode()
    )


def test_wrong_lines_are_shown_and_nothing_is_offered(client, officer):
    desk = at_the_desk(client, officer)
    answer = send(desk, HEAD + "partner,x,,,X,nonsense,NZ,,,,,\n")
    outbox.deliver_open()
    text = desk.get(answer.url).content.decode()
    assert "Line 2" in text
    assert "Apply all of it" not in text


@pytest.mark.parametrize("verb", ["table", "cards"])
def test_export_at_the_desk(client, officer, verb):
    ContactPointFactory(partner__name="Harbour Service")
    desk = at_the_desk(client, officer)
    url = reverse(f"admin:partners_directoryimport_{verb}", args=[4] if verb == "cards" else [])
    assert desk.get(url).status_code == 405
    answer = desk.post(url)
    assert "attachment" in answer["Content-Disposition"]
    assert "Harbour Service" in b"".join(answer.streaming_content).decode()


@pytest.mark.parametrize("role", ["supervisor", "triage_officer", "system_administrator"])
def test_files_in_another_role_are_refused(client, officer, role):
    batch = compare(HEAD + "partner,one,,,One,customs,NZ,,,,,\n", officer)
    person = UserFactory(**{role: True})
    desk = at_the_desk(client, person)
    for verb, args in (("send", []), ("table", []), ("cards", [4])):
        url = reverse(f"admin:partners_directoryimport_{verb}", args=args)
        assert desk.post(url).status_code == 404, verb
    for verb in ("confirm", "compare", "drop"):
        url = reverse(f"admin:partners_directoryimport_{verb}", args=[batch.pk])
        assert desk.post(url).status_code == 404, verb
    for act in (files.confirm_file, files.compare_anew, files.drop_file):
        with pytest.raises(NotAllowed):
            act(batch=batch, by=person)
    with pytest.raises(NotAllowed):
        compare(HEAD, person)


def test_a_long_file_asks_as_many_queries_as_a_short_one(officer, django_assert_num_queries):
    def text(count: int) -> str:
        return HEAD + "".join(f"partner,p{n},,,P,customs,NZ,,,,,\n" for n in range(count))

    ContactPointFactory()
    compare(text(1), officer)
    with django_assert_num_queries(27):
        compare(text(2), officer)
    for _one in range(5):
        HolderFactory(contact_point=ContactPointFactory())
    with django_assert_num_queries(27):
        compare(text(30), officer)


def test_a_long_file_is_applied_by_as_many_queries_as_a_short_one(officer):
    def queries(count: int) -> int:
        """Of a file that changes so many partners, contact points and holders, and adds as many."""
        for n in range(count):
            contact = ContactPointFactory(partner__code=f"p{count}-{n}")
            HolderFactory(contact_point=contact)
        rows = [one for one in table(officer) if one["code"].startswith(f"p{count}-")]
        for row in rows:
            row.update({"title": "T"} if row["record"] == "holder" else {"note": "n"})
        new = dict.fromkeys(rows[0], "") | {"record": "partner", "type": "customs", "name": "N"}
        rows += [{**new, "code": f"new{count}-{n}"} for n in range(count)]
        batch = compare(as_text(rows), officer)
        assert len(batch.changes) == 4 * count
        asked: list[str] = []
        with connection.execute_wrapper(lambda do, sql, *more: asked.append(sql) or do(sql, *more)):
            apply(batch, officer)
        return len(asked)

    assert queries(20) - queries(2) <= 2
    assert AuditEvent.objects.filter(event="holder_corrected").count() == 22


def test_contacts_sent_for_another_partner_are_wrong(officer):
    contact = contacts.add_contact(owner=PartnerFactory(), values={"duty": "general"}, by=officer)
    other = PartnerFactory(code="other")
    text = HEAD + f"contact,{other.code},{contact.uuid},1,,,,drugs,,,,\n"
    assert "another partner" in compare(text, officer).errors[0][1]
