"""Offers in bulk under stress: killed workers, two batches at once, other offers beside them."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from django.db import connection
from django.utils import timezone

from mou import programme
from mou.actions import batches, comparing, imports
from mou.lifecycle import BatchStatus
from mou.models import CertificateImport, MouOffer, OfferBatch, OfferBatchLine, Outcome
from portal import audit, outbox, reference_files
from portal.errors import DomainError
from portal.models import AuditEvent, OutboxMessage
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.batch_flows import automatic, confirmed, holders
from tests.mou.test_import_races import together
from tests.mou.test_kills import kill_in

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = ["unsent", "sent", "accepted"]


def work(batch: OfferBatch) -> None:
    batches.make_offers(batch=OfferBatch.objects.select_related("created_by").get(pk=batch.pk))


def assert_each_once(firms) -> None:
    """One live offer a firm, recorded once and promised to be sent once."""
    live = MouOffer.objects.filter(status__in=LIVE)
    assert Counter(live.values_list("organisation_id", flat=True)) == Counter(
        firm.pk for firm in firms
    )
    written_to = live.exclude(contact_email="")
    keys = {f"send_offer:{pk}" for pk in written_to.values_list("pk", flat=True)}
    promised = OutboxMessage.objects.filter(task="mou.send_offer")
    assert set(promised.values_list("key", flat=True)) == keys
    assert AuditEvent.objects.filter(event="offer_made").count() == len(firms)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (batches, "lock_offer_makers"),
        (audit, "record_all"),
        (outbox, "enqueue_all"),
        (None, "done"),
    ],
)
def test_worker_killed_in_the_middle_of_a_slice_leaves_each_firm_one_offer(
    monkeypatch, place, name
):
    monkeypatch.setattr(batches, "SLICE", 4)
    monkeypatch.setattr(batches, "TURN", 0.0)
    firms = holders(10)
    batch = confirmed(again=True)
    work(batch)  # the first slice is made, the next one dies in the worker's hands
    OutboxMessage.objects.filter(key=f"offer_in_bulk:{batch.pk}:0:0").update(done_at=timezone.now())

    kill_in("mou.offer_in_bulk", place, name)

    made = MouOffer.objects.filter(batch=batch).count()
    assert made == (8 if place is None else 4)
    assert made == batch.lines.filter(outcome=Outcome.OFFERED).count()
    OutboxMessage.objects.filter(done_at=None).update(
        claimed_until=None, available_at=timezone.now()
    )
    monkeypatch.setattr(batches, "TURN", 20.0)
    flows.deliver_all()
    batch.refresh_from_db()
    assert (batch.status, batch.counted(Outcome.OFFERED)) == (BatchStatus.FINISHED, 10)
    assert_each_once(firms)


def test_two_officers_begin_overlapping_batches_at_once(monkeypatch):
    """Both have looked at the same firms: each firm is offered one, whoever comes first."""
    monkeypatch.setattr(batches, "SLICE", 5)
    firms = holders(40)
    reference_files.load()
    first = confirmed(again=True)
    OfferBatch.objects.update(status=BatchStatus.STOPPED, finished_at=timezone.now())
    second = confirmed(again=True)
    OfferBatch.objects.update(status=BatchStatus.RUNNING, finished_at=None)

    together(lambda: work(first), lambda: work(second), lambda: work(second))

    assert_each_once(firms)
    outcomes = Counter(OfferBatchLine.objects.values_list("outcome", flat=True))
    assert outcomes == {Outcome.OFFERED: 40, Outcome.OPEN: 40}
    for batch in (first, second):
        batch.refresh_from_db()
        assert batch.status == BatchStatus.FINISHED
        counted = Counter(batch.lines.values_list("outcome", flat=True))
        assert {code: batch.counted(code) for code in counted} == counted


def test_two_officers_confirm_the_same_at_once_and_each_firm_is_offered_one():
    firms = holders(20)
    people = [UserFactory(caseworker=True) for _ in range(2)]
    together(*[lambda by=by: _confirmed_if_nobody_was_first(by) for by in people])
    flows.deliver_all()
    assert_each_once(firms)


def _confirmed_if_nobody_was_first(by) -> None:
    with suppress(DomainError):
        confirmed(by, again=True)


def test_batch_beside_the_offers_that_are_made_by_themselves(monkeypatch):
    monkeypatch.setattr(batches, "SLICE", 5)
    firms = holders(30)
    batch = confirmed(again=True)

    def by_themselves():
        for firm in reversed(firms):
            automatic(firm)

    together(lambda: work(batch), by_themselves)

    live = MouOffer.objects.filter(status__in=LIVE)
    assert Counter(live.values_list("organisation_id", flat=True)) == Counter(
        firm.pk for firm in firms
    )
    batch.refresh_from_db()
    made = live.filter(batch=batch).count()
    assert (batch.counted(Outcome.OFFERED), batch.counted(Outcome.OPEN)) == (made, 30 - made)


def test_batch_beside_a_list_that_names_its_firms_backwards(monkeypatch):
    """Each makes many offers in one transaction: neither waits for the other for ever."""
    monkeypatch.setattr(batches, "SLICE", 7)
    monkeypatch.setattr(imports, "SLICE", 7)
    reference_files.load()
    programme.load()
    firms = holders(40)
    MouOffer.objects.all().delete()
    for place, firm in enumerate(firms):
        firm.eori = f"SE{place:010}"
        firm.save()
    rows = [
        f"{firm.legal_name},SE,{firm.eori},SEAEOF{firm.pk:09},F,2026-01-01,f{firm.pk}@firms.example"
        for firm in reversed(firms)
    ]
    heading = "holder,country,EORI,certificate number,type,effective date,contact e-mail"
    listed = imports.import_list(
        file_name="backwards.csv",
        data="\n".join([heading, *rows]).encode(),
        by=UserFactory(caseworker=True),
    )
    comparing.compare_rows(batch=listed)
    listed = imports.confirm_import(batch=listed, by=listed.uploaded_by)
    batch = confirmed(unaddressed=True)

    together(
        lambda: work(batch),
        lambda: imports.import_rows(batch=CertificateImport.objects.get(pk=listed.pk)),
    )

    assert MouOffer.objects.count() == 40
    assert MouOffer.objects.values("organisation").distinct().count() == 40
    batch.refresh_from_db()
    listed.refresh_from_db()
    assert (batch.status, listed.status) == ("finished", "finished")


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_a_full_batch_offers_each_firm_one_in_few_statements(count, monkeypatch):
    monkeypatch.setattr(batches, "TURN", 600.0)
    firms = holders(count)
    batch = confirmed(again=True)
    asked: Counter[str] = Counter()

    def counted(execute, *args):
        asked["statements"] += 1
        return execute(*args)

    with connection.execute_wrapper(counted):
        work(batch)

    assert_each_once(firms)
    slices = count // batches.SLICE
    assert asked["statements"] <= (17 if connection.vendor == "postgresql" else 27) * slices
