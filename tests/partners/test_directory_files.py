"""The directory as it is shipped: whole, consistent, loaded again without undoing edits."""

from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from partners import directory_files
from partners.models import Group, GroupMembership, Partner, Post, PostType
from portal import reference_files

pytestmark = pytest.mark.django_db
SHIPPED = {
    sheet.name: directory_files.read(directory_files.FOLDER / f"{sheet.name}.csv", sheet)
    for sheet in directory_files.SHEETS
}
HEAD = "code,name,type,parent,languages[],source,confirmed\n"


@pytest.fixture
def folder(tmp_path):
    def write(text):
        (tmp_path / "organisation.csv").write_text(HEAD + text)
        return tmp_path

    return write


def of(group):
    return GroupMembership.objects.on(timezone.localdate()).filter(group__code=group)


# --- What is shipped ------------------------------------------------------------------------


def test_shipped_union_is_27_services_each_since_a_day():
    directory_files.load()
    members = of("EU_CUSTOMS")
    states = {
        item.code for item in reference_files.read(reference_files.FOLDER / "eu_member_state.csv")
    }
    assert {str(one.partner.country) for one in members.select_related("partner")} == states
    assert len(states) == len(members) == 27
    assert all(one.since for one in members)


def test_shipped_organisations_are_those_of_the_plan():
    directory_files.load()
    codes = set(Partner.objects.exclude(code__startswith="customs:").values_list("code", flat=True))
    assert codes >= {
        "ABF", "ASEM", "CCLEC", "EUCA", "EUDA", "EUROPOL", "INTERPOL", "OLAF", "UNODC", "UPU",
        "WCO",
    }  # fmt: skip
    assert Partner.objects.get(code="OLAF").parent.code == "EU_COMMISSION"
    assert Group.objects.get(code="WCO_MEMBERS").organisation.code == "WCO"
    assert of("WCO_MEMBERS").filter(partner__code="ABF").exists()


def test_shipped_entries_say_what_they_mean_for_business_and_where_we_know_it_from():
    for name in ("customs_administration", "organisation"):
        for row in SHIPPED[name]:
            assert row["about"], row["code"]
            assert row["for_business"], row["code"]
            assert row["languages"], row["code"]
    assert all(row["source"] for rows in SHIPPED.values() for row in rows)


def test_shipped_facts_from_memory_are_not_confirmed():
    rows = [row for rows in SHIPPED.values() for row in rows]
    assert not any(row["confirmed"] for row in rows if row["source"] == "general knowledge")


def test_shipped_time_zones_exist():
    rows = [*SHIPPED["customs_administration"], *SHIPPED["organisation"], *SHIPPED["post"]]
    assert all(ZoneInfo(row["time_zone"]) for row in rows if row["time_zone"])
    assert all(row["time_zone"] for row in SHIPPED["customs_administration"])


def test_shipped_posts_cover_their_countries_and_the_strategic_are_no_attaches():
    directory_files.load()
    strategic = Post.objects.filter(type=PostType.STRATEGIC)
    assert {(post.code, post.title) for post in strategic} == {
        ("washington", "Financial Counsellor"),
        ("brussels", "Permanent Representative for customs"),
    }
    covered = Post.objects.get(code="singapore").coverages.values_list("country", flat=True)
    assert set(covered) == {"SG", "ID", "MY", "TH", "VN"}
    assert set(Post.objects.attaches().values_list("code", flat=True)) == {
        "beijing", "brasilia", "moscow", "singapore", "london",
    }  # fmt: skip


def test_shipped_entries_hold_no_mailbox_and_no_number():
    text = "".join(path.read_text() for path in directory_files.FOLDER.glob("*.csv"))
    assert "@" not in text
    assert "+" not in text


# --- Loading --------------------------------------------------------------------------------


def test_load_twice_changes_nothing():
    first, second = directory_files.load(), directory_files.load()
    assert first["added"] == sum(len(rows) for rows in SHIPPED.values())
    assert second == {"unchanged": first["added"]}


def test_load_of_a_changed_file_updates_what_nobody_edited(folder):
    directory_files.load(folder("A,One,forum,,en|fr,house,yes\n"))
    report = directory_files.load(folder("A,First,forum,,en,house,no\nB,Two,forum,A,,house,yes\n"))
    assert report == {"added": 1, "updated": 1}
    one = Partner.objects.get(code="A")
    assert (one.name, one.languages, one.confirmed, one.version) == ("First", ["en"], False, 2)
    assert list(one.parts.values_list("code", flat=True)) == ["B"]


def test_load_keeps_what_an_officer_changed(folder):
    directory_files.load(folder("A,One,forum,,en,house,yes\n"))
    Partner.objects.update(name="Primus")
    assert directory_files.load(folder("A,One,forum,,en,house,yes\n")) == {"unchanged": 1}
    assert directory_files.load(folder("A,First,forum,,en,house,yes\n")) == {"kept": 1}
    assert Partner.objects.get().name == "Primus"


def test_load_keeps_what_a_file_does_not_speak_of(folder):
    directory_files.load(folder("A,One,forum,,en,house,yes\n"))
    Partner.objects.update(website="https://one.example", note="Ask for the second desk.")
    assert directory_files.load(folder("A,First,forum,,en,house,yes\n")) == {"updated": 1}
    one = Partner.objects.get()
    assert (one.name, one.note) == ("First", "Ask for the second desk.")


def test_load_keeps_what_the_file_no_longer_holds(folder):
    directory_files.load(folder("A,One,forum,,en,house,yes\n"))
    directory_files.load(folder("B,Two,forum,,en,house,yes\n"))
    assert Partner.objects.count() == 2


@pytest.mark.parametrize(
    "text",
    [
        "A,One,forum,,en,house,perhaps\n",
        "A,One,guild,,en,house,yes\n",
        "A,,forum,,en,house,yes\n",
        "A,One,forum,,en,house\n",
        "A,One,forum,,en,house,yes,more\n",
        "A,One,forum,,en,house,yes\nA,One,forum,,en,house,yes\n",
    ],
)
def test_load_of_a_bad_file_is_refused_with_its_name(folder, text):
    with pytest.raises(ValidationError, match=r"organisation\.csv"):
        directory_files.load(folder(text))


def test_load_of_a_row_that_names_nobody_changes_nothing(folder):
    with pytest.raises(ValidationError, match="parent NOBODY"):
        directory_files.load(folder("A,One,forum,,en,house,yes\nB,Two,forum,NOBODY,,house,yes\n"))
    assert not Partner.objects.exists()


def test_load_directory_says_what_it_did(monkeypatch, folder):
    out = StringIO()
    call_command("load_directory", stdout=out)
    total = sum(len(rows) for rows in SHIPPED.values())
    assert f"{total} added, 0 updated" in out.getvalue()
    monkeypatch.setattr(directory_files.load, "__defaults__", (folder("A,,forum,,en,x,yes\n"),))
    with pytest.raises(CommandError, match=r"organisation\.csv, line 2"):
        call_command("load_directory", stdout=out)


@pytest.mark.parametrize("code", ["posts", "Notices"])
def test_a_code_that_hides_behind_a_page_is_refused(folder, code):
    with pytest.raises(ValidationError, match=r"line 2: .*address of a page"):
        directory_files.load(folder(f"{code},X,customs,,en,memory,no\n"))
    assert not Partner.objects.exists()
