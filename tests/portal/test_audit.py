"""The audit record: one writer, nobody changes it, the chain notices who did."""

import pytest
from django.db import DatabaseError, transaction

from portal import audit
from portal.models import AuditEvent
from tests.factories import OrganisationFactory, UserFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", [1, 2])
def test_empty_tables_between_tests_although_triggers_refuse(round):
    audit.record("seen", target=UserFactory(), by=None)
    assert AuditEvent.objects.count() == 1
    with pytest.raises(DatabaseError):
        AuditEvent.objects.all().delete()


@pytest.mark.django_db
def test_record_keeps_who_what_and_why():
    user, firm = UserFactory(caseworker=True), OrganisationFactory()
    event = audit.record("opened", target=firm, by=user, organisation=firm, reason="r", code="A")
    event.refresh_from_db()
    assert event.actor == f"user:{user.pk}"
    assert (event.target_type, event.target_id) == ("portal.organisation", str(firm.pk))
    assert (event.organisation_id, event.reason, event.facts) == (firm.pk, "r", {"code": "A"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEvent.objects.update(actor="user:2"),
        lambda: AuditEvent.objects.all().delete(),
    ],
)
def test_change_of_an_event_is_refused_by_the_database(change):
    audit.record("seen", target=UserFactory(), by=None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
