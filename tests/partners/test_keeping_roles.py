"""The directory is kept and erased by database roles that may do no more."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from partners.actions import contacts, keeping, partners
from partners.models import Holder, Partner
from partners.queues import counted, queues_of
from partners.tasks import keep_directory
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.partners.factories import ContactPointFactory, HolderFactory, PartnerFactory
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


def test_the_worker_asks_and_erases_and_writes_no_entry(officer):
    ago = timezone.localdate() - timedelta(days=900)
    PartnerFactory(review_due=ago, keeper=officer)
    gone = HolderFactory(contact_point=ContactPointFactory(), since=ago, until=ago)
    with acting_as("worker"):
        keep_directory()
        read_mail()
        with pytest.raises(ProgrammingError), transaction.atomic():
            Partner.objects.update(note="by the worker")
    gone.refresh_from_db()
    assert gone.name == ""


def test_the_site_reads_nobody(officer):
    HolderFactory()
    with acting_as("site"), pytest.raises(ProgrammingError), transaction.atomic():
        Holder.objects.exists()
