"""Lists of certificates: taken over row by row, once, and what follows for offers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.utils import timezone

from mou import programme
from mou.actions import clock, comparing, imports, rows, trust
from mou.lifecycle import OfferStatus
from mou.models import CertificateImport, ImportStatus, MouOffer, StatusEvent, TrustStatus
from portal import files, outbox, reference_files
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent, Organisation
from tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

HEADING = "holder,country,EORI,certificate number,type,effective date,contact e-mail"
FIRST = "Norrvik Freight AB,SE,SE5560000001,SEAEOF0001,AEOF,2026-01-15,first@firm.example"
SECOND = "Kallvik Terminal AB,SE,SE5560000002,SEAEOC0002,C,2026-02-01,"


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()
    programme.load()


@pytest.fixture
def caseworker():
    return UserFactory(caseworker=True)


def csv(*rows: str) -> bytes:
    return "\r\n".join([HEADING, *rows]).encode()


def compared(by, data: bytes, **options) -> CertificateImport:
    batch = imports.import_list(file_name="certificates.csv", data=data, by=by, **options)
    outbox.deliver_open()
    batch.refresh_from_db()
    assert batch.status == ImportStatus.COMPARED
    return batch


def confirmed(by, data: bytes) -> CertificateImport:
    return imports.confirm_import(batch=compared(by, data), by=by)


def run(by, *rows: str) -> CertificateImport:
    """Import these rows with everything that follows."""
    batch = compared(by, csv(*rows))
    imports.confirm_import(batch=batch, by=by)
    outbox.deliver_open()
    batch.refresh_from_db()
    assert batch.status == ImportStatus.FINISHED
    return batch


def counts(batch: CertificateImport) -> tuple[int, ...]:
    return batch.rows_new, batch.rows_changed, batch.rows_unchanged, batch.rows_rejected


def changed(row: str, **columns: str) -> str:
    """The row with these cells instead."""
    names = ["holder", "country", "eori", "number", "type", "day", "email"]
    cells = dict(zip(names, row.split(","), strict=True)) | columns
    return ",".join(cells.values())


def reasons(batch: CertificateImport) -> dict[int, str]:
    return dict(batch.rejected.values_list("line", "reason"))


# --- Taking over ----------------------------------------------------------------------------


def test_import_makes_firm_certificate_event_and_offer(caseworker):
    assert counts(run(caseworker, FIRST, SECOND)) == (2, 0, 0, 0)
    firm = Organisation.objects.get(eori="SE5560000001")
    status = TrustStatus.objects.get(organisation=firm)
    assert (firm.legal_name, str(firm.country)) == ("Norrvik Freight AB", "SE")
    assert (status.number, status.type, status.security) == ("SEAEOF0001", "F", "valid")
    assert status.effective_from == date(2026, 1, 15)
    assert StatusEvent.objects.get(status=status).kind == "granted"
    assert MouOffer.objects.get(organisation=firm).trust_status == status


def test_import_offers_by_mail_where_an_address_is_known(caseworker):
    run(caseworker, FIRST, SECOND)
    sent = MouOffer.objects.offered().get()
    assert sent.contact_source == "register import"
    assert [message.to for message in mail.outbox] == [["first@firm.example"]]
    unsent = MouOffer.objects.get(organisation__eori="SE5560000002")
    assert (unsent.status, unsent.contact_email) == (OfferStatus.UNSENT, "")


def test_import_of_the_same_list_again_changes_nothing(caseworker):
    run(caseworker, FIRST, SECOND)
    before = AuditEvent.objects.exclude(event__startswith="import").count()
    assert counts(run(caseworker, FIRST, SECOND)) == (0, 0, 2, 0)
    assert len(mail.outbox) == 1
    assert MouOffer.objects.count() == TrustStatus.objects.count() == 2
    assert AuditEvent.objects.exclude(event__startswith="import").count() == before


def test_import_keeps_good_rows_and_lists_bad_ones_with_their_lines(caseworker):
    bad = changed(SECOND, day="01.02.2026")
    batch = run(caseworker, bad, FIRST, changed(SECOND, eori="", number="SEAEOC0003"))
    assert counts(batch) == (1, 0, 0, 2)
    assert set(reasons(batch)) == {2, 4}
    assert "year-month-day" in reasons(batch)[2]
    assert "EORI" in reasons(batch)[4]


def test_import_takes_corrected_rows_of_the_file_of_rejected_ones(caseworker):
    batch = run(caseworker, FIRST, changed(SECOND, day="01.02.2026"))
    returned = imports.rejected_list(batch=batch, by=caseworker)
    corrected = returned.replace("01.02.2026", "2026-02-01")
    again = confirmed(caseworker, corrected.encode())
    outbox.deliver_open()
    again.refresh_from_db()
    assert counts(again) == (1, 0, 0, 0)
    assert AuditEvent.objects.get(event="rejected_rows_downloaded").kind == "disclosure"


def test_import_in_slices_takes_each_row_once(caseworker, monkeypatch):
    monkeypatch.setattr(imports, "SLICE", 2)
    monkeypatch.setattr(imports, "TURN", 0.0)
    rows = [
        changed(SECOND, eori=f"SE55600000{n:02}", number=f"SEAEOC{n:04}") for n in range(10, 17)
    ]
    batch = run(caseworker, *rows)
    assert counts(batch) == (7, 0, 0, 0)
    assert batch.rows_done == batch.rows_total == TrustStatus.objects.count() == 7


def test_import_run_again_by_a_second_worker_takes_no_row_twice(caseworker):
    batch = confirmed(caseworker, csv(FIRST))
    imports.import_rows(batch=batch)
    imports.import_rows(batch=batch)
    batch.refresh_from_db()
    assert counts(batch) == (1, 0, 0, 0)
    assert batch.status == ImportStatus.FINISHED


def test_import_removes_the_file_when_it_is_finished(
    caseworker, django_capture_on_commit_callbacks
):
    batch = confirmed(caseworker, csv(FIRST))
    assert files.exists(batch.path)
    with django_capture_on_commit_callbacks(execute=True):
        imports.import_rows(batch=batch)
    assert not files.exists(batch.path)


def test_import_of_a_lost_file_is_refused_with_a_sentence(caseworker):
    batch = confirmed(caseworker, csv(FIRST))
    files.delete(batch.path)
    imports.import_rows(batch=batch)
    batch.refresh_from_db()
    assert batch.status == ImportStatus.REFUSED
    assert "Send it again" in batch.refusal


def test_import_is_a_caseworkers(db):
    with pytest.raises(NotAllowed):
        imports.import_list(file_name="x.csv", data=csv(FIRST), by=UserFactory(supervisor=True))


def test_import_of_a_refused_file_leaves_nothing(caseworker):
    with pytest.raises(DomainError):
        imports.import_list(file_name="x.csv", data=b"PK\x03\x04", by=caseworker)
    assert not CertificateImport.objects.exists()


def test_import_of_a_large_file_is_refused_with_the_limit(caseworker, settings):
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(DomainError, match="too large"):
        imports.import_list(file_name="x.csv", data=csv(FIRST), by=caseworker)


def test_import_without_the_list_of_member_states_says_so(caseworker, monkeypatch):
    monkeypatch.setattr(imports, "_member_states", frozenset)
    with pytest.raises(DomainError, match="reference lists"):
        imports.import_list(file_name="x.csv", data=csv(FIRST), by=caseworker)


# --- Changes --------------------------------------------------------------------------------


def test_import_of_a_new_name_renames_the_firm(caseworker):
    run(caseworker, FIRST)
    batch = run(caseworker, changed(FIRST, holder="Norrvik Logistics AB"))
    assert counts(batch) == (0, 1, 0, 0)
    assert Organisation.objects.get().legal_name == "Norrvik Logistics AB"


def test_import_of_another_type_amends_the_certificate(caseworker):
    run(caseworker, FIRST)
    batch = run(caseworker, changed(FIRST, number="SEAEOC0001", type="AEOC"))
    status = TrustStatus.objects.get()
    assert counts(batch) == (0, 1, 0, 0)
    assert (status.number, status.type, status.security) == ("SEAEOC0001", "C", "none")
    event = StatusEvent.objects.get(kind="downgraded")
    assert event.reason == "SEAEOF0001 → SEAEOC0001, F → C"


def test_import_of_another_date_amends_the_certificate(caseworker):
    run(caseworker, FIRST)
    assert counts(run(caseworker, changed(FIRST, day="2026-01-20"))) == (0, 1, 0, 0)
    assert TrustStatus.objects.get().effective_from == date(2026, 1, 20)


def test_import_of_a_certificate_of_another_firm_is_rejected(caseworker):
    run(caseworker, FIRST)
    batch = run(caseworker, changed(FIRST, eori="SE5560000009"))
    assert counts(batch) == (0, 0, 0, 1)
    assert "held by another firm: Norrvik Freight AB" in reasons(batch)[2]


def test_import_of_a_second_certificate_offers_no_second_time(caseworker):
    run(caseworker, changed(FIRST, number="SEAEOC0001", type="C"))
    batch = run(caseworker, changed(FIRST, number="SEAEOS7777", type="S"))
    assert counts(batch) == (1, 0, 0, 0)
    assert (TrustStatus.objects.count(), MouOffer.objects.count()) == (2, 1)
    assert len(mail.outbox) == 1


def test_import_adds_the_address_that_an_unsent_offer_lacked(caseworker):
    run(caseworker, SECOND)
    batch = run(caseworker, changed(SECOND, email="second@firm.example"))
    assert counts(batch) == (0, 1, 0, 0)
    assert MouOffer.objects.get().status == OfferStatus.SENT
    assert mail.outbox[0].to == ["second@firm.example"]


def test_import_of_a_firm_known_by_its_eori_makes_no_second_firm(caseworker):
    firm = OrganisationFactory(eori="SE5560000001", legal_name="Norrvik Freight AB")
    run(caseworker, FIRST)
    assert TrustStatus.objects.get().organisation == firm


def test_import_of_a_future_certificate_offers_when_it_takes_effect(caseworker, time_machine):
    day = timezone.localdate() + timedelta(days=5)
    run(caseworker, changed(FIRST, day=day.isoformat()))
    assert MouOffer.objects.get().status == OfferStatus.UNSENT
    time_machine.move_to(timezone.now() + timedelta(days=5))
    clock.lead("send_offer")
    outbox.deliver_open()
    assert MouOffer.objects.get().status == OfferStatus.SENT


def test_import_of_a_certificate_years_ahead_is_rejected(caseworker):
    batch = run(caseworker, changed(FIRST, day="2206-01-15"))
    assert "more than a year ahead" in reasons(batch)[2]


def test_import_rejects_a_row_that_the_database_refuses_and_goes_on(caseworker, monkeypatch):
    real = rows.take_over

    def refuse_the_first(certificate, register, by, shown, *, reason):
        outcome = real(certificate, register, by, shown, reason=reason)
        if certificate.number == "SEAEOF0001":
            raise IntegrityError
        return outcome

    monkeypatch.setattr(rows, "take_over", refuse_the_first)
    batch = run(caseworker, FIRST, SECOND)
    assert counts(batch) == (1, 0, 0, 1)
    assert list(Organisation.objects.values_list("eori", flat=True)) == ["SE5560000002"]


# --- Doubts ---------------------------------------------------------------------------------


def test_import_notes_an_unusual_eori_and_takes_the_row(caseworker):
    batch = run(caseworker, changed(FIRST, eori="SE12"))
    assert counts(batch) == (1, 0, 0, 0)
    assert "10 digits" in batch.notes.get(line=2).note


def test_import_notes_a_certificate_that_is_suspended_here(caseworker):
    run(caseworker, FIRST)
    trust.suspend_trust(
        status=TrustStatus.objects.get(),
        component="S",
        effective_on=timezone.localdate(),
        reason="Decision 12",
        by=caseworker,
    )
    batch = run(caseworker, FIRST)
    assert counts(batch) == (0, 0, 1, 0)
    assert "suspended or taken away" in batch.notes.get().note
    assert TrustStatus.objects.get().security == "suspended"


# --- Shown before it is applied ---------------------------------------------------------------


def shown(batch: CertificateImport) -> dict[str, tuple[str, dict[str, list[str]]]]:
    return {one.number: (one.kind, one.changes) for one in batch.differences.all()}


def test_import_applies_nothing_before_it_is_confirmed(caseworker):
    batch = compared(caseworker, csv(FIRST, SECOND, changed(SECOND, day="01.02.2026")))
    assert not Organisation.objects.exists()
    assert not TrustStatus.objects.exists()
    assert not MouOffer.objects.exists()
    assert batch.counts == {"new": 2, "offer": 2}
    assert set(reasons(batch)) == {4}
    imports.import_rows(batch=batch)
    assert not TrustStatus.objects.exists()


def test_import_shows_what_changed_since_the_last_one(caseworker):
    run(caseworker, FIRST, SECOND, changed(SECOND, eori="SE5560000003", number="SEAEOC0003"))
    batch = compared(
        caseworker,
        csv(
            changed(FIRST, number="SEAEOC0001", type="C"),
            changed(SECOND, holder="Kallvik Port AB"),
            changed(SECOND, eori="SE5560000004", number="SEAEOC0004"),
        ),
        complete=True,
    )
    assert batch.counts == {"downgraded": 1, "changed": 1, "new": 1, "gone": 1, "offer": 1}
    found = shown(batch)
    assert found["SEAEOC0001"] == (
        "downgraded",
        {"number": ["SEAEOF0001", "SEAEOC0001"], "type": ["F", "C"]},
    )
    assert found["SEAEOC0002"] == (
        "changed",
        {"holder": ["Kallvik Terminal AB", "Kallvik Port AB"]},
    )
    assert found["SEAEOC0003"] == ("gone", {})


def test_import_of_a_part_says_of_nothing_that_it_is_gone(caseworker):
    run(caseworker, FIRST, SECOND)
    assert compared(caseworker, csv(FIRST)).counts == {"offer": 0}


def test_confirm_applies_only_what_was_shown(caseworker):
    """The register moved on between the two steps: nobody has seen what the row would do now."""
    run(caseworker, FIRST)
    batch = confirmed(caseworker, csv(changed(FIRST, day="2026-01-20"), SECOND))
    status = TrustStatus.objects.get()
    trust.amend(status=status, type="F", effective_from=date(2026, 1, 18), by=caseworker)
    outbox.deliver_open()
    batch.refresh_from_db()
    assert counts(batch) == (1, 0, 0, 1)
    assert "has changed since" in reasons(batch)[2]
    status.refresh_from_db()
    assert status.effective_from == date(2026, 1, 18)


def test_confirm_takes_what_somebody_else_did_meanwhile_for_unchanged(caseworker):
    first, second = (compared(caseworker, csv(FIRST)) for _ in range(2))
    for batch in (first, second):
        imports.confirm_import(batch=batch, by=caseworker)
    outbox.deliver_open()
    second.refresh_from_db()
    assert counts(second) == (0, 0, 1, 0)
    assert TrustStatus.objects.count() == MouOffer.objects.count() == 1


def test_confirm_twice_is_refused_with_a_sentence(caseworker):
    batch = confirmed(caseworker, csv(FIRST))
    with pytest.raises(DomainError, match="already"):
        imports.confirm_import(batch=batch, by=caseworker)


def test_confirm_is_a_caseworkers(caseworker):
    batch = compared(caseworker, csv(FIRST))
    with pytest.raises(NotAllowed):
        imports.confirm_import(batch=batch, by=UserFactory(supervisor=True))


def test_confirm_waits_until_it_is_known_what_changes(caseworker):
    batch = imports.import_list(file_name="x.csv", data=csv(FIRST), by=caseworker)
    with pytest.raises(NotAllowed, match="once it is compared"):
        imports.confirm_import(batch=batch, by=caseworker)


def test_drop_applies_nothing_and_keeps_no_file(caseworker, django_capture_on_commit_callbacks):
    batch = compared(caseworker, csv(FIRST))
    with django_capture_on_commit_callbacks(execute=True):
        imports.drop_import(batch=batch, by=caseworker)
    assert not files.exists(batch.path)
    assert not TrustStatus.objects.exists()
    with pytest.raises(DomainError, match="already"):
        imports.confirm_import(batch=batch, by=caseworker)


def test_drop_abandoned_takes_lists_that_nobody_confirmed(caseworker, time_machine):
    old = compared(caseworker, csv(FIRST))
    time_machine.move_to(timezone.now() + timedelta(days=31))
    fresh = compared(caseworker, csv(FIRST))
    assert imports.drop_abandoned() == 1
    old.refresh_from_db()
    fresh.refresh_from_db()
    assert (old.status, fresh.status) == (ImportStatus.DROPPED, ImportStatus.COMPARED)


def test_compare_in_slices_shows_each_row_once(caseworker, monkeypatch):
    monkeypatch.setattr(imports, "SLICE", 2)
    monkeypatch.setattr(imports, "TURN", 0.0)
    rows = [
        changed(SECOND, eori=f"SE55600000{n:02}", number=f"SEAEOC{n:04}") for n in range(10, 17)
    ]
    batch = compared(caseworker, csv(*rows))
    assert batch.counts == {"new": 7, "offer": 7}
    assert list(batch.differences.order_by("line").values_list("line", flat=True)) == [*range(2, 9)]


def test_compare_counts_one_offer_for_a_firm_with_two_certificates(caseworker):
    second = changed(FIRST, number="SEAEOS7777", type="S")
    batch = compared(caseworker, csv(FIRST, second))
    assert batch.counts == {"new": 2, "offer": 1}


def test_differences_are_taken_out_as_a_list(caseworker):
    run(caseworker, FIRST)
    batch = compared(caseworker, csv(changed(FIRST, day="2026-01-20")))
    rows = comparing.differences_list(batch=batch, by=caseworker)
    assert rows[1] == [
        "2",
        "Changed",
        "SEAEOF0001",
        "Norrvik Freight AB",
        "effective: 2026-01-15 → 2026-01-20",
    ]
    assert AuditEvent.objects.get(event="differences_downloaded").kind == "disclosure"


def test_drop_abandoned_leaves_what_was_confirmed_since_it_looked(caseworker):
    batch = compared(caseworker, csv(FIRST))
    imports.confirm_import(batch=batch, by=caseworker)
    imports.drop_import(batch=batch, by=None)
    batch.refresh_from_db()
    assert batch.status == ImportStatus.RUNNING
