"""Training and guidance: planned, offered, filled with people, recorded, read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from mou.actions import training as actions
from mou.lifecycle import MouStatus
from mou.models import Attendee, Guidance, Training
from portal import reference_files
from portal.errors import DomainError, InvalidTransition, NotAllowed
from tests.factories import UserFactory
from tests.mou import training_flows as flows
from tests.mou.flows import deliver_all
from tests.mou.living import FIRM, STAFF, in_force, owner, person, told
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()


def register(session: Training, mou, *names: str, by=None) -> list[Attendee]:
    by = by or owner(mou)
    return actions.register_attendees(training=session, mou=mou, names=list(names), by=by)


# --- Seats ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
def test_register_people_is_for_anybody_of_the_firm(role):
    mou, session = in_force(), flows.offered()
    if role in ("owner", "signatory", "member"):
        [seated] = register(session, mou, "Ada", by=person(mou, role))
        assert seated.seat == 1
    else:
        with pytest.raises(NotAllowed):
            register(session, mou, "Ada", by=person(mou, role))


def test_register_more_people_than_seats_takes_none():
    mou, session = in_force(), flows.offered(seats=2)
    with pytest.raises(DomainError, match="not enough seats"):
        register(session, mou, "Ada", "Bo", "Cy")
    assert not Attendee.objects.exists()
    register(session, mou, "Ada", "Bo")
    with pytest.raises(DomainError, match="not enough"):
        register(session, in_force(), "Dee")


def test_seat_that_is_given_up_is_free_for_others():
    mou, session = in_force(), flows.offered(seats=1)
    [one] = register(session, mou, "Ada")
    actions.withdraw_attendee(attendee=one, by=owner(mou))
    actions.withdraw_attendee(attendee=one, by=owner(mou))
    [other] = register(session, in_force(), "Bo")
    assert other.seat == 1


def test_database_gives_no_seat_twice():
    mou, session = in_force(), flows.offered()
    [one] = register(session, mou, "Ada")
    with pytest.raises(IntegrityError):
        Attendee.objects.create(
            training=session, mou=mou, name="Bo", seat=one.seat, registered_by=owner(mou)
        )


def test_register_the_same_person_twice_is_refused():
    mou, session = in_force(), flows.offered()
    register(session, mou, "Ada")
    with pytest.raises(DomainError, match="Ada has a seat already"):
        register(session, mou, "Bo", "Ada")


@pytest.mark.parametrize("circumstance", ["suspended", "begun", "other trade", "planned"])
def test_register_people_is_refused(circumstance, time_machine):
    mou, session = in_force(), flows.offered()
    match circumstance:
        case "suspended":
            mou.status = MouStatus.SUSPENDED
            mou.save()
        case "begun":
            time_machine.move_to(session.starts_at + timedelta(minutes=1))
        case "other trade":
            session = flows.offered(audience=["terminal"])
        case "planned":
            session = actions.plan_training(told=flows.told(), by=session.planned_by)
    with pytest.raises(DomainError):
        register(session, mou, "Ada")


# --- Held and recorded ----------------------------------------------------------------------


def held(session: Training, time_machine, *present: int) -> Training:
    time_machine.move_to(session.ends_at)
    by = UserFactory(caseworker=True)
    return actions.record_attendance(training=session, present=set(present), by=by)


def test_attendance_gives_certificates_to_those_who_came(client, time_machine):
    mou, session = in_force(), flows.offered()
    ada, bo = register(session, mou, "Ada", "Bo Ek")
    held(session, time_machine, ada.seat)
    client.force_login(owner(mou))
    page = client.get(reverse("mou:attendance", args=[mou.uuid, ada.uuid])).content.decode()
    assert "Certificate of attendance" in page
    assert "Seals and what they tell" in page
    assert client.get(reverse("mou:attendance", args=[mou.uuid, bo.uuid])).status_code == 404
    listed = client.get(reverse("mou:training", args=[mou.uuid])).content.decode()
    assert "Who has attended" in listed
    assert "Bo Ek" not in listed
    assert told(mou)[-1] == "training_attended"


def test_attendance_may_be_corrected_and_is_told_once(time_machine):
    mou, session = in_force(), flows.offered()
    ada, bo = register(session, mou, "Ada", "Bo")
    held(session, time_machine, ada.seat)
    held(session, time_machine, bo.seat)
    ada.refresh_from_db()
    bo.refresh_from_db()
    assert (ada.attended, bo.attended) == (False, True)
    assert told(mou).count("training_attended") == 1


def test_attendance_is_not_recorded_ahead_of_the_session():
    session = flows.offered()
    with pytest.raises(DomainError, match="not begun"):
        actions.record_attendance(training=session, present=set(), by=session.planned_by)


def test_session_that_was_offered_stays_as_it_is():
    session = flows.offered()
    with pytest.raises(InvalidTransition):
        actions.edit_training(training=session, told=flows.told(), by=session.planned_by)


def test_cancelled_session_is_told_with_its_reason(client):
    mou, session = in_force(), flows.offered()
    in_force()
    register(session, mou, "Ada", "Bo")
    deliver_all()
    mail.outbox.clear()
    reason = "The room is flooded."
    actions.cancel_training(training=session, reason=reason, by=session.planned_by)
    deliver_all()
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[owner(mou).email]]
    client.force_login(owner(mou))
    assert reason in client.get(reverse("mou:training", args=[mou.uuid])).content.decode()


def test_session_that_is_cancelled_while_firms_are_invited_invites_nobody():
    in_force()
    seen = flows.offered()
    actions.cancel_training(training=seen, reason="Flooded.", by=seen.planned_by)
    deliver_all()
    mail.outbox.clear()
    actions.tell_of_training(training=seen)
    deliver_all()
    assert mail.outbox == []


def test_invitation_goes_to_firms_of_the_audience_once():
    concerned, other = in_force(), in_force()
    concerned.organisation.roles = ["terminal"]
    concerned.organisation.save()
    session = flows.offered(audience=["terminal"])
    deliver_all()
    actions.tell_of_training(training=session)
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[owner(concerned).email]]
    assert owner(other).email not in mail.outbox[0].to


# --- Pages ----------------------------------------------------------------------------------


def test_firm_registers_people_on_its_page(client):
    mou, session = in_force(), flows.offered()
    client.force_login(person(mou, "member"))
    url = reverse("mou:register_attendees", args=[mou.uuid, session.uuid])
    assert "at least one name" in client.post(url, {"names": " \n "}).content.decode()
    client.post(url, {"names": "Ada  Berg\nBo Ek\nAda Berg"})
    assert list(Attendee.objects.order_by("seat").values_list("name", flat=True)) == [
        "Ada Berg",
        "Bo Ek",
    ]
    again = client.post(url, {"names": "Ada Berg\nCy"}).content.decode()
    assert "has a seat already" in again
    assert "Cy" in again
    one = Attendee.objects.get(name="Bo Ek")
    client.post(reverse("mou:withdraw_attendee", args=[mou.uuid, one.uuid]))
    assert Attendee.objects.coming().get().name == "Ada Berg"


def test_names_for_a_session_that_begins_meanwhile_are_kept(client, time_machine):
    mou, session = in_force(), flows.offered(seats=10)
    client.force_login(owner(mou))
    page = reverse("mou:register_attendees", args=[mou.uuid, session.uuid])
    shown = client.get(page).content.decode()
    assert "Free seats" in shown
    assert session.time in shown
    time_machine.move_to(session.starts_at)
    client.force_login(owner(mou))
    assert client.get(page).status_code == 404
    late = client.post(page, {"names": "Ada Berg"}).content.decode()
    assert "no longer open to your firm" in late
    assert "Ada Berg" in late


def test_certificate_of_a_session_of_two_days_says_both(client, time_machine):
    begins = timezone.now().replace(hour=9, minute=0) + timedelta(days=20)
    mou = in_force()
    session = flows.offered(starts_at=begins, ends_at=begins + timedelta(days=1))
    [ada] = register(session, mou, "Ada")
    held(session, time_machine, ada.seat)
    client.force_login(owner(mou))
    page = client.get(reverse("mou:attendance", args=[mou.uuid, ada.uuid])).content.decode()
    for day in (session.starts_at, session.ends_at):
        assert date_format(timezone.localtime(day), "j F Y, H:i") in page


def test_guidance_is_for_firms_in_force_that_it_concerns(client):
    mou, text = in_force(), flows.written()
    foreign = flows.written(title="For terminals", audience=["terminal"])
    client.force_login(owner(mou))
    page = client.get(reverse("mou:training", args=[mou.uuid])).content.decode()
    assert "Checking a seal" in page
    assert "For terminals" not in page
    urls = [reverse("mou:guidance", args=[mou.uuid, one.uuid]) for one in (text, foreign)]
    assert [client.get(url).status_code for url in urls] == [200, 404]
    actions.withdraw_guidance(guidance=text, by=UserFactory(caseworker=True))
    assert client.get(urls[0]).status_code == 404


def test_page_of_training_costs_as_much_with_many_sessions(client):
    mou = in_force()
    client.force_login(owner(mou))
    page = reverse("mou:training", args=[mou.uuid])
    costs = []
    for _round in range(2):
        register(flows.offered(), mou, "Ada")
        flows.written()
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        costs.append(len(asked))
        for _number in range(3):
            register(flows.offered(), mou, "Ada", "Bo")
    assert costs[0] == costs[1]


def test_desk_leads_a_session_from_plan_to_attendance(client, time_machine):
    time_machine.move_to(timezone.now())
    mou = in_force("Quay Storage")
    at_the_desk(client, UserFactory(caseworker=True))
    typed = flows.told() | {"starts_at": "2030-05-02T09:00", "ends_at": "2030-05-02T12:00"}
    wrong = client.post(reverse("admin:mou_training_plan"), typed | {"ends_at": "2030-05-01T12:00"})
    assert "must end after" in wrong.content.decode()
    client.post(reverse("admin:mou_training_plan"), typed)
    session = Training.objects.get()
    client.post(reverse("admin:mou_training_edit", args=[session.pk]), typed | {"seats": 12})
    client.post(reverse("admin:mou_training_offer", args=[session.pk]))
    session.refresh_from_db()
    assert (session.seats, session.status) == (12, "offered")
    register(session, mou, "Ada")
    listed = client.get(f"/admin/mou/attendee/?session={session.pk}").content.decode()
    assert "Quay Storage" in listed
    time_machine.move_to(session.ends_at + timedelta(days=1))
    at_the_desk(client, UserFactory(caseworker=True))
    assert "Sessions to record" in client.get("/admin/").content.decode()
    record = reverse("admin:mou_training_record", args=[session.pk])
    assert "Ada, Quay Storage" in client.get(record).content.decode()
    client.post(record, {"present": ["1"]})
    assert Attendee.objects.get().attended
    assert "Held" in client.get(f"/admin/mou/training/{session.pk}/change/").content.decode()


def test_desk_writes_guidance_in_editions(client):
    at_the_desk(client, UserFactory(caseworker=True))
    typed = {"title": "Checking a seal", "text": "Look twice."}
    client.post(reverse("admin:mou_guidance_write"), typed)
    text = Guidance.objects.get()
    edit = reverse("admin:mou_guidance_edit", args=[text.pk])
    client.post(edit, typed | {"text": "Look.", "edition": 1})
    text.refresh_from_db()
    assert (text.edition, text.text) == (2, "Look.")
    assert client.get(f"/admin/mou/guidance/{text.pk}/change/").status_code == 200
    client.post(reverse("admin:mou_guidance_withdraw", args=[text.pk]))
    assert not Guidance.objects.current().exists()
    late = client.post(edit, typed | {"text": "Too late.", "edition": 2}).content.decode()
    assert "was withdrawn meanwhile" in late
    assert "Too late." in late


def test_desk_writes_no_edition_over_one_that_was_not_seen(client):
    text, other = flows.written(), UserFactory(caseworker=True, name="Kim Falk")
    told = {"title": text.title, "text": "Theirs.", "audience": [], "edition": 1}
    actions.write_edition(guidance=text, by=other, **told)
    at_the_desk(client, UserFactory(caseworker=True))
    edit = reverse("admin:mou_guidance_edit", args=[text.pk])
    typed = {"title": "Checking a seal", "text": "Mine."}
    shown = client.post(edit, typed | {"edition": 1}).content.decode()
    text.refresh_from_db()
    assert (text.text, "Kim Falk published edition 2" in shown, "Mine." in shown) == (
        "Theirs.",
        True,
        True,
    )
    assert 'name="edition" value="2"' in shown
    client.post(edit, typed | {"edition": 2})
    text.refresh_from_db()
    assert (text.edition, text.text) == (3, "Mine.")


def test_desk_offers_no_attendance_to_record_before_the_session(client):
    session = flows.offered()
    at_the_desk(client, UserFactory(caseworker=True))
    page = client.get(f"/admin/mou/training/{session.pk}/change/").content.decode()
    assert "possible once the session has begun" in page
    assert reverse("admin:mou_training_record", args=[session.pk]) not in page
    early = client.post(reverse("admin:mou_training_record", args=[session.pk]))
    assert "has not begun yet" in early.content.decode()


@pytest.mark.parametrize("role", ["countersigner", "supervisor", "liaison_officer"])
@pytest.mark.parametrize("verb", ["edit", "offer", "cancel", "record"])
def test_desk_verbs_of_training_do_not_exist_for_other_roles(client, role, verb):
    session = flows.offered()
    at_the_desk(client, UserFactory(**{role: True}))
    url = reverse(f"admin:mou_training_{verb}", args=[session.pk])
    assert client.post(url).status_code == 404


@pytest.mark.parametrize("role", ["owner", "signatory", "member"])
def test_front_page_says_who_may_do_what_and_where_reports_are(client, role):
    mou = in_force()
    reader = person(mou, role)
    person(mou, "member")
    client.force_login(reader)
    page = client.get("/mou/").content.decode()
    assert "names who signs" in page
    assert "registers people for training" in page
    assert ("Reports of the firm" in page) == (role != "member")
