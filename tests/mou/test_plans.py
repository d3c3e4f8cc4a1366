"""What both sides plan: measures, joint activities with their calendar, the contact network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import calendar_file
from mou.actions import activities, contacts, measures
from mou.lifecycle import ActivityStatus, MeasureStatus
from mou.models import (
    Activity,
    ContactPoint,
    FlowSurvey,
    Measure,
    Mou,
    RiskAssessment,
    SharedRisks,
)
from portal import calendars
from portal.errors import DomainError, InvalidTransition, NotAllowed
from tests.factories import MembershipFactory, UserFactory
from tests.mou import plan_flows
from tests.mou.living import FIRM, STAFF, in_force, owner, person, told
from tests.people import at_the_desk, read_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


def page(mou, part):
    return reverse("mou:plan", args=[mou.uuid, part])


def step(thing, part, verb):
    return reverse("mou:plan_step", args=[thing.mou.uuid, part, thing.uuid, verb])


# --- Measures -------------------------------------------------------------------------------

DOES = {
    "agree": lambda one, by: measures.agree_measure(measure=one, by=by),
    "postpone": lambda one, by: measures.postpone_measure(
        measure=one, due_on=timezone.localdate() + timedelta(days=90), reason="Late.", by=by
    ),
    "link": lambda one, by: measures.link_measure(measure=one, by=by),
    "report": lambda one, by: measures.report_measure(measure=one, proof="Seen.", by=by),
    "give_back": lambda one, by: measures.give_measure_back(measure=one, reason="No.", by=by),
    "verify": lambda one, by: measures.verify_measure(
        measure=one, proof_seen=Measure.objects.get(pk=one.pk).proof_mark, by=by
    ),
    "drop": lambda one, by: measures.drop_measure(measure=one, reason="Sold.", by=by),
}


def shared(mou: Mou, *threats: str) -> SharedRisks:
    """What the firm was shown, without the way that leads there."""
    officer = UserFactory(caseworker=True)
    survey = FlowSurvey.objects.create(mou=mou, version=1, begun_by=officer)
    assessment = RiskAssessment.objects.create(
        mou=mou, survey=survey, version=1, begun_by=officer, status="open"
    )
    told = [
        {"code": code, "likelihood": 3, "impact": 5, "residual": "12.0"}
        for code in threats or ("RIP_OFF", "SWITCH")
    ]
    return SharedRisks.objects.create(
        assessment=assessment, mou=mou, version=1, risks=told, shared_by=officer
    )


BEFORE = {
    "agree": {"proposed"},
    "postpone": {"agreed"},
    "link": {"proposed", "agreed"},
    "report": {"agreed", "done"},
    "give_back": {"done"},
    "verify": {"done"},
    "drop": {"proposed", "agreed"},
}
BINDING = {"owner", "signatory"}
# The measure of the firm that an officer proposed.
MAY = {
    "agree": BINDING,
    "postpone": {"caseworker"},
    "link": BINDING | {"caseworker"},
    "report": BINDING,
    "give_back": {"caseworker"},
    "verify": {"caseworker"},
    "drop": BINDING | {"caseworker"},
}


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("status", MeasureStatus)
@pytest.mark.parametrize("verb", DOES)
def test_verb_of_a_measure_for_every_status_and_role(mou, verb, status, role):
    shared(mou)
    one, reporter = plan_flows.measure(mou), UserFactory()
    Measure.objects.filter(pk=one.pk).update(
        status=status, proof="P", reason="R", reported_by=reporter, verified_by=UserFactory()
    )
    by = person(mou, role)
    if status not in BEFORE[verb]:
        with pytest.raises(InvalidTransition):
            DOES[verb](one, by)
    elif role not in MAY[verb]:
        with pytest.raises(NotAllowed):
            DOES[verb](one, by)
    else:
        DOES[verb](one, by)


def test_measure_is_proposed_agreed_done_and_verified(client, mou, officer):
    client.force_login(owner(mou))
    due = timezone.localdate() + timedelta(days=30)
    sent = {"text": "A fence.", "party": "business", "duty": "Yard master", "due_on": due}
    client.post(reverse("mou:plan_add", args=[mou.uuid, "measures"]), sent)
    one = Measure.objects.get()
    desk = at_the_desk(Client(), officer)
    at = [mou.pk, "measures", one.uuid]
    desk.post(reverse("admin:mou_mou_plan_step", args=[*at, "agree"]))
    shown = client.get(page(mou, "measures")).content.decode()
    assert "Say that it is done" in shown
    client.post(step(one, "measures", "report"), {"proof": "See the picture."})
    verify = reverse("admin:mou_mou_plan_step", args=[*at, "verify"])
    assert "See the picture." in desk.get(verify).content.decode()
    one.refresh_from_db()
    desk.post(verify, {"proof_seen": one.proof_mark})
    one.refresh_from_db()
    assert (one.status, one.verified_by) == (MeasureStatus.VERIFIED, officer)
    events = ["measure_proposed", "measure_agreed", "measure_reported", "measure_verified"]
    assert told(mou) == events
    assert {"planned", "news"} & set(" ".join(m.subject for m in read_mail()).split())


def test_measure_of_the_administration_is_verified_by_another_officer(mou, officer):
    one = plan_flows.measure(mou, by=owner(mou), party="administration")
    measures.agree_measure(measure=one, by=officer)
    measures.report_measure(measure=one, proof="Course held.", by=officer)
    with pytest.raises(NotAllowed):
        measures.verify_measure(measure=one, proof_seen="", by=officer)
    one.refresh_from_db()
    by = UserFactory(caseworker=True)
    measures.verify_measure(measure=one, proof_seen=one.proof_mark, by=by)


def test_measure_is_verified_on_the_proof_that_was_read(mou, officer):
    one = plan_flows.measure(mou, by=officer)
    measures.agree_measure(measure=one, by=owner(mou))
    seen = measures.report_measure(measure=one, proof="A picture.", by=owner(mou)).proof_mark
    measures.report_measure(measure=one, proof="Nothing.", by=owner(mou))
    with pytest.raises(DomainError, match="proof has changed"):
        measures.verify_measure(measure=one, proof_seen=seen, by=officer)


def test_activity_is_agreed_to_at_the_time_on_the_page(client, mou, officer):
    one = plan_flows.activity(mou, by=officer)
    client.force_login(owner(mou))
    shown = client.get(step(one, "activities", "agree")).content.decode()
    assert date_format(timezone.localtime(one.starts_at), "j F Y, H:i") in shown


def test_measure_says_what_is_wrong_and_loses_nothing(client, mou):
    client.force_login(owner(mou))
    sent = {"text": "A fence.", "party": "business", "duty": "Yard", "due_on": "2020-01-01"}
    shown = client.post(reverse("mou:plan_add", args=[mou.uuid, "measures"]), sent)
    assert "has not passed" in shown.content.decode()
    assert "A fence." in shown.content.decode()
    assert not Measure.objects.exists()


def test_overdue_measure_is_marked(client, mou):
    one = plan_flows.agreed(mou)
    Measure.objects.filter(pk=one.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(owner(mou))
    assert "Overdue" in client.get(page(mou, "measures")).content.decode()


def test_nothing_is_planned_once_an_agreement_has_ended(mou, officer):
    one = plan_flows.agreed(mou)
    Mou.objects.filter(pk=mou.pk).update(status="terminated", ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        plan_flows.measure(Mou.objects.get(pk=mou.pk), by=officer)
    with pytest.raises(NotAllowed):
        measures.report_measure(measure=one, proof="Late.", by=owner(mou))


@pytest.mark.parametrize(
    "fields", [{"status": "done"}, {"status": "verified", "proof": "P"}, {"status": "dropped"}]
)
def test_database_refuses_measures_without_proof_or_reason(mou, fields):
    one = plan_flows.agreed(mou)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=one.pk).update(**fields)


# --- Joint activities -----------------------------------------------------------------------


def test_activity_moved_has_to_be_agreed_again(mou, officer):
    one = plan_flows.agreed_activity(mou)
    start = one.starts_at + timedelta(days=1)
    moved = activities.move_activity(
        activity=one, starts_at=start, ends_at=start + timedelta(hours=1), place="", by=officer
    )
    assert (moved.status, moved.sequence) == (ActivityStatus.PROPOSED, 2)
    with pytest.raises(NotAllowed):
        activities.agree_activity(activity=moved, sequence=2, by=officer)
    with pytest.raises(DomainError, match="has changed"):
        activities.agree_activity(activity=moved, sequence=1, by=owner(mou))
    activities.agree_activity(activity=moved, sequence=2, by=owner(mou))


def test_activity_is_held_with_its_outcome(client, mou):
    one = plan_flows.agreed_activity(mou)
    told_of = {"outcome": "All know it now.", "follow_up": "Again in spring."}
    client.force_login(owner(mou))
    client.post(step(one, "activities", "hold"), told_of)
    one.refresh_from_db()
    assert one.status == ActivityStatus.AGREED
    past = timezone.now() - timedelta(days=1)
    Activity.objects.filter(pk=one.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))
    client.post(step(one, "activities", "hold"), told_of)
    assert "Again in spring." in client.get(page(mou, "activities")).content.decode()


def test_activity_is_called_off_with_a_reason(mou):
    one = plan_flows.agreed_activity(mou)
    with pytest.raises(DomainError, match="sentence"):
        activities.cancel_activity(activity=one, reason=" ", by=owner(mou))
    cancelled = activities.cancel_activity(activity=one, reason="Strike.", by=owner(mou))
    assert "STATUS:CANCELLED" in calendar_file.calendar([cancelled])


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("status", ActivityStatus)
def test_calling_off_for_every_status_and_role(mou, status, role):
    one = plan_flows.activity(mou)
    Activity.objects.filter(pk=one.pk).update(status=status, outcome="O", reason="R")
    by = person(mou, role)
    if status in ("held", "cancelled"):
        with pytest.raises(InvalidTransition):
            activities.cancel_activity(activity=one, reason="R", by=by)
    elif role not in BINDING | {"caseworker"}:
        with pytest.raises(NotAllowed):
            activities.cancel_activity(activity=one, reason="R", by=by)
    else:
        activities.cancel_activity(activity=one, reason="R", by=by)


def test_calendar_is_a_file_that_calendars_read(client, mou):
    one = plan_flows.agreed_activity(mou, title="Övning; med, komma" * 6)
    client.force_login(owner(mou))
    answer = client.get(reverse("mou:calendar", args=[mou.uuid]))
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar")
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert f"DTSTART:{one.starts_at:%Y%m%dT%H%M%SZ}" in whole
    assert "SUMMARY:Övning\\; med\\, komma" in whole
    assert "LOCATION:Quay 3\\; north" in whole
    assert "STATUS:CONFIRMED" in whole
    single = client.get(reverse("mou:calendar_one", args=[mou.uuid, one.uuid]))
    assert single.content.count(b"BEGIN:VEVENT") == 1


@given(st.text(max_size=300))
@settings(max_examples=50)
def test_calendar_says_any_text_on_lines_of_its_own(text):
    said = calendars._text(text)
    assert "\n" not in said
    assert "\r" not in said
    assert (
        "".join(
            line.removeprefix(" ") if place else line
            for place, line in enumerate(calendars._folded(f"SUMMARY:{said}"))
        )
        == f"SUMMARY:{said}"
    )


# --- Contacts -------------------------------------------------------------------------------


def test_each_side_keeps_its_own_contacts(mou, officer):
    ours = plan_flows.contact(mou, by=officer)
    theirs = plan_flows.contact(mou)
    assert (ours.party, theirs.party) == ("administration", "business")
    with pytest.raises(NotAllowed):
        contacts.confirm_contact(contact=ours, by=owner(mou))
    with pytest.raises(NotAllowed):
        contacts.end_contact(contact=theirs, by=officer)


def test_contact_confirmed_half_a_year_ago_is_overdue(client, mou):
    one = plan_flows.contact(mou)
    ContactPoint.objects.update(verified_on=timezone.localdate() - timedelta(days=184))
    client.force_login(owner(mou))
    assert "To be confirmed" in client.get(page(mou, "contacts")).content.decode()
    client.post(step(one, "contacts", "confirm"))
    assert "To be confirmed" not in client.get(page(mou, "contacts")).content.decode()
    assert "contact_confirmed" in told(mou)


def test_two_people_change_one_contact_and_the_second_is_told(client, mou):
    one = plan_flows.contact(mou)
    fields = {"duty": "Gate", "reached": "1", "hours": "always", "holder": "", "deputy": ""}
    contacts.change_contact(contact=one, revision=1, by=owner(mou), **fields)
    client.force_login(MembershipFactory(organisation=mou.organisation, owner=True).user)
    sent = fields | {"reached": "2", "revision": 1}
    shown = client.post(step(one, "contacts", "change"), sent).content.decode()
    assert "Somebody else changed this contact" in shown
    assert 'value="2"' in shown
    assert ContactPoint.objects.get().reached == "1"
    client.post(step(one, "contacts", "change"), sent | {"revision": 2})
    assert ContactPoint.objects.get().reached == "2"


def test_contact_that_is_there_is_not_added_twice(mou):
    plan_flows.contact(mou)
    with pytest.raises(DomainError, match="there already"):
        plan_flows.contact(mou)


def test_contact_removed_is_forgotten_by_name(client, mou):
    one = contacts.end_contact(contact=plan_flows.contact(mou), by=owner(mou))
    assert (one.holder, one.deputy) == ("", "")
    client.force_login(owner(mou))
    assert "Security desk" not in client.get(page(mou, "contacts")).content.decode()


# --- The pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["measures", "activities", "contacts"])
def test_pages_cost_the_same_however_much_is_planned(
    client, mou, part, django_assert_num_queries, django_assert_max_num_queries
):
    make = {
        "measures": lambda n: plan_flows.measure(mou, text=f"Step {n}"),
        "activities": lambda n: plan_flows.activity(mou, title=f"Visit {n}"),
        "contacts": lambda n: plan_flows.contact(mou, duty=f"Desk {n}"),
    }[part]
    make(0)
    client.force_login(owner(mou))
    with django_assert_max_num_queries(60) as before:
        client.get(page(mou, part))
    for number in range(1, 6):
        make(number)
    with django_assert_num_queries(len(before)):
        client.get(page(mou, part))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None
)
@given(st.sampled_from(["measures", "activities", "contacts"]), st.data())
def test_anything_typed_is_answered(client, mou, part, data):
    names = ["text", "party", "duty", "due_on", "title", "day", "begins", "ends", "reached"]
    sent = data.draw(st.dictionaries(st.sampled_from(names), st.text()))
    client.force_login(owner(mou))
    answer = client.post(reverse("mou:plan_add", args=[mou.uuid, part]), sent)
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize("bad", ["nothing", "measures"])
def test_unknown_part_or_verb_is_not_there(client, mou, bad):
    one = plan_flows.measure(mou)
    client.force_login(owner(mou))
    assert client.get(step(one, bad, "fly")).status_code == 404
    assert client.get(step(one, "contacts", "confirm")).status_code == 404
