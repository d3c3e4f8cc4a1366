"""The registers: what the data protection officer keeps, by when, and who may read along."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from django.utils.html import strip_tags

from portal import activities
from portal.actions import registers
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.lifecycle import BREACHES, RIGHTS, BreachStatus, RightsStatus
from portal.models import AuditEvent, Breach, ProcessingActivity, RightsRequest, StaffRole
from portal.register_forms import RecordBreachForm
from tests.factories import UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
SECRET = "Karin Holm of Ystad"


@pytest.fixture
def dpo():
    return UserFactory(data_protection_officer=True)


def asked(by, **fields):
    return registers.receive_request(
        **{
            "kind": "access",
            "regime": "led",
            "route": "direct",
            "person": SECRET,
            "wish": f"{SECRET} asks what you hold",
            "received_on": timezone.localdate(),
            "by": by,
            **fields,
        }
    )


def breached(by, hours=1, **fields):
    return registers.record_breach(
        discovered_at=timezone.now() - timedelta(hours=hours),
        by=by,
        **{"regime": "gdpr", "nature": f"A list with {SECRET}", "categories": "Names", **fields},
    )


# --- Rights requests --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due"),
    [(date(2026, 1, 31), date(2026, 2, 28)), (date(2026, 11, 5), date(2026, 12, 5))],
)
def test_receive_request_is_due_in_a_month(dpo, received, due):
    with time_machine.travel(datetime(2026, 11, 25)):
        assert asked(dpo, received_on=received).due_on == due


def test_receive_request_of_tomorrow_is_refused(dpo):
    with pytest.raises(DomainError):
        asked(dpo, received_on=timezone.localdate() + timedelta(days=1))


def test_decide_request_needs_a_checked_identity(dpo):
    request = asked(dpo)
    with pytest.raises(InvalidTransition):
        registers.decide_request(request=request, outcome="granted", decision="Copy sent", by=dpo)
    registers.identify_person(request=request, how="Seen in person", by=dpo)
    decided = registers.decide_request(
        request=request, outcome="granted", decision="Copy sent", by=dpo
    )
    assert (decided.status, decided.decided_by) == (RightsStatus.DECIDED, dpo)
    assert registers.close_request(request=request, by=dpo).status == RightsStatus.CLOSED


def test_refuse_request_keeps_ground_and_reasons(dpo):
    refused = registers.refuse_request(
        request=asked(dpo, route="authority"),
        ground="others",
        decision="A source would be found",
        by=dpo,
    )
    assert (refused.refusal_ground, refused.outcome) == ("others", "")
    with pytest.raises(DomainError):
        registers.refuse_request(request=asked(dpo), ground="crime", decision=" ", by=dpo)


def test_extend_request_gives_two_months_once_and_in_time(dpo):
    with time_machine.travel(datetime(2026, 11, 25, 12), tick=False) as clock:
        request = asked(dpo)
        longer = registers.extend_request(request=request, reason="Many files", by=dpo)
        assert longer.due_on == date(2027, 2, 25)
        with pytest.raises(DomainError):
            registers.extend_request(request=request, reason="More", by=dpo)
        other = asked(dpo)
        clock.shift(timedelta(days=40))
        with pytest.raises(DomainError):
            registers.extend_request(request=other, reason="Late", by=dpo)


def test_contest_data_marks_them(dpo):
    marked = registers.contest_data(request=asked(dpo), what="SR-1", by=dpo)
    assert (marked.contested, marked.contested_what) == (True, "SR-1")
    assert marked.status == RightsStatus.RECEIVED


# --- Breaches ---------------------------------------------------------------------------------


def test_record_breach_starts_seventy_two_hours(dpo):
    breach = breached(dpo)
    assert breach.due_at - breach.discovered_at == timedelta(hours=72)
    assert breach.hours_left() == 70


@pytest.mark.parametrize("when", [datetime(2026, 3, 27, 9), datetime(2026, 10, 23, 9)])
def test_breach_clock_runs_through_weekends_and_changed_clocks(dpo, when):
    with time_machine.travel(when, tick=False) as clock:
        breach = breached(dpo, hours=0)
        clock.shift(timedelta(hours=71))
        assert breach.hours_left() == 1
        clock.shift(timedelta(hours=1, minutes=1))
        assert breach.hours_left() < 0


def test_notify_late_needs_the_reason(dpo):
    breach = breached(dpo, hours=80)
    told = {"breach": breach, "notified_at": timezone.now(), "authority_reference": "A-1"}
    with pytest.raises(DomainError):
        registers.notify_authority(late_reason=" ", by=dpo, **told)
    notified = registers.notify_authority(late_reason="Found on Friday night", by=dpo, **told)
    assert notified.status == BreachStatus.NOTIFIED
    assert AuditEvent.objects.get(event="breach_notified").facts == {"late": True}


def test_notify_in_time_needs_no_reason(dpo):
    notified = registers.notify_authority(
        breach=breached(dpo),
        notified_at=timezone.now(),
        authority_reference="",
        late_reason="",
        by=dpo,
    )
    assert notified.notified_by == dpo


@pytest.mark.parametrize("hours", [-1, 5])
def test_notify_before_the_discovery_or_in_the_future_is_refused(dpo, hours):
    with pytest.raises(DomainError):
        registers.notify_authority(
            breach=breached(dpo),
            notified_at=timezone.now() - timedelta(hours=hours),
            authority_reference="",
            late_reason="",
            by=dpo,
        )


def test_breach_found_harmless_says_why_and_may_be_notified_later(dpo):
    breach = breached(dpo)
    harmless = registers.find_harmless(breach=breach, reason="Sealed under strong keys", by=dpo)
    assert harmless.status == BreachStatus.NO_RISK
    later = registers.notify_authority(
        breach=breach,
        notified_at=timezone.now(),
        authority_reference="",
        late_reason="",
        by=dpo,
    )
    assert later.status == BreachStatus.NOTIFIED


def test_close_breach_needs_a_word_about_the_people(dpo):
    breach = breached(dpo)
    registers.find_harmless(breach=breach, reason="Sealed", by=dpo)
    with pytest.raises(DomainError):
        registers.close_breach(breach=breach, by=dpo)
    registers.tell_people(breach=breach, how="No risk, so not told", told_at=None, by=dpo)
    assert registers.close_breach(breach=breach, by=dpo).closed_by == dpo


def test_amend_breach_records_which_parts_changed(dpo):
    registers.amend_breach(breach=breached(dpo), measures="Passwords changed", people=3, by=dpo)
    assert AuditEvent.objects.get(event="breach_amended").facts == {
        "fields": ["measures", "people"]
    }


# --- States -----------------------------------------------------------------------------------

CALLS = {
    "identify": lambda r, by: registers.identify_person(request=r, how="x", by=by),
    "extend": lambda r, by: registers.extend_request(request=r, reason="x", by=by),
    "contest": lambda r, by: registers.contest_data(request=r, what="x", by=by),
    "decide": lambda r, by: registers.decide_request(
        request=r, outcome="granted", decision="x", by=by
    ),
    "refuse": lambda r, by: registers.refuse_request(
        request=r, ground="crime", decision="x", by=by
    ),
    "close": lambda r, by: registers.close_request(request=r, by=by),
}
BREACH_CALLS = {
    "amend": lambda b, by: registers.amend_breach(breach=b, by=by, people=2),
    "notify": lambda b, by: registers.notify_authority(
        breach=b, notified_at=timezone.now(), authority_reference="", late_reason="", by=by
    ),
    "find_harmless": lambda b, by: registers.find_harmless(breach=b, reason="x", by=by),
    "tell_people": lambda b, by: registers.tell_people(breach=b, how="x", told_at=None, by=by),
    "close": lambda b, by: registers.close_breach(breach=b, by=by),
}


@pytest.mark.parametrize("status", RightsStatus.values)
@pytest.mark.parametrize("verb", RIGHTS)
def test_rights_verb_in_each_state(dpo, verb, status):
    request = asked(dpo)
    RightsRequest.objects.filter(pk=request.pk).update(status=status)
    if status in RIGHTS[verb]:
        assert CALLS[verb](request, dpo).status == RIGHTS[verb][status]
    else:
        with pytest.raises(InvalidTransition):
            CALLS[verb](request, dpo)


@pytest.mark.parametrize("status", BreachStatus.values)
@pytest.mark.parametrize("verb", BREACHES)
def test_breach_verb_in_each_state(dpo, verb, status):
    breach = breached(dpo, not_notified_reason="x", people_told_how="x")
    Breach.objects.filter(pk=breach.pk).update(status=status)
    if status in BREACHES[verb]:
        assert BREACH_CALLS[verb](breach, dpo).status == BREACHES[verb][status]
    else:
        with pytest.raises(InvalidTransition):
            BREACH_CALLS[verb](breach, dpo)


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(set(StaffRole.values) - {"data_protection_officer"}))
def test_registers_are_written_by_the_data_protection_officer_only(dpo, role):
    other = UserFactory(**{role: True})
    with pytest.raises(NotAllowed):
        asked(other)
    with pytest.raises(NotAllowed):
        breached(other)
    with pytest.raises(NotAllowed):
        registers.add_activity(by=other, code="x", name="x", regime="led")
    for verb, call in CALLS.items():
        request = asked(dpo)
        RightsRequest.objects.filter(pk=request.pk).update(status=next(iter(RIGHTS[verb])))
        with pytest.raises(NotAllowed):
            call(request, other)
    for verb, call in BREACH_CALLS.items():
        breach = breached(dpo, not_notified_reason="x", people_told_how="x")
        Breach.objects.filter(pk=breach.pk).update(status=next(iter(BREACHES[verb])))
        with pytest.raises(NotAllowed):
            call(breach, other)


@pytest.mark.parametrize("role", StaffRole.values)
def test_registers_are_read_by_role(client, dpo, role):
    things = [asked(dpo), breached(dpo)]
    activities.load()
    things.append(ProcessingActivity.objects.first())
    at_the_desk(client, UserFactory(**{role: True}))
    allowed = role in ("data_protection_officer", "auditor")
    for thing in things:
        path = f"/admin/portal/{thing._meta.model_name}/{thing.pk}/change/"
        assert client.get(path).status_code == (200 if allowed else 403), path
    export = "/admin/portal/processingactivity/as/json/"
    assert client.get(export).status_code == (200 if allowed else 404)


def test_registers_offer_the_auditor_no_verb(client, dpo):
    request = asked(dpo)
    at_the_desk(client, UserFactory(auditor=True))
    page = client.get(f"/admin/portal/rightsrequest/{request.pk}/change/").content.decode()
    assert SECRET in page
    assert "desk-verbs" not in page
    path = f"/admin/portal/rightsrequest/{request.pk}/identify/"
    assert client.post(path, {"how": "x"}).status_code == 404


def test_reading_a_register_is_recorded(client, dpo):
    request = asked(dpo)
    at_the_desk(client, dpo)
    client.get(f"/admin/portal/rightsrequest/{request.pk}/change/")
    event = AuditEvent.objects.get(event="register_consulted")
    assert (event.kind, event.target_id) == ("consultation", str(request.pk))


def test_events_of_registers_repeat_none_of_their_texts(dpo):
    request, breach = asked(dpo), breached(dpo)
    registers.identify_person(request=request, how=SECRET, by=dpo)
    registers.contest_data(request=request, what=SECRET, by=dpo)
    registers.refuse_request(request=request, ground="crime", decision=SECRET, by=dpo)
    registers.find_harmless(breach=breach, reason=SECRET, by=dpo)
    registers.tell_people(breach=breach, how=SECRET, told_at=None, by=dpo)
    for event in AuditEvent.objects.all():
        assert SECRET not in f"{event.facts} {event.reason} {event.target_id}"


# --- At the desk ------------------------------------------------------------------------------


def test_desk_takes_a_request_from_entry_to_close(client, dpo):
    at_the_desk(client, dpo)
    base = "/admin/portal/rightsrequest/"
    day = timezone.localdate()
    client.post(
        f"{base}receive/",
        {
            "kind": "erasure",
            "regime": "led",
            "route": "authority",
            "person": SECRET,
            "wish": "Delete it",
            "received_on_0": day.day,
            "received_on_1": day.month,
            "received_on_2": day.year,
        },
    )
    request = RightsRequest.objects.get()
    for verb, told in (
        ("identify", {"how": "Letter with signature"}),
        ("decide", {"outcome": "in_part", "decision": "Deleted but for the case file"}),
        ("close", {}),
    ):
        assert client.get(f"{base}{request.pk}/change/").status_code == 200
        response = client.post(f"{base}{request.pk}/{verb}/", told)
        assert response.status_code == 302, verb
    request.refresh_from_db()
    assert (request.status, request.outcome) == (RightsStatus.CLOSED, "in_part")


def test_desk_tells_what_a_form_lacks_and_keeps_what_was_typed(client, dpo):
    at_the_desk(client, dpo)
    breach = breached(dpo, hours=80)
    now = timezone.localtime()
    page = client.post(
        f"/admin/portal/breach/{breach.pk}/notify/",
        {
            "notified_at_0": now.strftime("%Y-%m-%d"),
            "notified_at_1": now.strftime("%H:%M:%S"),
            "authority_reference": "DPA-7",
        },
    ).content.decode()
    assert "later than 72 hours" in page
    assert "DPA-7" in page


def test_front_page_tells_the_officer_what_runs_out(client, dpo):
    breached(dpo, hours=50)
    asked(dpo)
    at_the_desk(client, dpo)
    page = " ".join(strip_tags(client.get("/admin/").content.decode()).split())
    assert "1 Breaches: 21 hours left to tell the authority urgent" in page
    assert "1 Rights requests to answer" in page
    assert "0 Rights requests due within a week or overdue" in page
    at_the_desk(client, UserFactory(auditor=True))
    assert "Breaches:" not in client.get("/admin/").content.decode()


def test_lists_show_no_names(client, dpo):
    asked(dpo)
    breached(dpo)
    at_the_desk(client, dpo)
    for table in ("rightsrequest", "breach"):
        assert SECRET not in client.get(f"/admin/portal/{table}/").content.decode()


# --- The register of processing ---------------------------------------------------------------


def test_load_registers_twice_changes_nothing_and_keeps_what_was_written(dpo):
    call_command("load_registers", verbosity=0)
    activity = ProcessingActivity.objects.get(code="accounts")
    registers.change_activity(activity=activity, name="People’s accounts", by=dpo)
    ProcessingActivity.objects.filter(code="accounts").update(shipped="older")
    others = ProcessingActivity.objects.count() - 1
    assert dict(activities.load()) == {"unchanged": others, "kept": 1}
    assert ProcessingActivity.objects.get(code="accounts").name == "People’s accounts"


def test_load_registers_updates_what_nobody_changed():
    activities.load()
    activity = ProcessingActivity.objects.get(code="accounts")
    activity.name = "As it was shipped before"
    activity.shipped = activities.fingerprint(activity)
    activity.save()
    assert activities.load()["updated"] == 1
    assert ProcessingActivity.objects.get(code="accounts").name == "Accounts"


def test_activity_that_ended_is_changed_no_more(dpo):
    activities.load()
    activity = registers.end_activity(activity=ProcessingActivity.objects.first(), by=dpo)
    with pytest.raises(DomainError):
        registers.change_activity(activity=activity, name="x", by=dpo)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_register_of_processing_is_given_out_whole_and_that_is_recorded(client, dpo, form):
    activities.load()
    ProcessingActivity.objects.filter(code="accounts").update(purpose="=1+1")
    at_the_desk(client, dpo)
    body = client.get(f"/admin/portal/processingactivity/as/{form}/").content.decode()
    if form == "csv":
        rows = list(csv.reader(io.StringIO(body)))
        assert len(rows) == ProcessingActivity.objects.count() + 1
        assert all(not cell.startswith("=") for row in rows for cell in row)
    else:
        assert len(json.loads(body)["activities"]) == ProcessingActivity.objects.count()
    assert AuditEvent.objects.get(event="register_exported").kind == "disclosure"


def test_desk_changes_an_activity(client, dpo):
    activities.load()
    activity = ProcessingActivity.objects.get(code="accounts")
    at_the_desk(client, dpo)
    told = {name: getattr(activity, name) for name in activities.COLUMNS if name != "code"}
    path = f"/admin/portal/processingactivity/{activity.pk}/amend/"
    assert client.get(path).status_code == 200
    client.post(path, {**told, "retention": "Two years"})
    activity.refresh_from_db()
    assert activity.retention == "Two years"
    assert AuditEvent.objects.get(event="activity_changed").facts == {"fields": ["retention"]}


def test_moment_is_asked_for_with_the_fields_of_the_browser():
    form = RecordBreachForm(initial={"discovered_at": timezone.now()})
    shown = str(form["discovered_at"])
    assert 'type="date"' in shown
    assert 'type="time"' in shown
