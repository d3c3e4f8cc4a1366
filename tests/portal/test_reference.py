"""The reference lists: complete, consistent, loaded again and again without undoing edits."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError

from portal import reference, reference_files
from portal.models import ReferenceItem
from tests.factories import ReferenceItemFactory

SHIPPED = {
    path.stem: {item.code: item for item in reference_files.read(path)}
    for path in reference_files.FOLDER.glob("*.csv")
}
COUNTS = {
    "actor_role": 36,
    "commodity": 28,
    "concealment": 24,
    "direction": 6,
    "enquiry_topic": 5,
    "eori_pattern": 29,
    "eu_member_state": 27,
    "holiday": 115,
    "indicator": 47,
    "interest_retention": 3,
    "locode": 28,
    "mutual_recognition": 8,
    "sector": 10,
    "transport_mode": 15,
}


@pytest.fixture
def folder(tmp_path):
    def write(text):
        (tmp_path / "colour.csv").write_text("code,label,hue[],source,confirmed\n" + text)
        return tmp_path

    return write


@pytest.mark.parametrize("chapters", ["24|99", "24|9", "xx"])
def test_list_that_names_a_wrong_chapter_is_refused_by_its_line(tmp_path, chapters):
    file = tmp_path / "goods.csv"
    rows = f"code,label,chapters[],source,confirmed\nA,A,24|27,us,yes\nB,B,{chapters},us,yes\n"
    file.write_text(rows)
    with pytest.raises(ValidationError, match=r"goods\.csv, line 3: .*is no HS chapter"):
        reference_files.read(file)


# --- What is shipped ------------------------------------------------------------------------


def test_shipped_lists_are_whole():
    assert {name: len(items) for name, items in SHIPPED.items()} == COUNTS


def test_shipped_items_say_where_they_come_from():
    assert all(item.source for items in SHIPPED.values() for item in items.values())


def test_shipped_facts_from_memory_are_not_confirmed():
    items = [item for items in SHIPPED.values() for item in items.values()]
    assert not any(item.confirmed for item in items if item.source == "general knowledge")


@pytest.mark.parametrize(
    ("list_name", "attribute", "target"),
    [
        ("indicator", "methods", "concealment"),
        ("indicator", "commodities", "commodity"),
        ("commodity", "parent", "commodity"),
    ],
)
def test_shipped_codes_lead_to_items_that_exist(list_name, attribute, target):
    for item in SHIPPED[list_name].values():
        value = item.attributes[attribute]
        for code in value if isinstance(value, list) else filter(None, [value]):
            assert code in SHIPPED[target], f"{item.code}: {code}"


def test_shipped_indicators_are_for_somebody_known():
    audiences = {
        code for item in SHIPPED["indicator"].values() for code in item.attributes["audience"]
    }
    assert audiences - {"anyone"} <= set(SHIPPED["actor_role"])


def test_shipped_indicators_keep_the_telling_ones_from_the_public():
    public = {code for code, item in SHIPPED["indicator"].items() if item.attributes["public"]}
    assert {"GE4", "CA7", "NC1"} <= public
    assert not any(code.startswith("PT") for code in public)
    assert "FF8" not in public


def test_shipped_patterns_of_numbers_compile():
    assert all(re.compile(item.attributes["pattern"]) for item in SHIPPED["eori_pattern"].values())
    assert set(SHIPPED["eori_pattern"]) >= set(SHIPPED["eu_member_state"])


def test_shipped_roles_include_firms_without_customs_activity():
    outside = [i for i in SHIPPED["actor_role"].values() if not i.attributes["customs_activity"]]
    assert len(outside) == 13


# --- Loading --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_load_twice_changes_nothing():
    first, second = reference_files.load(), reference_files.load()
    assert first["added"] == sum(COUNTS.values()) == ReferenceItem.objects.count()
    assert second == {"added": 0, "unchanged": first["added"]}


@pytest.mark.django_db
def test_load_of_a_changed_file_updates_what_nobody_edited(folder):
    reference_files.load(folder("RED,Red,warm|signal,house,yes\n"))
    report = reference_files.load(folder("RED,Crimson,warm,house,no\nBLUE,Blue,,house,yes\n"))
    assert report == {"added": 1, "updated": 1}
    red = ReferenceItem.objects.get(code="RED")
    assert (red.label, red.attributes, red.confirmed) == ("Crimson", {"hue": ["warm"]}, False)


@pytest.mark.django_db
def test_load_keeps_what_an_officer_changed(folder):
    reference_files.load(folder("RED,Red,warm,house,no\n"))
    ReferenceItem.objects.update(label="Vermilion", confirmed=True)
    assert reference_files.load(folder("RED,Red,warm,house,no\n")) == {"added": 0, "unchanged": 1}
    assert reference_files.load(folder("RED,Crimson,warm,house,no\n")) == {"added": 0, "kept": 1}
    assert ReferenceItem.objects.get().label == "Vermilion"


@pytest.mark.django_db
def test_load_keeps_what_an_officer_added_or_a_file_no_longer_holds(folder):
    reference_files.load(folder("RED,Red,,house,yes\n"))
    ReferenceItemFactory(list="colour", code="PINK")
    reference_files.load(folder("BLUE,Blue,,house,yes\n"))
    assert set(ReferenceItem.objects.values_list("code", flat=True)) == {"RED", "PINK", "BLUE"}


@pytest.mark.parametrize(
    "text",
    [
        "RED,Red,,house,perhaps\n",
        "RED,,,house,yes\n",
        "RED,Red,,house\n",
        "RED,Red,,house,yes,more\n",
        "RED,Red,,house,yes\nRED,Red,,house,yes\n",
        "R" * 41 + ",Red,,house,yes\n",
    ],
)
def test_load_of_a_bad_file_is_refused_with_its_name(folder, text):
    with pytest.raises(ValidationError, match=r"colour\.csv"):
        reference_files.load(folder(text))


@pytest.mark.django_db
def test_load_reference_says_what_it_did(monkeypatch, folder):
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert f"{sum(COUNTS.values())} added, 0 updated" in out.getvalue()
    monkeypatch.setattr(reference_files.load, "__defaults__", (folder("RED,,,x,yes\n"),))
    with pytest.raises(CommandError, match=r"colour\.csv, line 2"):
        call_command("load_reference", stdout=out)


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_items_are_those_valid_on_the_day():
    ReferenceItemFactory(code="OLD", valid_to=date(2026, 1, 31))
    ReferenceItemFactory(code="NEW", valid_from=date(2026, 2, 1))
    ReferenceItemFactory(code="ALWAYS")
    assert [i.code for i in reference.items("test_list", on=date(2026, 1, 31))] == ["OLD", "ALWAYS"]
    assert [i.code for i in reference.items("test_list", on=date(2026, 2, 1))] == ["NEW", "ALWAYS"]


@pytest.mark.django_db
def test_label_of_an_expired_or_unknown_code_still_says_something():
    ReferenceItemFactory(code="OLD", label="Old", valid_to=date(2020, 1, 1))
    assert reference.label("test_list", "OLD") == "Old"
    assert reference.label("test_list", "NEVER") == "NEVER"
    assert reference.choices("test_list") == []


@pytest.mark.django_db
def test_items_ask_the_database_once_a_minute(django_assert_num_queries):
    ReferenceItemFactory(code="A")
    with django_assert_num_queries(1):
        for _ in range(5):
            reference.label("test_list", "A")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("eori", "doubted"),
    [
        ("SE5560001234", False),
        ("SE55600", True),
        ("FI1234567-8", False),
        ("FI12345678", True),
        ("EL123456789", False),
        ("ZZ123", True),
    ],
)
def test_eori_warning_doubts_but_never_refuses(eori, doubted):
    reference_files.load()
    assert bool(reference.eori_warning(eori)) is doubted
