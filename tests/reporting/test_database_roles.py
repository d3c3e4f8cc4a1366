"""Reports by the database role of each process: intake reads nothing, the worker no ciphertext."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from portal import database_roles, outbox
from portal.models import OutboxMessage
from reporting import content as contents
from reporting import inbox, receipts
from reporting.actions import words
from reporting.actions.conversation import reply
from reporting.actions.filing import file_report
from reporting.models import Envelope, Kind, Report
from reporting.rights import FUNCTIONS, RIGHTS
from tests.challenges import answers
from tests.databases import acting_as, postgresql
from tests.reporting.intake import NARRATIVE, Reporter
from tests.reporting.test_filing import draft, kept, read, told

SEALED = ("reporting_envelope", "reporting_slot")
# What intake adds to and can never read.
BLIND = ("reporting_report", "reporting_reporter", "reporting_firm", *SEALED)
TABLES = sorted(RIGHTS)


def refused(role, statement):
    """Whether the database forbids this role to do this."""
    try:
        with transaction.atomic(), acting_as(role) as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


# --- Decisions, on any engine -----------------------------------------------------------------


def test_intake_selects_nothing_that_officers_work_with():
    reads = {table for table, granted in RIGHTS.items() if "SELECT" in granted.get("intake", "")}
    reads |= {table for table, granted in RIGHTS.items() if granted.get("intake") == "ALL"}
    assert reads == {"reporting_draft", "reporting_draftpart", "reporting_pass"}


def test_site_reads_nothing_of_reports():
    assert {table: g["site"] for table, g in RIGHTS.items() if "site" in g} == {
        "reporting_pass": "INSERT"
    }


@pytest.mark.parametrize("table", BLIND)
def test_intake_only_adds(table):
    assert RIGHTS[table]["intake"] == "INSERT"


def test_functions_are_callable_by_intake_alone():
    assert set(FUNCTIONS.values()) == {("intake",)}
    assert FUNCTIONS.items() <= database_roles.functions().items()


# --- Intake -----------------------------------------------------------------------------------


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("table", [*BLIND, "reporting_identifier", "reporting_grading"])
@pytest.mark.parametrize("what", ["SELECT * FROM {}", "SELECT 1 FROM {}", "DELETE FROM {}"])
def test_intake_is_refused_every_other_statement(roles, table, what):
    assert refused("intake", what.format(table))


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_report SET status = 'closed'",
        "UPDATE reporting_envelope SET ciphertext = ''",
        "UPDATE reporting_reporter SET public = ''",
        "INSERT INTO reporting_report (id) VALUES (gen_random_uuid()) RETURNING reference",
        "COPY reporting_envelope TO STDOUT",
        "LOCK reporting_envelope",
    ],
)
def test_intake_changes_and_copies_nothing(roles, statement):
    assert refused("intake", statement)


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("face", ["site", "office", "worker", "retention"])
def test_functions_are_refused_to_others(roles, face):
    assert refused(face, "SELECT * FROM reporting_inbox('x')")
    assert refused(face, "SELECT * FROM reporting_of_firm('{x}', '')")


@postgresql
@pytest.mark.django_db
def test_functions_are_refused_before_roles_were_made_by_the_migration_alone():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(grantee = 0) FROM pg_proc, aclexplode(proacl) "
            "WHERE proname IN ('reporting_inbox', 'reporting_of_firm')"
        )
        assert cursor.fetchone() == (False,)


@postgresql
@pytest.mark.django_db
def test_report_is_filed_read_and_added_to_by_a_role_that_reads_nothing(roles, desk):
    kept_draft = draft(size=3)
    with acting_as("intake"):
        filed = file_report(
            content=told(about={"mode": "named"}, filed={"through_work": True}),
            identity={"name": "Anna"},
            files=[kept(b"abc", view=[b"a"])],
            firm_tag="f" * 64,
            draft_id=kept_draft.pk,
        )
    report = Report.objects.get()
    with acting_as("office"):
        reply(report=report, keys=desk.keys_of(desk.officer), by=desk.officer, text="Which door?")
    with acting_as("intake"):
        box = inbox.read(receipts.tag(filed.receipt))
        assert [one.text for one in inbox.opened(box, filed.receipt).replies] == ["Which door?"]
        words.send_word(box=box, receipt=filed.receipt, text="The blue one", files=[kept(b"x")])
        (row,) = inbox.of_firm(["f" * 64])
    assert row.reference == filed.reference
    with acting_as("office"):
        message = Envelope.objects.get(kind=Kind.MESSAGE)
        assert contents.load(read(desk, message))["text"] == "The blue one"


@postgresql
@pytest.mark.django_db
def test_pages_of_intake_work_with_its_rights(roles, desk, settings):
    settings.FACE = "intake"
    reporter = Reporter()
    with acting_as("intake"):
        reporter.tell()
        reporter.may_add_files()
        reporter.send()
        receipt = reporter.receipt()
    assert NARRATIVE in contents.load(read(desk, Envelope.objects.get()))["what"]["narrative"]
    with acting_as("intake"):
        page = reporter.client.post(reverse("inbox"), {"code": receipt}, follow=True)
        assert "Received" in page.content.decode()
        reporter.client.post(reverse("inbox_message"), {"text": "One thing more"})
        page = reporter.client.post(reverse("inbox_files"), {})
        given = answers(page.content.decode(), "inbox files")
        page = reporter.client.post(reverse("inbox_files"), given)
        assert 'type="file"' in page.content.decode()
        reporter.client.post(reverse("inbox_leave"))
    assert Envelope.objects.filter(kind=Kind.MESSAGE).count() == 1


# --- Office, site, worker, retention ----------------------------------------------------------


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_envelope SET ciphertext = ''",
        "DELETE FROM reporting_envelope",
        "UPDATE reporting_grading SET source_grade = 'A'",
        "DELETE FROM reporting_grading",
        "DELETE FROM reporting_report",
        "UPDATE reporting_reporter SET public = ''",
        "INSERT INTO reporting_reporter VALUES (gen_random_uuid(), 'x', '')",
        "UPDATE reporting_identifier SET digest = ''",
        "DELETE FROM reporting_tombstone",
    ],
)
def test_office_opens_and_rewrites_no_history(roles, statement):
    assert refused("office", statement)


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["site", "retention"])
def test_site_and_retention_read_no_report(roles, role, table):
    assert refused(role, f"SELECT * FROM {table}")  # noqa: S608


@postgresql
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT ciphertext FROM reporting_envelope",
        "SELECT signature FROM reporting_envelope",
        "SELECT * FROM reporting_envelope",
        "SELECT sealed FROM reporting_slot",
        "SELECT box FROM reporting_draft",
        "SELECT box FROM reporting_draftpart",
        "SELECT box FROM reporting_pass",
        "SELECT released FROM reporting_identityrequest",
        "SELECT reason FROM reporting_identityrequest",
        "SELECT digest FROM reporting_identifier",
        "SELECT tag FROM reporting_reporter",
        "SELECT tag FROM reporting_firm",
        "INSERT INTO reporting_envelope (id) VALUES (gen_random_uuid())",
        "UPDATE reporting_slot SET sealed = ''",
    ],
)
def test_worker_sees_no_ciphertext_and_no_tag(roles, statement):
    assert refused("worker", statement)


@postgresql
@pytest.mark.django_db
def test_worker_does_what_intake_promised(roles, desk):
    with acting_as("intake"):
        filed = file_report(content=told(what={"happening_now": True}), identity=None)
        box = inbox.read(receipts.tag(filed.receipt))
        words.send_word(box=box, receipt=filed.receipt, text="It moves")
    with acting_as("worker"):
        outbox.deliver_open(seconds=10)
    assert not OutboxMessage.objects.exclude(last_error="").exists()
    assert Report.objects.get().news_at is not None


def test_intake_has_a_cookie_of_its_own_for_the_inbox():
    assert settings.INBOX_COOKIE_NAME in settings.INTAKE_COOKIES
