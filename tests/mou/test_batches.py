"""Offers in bulk: who is offered one and who not, led by officers, worked off in slices."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mou import candidates
from mou.actions import batches
from mou.candidates import Chosen
from mou.lifecycle import BatchStatus
from mou.models import MouOffer, OfferBatch, OfferBatchLine, Outcome, TrustStatus
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, Membership, StaffRole
from tests.factories import UserFactory
from tests.mou import flows, living
from tests.mou.batch_flows import (
    automatic,
    confirmed,
    holder,
    holders,
    offered_before,
    worked,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
CHOOSE = "/admin/mou/offerbatch/choose/"


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def outcome_of(firm, **chosen):
    found = candidates.holders(flows.programme(), Chosen(**chosen)).filter(pk=firm.pk).first()
    return found and found.outcome


# --- Who is offered one, and of the others why not ---------------------------------------------


def test_holder_that_was_never_offered_one_is_offered_one():
    firm = holder()
    assert outcome_of(firm) == Outcome.WAITING
    assert candidates.holders(flows.programme(), Chosen()).get().address


@pytest.mark.parametrize(
    ("status", "days", "outcome", "again"),
    [
        ("unsent", 0, Outcome.OPEN, Outcome.OPEN),
        ("sent", 40, Outcome.OPEN, Outcome.OPEN),
        ("accepted", 900, Outcome.AGREEMENT, Outcome.AGREEMENT),
        ("ended", 900, Outcome.TAKEN, Outcome.WAITING),
        ("declined", 300, Outcome.DECLINED, Outcome.DECLINED),
        ("declined", 400, Outcome.BEFORE, Outcome.WAITING),
        ("withdrawn", 3, Outcome.BEFORE, Outcome.WAITING),
    ],
)
def test_holder_with_an_earlier_offer_is_left_out_and_says_why(status, days, outcome, again):
    firm = holder()
    offered_before(firm, status, days=days)
    assert (outcome_of(firm), outcome_of(firm, again=True)) == (outcome, again)


def test_holder_with_an_agreement_is_left_out():
    assert outcome_of(living.in_force().organisation) == Outcome.AGREEMENT


def test_holder_without_an_address_is_left_out_unless_asked_for():
    firm = holder(owned=False)
    assert outcome_of(firm) == Outcome.ADDRESS
    assert outcome_of(firm, unaddressed=True) == Outcome.WAITING


def test_holder_whose_address_is_an_officers_is_left_out(officer):
    firm = holder(owned=False)
    offered_before(firm, "withdrawn")
    MouOffer.objects.update(contact_email=officer.email.upper())
    assert outcome_of(firm, again=True) == Outcome.OFFICER


def test_holder_whose_owner_has_left_has_no_address():
    firm = holder()
    Membership.objects.update(ended_at=timezone.now(), ended_by=UserFactory())
    assert outcome_of(firm) == Outcome.ADDRESS


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"simplifications": "suspended", "security": "suspended"}, Outcome.NOT_HELD),
        ({"security": "suspended"}, Outcome.WAITING),
        ({"simplifications": "revoked", "security": "revoked"}, None),
    ],
)
def test_holder_whose_certificate_is_not_valid_is_left_out(fields, outcome):
    firm = holder()
    TrustStatus.objects.update(**fields)
    assert outcome_of(firm) == outcome


def test_holder_of_another_batch_that_has_not_come_to_it_is_left_out():
    firm = holder()
    batch = confirmed()
    assert outcome_of(firm) == Outcome.BATCH
    batches.stop_batch(batch=batch, by=batch.created_by)
    assert outcome_of(firm) == Outcome.WAITING


@pytest.mark.parametrize(
    ("chosen", "fits"),
    [
        ({"component": "C"}, True),
        ({"component": "S"}, False),
        ({"country": "FI"}, True),
        ({"country": "SE"}, False),
        ({"authority": "tulli helsinki"}, True),
        ({"authority": "Tulli"}, False),
        ({"granted_since": "2026-01-01"}, True),
        ({"granted_since": "2026-01-02"}, False),
    ],
)
def test_holders_are_chosen_by_component_country_authority_and_day(chosen, fits):
    firm = holder("C", country="FI", authority="Tulli Helsinki")
    assert bool(outcome_of(firm, **chosen)) == fits


# --- Confirming --------------------------------------------------------------------------------


def test_offer_in_bulk_keeps_every_firm_with_its_reason(officer):
    offered, without = holder(), holder(owned=False)
    batch = confirmed(officer)
    kept = dict(batch.lines.values_list("organisation", "outcome"))
    assert kept == {offered.pk: Outcome.WAITING, without.pk: Outcome.ADDRESS}
    assert batch.counts == {"waiting": 1, "address": 1, "confirmed": 1}
    assert AuditEvent.objects.get(event="batch_confirmed").facts["firms"] == 1
    assert not MouOffer.objects.exists()


def test_offer_in_bulk_of_what_has_changed_since_is_refused(officer):
    holder()
    seen = candidates.preview(flows.programme(), Chosen()).seen
    holder()
    with pytest.raises(DomainError, match="changed since"):
        batches.offer_in_bulk(programme=flows.programme(), chosen=Chosen(), seen=seen, by=officer)
    assert not OfferBatch.objects.exists()


def test_offer_in_bulk_to_nobody_is_refused():
    holder(owned=False)
    with pytest.raises(DomainError, match="Nobody"):
        confirmed()


@pytest.mark.parametrize("role", [role for role in StaffRole.values if role != "caseworker"])
def test_offer_in_bulk_is_a_caseworkers(role):
    holder()
    with pytest.raises(NotAllowed):
        confirmed(UserFactory(**{role: True}))


# --- The work ----------------------------------------------------------------------------------


def test_make_offers_sends_each_firm_one_that_says_its_batch(officer):
    firms = [holder(), holder("C")]
    batch = confirmed(officer)
    flows.deliver_all()
    batch.refresh_from_db()
    assert (batch.status, batch.counted(Outcome.OFFERED)) == (BatchStatus.FINISHED, 2)
    made = MouOffer.objects.order_by("pk")
    assert [(one.organisation, one.batch, one.required_component) for one in made] == [
        (firms[0], batch, "S"),
        (firms[1], batch, "C"),
    ]
    assert {one.status for one in made} == {"sent"}
    assert len(mail.outbox) == 2
    recorded = AuditEvent.objects.filter(event="offer_made")
    assert {one.facts["batch"] for one in recorded} == {batch.pk}
    assert {one.organisation_id for one in recorded} == {firm.pk for firm in firms}


def test_make_offers_without_an_address_lets_them_wait_for_one(officer):
    holder(owned=False)
    worked(confirmed(officer, unaddressed=True))
    assert list(MouOffer.objects.lacking_address()) == [MouOffer.objects.get()]


def test_make_offers_run_twice_makes_each_once():
    holder()
    batch = worked(worked(confirmed()))
    assert (MouOffer.objects.count(), batch.counted(Outcome.OFFERED)) == (1, 1)


def test_make_offers_leaves_out_whoever_was_offered_one_since(officer):
    firm, other = holder(), holder()
    batch = confirmed(officer)
    automatic(firm)
    TrustStatus.objects.filter(organisation=other).update(
        simplifications="revoked", security="revoked"
    )
    worked(batch)
    assert MouOffer.objects.get().batch is None
    assert set(batch.lines.values_list("outcome", flat=True)) == {Outcome.OPEN, Outcome.NOT_HELD}
    assert batch.counts == {"waiting": 0, "open": 1, "not_held": 1, "confirmed": 2}


def test_second_batch_over_the_same_firms_offers_nobody_twice(officer, monkeypatch):
    """Confirmed before the first one's firms stood in the database, as it happens at once."""
    holder()
    first = confirmed(officer)
    OfferBatch.objects.update(status=BatchStatus.STOPPED, finished_at=timezone.now())
    second = confirmed()
    OfferBatch.objects.update(status=BatchStatus.RUNNING, finished_at=None)
    worked(first)
    worked(second)
    assert (first.counted(Outcome.OFFERED), second.counted(Outcome.OPEN)) == (1, 1)
    assert MouOffer.objects.get().batch == first


def test_the_database_lets_a_batch_make_a_firm_one_offer(officer):
    holder()
    worked(confirmed(officer))
    made = MouOffer.objects.get()
    made.pk, made.uuid, made.status = None, None, "withdrawn"
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


@pytest.mark.parametrize("count", [20, batches.SLICE])
def test_a_slice_asks_as_often_whatever_its_size(count):
    holders(count)
    batch = confirmed(again=True)
    with CaptureQueriesContext(connection) as asked:
        worked(batch)
    assert MouOffer.objects.filter(batch=batch).count() == count
    # On SQLite what is written goes in parts, because a statement has only so many places.
    parts = 0 if connection.vendor == "postgresql" else count // 20
    assert len(asked) <= 17 + parts


# --- Pause, resume, stop ------------------------------------------------------------------------


def test_pause_keeps_the_worker_from_the_next_slice_until_it_is_resumed(officer):
    holder()
    batch = batches.pause_batch(batch=confirmed(), by=officer)
    flows.deliver_all()
    assert not MouOffer.objects.exists()
    batches.resume_batch(batch=batch, by=officer)
    flows.deliver_all()
    assert MouOffer.objects.count() == 1
    events = AuditEvent.objects.filter(target_type="mou.offerbatch").order_by("pk")
    assert list(events.values_list("event", flat=True)) == [
        "batch_confirmed",
        "batch_paused",
        "batch_resumed",
        "batch_finished",
    ]


def test_stop_leaves_what_is_made_and_says_who_was_left_out(officer, monkeypatch):
    monkeypatch.setattr(batches, "SLICE", 1)
    monkeypatch.setattr(batches, "TURN", 0.0)
    for _firm in range(3):
        holder()
    batch = worked(confirmed())
    batches.stop_batch(batch=batch, by=officer)
    flows.deliver_all()
    batch.refresh_from_db()
    assert MouOffer.objects.count() == 1
    assert batch.counts == {"confirmed": 3, "waiting": 0, "offered": 1, "stopped": 2}


@pytest.mark.parametrize("verb", ["pause", "resume", "stop"])
@pytest.mark.parametrize("status", BatchStatus.values)
def test_verb_of_a_batch_only_in_its_states(officer, verb, status):
    holder()
    batch = confirmed()
    ended = status in (BatchStatus.FINISHED, BatchStatus.STOPPED)
    OfferBatch.objects.update(status=status, finished_at=timezone.now() if ended else None)
    act = getattr(batches, f"{verb}_batch")
    allowed = {"pause": {"running"}, "resume": {"paused"}, "stop": {"running", "paused"}}[verb]
    if status in allowed:
        with pytest.raises(NotAllowed):
            act(batch=batch, by=UserFactory(supervisor=True))
        act(batch=batch, by=officer)
    else:
        with pytest.raises(InvalidTransition):
            act(batch=batch, by=officer)


# --- The pages ----------------------------------------------------------------------------------


def choice(**chosen):
    return {"programme": flows.programme().pk, **chosen}


def test_choose_shows_who_is_offered_one_and_writes_nothing(client, officer):
    holder(legal_name="Norrvik Freight AB")
    holder(owned=False, legal_name="Silent Holdings AB")
    desk = at_the_desk(client, officer)
    page = desk.get(CHOOSE, choice()).content.decode()
    assert "Norrvik Freight AB" in page
    assert "Silent Holdings AB" not in page
    assert "Silent Holdings AB" in desk.get(CHOOSE, choice(outcome="address")).content.decode()
    assert not OfferBatch.objects.exists()


def test_confirm_at_the_desk_begins_a_batch_and_shows_its_progress(client, officer):
    holder(legal_name="Norrvik Freight AB", country="SE")
    desk = at_the_desk(client, officer)
    page = desk.get(CHOOSE, choice(country="SE"))
    seen = page.context["found"].seen
    page = desk.post("/admin/mou/offerbatch/confirm/", choice(country="SE", seen=seen), follow=True)
    assert "0 of 1 firm has had its turn." in page.content.decode()
    assert 'http-equiv="refresh"' in page.content.decode()
    batch = OfferBatch.objects.get()
    assert batch.chosen["country"] == "SE"
    worked(batch)
    page = desk.get(reverse("admin:mou_offerbatch_change", args=[batch.pk])).content.decode()
    assert "Norrvik Freight AB" in page
    assert 'http-equiv="refresh"' not in page


def test_confirm_of_what_has_changed_shows_it_again_with_all_that_was_chosen(client, officer):
    holder()
    desk = at_the_desk(client, officer)
    told = choice(granted_since="2026-01-01", again="on", seen="7-7")
    page = desk.post("/admin/mou/offerbatch/confirm/", told, follow=True)
    assert "has changed since" in page.content.decode()
    assert 'value="2026-01-01"' in page.content.decode()
    assert page.context["found"].offered == 1
    assert not OfferBatch.objects.exists()


def test_state_of_a_batch_for_the_script(client, officer):
    holder()
    batch = confirmed()
    state = at_the_desk(client, officer).get(f"/admin/mou/offerbatch/{batch.pk}/state/").json()
    assert (state["done"], state["total"], state["finished"]) == (0, 1, False)


def test_download_of_the_results_is_recorded(client, officer):
    holder(legal_name="=HYPERLINK()", owned=False)
    holder(legal_name="Norrvik Freight AB")
    batch = worked(confirmed())
    got = at_the_desk(client, officer).post(f"/admin/mou/offerbatch/{batch.pk}/download/")
    assert '"Norrvik Freight AB"' in got.content.decode()
    assert '"\'=HYPERLINK()"' in got.content.decode()
    assert AuditEvent.objects.filter(event="batch_downloaded").exists()


def test_pause_and_stop_at_the_desk(client, officer):
    holder()
    batch = confirmed()
    desk = at_the_desk(client, officer)
    page = desk.post(f"/admin/mou/offerbatch/{batch.pk}/pause/", follow=True).content.decode()
    assert "Go on" in page
    desk.post(f"/admin/mou/offerbatch/{batch.pk}/resume/")
    desk.post(f"/admin/mou/offerbatch/{batch.pk}/stop/")
    page = desk.post(f"/admin/mou/offerbatch/{batch.pk}/pause/", follow=True).content.decode()
    assert "This cannot be done now" in page


@pytest.mark.parametrize("which", ["choose", "batch", "list"])
def test_pages_of_batches_ask_as_often_for_two_hundred_firms(
    client, officer, which, django_assert_num_queries
):
    desk = at_the_desk(client, officer)
    told = choice(again="on")

    def look():
        if which == "choose":
            return desk.get(CHOOSE, told)
        if which == "list":
            return desk.get("/admin/mou/offerbatch/")
        batch = OfferBatch.objects.latest("pk")
        return desk.get(f"/admin/mou/offerbatch/{batch.pk}/change/?outcome=offered")

    holders(3)
    worked(confirmed(again=True))
    holders(3)
    look()  # what a process reads once
    with CaptureQueriesContext(connection) as few:
        assert look().status_code == 200
    holders(200)
    if which != "choose":
        worked(confirmed(again=True))
    with django_assert_num_queries(len(few)):
        assert look().status_code == 200


@pytest.mark.parametrize("role", StaffRole.values)
def test_pages_of_batches_do_not_exist_for_others(client, role):
    holder()
    batch = confirmed()
    at_the_desk(client, UserFactory(**{role: True}))
    chooses = 200 if role == StaffRole.CASEWORKER else 404
    reads = 200 if role in (StaffRole.CASEWORKER, StaffRole.SUPERVISOR) else 404
    assert client.get(CHOOSE).status_code == chooses
    assert client.get(f"/admin/mou/offerbatch/{batch.pk}/state/").status_code == reads
    assert client.post(f"/admin/mou/offerbatch/{batch.pk}/stop/").status_code == (
        302 if role == StaffRole.CASEWORKER else 404
    )


def test_offer_of_a_batch_links_to_it(client, officer):
    holder()
    batch = worked(confirmed())
    offer = MouOffer.objects.get()
    page = at_the_desk(client, officer).get(f"/admin/mou/mouoffer/{offer.pk}/change/")
    assert f"/admin/mou/offerbatch/{batch.pk}/change/" in page.content.decode()
    assert OfferBatchLine.objects.count() == 1
