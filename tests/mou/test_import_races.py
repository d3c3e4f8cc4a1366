"""Imports under stress: two at once, a killed worker, ten thousand rows."""

from __future__ import annotations

import shutil
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from mou import programme
from mou.actions import comparing, imports, offers
from mou.models import CertificateImport, ImportStatus, MouOffer, StatusEvent, TrustStatus
from portal import files, reference_files
from portal.models import AuditEvent, Organisation, OutboxMessage
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.processes import wait_for, worker

pytestmark = pytest.mark.django_db(transaction=True)

# For a new firm: itself, its certificate, its offer, what is recorded of each, and savepoints.
STATEMENTS = 16
HEADING = "holder,country,EORI,certificate number,type,effective date,contact e-mail"


@pytest.fixture(autouse=True)
def lists(db):
    for name in ("mail", "broker"):
        shutil.rmtree(Path(settings.VAR, name), ignore_errors=True)
        Path(settings.VAR, name).mkdir(mode=0o700)
    reference_files.load()
    programme.load()


@pytest.fixture
def caseworker():
    return UserFactory(caseworker=True)


def certificates(count: int, *, mailed: int = 0) -> bytes:
    rows = [
        f"Holder {n:05} AB,SE,SE{n:010},SEAEOF{n:05},F,2026-01-01,"
        + (f"owner{n}@firm{n}.example" if n < mailed else "")
        for n in range(count)
    ]
    return "\n".join([HEADING, *rows]).encode()


def upload(by, data: bytes) -> CertificateImport:
    """A list that was compared and confirmed."""
    batch = imports.import_list(file_name="certificates.csv", data=data, by=by)
    comparing.compare_rows(batch=batch)
    return imports.confirm_import(batch=batch, by=by)


def together(*works) -> None:
    """Each in a thread and on a connection of its own, begun at the same moment."""
    barrier, failed = threading.Barrier(len(works)), []

    def one(work):
        try:
            barrier.wait()
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


def assert_each_once(count: int) -> None:
    """As many firms, and for each one certificate, one grant, one offer, and no trace of more."""
    assert Organisation.objects.count() == count
    firms = set(Organisation.objects.values_list("pk", flat=True))
    for model in (TrustStatus, MouOffer):
        holders = Counter(model.objects.values_list("organisation_id", flat=True))
        assert holders == Counter(firms), model
    assert StatusEvent.objects.count() == count
    events = Counter(AuditEvent.objects.values_list("event", flat=True))
    assert (events["trust_granted"], events["offer_made"]) == (count, count)


def totals(*batches: CertificateImport) -> Counter[str]:
    found = Counter()
    for batch in batches:
        batch.refresh_from_db()
        assert batch.status == ImportStatus.FINISHED
        assert batch.rows_done == batch.rows_total
        for name in ("new", "changed", "unchanged", "rejected"):
            found[name] += getattr(batch, f"rows_{name}")
    return +found


def test_import_of_one_list_twice_at_once_makes_each_holder_once(caseworker, monkeypatch):
    monkeypatch.setattr(imports, "SLICE", 7)
    first, second = (upload(caseworker, certificates(60, mailed=60)) for _ in range(2))
    together(
        lambda: imports.import_rows(batch=CertificateImport.objects.get(pk=first.pk)),
        lambda: imports.import_rows(batch=CertificateImport.objects.get(pk=second.pk)),
    )
    assert totals(first, second) == {"new": 60, "unchanged": 60}
    assert_each_once(60)
    assert OutboxMessage.objects.filter(task="mou.send_offer").count() == 60


def test_import_worked_on_by_two_workers_at_once_counts_each_row_once(caseworker, monkeypatch):
    monkeypatch.setattr(imports, "SLICE", 7)
    batch = upload(caseworker, certificates(60))
    work = [lambda: imports.import_rows(batch=CertificateImport.objects.get(pk=batch.pk))] * 3
    together(*work)
    assert totals(batch) == {"new": 60}
    assert_each_once(60)


def test_upload_of_one_list_by_two_people_at_once_makes_each_holder_once():
    people = [UserFactory(caseworker=True) for _ in range(2)]
    data = certificates(20)
    together(*[lambda by=by: upload(by, data) for by in people])
    flows.deliver_all()
    assert totals(*CertificateImport.objects.all()) == {"new": 20, "unchanged": 20}
    assert_each_once(20)


def test_import_beside_a_firm_entered_by_hand_keeps_one_firm(caseworker):
    batch = upload(caseworker, certificates(5))
    entered = threading.Event()

    def by_hand():
        with transaction.atomic():
            OrganisationFactory(eori="SE0000000003", legal_name="Holder 00003 AB")
            entered.set()
            time.sleep(0.5)

    def import_meanwhile():
        entered.wait(10)
        flows.deliver_all()

    together(by_hand, import_meanwhile)
    flows.deliver_all()
    assert totals(batch) == {"new": 5}
    assert_each_once(5)


def test_import_beside_an_offer_made_by_hand_keeps_one_offer(caseworker):
    firm = OrganisationFactory(eori="SE0000000000", legal_name="Holder 00000 AB")
    batch = upload(caseworker, certificates(3))
    made = threading.Event()

    def by_hand():
        with transaction.atomic():
            offers.offer(
                organisation=firm, programme=flows.programme(), basis="outreach", by=caseworker
            )
            made.set()
            time.sleep(0.5)

    def import_meanwhile():
        made.wait(10)
        flows.deliver_all()

    together(by_hand, import_meanwhile)
    flows.deliver_all()
    assert totals(batch) == {"new": 3}
    assert_each_once(3)


def test_import_goes_on_where_a_killed_worker_stopped(caseworker):
    batch = upload(caseworker, certificates(1500, mailed=3))

    def rows_done() -> int:
        return CertificateImport.objects.get(pk=batch.pk).rows_done

    with worker():
        wait_for(rows_done, "the first slice", every=0.01)
    time.sleep(0.5)  # the database may still be completing the last thing it was told
    stopped_at = rows_done()
    assert 0 < stopped_at < 1500, "the worker was too fast to be killed in the middle"
    assert_each_once(stopped_at)
    with worker():
        wait_for(lambda: rows_done() == 1500, "the last slice", seconds=90)
        mailed = {"sent_at__isnull": False}
        wait_for(lambda: MouOffer.objects.filter(**mailed).count() == 3, "the offers")
        wait_for(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), "all the work")
    assert totals(batch) == {"new": 1500}
    assert_each_once(1500)
    assert len(list(Path(settings.VAR, "mail").glob("*.eml"))) == 3
    assert not files.exists(batch.path)


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_import_of_a_full_list_takes_each_once_in_a_few_statements(caseworker, count, monkeypatch):
    monkeypatch.setattr(imports, "TURN", 600.0)
    batch = upload(caseworker, certificates(count, mailed=count))
    asked: Counter[str] = Counter()

    def counted(execute, *args):
        asked["statements"] += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        imports.import_rows(batch=batch)
    again = upload(caseworker, certificates(count, mailed=count))
    imports.import_rows(batch=again)
    assert totals(batch, again) == {"new": count, "unchanged": count}
    assert_each_once(count)
    assert asked["statements"] <= STATEMENTS * count
