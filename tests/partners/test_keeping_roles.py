"""The directory is kept and erased by database roles that may do no more."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from partners.actions import contacts, files, keeping, partners
from partners.models import Holder, Partner
from partners.queues import counted, queues_of
from partners.tasks import keep_directory
from portal import outbox
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.partners.factories import (
    ContactPointFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
)
from tests.people import read_mail

pytestmark = postgresql


@pytest.fixture
def officer(roles):
    return UserFactory(liaison_officer=True)


def test_the_office_keeps_the_directory(officer):
    with acting_as("office"):
        partner = partners.add_partner(code="x", values={"name": "X"}, by=officer)
        contact = contacts.add_contact(owner=partner, values={"duty": "general"}, by=officer)
        contacts.name_holder(
            contact=contact,
            name="Mere Tane",
            title="",
            email="",
            direct_line="",
            since=timezone.localdate(),
            by=officer,
        )
        keeping.confirm_entry(entry=contact, by=officer)
        assert [counted(queue, officer) for queue in queues_of(officer)][:2] == [1, 0]


def test_the_worker_asks_and_erases_and_decides_about_no_entry(officer):
    ago = timezone.localdate() - timedelta(days=900)
    PartnerFactory(review_due=ago, keeper=officer)
    gone = HolderFactory(contact_point=ContactPointFactory(), since=ago, until=ago)
    with acting_as("worker"):
        keep_directory()
        read_mail()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Partner.objects.update(visibility=3)
    gone.refresh_from_db()
    assert gone.name == ""


def test_the_worker_applies_a_file_that_the_office_confirmed(officer):
    contact = ContactPointFactory(partner__code="one")
    post = PostFactory(code="perth")
    text = (
        "record,code,id,name,type,title,group,since,until,reference,duty,city,host country,"
        "time zone,covers,note\n"
        "partner,one,,One,customs,,,,,,,,,,,n\n"
        "partner,two,,Two,customs,,,,,,,,,,,\n"
        f"contact,one,{contact.uuid},,,,,,,,general,,,,,n\n"
        "contact,two,,,,,,,,,general,,,,,\n"
        "holder,one,,Mere Tane,,,,,,,general,,,,,\n"
        "group,CLUB,,Club,,,,,,,,,,,,\n"
        "membership,two,,,,,CLUB,2024-01-01,2025-01-01,,,,,,,\n"
        "channel,one,,SIENA,,,,,,box,,,,,,\n"
        'post,perth,,,attache,,,,,,,Fremantle,AU,Australia/Perth,"AU,NZ",\n'
        "post,suva,,,attache,,,,,,,Suva,FJ,Pacific/Fiji,,\n"
    )
    with acting_as("office"):
        batch = files.compare_file(
            file_name="l.csv", data=text.encode(), partner=None, duty="", by=officer
        )
        assert batch.errors == []
        files.confirm_file(batch=batch, by=officer)
    with acting_as("worker"):
        outbox.deliver_open()
    batch.refresh_from_db()
    post.refresh_from_db()
    assert (batch.state, batch.errors, post.city) == ("applied", [], "Fremantle")
    assert Holder.objects.get().name == "Mere Tane"


def test_the_site_reads_nobody(officer):
    HolderFactory()
    with acting_as("site"), pytest.raises(ProgrammingError), transaction.atomic():
        Holder.objects.exists()
