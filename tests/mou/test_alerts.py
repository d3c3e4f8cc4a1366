"""Alerts to partner firms: written, approved by another, spread, read, acknowledged, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mou.actions import alerts, clock, standings
from mou.lifecycle import MouStatus
from mou.models import Alert, AlertDelivery
from portal import reference_files
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent
from tests.factories import UserFactory
from tests.mou import alert_flows as flows
from tests.mou.flows import deliver_all
from tests.mou.living import FIRM, STAFF, in_force, owner, person
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
READERS = ("caseworker", "countersigner", "supervisor")


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()


# --- From a draft to the firms --------------------------------------------------------------


def test_alert_reaches_no_firm_before_another_has_approved_it():
    mou = in_force()
    alert = flows.proposed()
    alerts.deliver(alert=alert)
    assert not AlertDelivery.objects.exists()
    alerts.approve_alert(alert=alert, revision=alert.revision, by=UserFactory(supervisor=True))
    deliver_all()
    assert AlertDelivery.objects.visible_to(owner(mou)).get().alert == alert


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
def test_approve_an_alert_is_the_supervisors(role):
    mou, alert = in_force(), flows.proposed()
    by = person(mou, role)
    if role == "supervisor":
        assert alerts.approve_alert(alert=alert, revision=alert.revision, by=by).approved_by == by
    else:
        with pytest.raises(NotAllowed):
            alerts.approve_alert(alert=alert, revision=alert.revision, by=by)


def test_approve_an_alert_refuses_who_wrote_or_proposed_it():
    both = UserFactory(caseworker=True, supervisor=True)
    own = flows.proposed(by=both)
    others = alerts.propose_alert(alert=flows.written(), by=both)
    for alert in (own, others):
        with pytest.raises(NotAllowed):
            alerts.approve_alert(alert=alert, revision=alert.revision, by=both)


def test_database_refuses_an_alert_that_its_writer_approved():
    alert = flows.published()
    with pytest.raises(IntegrityError, match=r"alert_approved_by_another|CHECK"):
        Alert.objects.filter(pk=alert.pk).update(approved_by=alert.written_by)


def test_approve_an_alert_refuses_a_text_that_was_not_read():
    alert, supervisor = flows.proposed(), UserFactory(supervisor=True)
    read = alert.revision
    writer = alert.written_by
    alerts.return_alert(alert=alert, reason="Name no port.", by=supervisor)
    changed = alerts.edit_alert(
        alert=alert, revision=read, told=flows.told(text="Elsewhere."), by=writer
    )
    alerts.propose_alert(alert=changed, by=writer)
    with pytest.raises(DomainError, match="Read it again"):
        alerts.approve_alert(alert=alert, revision=read, by=supervisor)


def test_edit_an_alert_that_somebody_changed_meanwhile_is_refused():
    alert = flows.written()
    by = alert.written_by
    alerts.edit_alert(alert=alert, revision=1, told=flows.told(title="First"), by=by)
    with pytest.raises(DomainError, match="meanwhile"):
        alerts.edit_alert(alert=alert, revision=1, told=flows.told(title="Second"), by=by)
    assert Alert.objects.get().title == "First"


@pytest.mark.parametrize("verb", ["edit", "propose", "approve", "return"])
def test_published_alert_stays_as_it_is(verb):
    alert = flows.published()
    everything = UserFactory(caseworker=True, supervisor=True)
    extra = {
        "edit": {"revision": alert.revision, "told": flows.told()},
        "approve": {"revision": alert.revision},
        "return": {"reason": "No"},
        "propose": {},
    }[verb]
    with pytest.raises(InvalidTransition):
        getattr(alerts, f"{verb}_alert")(alert=alert, by=everything, **extra)


def test_past_last_day_is_refused():
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(DomainError, match="past"):
        flows.written(expires_on=yesterday)


# --- Who gets it ----------------------------------------------------------------------------


def of_trade(*roles: str, **fields):
    mou = in_force(**fields)
    mou.organisation.roles = list(roles)
    mou.organisation.save()
    return mou


def test_alert_goes_to_its_audience_in_force_alone():
    carrier, warehouse, unknown = of_trade("road_carrier"), of_trade("warehouse"), of_trade()
    ended = of_trade("road_carrier")
    ended.status = MouStatus.TERMINATED
    ended.ended_at = timezone.now()
    ended.save()
    alert = flows.published(audience=["road_carrier", "terminal"])
    alerts.deliver(alert=alert)
    alerts.deliver(alert=alert)
    assert AlertDelivery.objects.get().mou == carrier
    everybody = flows.published()
    alerts.deliver(alert=everybody)
    reached = AlertDelivery.objects.filter(alert=everybody).values_list("mou", flat=True)
    assert set(reached) == {carrier.pk, warehouse.pk, unknown.pk}


def test_alert_is_spread_batch_by_batch(monkeypatch):
    monkeypatch.setattr(alerts, "BATCH", 2)
    for _number in range(5):
        in_force()
    alerts.deliver(alert=flows.published())
    assert AlertDelivery.objects.count() == 5


def test_firm_that_comes_into_force_later_gets_what_stands():
    alert = flows.published()
    flows.published(audience=["terminal"])
    gone, by = flows.published(), UserFactory(caseworker=True)
    alerts.withdraw_alert(alert=gone, reason="It was a mistake.", by=by)
    mou = in_force()
    standings.follow(mou)
    deliver_all()
    deliver_all()
    assert AlertDelivery.objects.get(mou=mou).alert == alert


def test_suspended_firm_sees_no_alert():
    mou = in_force()
    flows.delivered(mou)
    mou.status = MouStatus.SUSPENDED
    mou.save()
    assert not AlertDelivery.objects.visible_to(owner(mou)).exists()


@pytest.mark.parametrize("handling", ["named", "firm", "chain", "open"])
@pytest.mark.parametrize("role", FIRM)
def test_narrowest_marking_is_for_who_may_bind_the_firm(handling, role):
    mou = in_force()
    flows.delivered(mou, handling=handling)
    seen = AlertDelivery.objects.visible_to(person(mou, role)).exists()
    assert seen == (role != "stranger" and not (handling == "named" and role == "member"))


# --- Read and acknowledged ------------------------------------------------------------------


def test_firm_reads_an_alert_and_acknowledges_it_by_name(client):
    mou = in_force()
    delivery = flows.delivered(mou)
    client.force_login(owner(mou))
    assert "Bags in refrigerated" in client.get("/mou/").content.decode()
    page = client.get(reverse("mou:alert", args=[mou.uuid, delivery.uuid])).content.decode()
    for shown in ("behind the panels", "Narcotics", "glue", "Within the firm only"):
        assert shown in page, shown
    url = reverse("mou:acknowledge_alert", args=[mou.uuid, delivery.uuid])
    assert "What is this alert worth" in client.post(url).content.decode()
    client.post(url, {"usefulness": "used"})
    delivery.refresh_from_db()
    assert (delivery.acknowledged_by, delivery.usefulness) == (owner(mou), "used")
    assert "Bags in refrigerated" not in client.get("/mou/").content.decode()
    timeline = client.get(reverse("mou:timeline", args=[mou.uuid])).content.decode()
    assert "The firm acknowledged an alert" in timeline


def test_acknowledge_twice_keeps_who_was_first():
    mou = in_force()
    delivery = flows.delivered(mou)
    colleague = person(mou, "member")
    alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=owner(mou))
    again = alerts.acknowledge_alert(delivery=delivery, usefulness="known", by=colleague)
    assert (again.acknowledged_by, again.usefulness) == (owner(mou), "known")


@pytest.mark.parametrize("role", [*STAFF, "stranger"])
def test_acknowledge_an_alert_is_the_firms(role):
    mou = in_force()
    delivery = flows.delivered(mou)
    with pytest.raises(NotAllowed):
        alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=person(mou, role))


@pytest.mark.parametrize("ended", ["withdrawn", "expired"])
def test_alert_that_no_longer_stands_is_gone_from_the_firms_pages(client, ended, time_machine):
    mou = in_force()
    delivery = flows.delivered(mou)
    if ended == "withdrawn":
        by = UserFactory(caseworker=True)
        alerts.withdraw_alert(alert=delivery.alert, reason="It was a mistake.", by=by)
    else:
        time_machine.move_to(timezone.now() + timedelta(days=31))
        clock.lead_on()
        clock.lead_on()
    assert Alert.objects.get().status == ended
    client.force_login(owner(mou))
    url = reverse("mou:alert", args=[mou.uuid, delivery.uuid])
    assert client.get(url).status_code == 404
    assert (
        "no alert for your firm"
        in client.get(reverse("mou:alerts", args=[mou.uuid])).content.decode()
    )


def test_pages_of_a_firm_cost_as_much_with_many_alerts(client):
    mou = in_force()
    flows.delivered(mou)
    client.force_login(owner(mou))
    pages = ["/mou/", reverse("mou:alerts", args=[mou.uuid])]
    costs = []
    for _round in range(2):
        client.get(pages[0])
        with CaptureQueriesContext(connection) as asked:
            for page in pages:
                client.get(page)
        costs.append(len(asked))
        for _number in range(4):
            flows.delivered(mou)
    assert costs[0] == costs[1]


# --- Letters --------------------------------------------------------------------------------


def test_letters_about_an_alert_give_nothing_away(settings):
    mou = in_force()
    supervisor = UserFactory(supervisor=True)
    alert = flows.proposed()
    deliver_all()
    alerts.return_alert(alert=alert, reason="Name no port.", by=supervisor)
    alerts.propose_alert(alert=alert, by=alert.written_by)
    alert.refresh_from_db()
    alerts.approve_alert(alert=alert, revision=alert.revision, by=supervisor)
    deliver_all()
    alerts.withdraw_alert(alert=alert, reason="Mistaken.", by=supervisor)
    deliver_all()
    assert sorted(one.to[0] for one in mail.outbox) == sorted(
        [supervisor.email] * 2 + [alert.written_by.email] + [owner(mou).email] * 2
    )
    for letter in mail.outbox:
        for secret in ("Bags", "panels", "port", "Mistaken"):
            assert secret not in letter.subject + letter.body


def test_firm_that_says_nothing_is_reminded_once(time_machine, settings):
    silent, quick = in_force(), in_force()
    delivery = flows.delivered(silent)
    answered = AlertDelivery.objects.get(alert=delivery.alert, mou=quick)
    alerts.acknowledge_alert(delivery=answered, usefulness="new", by=owner(quick))
    clock.lead_on()
    deliver_all()
    mail.outbox.clear()
    later = timedelta(days=settings.ALERT_REMINDER_DAYS + 1)
    time_machine.move_to(timezone.now() + later)
    clock.lead_on()
    clock.lead_on()
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[owner(silent).email]]


def test_firm_that_answers_while_the_clock_comes_by_is_not_reminded():
    mou = in_force()
    seen = flows.delivered(mou)
    alerts.acknowledge_alert(delivery=seen, usefulness="new", by=owner(mou))
    deliver_all()
    mail.outbox.clear()
    alerts.remind(delivery=seen)
    deliver_all()
    assert mail.outbox == []
    seen.refresh_from_db()
    assert seen.reminded_at is None


# --- The desk -------------------------------------------------------------------------------


def typed(**fields):
    return flows.told(expires_on=f"{flows.told()['expires_on']:%Y-%m-%d}", revision="") | fields


def test_desk_leads_an_alert_from_draft_to_firms(client):
    mou = in_force("Quay Storage")
    at_the_desk(client, UserFactory(caseworker=True))
    assert "Write an alert" in client.get("/admin/mou/alert/").content.decode()
    client.post(reverse("admin:mou_alert_write"), typed(title="Bags"))
    alert = Alert.objects.get()
    known = client.get(reverse("admin:mou_alert_edit", args=[alert.pk])).context["form"]
    assert known["revision"].value() == 1
    edit = reverse("admin:mou_alert_edit", args=[alert.pk])
    client.post(edit, typed(title="Bags again", revision=1))
    stale = client.post(edit, typed(title="Mine", revision=1)).content.decode()
    assert "meanwhile" in stale
    assert "Mine" in stale
    client.post(reverse("admin:mou_alert_propose", args=[alert.pk]))
    at_the_desk(client, UserFactory(supervisor=True))
    assert "Alerts to approve" in client.get("/admin/").content.decode()
    approve = reverse("admin:mou_alert_approve", args=[alert.pk])
    page = client.get(approve)
    assert "Look behind the panels." in page.content.decode()
    client.post(approve, {"revision": page.context["form"]["revision"].value()})
    deliver_all()
    page = client.get(reverse("admin:mou_alert_change", args=[alert.pk])).content.decode()
    assert "0 of 1 firms" in page
    silent = f"/admin/mou/alertdelivery/?alert={alert.pk}&read=no"
    assert "Quay Storage" in client.get(silent).content.decode()
    delivery = AlertDelivery.objects.get()
    alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=owner(mou))
    assert "Quay Storage" not in client.get(silent).content.decode()
    events = set(AuditEvent.objects.values_list("event", flat=True))
    assert {"alert_written", "alert_edited", "alert_proposed", "alert_published"} <= events


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "1'"])
def test_filter_by_an_alert_that_is_none_finds_nothing(client, asked):
    flows.delivered(in_force())
    at_the_desk(client, UserFactory(caseworker=True))
    assert client.get("/admin/mou/alertdelivery/", {"alert": asked}).status_code == 200


@pytest.mark.parametrize("verb", ["edit", "approve", "return", "withdraw"])
@pytest.mark.parametrize("role", ["countersigner", "liaison_officer", "system_administrator"])
def test_desk_verbs_of_alerts_do_not_exist_for_other_roles(client, verb, role):
    alert = flows.proposed()
    at_the_desk(client, UserFactory(**{role: True}))
    assert client.get(reverse(f"admin:mou_alert_{verb}", args=[alert.pk])).status_code == 404
