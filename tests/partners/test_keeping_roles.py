"""The directory is kept and erased by database roles that may do no more."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from partners.actions import contacts, files, keeping, partners
from partners.models import Holder, Partner, SecureChannel
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
    gone = HolderFactory(contact_point__partner__code="gone", since=date(2025, 1, 1))
    over = ContactPointFactory(partner=contact.partner, duty="aeo")
    SecureChannel.objects.create(partner=contact.partner, name="AFIS")
    PostFactory(code="shut", status="vacant").coverages.create(country="NZ")
    ends = (
        "record,code,id,name,ended on,ended,until\n"
        "partner,gone,,Gone,2026-01-01,,\n"
        f"holder,gone,{gone.uuid},{gone.name},,,2026-02-01\n"
        f"contact,one,{over.uuid},,,yes,\n"
        "channel,one,,AFIS,,yes,\n"
        "post,shut,,,,yes,\n"
    )
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
    for data in (text, ends):
        with acting_as("office"):
            told = {"file_name": "l.csv", "partner": None, "duty": "", "by": officer}
            batch = files.send_file(data=data.encode(), **told)
        with acting_as("worker"):
            outbox.deliver_open()
        with acting_as("office"):
            batch.refresh_from_db()
            assert (batch.state, batch.errors) == ("compared", [])
            files.confirm_file(batch=batch, by=officer)
        with acting_as("worker"):
            outbox.deliver_open()
        batch.refresh_from_db()
        assert (batch.state, batch.errors) == ("applied", [])
    for one in (post, gone, over):
        one.refresh_from_db()
    assert (post.city, gone.until, over.has_ended) == ("Fremantle", date(2026, 1, 1), True)
    assert Holder.objects.exclude(pk=gone.pk).get().name == "Mere Tane"


def test_the_site_reads_nobody(officer):
    HolderFactory()
    with acting_as("site"), pytest.raises(ProgrammingError), transaction.atomic():
        Holder.objects.exists()
