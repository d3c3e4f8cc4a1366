"""The caseworker's desk: whose case it is, figures, lists that go on and can be taken along."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from mou import figures, queues
from mou.actions import assignment
from mou.models import Mou
from portal import outbox
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
ROLES = ("caseworker", "countersigner", "supervisor", "liaison_officer", "system_administrator")


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()


def rows(response) -> list[list[str]]:
    text = b"".join(response.streaming_content) if response.streaming else response.content
    return list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))


# --- Whose case it is -----------------------------------------------------------------------


def test_take_makes_it_the_own_case(client):
    cast = flows.accepted()
    desk = at_the_desk(client, cast.caseworker)
    assert "Make it my case" in desk.get(_page(cast)).content.decode()
    desk.post(_page(cast, "take"))
    assert cast.agreement.caseworker == cast.caseworker
    assert AuditEvent.objects.get(event="assigned").facts == {"caseworker": cast.caseworker.pk}
    assert "Make it my case" not in desk.get(_page(cast)).content.decode()


def test_assign_tells_the_caseworker(client, mailoutbox):
    cast = flows.accepted()
    supervisor = UserFactory(supervisor=True)
    desk = at_the_desk(client, supervisor)
    assert cast.caseworker.name in desk.get(_page(cast, "assign")).content.decode()
    desk.post(_page(cast, "assign"), {"to": cast.caseworker.pk})
    outbox.deliver_open()
    assert cast.agreement.caseworker == cast.caseworker
    subjects = [m.subject for m in mailoutbox if m.to == [cast.caseworker.email]]
    assert any("is your case now" in subject for subject in subjects)


@pytest.mark.parametrize("role", ROLES)
def test_take_is_a_caseworkers(role):
    cast, user = flows.accepted(), UserFactory(**{role: True})
    if role == "caseworker":
        assert assignment.take(mou=cast.agreement, by=user).caseworker == user
        return
    with pytest.raises(NotAllowed):
        assignment.take(mou=cast.agreement, by=user)


@pytest.mark.parametrize("role", ROLES)
def test_assign_is_a_supervisors_or_of_whose_case_it_is(role):
    cast, user = flows.accepted(), UserFactory(**{role: True})
    if role == "supervisor":
        assignment.assign(mou=cast.agreement, to=cast.caseworker, by=user)
        other = UserFactory(caseworker=True)
        moved = assignment.assign(mou=cast.agreement, to=other, by=cast.caseworker)
        assert moved.caseworker == other
        return
    with pytest.raises(NotAllowed):
        assignment.assign(mou=cast.agreement, to=cast.caseworker, by=user)


def test_assign_to_somebody_who_is_no_caseworker_is_refused():
    cast, supervisor = flows.accepted(), UserFactory(supervisor=True)
    with pytest.raises(DomainError, match="caseworker"):
        assignment.assign(mou=cast.agreement, to=cast.countersigner, by=supervisor)


def test_assign_what_has_ended_is_refused():
    cast, supervisor = flows.accepted(), UserFactory(supervisor=True)
    flows.agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="No time")
    with pytest.raises(NotAllowed):
        assignment.assign(mou=cast.agreement, to=cast.caseworker, by=supervisor)


def _page(cast, verb: str = "change") -> str:
    return reverse(f"admin:mou_mou_{verb}", args=[cast.agreement.pk])


# --- Figures --------------------------------------------------------------------------------


def test_figures_tell_offers_conversion_and_where_agreements_stand(client):
    flows.accepted()
    flows.offered()
    desk = at_the_desk(client, UserFactory(supervisor=True))
    page = desk.get(reverse("admin:mou_mou_dashboard")).content.decode()
    told = rows(desk.get(reverse("admin:mou_mou_dashboard_csv")))
    assert ["Together", "offers sent in twelve months", "2"] in told
    assert ["Together", "conversion", "50 %"] in told
    assert ["Where agreements stand now", "In preparation", "1"] in told
    assert "50 %" in page
    assert "<svg" in page


def test_figures_tell_how_long_each_step_took(time_machine, trust_service):
    time_machine.move_to("2026-03-02T08:00:00Z", tick=True)
    cast = flows.accepted()
    time_machine.move_to("2026-03-05T08:00:00Z", tick=True)
    flows.agreements.name_signatory(
        mou=cast.agreement,
        signatory=cast.organisation.memberships.get(user=cast.signatory),
        function="Director",
        by=cast.owner,
    )
    Mou.objects.filter(pk=cast.agreement.pk).update(in_force_at="2026-03-06T08:00:00Z")
    lengths = next(table for table in figures.count().tables if table.code == "lengths")
    assert [(cell.label, cell.text) for cell in lengths.cells] == [("Signatory named", "3 days")]


def test_figures_ask_the_same_number_of_queries_whatever_there_is(django_assert_num_queries):
    flows.accepted()
    Mou.objects.update(in_force_at="2026-03-06T08:00:00Z")
    with django_assert_num_queries(10):
        figures.count()
    for _number in range(3):
        flows.accepted()
    Mou.objects.update(in_force_at="2026-03-06T08:00:00Z")
    with django_assert_num_queries(10):
        figures.count()


@pytest.mark.parametrize("role", ROLES)
def test_figures_are_the_agreement_desks(client, role):
    desk = at_the_desk(client, UserFactory(**{role: True}))
    allowed = role in ("caseworker", "countersigner", "supervisor")
    for name in ("mou_dashboard", "mou_dashboard_csv"):
        status = desk.get(reverse(f"admin:mou_{name}")).status_code
        assert status == (200 if allowed else 404)


# --- Lists ----------------------------------------------------------------------------------


def _list(model: str, page: str = "changelist") -> str:
    return reverse(f"admin:mou_{model}_{page}")


def test_list_goes_on_from_its_last_row(client, monkeypatch):
    for _number in range(3):
        flows.accepted()
    monkeypatch.setattr("mou.admin_agreements.MouAdmin.list_per_page", 2)
    desk = at_the_desk(client, UserFactory(caseworker=True))
    first = desk.get(_list("mou")).content.decode()
    numbers = list(Mou.objects.order_by("-pk").values_list("number", flat=True))
    assert numbers[0] in first
    assert numbers[2] not in first
    after = Mou.objects.order_by("-pk")[1].pk
    assert f"after={after}" in first
    assert numbers[2] in desk.get(_list("mou"), {"after": after}).content.decode()


@pytest.mark.parametrize(
    "typed", ["MOU-77", "mou-77", "nordhav speditions", " Nordhav  Speditions AB ", "SE55667788"]
)
def test_search_finds_what_begins_with_all_that_was_typed(client, typed):
    firm = OrganisationFactory(legal_name="Nordhav Speditions AB", eori="SE5566778899")
    found = Mou.objects.create(number="MOU-7788", organisation=firm, programme=flows.programme())
    other = flows.accepted().agreement
    desk = at_the_desk(client, UserFactory(caseworker=True))
    page = desk.get(_list("mou"), {"q": typed}).content.decode()
    assert found.number in page
    assert other.number not in page


def test_queue_counts_no_further_than_anybody_reads(client, monkeypatch):
    monkeypatch.setattr(queues, "COUNTED", 1)
    for _number in range(2):
        flows.named()
    page = at_the_desk(client, UserFactory(caseworker=True)).get("/admin/").content.decode()
    assert '<span class="desk-queue__count">1+</span>' in page


def test_list_is_taken_along_as_it_is_filtered(client):
    OrganisationFactory()
    cast = flows.accepted()
    flows.named()
    desk = at_the_desk(client, cast.caseworker)
    page = desk.get(_list("mou"), {"waits": "draft"}).content.decode()
    assert "/admin/mou/mou/download/?waits=draft" in page
    told = rows(desk.get(_list("mou", "download"), {"waits": "draft"}))
    assert told[0][:2] == ["Number", "Firm"]
    assert len(told) == 2
    assert "<" not in str(told)
    event = AuditEvent.objects.get(event="list_downloaded")
    assert (event.kind, event.facts) == ("disclosure", {"list": "mou"})


@pytest.mark.parametrize("model", ["mou", "mouoffer", "truststatus", "certificateimport"])
def test_list_is_taken_along_by_readers_only(client, model):
    flows.accepted()
    reader = at_the_desk(client, UserFactory(supervisor=True))
    assert reader.get(_list(model, "download")).status_code == 200
    reader.logout()
    other = at_the_desk(client, UserFactory(liaison_officer=True))
    assert other.get(_list(model, "download")).status_code in (403, 404)
