"""Two editors, or two importers, at the same moment: one is first, the other is told."""

from __future__ import annotations

import pytest
from django.db import transaction

from partners import search
from partners.actions import applying, contacts, files, keeping, partners
from partners.models import DirectoryImport, Holder, Partner, SecureChannel
from partners.visibility import Level
from portal.errors import DomainError
from portal.models import AuditEvent
from tests.databases import postgresql
from tests.factories import UserFactory
from tests.partners import file_flows
from tests.partners.factories import ContactPointFactory, HolderFactory, PartnerFactory
from tests.partners.file_flows import apply
from tests.threads import beside, in_threads

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "record,code,name,type\n"
AREAS = "record,code,version,area\n"


@pytest.fixture
def officers():
    return [UserFactory(liaison_officer=True) for _one in range(2)]


def both(work) -> list[str]:
    """What each of two at once was told; nothing is an empty sentence."""

    def one() -> str:
        try:
            work()
        except DomainError as error:
            return str(error)
        return ""

    return sorted(in_threads(2, one))


def one_of(works: list):
    """Each of the two does another of these."""

    def do() -> None:
        work = works.pop()
        work()

    return do


def compared(text: str, by) -> DirectoryImport:
    data = text.encode()
    return file_flows.compare(data, by)


def test_two_editors_at_once_one_is_told_of_the_other(officers):
    partner = PartnerFactory()
    waiting = [(officers[0], "north"), (officers[1], "south")]

    def edit() -> None:
        by, area = waiting.pop()
        partners.change_partner(partner=partner, values={"area": area}, version=1, by=by)

    first, second = both(edit)
    assert first == ""
    assert "changed this entry while you were editing" in second
    partner.refresh_from_db()
    assert partner.version == 2


def test_add_the_same_partner_twice_at_once_adds_one(officers):
    first, second = both(
        lambda: partners.add_partner(code="x", values={"name": "X"}, by=officers[0])
    )
    assert (first, "taken" in second) == ("", True)
    assert Partner.objects.count() == 1


def test_end_a_term_twice_at_once_ends_it_once(officers):
    holder = HolderFactory()
    both(lambda: contacts.end_holder(holder=holder, until=holder.since, by=officers[0]))
    assert AuditEvent.objects.filter(event="holder_ended").count() == 1


def test_record_a_channel_twice_at_once_records_one(officers):
    partner = PartnerFactory()
    both(lambda: partners.add_channel(partner=partner, name="SIENA", reference="", by=officers[0]))
    assert SecureChannel.objects.count() == 1


def test_name_a_holder_twice_at_once_in_place_of_another_keeps_order(officers):
    contact = ContactPointFactory()
    since = HolderFactory(contact_point=contact).since

    def name() -> None:
        contacts.name_holder(
            contact=contact, name="A", title="", email="", direct_line="", since=since,
            replaces=True, by=officers[0],
        )  # fmt: skip

    both(name)
    assert Holder.objects.filter(until=None).count() == 1


def test_apply_a_file_twice_at_once_applies_it_once(officers):
    batch = compared(f"{HEAD}partner,one,One,customs\npartner,two,Two,customs\n", officers[0])
    first, second = both(lambda: files.confirm_file(batch=batch, by=officers[1]))
    in_threads(2, lambda: applying.apply_file(batch=batch))
    assert (first, "Somebody was first" in second) == ("", True)
    assert Partner.objects.count() == 2


def test_two_importers_of_the_same_entries_one_is_told_of_the_other(officers):
    one, two = PartnerFactory(name="One"), PartnerFactory(name="Two")
    waiting = [
        compared(f"{AREAS}partner,{two.code},1,west\npartner,{one.code},1,west\n", officers[0]),
        compared(f"{AREAS}partner,{one.code},1,east\npartner,{two.code},1,east\n", officers[1]),
    ]
    assert [len(batch.changes) for batch in waiting] == [2, 2]

    def apply_one() -> None:
        batch = waiting.pop()
        apply(batch, batch.uploaded_by)

    first, second = both(apply_one)
    assert (first, "was edited by" in second) == ("", True)
    # All of the one file, nothing of the other.
    assert Partner.objects.values("area").distinct().count() == 1


def test_an_editor_and_an_importer_at_once_never_mix(officers):
    one, two = PartnerFactory(name="One"), PartnerFactory(name="Two")
    batch = compared(f"{AREAS}partner,{one.code},1,file\npartner,{two.code},1,file\n", officers[0])
    assert len(batch.changes) == 2
    works = [
        lambda: apply(batch, officers[0]),
        lambda: partners.change_partner(
            partner=two, values={"area": "hand"}, version=1, by=officers[1]
        ),
    ]
    both(one_of(works))
    areas = set(Partner.objects.values_list("name", "area"))
    assert areas in (
        {("One", "file"), ("Two", "file")},
        {("One", ""), ("Two", "hand")},
    )


def test_confirm_while_another_changes_loses_nothing(officers):
    partner = PartnerFactory()
    works = [
        lambda: keeping.confirm_entry(entry=partner, by=officers[0]),
        lambda: partners.change_partner(
            partner=partner, values={"area": "north"}, version=1, by=officers[1]
        ),
    ]
    told = both(one_of(works))
    partner.refresh_from_db()
    assert partner.verified_by == officers[0]
    assert (partner.area == "north") == (told == ["", ""])


@postgresql
def test_editor_and_importer_who_exchange_words_wait_in_one_order_and_lose_none(officers):
    one, two = (PartnerFactory(name=name) for name in ("Xaverian", "Yvonnette"))
    search.keep_all()
    text = f"record,code,version,name\npartner,{one.code},1,Yvonnette\n"
    batch = compared(text, officers[0])

    def edit() -> None:
        values = {"name": "Xaverian"}
        partners.change_partner(partner=two, values=values, version=1, by=officers[1])

    with beside(edit) as begin, transaction.atomic():
        apply(batch, officers[0])
        begin()
    for entry, word in ((one, "Yvonnette"), (two, "Xaverian")):
        found = search.matching(Partner.objects.all(), word, Level.PUBLIC)
        assert list(found) == [entry]
