"""The audit record: one writer, nobody changes it, the chain notices who did."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction

from portal import audit
from portal.errors import DomainError
from portal.models import AuditEvent, User
from tests.databases import postgresql
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("by", "actor"), [(None, "system"), (AnonymousUser(), "anonymous"), (User(pk=7), "user:7")]
)
def test_record_names_the_actor(by, actor):
    assert audit.record("seen", target=UserFactory(), by=by).actor == actor


@pytest.mark.django_db
def test_consult_keeps_the_reason_that_was_typed():
    firm, user = OrganisationFactory(), UserFactory(caseworker=True)
    event = audit.consult(target=firm, by=user, reason="  case 4711 \n", field="survey")
    assert (event.kind, event.reason) == ("consultation", "case 4711")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_consult_without_a_reason_is_refused(reason):
    with pytest.raises(DomainError):
        audit.consult(target=OrganisationFactory(), by=None, reason=reason)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_record_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="curiosity"):
        audit.record("seen", target=UserFactory(), by=None, kind="curiosity")


@postgresql
@pytest.mark.django_db
def test_truncate_of_the_record_is_refused():
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE portal_auditevent")
