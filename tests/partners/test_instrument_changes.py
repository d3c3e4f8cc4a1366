"""Two people for the law under which exchanges leave: proposed by one, decided by another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.urls import reverse
from django.utils import timezone

from partners import legal_basis, queues
from partners.actions import instrument_changes as changes
from partners.lifecycle import INSTRUMENT_CHANGE
from partners.lifecycle import InstrumentChangeStatus as Status
from partners.models import ChangeKind, Instrument, InstrumentChange, InstrumentParty, PartnerType
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, User
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.partners import instrument_flows as flows
from tests.partners.factories import InstrumentFactory, PartnerFactory
from tests.people import at_once, at_the_desk, read_mail

pytestmark = pytest.mark.django_db
TODAY = flows.TODAY
DAY = timedelta(days=1)
LIST = "/admin/partners/instrumentchange/"
OTHERS = ["caseworker", "triage_officer", "system_administrator", "data_protection_officer"]


def covered(instrument: Instrument | None = None, purpose: str = "prevention") -> bool:
    """Whether anything, or this, lets information pass between Sweden and New Zealand."""
    partner = PartnerFactory(country="NZ", type=PartnerType.CUSTOMS)
    found = legal_basis.covering(own="SE", partner=partner, purpose=purpose, on=TODAY)
    return bool(found) if instrument is None else instrument in found


def bound(**fields: object) -> Instrument:
    instrument = InstrumentFactory(**fields)
    for country in ("SE", "NZ"):
        InstrumentParty.objects.create(instrument=instrument, country=country)
    return instrument


def in_state(status: str, by: User, decider: User) -> InstrumentChange:
    change = flows.end(bound(), TODAY, by=by)
    if status == Status.APPLIED:
        return changes.apply_change(change=change, by=decider)
    if status == Status.REJECTED:
        return changes.reject_change(change=change, by=decider, note="No.")
    if status == Status.WITHDRAWN:
        return changes.withdraw_change(change=change, by=by)
    return change


def act(verb: str, change: InstrumentChange, by: User) -> InstrumentChange:
    more = {"note": "No."} if verb == "reject" else {}
    return getattr(changes, f"{verb}_change")(change=change, by=by, **more)


# --- States and people ------------------------------------------------------------------------


@pytest.mark.parametrize("verb", INSTRUMENT_CHANGE)
@pytest.mark.parametrize("status", Status.values)
def test_verb_in_every_state(verb, status):
    by, decider = flows.officer(), flows.supervisor()
    change = in_state(status, by, decider)
    who = by if verb == "withdraw" else flows.supervisor()
    if status in INSTRUMENT_CHANGE[verb]:
        assert act(verb, change, who).status == INSTRUMENT_CHANGE[verb][status]
        return
    with pytest.raises((AlreadyDone, InvalidTransition)):
        act(verb, change, who)
    change.refresh_from_db()
    assert change.status == status


@pytest.mark.parametrize("role", ["liaison_officer", "supervisor"])
def test_proposer_decides_not_on_ones_own(role):
    by = UserFactory(**{role: True})
    change = flows.end(bound(), TODAY, by=by)
    for verb in ("apply", "reject"):
        with pytest.raises(DomainError, match="somebody else than proposed it"):
            act(verb, change, by)
    assert act("withdraw", change, by).status == Status.WITHDRAWN


def test_officer_decides_on_no_change_and_another_withdraws_none():
    change = flows.end(bound(), TODAY)
    for verb, who in (("apply", flows.officer()), ("withdraw", flows.supervisor())):
        with pytest.raises(DomainError):
            act(verb, change, who)
    change.refresh_from_db()
    assert change.status == Status.PROPOSED


@pytest.mark.parametrize("role", OTHERS)
def test_others_neither_propose_nor_decide(role):
    other, change = UserFactory(**{role: True}), flows.end(bound(), TODAY)
    both = UserFactory(supervisor=True, system_administrator=True)
    for who in (other, both):
        for verb in INSTRUMENT_CHANGE:
            with pytest.raises(DomainError):
                act(verb, change, who)
        with pytest.raises(NotAllowed):
            flows.new(by=who)
    party = InstrumentParty.objects.first()
    for propose in (
        lambda: flows.edit(change.instrument, by=other),
        lambda: flows.end(change.instrument, TODAY, by=other),
        lambda: flows.join(change.instrument, by=other, country="AU"),
        lambda: flows.leave(party, TODAY, by=other),
    ):
        with pytest.raises(NotAllowed):
            propose()
    assert InstrumentChange.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": Status.APPLIED, "decided": "proposed_by"},
        {"status": Status.REJECTED, "decided": "proposed_by"},
        {"status": Status.WITHDRAWN, "decided": "other"},
        {"status": Status.APPLIED},
        {"reason": ""},
        {"kind": ChangeKind.ADD},
    ],
)
def test_database_takes_no_half_decision(wrong):
    change, other = flows.end(bound(), TODAY), flows.supervisor()
    by = {"proposed_by": change.proposed_by, "other": other}.get(wrong.pop("decided", ""))
    decided = {"decided_by": by, "decided_at": timezone.now()} if by else {}
    with pytest.raises(IntegrityError, match="instrumentchange_"), transaction.atomic():
        InstrumentChange.objects.filter(pk=change.pk).update(**wrong, **decided)


# --- What covers ------------------------------------------------------------------------------


def test_new_instrument_covers_nothing_until_another_decided():
    change = flows.new()
    assert not Instrument.objects.exists()
    assert not covered()
    instrument = flows.decided(change)
    assert covered(instrument)
    change.refresh_from_db()
    assert change.instrument == instrument


@pytest.mark.parametrize(
    ("propose", "before", "after"),
    [
        (lambda one: flows.edit(one, purposes=["recovery"]), True, False),
        (lambda one: flows.edit(one, signed_on=None, in_force_on=None), True, False),
        (lambda one: flows.end(one, TODAY - DAY), True, False),
        (lambda one: flows.leave(one.parties.get(country="NZ"), TODAY - DAY), True, False),
    ],
)
def test_what_is_proposed_narrows_nothing_until_it_is_decided(propose, before, after):
    instrument = bound(signed_on=date(2020, 1, 1), in_force_on=date(2020, 1, 2))
    change = propose(instrument)
    assert covered(instrument) is before
    flows.decided(change)
    assert covered(instrument) is after


def test_party_is_bound_when_it_is_decided():
    instrument = InstrumentFactory()
    proposed = [flows.join(instrument, country=one) for one in ("SE", "NZ")]
    assert not covered(instrument)
    for change in proposed:
        flows.decided(change)
    assert covered(instrument)


@pytest.mark.parametrize("verb", ["reject", "withdraw"])
def test_what_is_not_decided_for_covers_nothing(verb):
    change = flows.new()
    act(verb, change, change.proposed_by if verb == "withdraw" else flows.supervisor())
    assert not Instrument.objects.exists()
    assert flows.new().status == Status.PROPOSED


def test_same_is_proposed_once_at_a_time():
    instrument, named = bound(), PartnerFactory(country="", type=PartnerType.EU_BODY)
    party = instrument.parties.get(country="NZ")
    for propose in (
        flows.new,
        lambda: flows.edit(instrument),
        lambda: flows.end(instrument, TODAY),
        lambda: flows.join(instrument, country="AU"),
        lambda: flows.join(instrument, partner=named),
        lambda: flows.leave(party, TODAY),
    ):
        propose()
        with pytest.raises(AlreadyDone, match="proposed already"):
            propose()
    assert flows.join(instrument, country="FJ").status == Status.PROPOSED


def test_edit_that_changes_nothing_is_no_proposal():
    instrument = flows.decided(flows.new())
    with pytest.raises(DomainError, match="Nothing would be another"):
        flows.edit(instrument)


def test_apply_holds_for_the_instrument_that_the_proposer_had_seen():
    instrument = bound()
    change, meanwhile = flows.edit(instrument), flows.end(instrument, date(2199, 1, 1))
    flows.decided(meanwhile)
    with pytest.raises(AlreadyDone, match="was changed after this was proposed"):
        flows.decided(change)
    change.refresh_from_db()
    assert change.status == Status.PROPOSED
    changes.withdraw_change(change=change, by=change.proposed_by)
    instrument.refresh_from_db()
    assert flows.decided(flows.edit(instrument)).title == flows.WRITTEN["title"]


def test_apply_looks_again_whether_it_can_be():
    instrument, change = bound(), flows.new()
    InstrumentFactory(code="nz")
    joins = flows.join(instrument, country="AU")
    InstrumentParty.objects.create(instrument=instrument, country="AU")
    for one in (change, joins):
        with pytest.raises(DomainError):
            flows.decided(one)
        one.refresh_from_db()
        assert one.status == Status.PROPOSED


@pytest.mark.django_db(transaction=True)
def test_apply_by_two_at_once_is_done_once():
    change, people = flows.new(), iter([flows.supervisor(), flows.supervisor()])
    results = at_once(lambda: changes.apply_change(change=change, by=next(people)), times=2)
    assert sum(isinstance(one, AlreadyDone) for one in results) == 1
    assert Instrument.objects.count() == 1
    assert AuditEvent.objects.filter(event="change_applied").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_propose_the_same_at_once_and_one_of_them_is_told():
    people = iter([flows.officer(), flows.officer()])
    results = at_once(lambda: flows.new(by=next(people)), times=2)
    assert sum(isinstance(one, AlreadyDone) for one in results) == 1
    assert InstrumentChange.objects.count() == 1


# --- Told and recorded ------------------------------------------------------------------------


def test_supervisors_are_told_that_it_waits_and_the_proposer_how_it_went_on():
    by, deciders = flows.supervisor(), [flows.supervisor(), flows.supervisor()]
    change = flows.new(by=by)
    letters = read_mail()
    assert {one.to[0] for one in letters} == {one.email for one in deciders}
    changes.reject_change(change=change, by=deciders[0], note="It is not published yet.")
    told = [one for one in read_mail() if one not in letters]
    assert {one.to[0] for one in told} == {by.email}
    for letter in [*letters, *told]:
        assert "New Zealand" not in f"{letter.subject} {letter.body} {letter.alternatives}"


def test_record_says_who_proposed_and_who_decided():
    by, decider = flows.officer(), flows.supervisor()
    instrument = flows.decided(flows.new(by=by), by=decider)
    events = AuditEvent.objects.order_by("id").values_list("event", "actor", "target_type")
    assert list(events) == [
        ("change_proposed", f"user:{by.pk}", "partners.instrumentchange"),
        ("change_applied", f"user:{decider.pk}", "partners.instrumentchange"),
        ("instrument_added", f"user:{decider.pk}", "partners.instrument"),
    ]
    added = AuditEvent.objects.get(event="instrument_added")
    assert (added.target_id, added.facts["proposed_by"]) == (str(instrument.pk), by.pk)


def test_queue_counts_what_waits_for_this_supervisor():
    by, other = flows.supervisor(), flows.supervisor()
    flows.new(by=by)
    queue = next(one for one in queues.QUEUES if one.code == "instrument_changes")
    assert [queues.counted(queue, one) for one in (by, other)] == [0, 1]
    assert queue in queues.queues_of(other)
    assert queue not in queues.queues_of(flows.officer())


# --- The desk ---------------------------------------------------------------------------------


def typed(**other: object) -> dict[str, object]:
    days = {"signed_on_0": "1", "signed_on_1": "2", "signed_on_2": "2026"}
    days |= {"in_force_on_0": "1", "in_force_on_1": "3", "in_force_on_2": "2026"}
    told = {"code": "se-nz-2026", "title": "Agreement", "kind": "agreement", "reason": "OJ L 1"}
    return {**told, **days, "purposes": ["prevention"], "countries": "se, NZ", **other}


def test_officer_proposes_an_instrument_and_a_supervisor_puts_it_into_effect(client):
    officer, supervisor = flows.officer(), flows.supervisor()
    at_the_desk(client, officer)
    url = "/admin/partners/instrument/propose_instrument/"
    assert "no country “XX”" in client.post(url, typed(countries="se xx")).content.decode()
    page = client.post(url, typed(), follow=True).content.decode()
    assert "Sweden, New Zealand" in page
    assert "Put into effect" not in page
    change = InstrumentChange.objects.get()
    assert client.post(f"{LIST}{change.pk}/apply_change/", follow=True).status_code == 200
    assert not Instrument.objects.exists()
    at_the_desk(client, supervisor)
    assert "Agreement" in client.get(f"{LIST}?waits=decision").content.decode()
    assert "Put into effect" in client.get(f"{LIST}{change.pk}/change/").content.decode()
    assert (
        "in effect" in client.post(f"{LIST}{change.pk}/apply_change/", follow=True).content.decode()
    )
    instrument = Instrument.objects.get(code="se-nz-2026")
    assert instrument.in_force_on == date(2026, 3, 1)
    assert {str(one.country) for one in instrument.parties.all()} == {"SE", "NZ"}


def test_page_of_an_instrument_shows_what_would_be_another(client):
    instrument = bound(purposes=["recovery"], limits="None.")
    flows.edit(instrument, limits="Never in court.", purposes=["recovery"])
    flows.leave(instrument.parties.get(country="NZ"), date(2026, 4, 1))
    at_the_desk(client, flows.supervisor())
    page = client.get(f"/admin/partners/instrument/{instrument.pk}/change/")
    told = [one["lines"] for one in page.context["proposals"]]
    assert ("limits on use", "None.", "Never in court.") in told[0]
    assert "purposes" not in {name for name, _before, _after in told[0]}
    assert told[1] == [
        ("party", "–", "New Zealand"),
        ("until, that day included", "–", "1 April 2026"),
    ]
    assert page.content.decode().count("Put into effect") == 2


def test_reject_at_the_desk_asks_why_and_tells_of_a_stale_one(client):
    instrument = bound()
    change = flows.edit(instrument)
    Instrument.objects.filter(pk=instrument.pk).update(version=2)
    at_the_desk(client, flows.supervisor())
    page = client.get(f"/admin/partners/instrument/{instrument.pk}/change/").content.decode()
    assert "It cannot be put into effect" in page
    assert "apply_change" not in page
    said = client.post(f"{LIST}{change.pk}/apply_change/", follow=True).content.decode()
    assert "was changed after this was proposed" in said
    client.post(f"{LIST}{change.pk}/reject_change/", {"note": ""})
    assert InstrumentChange.objects.open().exists()
    client.post(f"{LIST}{change.pk}/reject_change/", {"note": "Propose it again."})
    assert "Propose it again." in client.get(f"{LIST}{change.pk}/change/").content.decode()


@pytest.mark.parametrize("role", OTHERS)
def test_others_find_no_proposal_by_any_door(client, role):
    change = flows.new()
    at_the_desk(client, UserFactory(**{role: True}))
    assert client.get(LIST).status_code in (403, 404)
    # The desk says of what it hides what it says of what is not there.
    assert (
        "Agreement with"
        not in client.get(f"{LIST}{change.pk}/change/", follow=True).content.decode()
    )
    for verb in INSTRUMENT_CHANGE:
        assert client.post(f"{LIST}{change.pk}/{verb}_change/", {"note": "x"}).status_code == 404
    change.refresh_from_db()
    assert change.status == Status.PROPOSED


def test_doors_of_csv_and_json_show_no_proposal(client):
    flows.new()
    at_the_desk(client, flows.officer())
    assert (
        client.get(f"{LIST}download/", follow=True).get("Content-Type", "").startswith("text/html")
    )
    for name in ("api", "api_partners", "partners_csv", "contacts_csv", "api_posts", "posts_csv"):
        answer = client.get(reverse(f"partners:{name}"))
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"Agreement with New Zealand" not in body


def test_pages_ask_the_same_number_of_questions_whatever_waits(
    client, django_assert_max_num_queries
):
    instrument = bound()
    for country in ("AU", "FJ", "SG", "US", "CA", "JP"):
        flows.join(instrument, country=country)
    for _ in range(3):
        flows.join(instrument, partner=PartnerFactory(country="", type=PartnerType.EU_BODY))
    at_the_desk(client, flows.supervisor())
    with django_assert_max_num_queries(10):
        client.get(LIST)
    with django_assert_max_num_queries(12):
        client.get(f"/admin/partners/instrument/{instrument.pk}/change/")


@postgresql
@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize("role", ["site", "worker", "intake"])
def test_proposals_are_the_offices_alone(role):
    with acting_as("office"):
        flows.decided(flows.new())
    with acting_as(role), pytest.raises(ProgrammingError), transaction.atomic():
        InstrumentChange.objects.first()
