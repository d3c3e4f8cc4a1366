"""Each process with a database role of its own: what it needs and nothing more."""

from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from portal import audit, audit_chain, database_roles, outbox, sessions
from portal.database_roles import ROLES, Undecided, own_rows, rights
from portal.models import AuditEvent, IntakeSession, OutboxMessage, SiteSession, User
from portal.rights import RIGHTS
from tests.databases import acting_as, postgresql
from tests.factories import AuditEventFactory, OrganisationFactory, UserFactory


def allowed(role, statement):
    """Whether the database lets this role do this."""
    try:
        with transaction.atomic(), acting_as(role) as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        if "permission denied" in str(error):
            return False
        raise
    return True


# --- Decisions ------------------------------------------------------------------------------


def test_rights_are_decided_for_every_table():
    assert set(rights()) == database_roles.tables()
    assert {role for granted in rights().values() for role in granted} == set(ROLES)


def test_rights_of_a_new_table_must_be_decided(monkeypatch):
    monkeypatch.setattr(database_roles, "WITHOUT_MODEL", {"django_migrations", "portal_new"})
    with pytest.raises(Undecided, match="portal_new"):
        rights()
    with pytest.raises(CommandError, match="portal_new"):
        call_command("database_roles", stdout=StringIO())


def test_rights_of_a_table_that_is_gone_must_go(monkeypatch):
    monkeypatch.setitem(RIGHTS, "portal_gone", {})
    with pytest.raises(Undecided, match="portal_gone"):
        rights()


def test_rights_never_let_the_record_be_changed():
    for table in (
        "portal_auditevent",
        "portal_auditseal",
        "portal_auditstamp",
        "portal_auditexpiry",
    ):
        for role, privileges in RIGHTS[table].items():
            assert "UPDATE" not in privileges
            assert "DELETE" not in privileges or (table, role) == ("portal_auditevent", "retention")


def test_database_roles_prints_what_psql_runs():
    out = StringIO()
    call_command("database_roles", stdout=out)
    lines = out.getvalue().splitlines()
    assert (lines[0], lines[-1]) == ("BEGIN;", "COMMIT;")
    assert all(line.endswith(";") for line in lines)
    assert "PASSWORD" not in out.getvalue()


# --- What PostgreSQL makes of them ----------------------------------------------------------


@postgresql
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_roles_have_exactly_the_decided_rights(roles, role, verb):
    with connection.cursor() as cursor:
        for table, granted in rights().items():
            cursor.execute(
                "SELECT has_table_privilege(%s, %s, %s)", [database_roles.name(role), table, verb]
            )
            whole_table = [part.strip() for part in granted.get(role, "").split(",")]
            assert cursor.fetchone() == (verb in whole_table,), (table, role, verb)


@postgresql
@pytest.mark.parametrize("role", ROLES)
def test_roles_cannot_change_the_database_itself(roles, role):
    for statement in (
        "CREATE TABLE loot (id int)",
        "TRUNCATE portal_standing",
    ):
        assert not allowed(role, statement)
    with (
        pytest.raises(DatabaseError, match="must be owner"),
        transaction.atomic(),
        acting_as(role) as c,
    ):
        c.execute("ALTER TABLE portal_auditevent DISABLE TRIGGER ALL")


@postgresql
def test_site_sees_no_staff(roles):
    staff, person = UserFactory(caseworker=True), UserFactory()
    for user in (staff, person):
        Authenticator.objects.create(user=user, type="totp", data={})
    with acting_as("site"):
        assert list(User.objects.all()) == [person]
        assert not User.objects.filter(email__iexact=staff.email).exists()
        assert [row.user_id for row in EmailAddress.objects.all()] == [person.pk]
        assert [row.user_id for row in Authenticator.objects.all()] == [person.pk]
        assert User.objects.filter(pk=staff.pk).update(password="taken") == 0
    assert not allowed("site", "SELECT * FROM portal_rolegrant")


@postgresql
@pytest.mark.parametrize("change", [{"is_staff": True}, {"is_staff": True, "is_superuser": True}])
def test_site_makes_nobody_staff(roles, change):
    person = UserFactory()
    for write in (
        lambda: User.objects.filter(pk=person.pk).update(**change),
        lambda: User.objects.create_user("new@business.example", **change),
    ):
        refused = pytest.raises(DatabaseError, match="row-level security")
        with refused, transaction.atomic(), acting_as("site"):
            write()


@postgresql
def test_site_may_make_and_change_people_who_are_no_staff(roles):
    with acting_as("site"):
        person = User.objects.create_user("new@business.example", "password", name="New")
        EmailAddress.objects.create(user=person, email=person.email)
        assert User.objects.filter(pk=person.pk).update(name="Newer") == 1


@postgresql
@pytest.mark.parametrize("role", ["office", "worker"])
def test_office_and_worker_see_everybody(roles, role):
    people = {UserFactory(caseworker=True), UserFactory()}
    with acting_as(role):
        assert set(User.objects.all()) == people


@postgresql
def test_intake_touches_little_of_the_kernel(roles):
    mine = {table for table, granted in RIGHTS.items() if "intake" in granted}
    assert mine == {
        "captcha_captchastore",
        "django_migrations",
        "portal_outboxmessage",
        "portal_pinnedserial",
        "portal_referenceitem",
        "portal_session_intake",
        "portal_usedwork",
    }
    OutboxMessage.objects.create(key="other", task="t", payload={"secret": 1})
    with acting_as("intake"):
        outbox.enqueue("test.work", key="mine")
        IntakeSession.objects.create(
            session_key="k", session_data="d", expire_date="2030-01-01T00:00Z"
        )
    for statement in (
        "SELECT payload FROM portal_outboxmessage",
        "UPDATE portal_outboxmessage SET done_at = now()",
        "DELETE FROM portal_outboxmessage",
        "SELECT id FROM portal_auditevent",
        "SELECT session_data FROM portal_session_site",
    ):
        assert not allowed("intake", statement)


@postgresql
def test_site_promises_work_once_without_reading_what_others_promised(roles):
    with acting_as("site"):
        first = outbox.enqueue("test.work", key="k", number=1)
        assert outbox.enqueue("test.work", key="k", number=1).pk == first.pk
    assert not allowed("site", "SELECT payload FROM portal_outboxmessage")


@postgresql
@pytest.mark.parametrize("role", ["site", "office", "worker"])
def test_every_acting_role_adds_to_the_record_and_changes_nothing(roles, role):
    with acting_as(role):
        audit.record("seen", target=OrganisationFactory.build(pk=1), by=None)
    assert AuditEvent.objects.count() == 1
    assert not allowed(role, "UPDATE portal_auditevent SET actor = 'x'")
    assert not allowed(role, "DELETE FROM portal_auditevent")


@postgresql
def test_retention_alone_drops_expired_events(roles, settings):
    settings.RETENTION_DAYS = {"audit": 0}
    AuditEventFactory()
    with acting_as("worker"):
        audit_chain.seal_committed()
    with acting_as("retention"):
        assert audit_chain.expire() == 1
    assert not allowed("retention", "SELECT * FROM portal_user")
    assert not allowed("retention", "DELETE FROM portal_auditseal")


@postgresql
def test_worker_clears_sessions_without_reading_them(roles):
    SiteSession.objects.create(session_key="k", session_data="d", expire_date="2020-01-01T00:00Z")
    with acting_as("worker"):
        sessions.clear_expired()
    assert not SiteSession.objects.exists()
    assert not allowed("worker", "SELECT session_data FROM portal_session_office")


@postgresql
def test_row_security_covers_every_table_that_belongs_to_a_person(roles):
    """What hangs on one person, and the site may read, is hidden when that person is staff."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        assert {row[0] for row in cursor.fetchall()} == set(own_rows())


@postgresql
def test_functions_with_rights_of_the_owner_are_the_decided_ones(roles):
    """Each of them reads for a role what the role may not read: none is there by chance."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, r.rolname FROM pg_proc p "
            "CROSS JOIN LATERAL aclexplode(p.proacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee "
            "WHERE p.prosecdef AND a.grantee <> p.proowner"
        )
        found = cursor.fetchall()
    decided = database_roles.functions()
    assert {(name.replace(",", ", "), role) for name, role in found} == {
        (name, database_roles.name(role)) for name, callers in decided.items() for role in callers
    }


@postgresql
def test_statements_may_run_again(roles):
    with connection.cursor() as cursor:
        for statement in database_roles.statements():
            cursor.execute(statement)
