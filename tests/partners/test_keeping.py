"""The liaison desk edits the directory by verbs, and two editors are told of each other."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners import queues
from partners.actions import contacts, keeping, partners, posts
from partners.models import (
    ContactPoint,
    FocusArea,
    Group,
    GroupMembership,
    Holder,
    Instrument,
    Partner,
    SecureChannel,
)
from partners.visibility import Level
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, StaffRole
from tests.factories import UserFactory
from tests.partners.factories import (
    ContactPointFactory,
    GroupFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
OTHERS = [role for role in StaffRole.values if role not in ("liaison_officer", "supervisor")]
TODAY = date(2026, 11, 26)


@pytest.fixture
def officer():
    return UserFactory(liaison_officer=True, name="Sofia Marino")


@pytest.fixture
def desk(client, officer):
    return at_the_desk(client, officer)


def page(entry, verb: str = "change") -> str:
    return reverse(f"admin:partners_{entry._meta.model_name}_{verb}", args=[entry.pk])


def as_shown(response) -> dict[str, str]:
    """What a browser sends that touches nothing."""
    form = response.context["form"]
    return {**form.as_typed(), "seen": response.context["seen"]}


# --- Who may --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", OTHERS)
def test_read_the_desk_in_another_role_is_refused(client, role):
    entry, contact = PartnerFactory(), ContactPointFactory()
    desk = at_the_desk(client, UserFactory(**{role: True}))
    for address in (
        reverse("admin:partners_partner_changelist"),
        reverse("admin:partners_contactpoint_changelist"),
        reverse("admin:partners_holder_changelist"),
        page(entry),
        page(contact),
        page(HolderFactory()),
    ):
        assert desk.get(address).status_code in (302, 403, 404), address
    assert desk.get(page(entry, "edit")).status_code == 404


def test_read_the_desk_as_an_administrator_with_the_role_is_refused(client):
    both = UserFactory(system_administrator=True)
    both.grants.create(role="liaison_officer")
    desk = at_the_desk(client, both)
    for table in ("partner", "post", "posting"):
        assert desk.get(reverse(f"admin:partners_{table}_changelist")).status_code == 403, table
    assert desk.get(reverse("admin:partners_post_timeline")).status_code == 404
    for entry in (PartnerFactory(), PostFactory()):
        assert desk.get(page(entry, "edit")).status_code == 404


def test_read_the_desk_as_a_supervisor_shows_no_verbs(client):
    desk = at_the_desk(client, UserFactory(supervisor=True))
    contact = ContactPointFactory()
    for entry in (contact.partner, contact):
        text = desk.get(page(entry)).content.decode()
        assert str(entry) in text
        assert "desk-button" not in text
        assert desk.get(page(entry, "edit")).status_code == 404


VERBS = {
    "add_partner": lambda by: partners.add_partner(code="x", values={"name": "X"}, by=by),
    "change_partner": lambda by: partners.change_partner(
        partner=PartnerFactory(), values={"name": "Y"}, version=1, by=by
    ),
    "end_partner": lambda by: partners.end_partner(partner=PartnerFactory(), ended_on=TODAY, by=by),
    "add_group": lambda by: partners.add_group(code="g", name="G", about="", by=by),
    "change_group": lambda by: regrouped(GroupFactory(), by),
    "join_group": lambda by: partners.join_group(
        partner=PartnerFactory(), group=GroupFactory(), since=None, by=by
    ),
    "leave_group": lambda by: partners.leave_group(
        membership=GroupMembership.objects.create(partner=PartnerFactory(), group=GroupFactory()),
        until=TODAY,
        by=by,
    ),
    "add_channel": lambda by: partners.add_channel(
        partner=PartnerFactory(), name="SIENA", reference="", by=by
    ),
    "correct_channel": lambda by: partners.correct_channel(
        channel=SecureChannel.objects.create(partner=PartnerFactory(), name="AFIS"),
        reference="box 2",
        by=by,
    ),
    "end_channel": lambda by: partners.end_channel(
        channel=SecureChannel.objects.create(partner=PartnerFactory(), name="AFIS"), by=by
    ),
    "add_contact": lambda by: contacts.add_contact(
        owner=PartnerFactory(), values={"duty": "general"}, by=by
    ),
    "add_contact_of_a_post": lambda by: contacts.add_contact(
        owner=PostFactory(), values={"duty": "general"}, by=by
    ),
    "change_contact": lambda by: contacts.change_contact(
        contact=ContactPointFactory(), values={"phone": "+64 1"}, version=1, by=by
    ),
    "end_contact": lambda by: contacts.end_contact(contact=ContactPointFactory(), by=by),
    "name_holder": lambda by: named(ContactPointFactory(), by),
    "correct_holder": lambda by: corrected(HolderFactory(), by),
    "end_holder": lambda by: contacts.end_holder(
        holder=HolderFactory(since=TODAY), until=TODAY, by=by
    ),
    "confirm_entry": lambda by: keeping.confirm_entry(entry=PartnerFactory(), by=by),
    "set_visibility": lambda by: keeping.set_visibility(
        entry=ContactPointFactory(), visibility=Level.LIAISON, by=by
    ),
    "name_keeper": lambda by: keeping.name_keeper(entry=PartnerFactory(), keeper=None, by=by),
}


def named(contact: ContactPoint, by, **more) -> Holder:
    told = {"name": "Mere Tane", "title": "", "email": "", "direct_line": "", "since": TODAY}
    return contacts.name_holder(contact=contact, by=by, **{**told, **more})


def corrected(holder: Holder, by, **more) -> Holder:
    told = {"name": "Mere Tane", "title": "", "email": "", "direct_line": "", "since": TODAY}
    told |= {"until": None, "version": holder.contact_point.version}
    return contacts.correct_holder(holder=holder, by=by, **{**told, **more})


def regrouped(group: Group, by) -> Group:
    return partners.change_group(group=group, name="H", about="", version=group.fingerprint, by=by)


def test_every_verb_is_recorded_and_names_no_person(officer):
    for verb, act in VERBS.items():
        before = AuditEvent.objects.count()
        act(officer)
        (event,) = AuditEvent.objects.order_by("pk")[before:]
        assert (event.actor, "Mere" in str(event.facts)) == (f"user:{officer.pk}", False), verb


OWNERS = {
    "an ended partner": lambda: {"partner__ended_on": TODAY, "partner__name": "Harbour"},
    "a closed post": lambda: {"partner": None, "post": PostFactory(city="Suva", status="closed")},
}


@pytest.mark.parametrize("owner", OWNERS)
def test_contact_points_of_what_has_ended_stay_as_they_are(client, officer, owner):
    contact = ContactPointFactory(**OWNERS[owner]())
    holder = HolderFactory(contact_point=contact, since=TODAY)
    for act in (
        lambda: contacts.change_contact(contact=contact, values={}, version=1, by=officer),
        lambda: contacts.end_contact(contact=contact, by=officer),
        lambda: named(contact, officer),
        lambda: corrected(holder, officer),
        lambda: contacts.end_holder(holder=holder, until=TODAY, by=officer),
        lambda: keeping.confirm_entry(entry=contact, by=officer),
        lambda: keeping.set_visibility(entry=contact, visibility=Level.LIAISON, by=officer),
        lambda: keeping.name_keeper(entry=contact, keeper=None, by=officer),
    ):
        with pytest.raises(AlreadyDone, match="its contact points stay as they are"):
            act()
    desk = at_the_desk(client, officer)
    text = desk.get(page(contact, "edit"), follow=True).content.decode()
    assert "its contact points stay as they are" in text
    assert "desk-button" not in text


def test_terms_end_with_the_partner_and_move_with_its_end(officer):
    partner, today = PartnerFactory(), timezone.localdate()
    later = today + timedelta(days=400)
    held = [
        HolderFactory(contact_point__partner=partner, since=today, until=until)
        for until in (None, later, today)
    ]
    for days in (30, 60):
        day = today + timedelta(days=days)
        partners.end_partner(partner=partner, ended_on=day, by=officer)
        for holder in held:
            holder.refresh_from_db()
        assert [holder.until for holder in held] == [day, day, today]


def test_terms_end_with_the_post(officer):
    post, today = PostFactory(status="vacant"), timezone.localdate()
    holder = HolderFactory(contact_point__partner=None, contact_point__post=post, since=today)
    posts.close_post(post=post, by=officer)
    holder.refresh_from_db()
    assert holder.until == today


@pytest.mark.parametrize("role", [*OTHERS, "supervisor"])
def test_every_verb_in_another_role_is_refused(role):
    person = UserFactory(**{role: True})
    for act in VERBS.values():
        with pytest.raises(NotAllowed):
            act(person)
    assert not AuditEvent.objects.filter(actor=f"user:{person.pk}").exists()


# --- Editing --------------------------------------------------------------------------------


def test_add_a_partner_at_the_desk(desk, officer):
    answer = desk.post(
        reverse("admin:partners_partner_add_entry"),
        {
            "code": "customs:NZ",
            "name": "New Zealand Customs",
            "type": "customs",
            "country": "NZ",
            "hours": "Mon-Fri 08:00-16:30",
            "languages": "en, mi",
        },
    )
    partner = Partner.objects.get(code="customs:NZ")
    assert answer.url == page(partner)
    assert partner.hours["4"] == [["08:00", "16:30"]]
    assert "5" not in partner.hours
    assert partner.languages == ["en", "mi"]
    assert partner.keeper == officer
    assert partner.verified_on is None


def test_add_a_partner_of_a_code_that_is_taken_keeps_what_was_typed(desk):
    PartnerFactory(code="customs:NZ")
    answer = desk.post(
        reverse("admin:partners_partner_add_entry"),
        {"code": "CUSTOMS:NZ", "name": "Typed name", "type": "customs"},
    )
    text = answer.content.decode()
    assert "is taken" in text
    assert "Typed name" in text


def test_change_a_partner_records_the_fields_only(desk):
    partner = PartnerFactory()
    shown = as_shown(desk.get(page(partner, "edit")))
    desk.post(page(partner, "edit"), {**shown, "note": "Secret words"})
    event = AuditEvent.objects.get(event="partner_changed")
    assert event.facts == {"fields": ["note"], "confirmed": False}
    partner.refresh_from_db()
    assert (partner.note, partner.version) == ("Secret words", 2)


def test_save_what_was_not_touched_changes_nothing(desk):
    partner = PartnerFactory(hours={"0": [["08:00", "12:00"]]}, languages=["en"])
    desk.post(page(partner, "edit"), as_shown(desk.get(page(partner, "edit"))))
    assert not AuditEvent.objects.filter(event="partner_changed").exists()
    partner.refresh_from_db()
    assert partner.version == 1


def test_change_an_entry_that_another_changed_shows_what_the_other_did(desk):
    partner = PartnerFactory(area="North", note="old")
    shown = as_shown(desk.get(page(partner, "edit")))
    other = UserFactory(liaison_officer=True, name="Pieter Vos")
    partners.change_partner(
        partner=partner, values={"area": "North and south", "note": "theirs"}, version=1, by=other
    )
    answer = desk.post(page(partner, "edit"), {**shown, "note": "mine", "about": "also mine"})
    text = unescape(answer.content.decode())
    assert "Pieter Vos changed this entry" in text
    # What was not touched is as the other left it; what both wrote is theirs beside mine.
    assert "North → <strong>North and south</strong>" in text
    assert "The other wrote here: “theirs”." in text
    again = as_shown(answer)
    kept = ("mine", "also mine", "North and south")
    assert (again["note"], again["about"], again["area"]) == kept
    partner.refresh_from_db()
    assert partner.note == "theirs"
    desk.post(page(partner, "edit"), again)
    partner.refresh_from_db()
    assert (partner.note, partner.about, partner.area) == kept


@pytest.mark.parametrize("seen", ["", "nonsense", "a:b:c"])
def test_change_an_entry_without_what_was_seen_saves_nothing_and_loses_nothing(desk, seen):
    partner = PartnerFactory()
    shown = as_shown(desk.get(page(partner, "edit")))
    answer = desk.post(page(partner, "edit"), {**shown, "seen": seen, "area": "Typed"})
    assert "Typed" in answer.content.decode()
    partner.refresh_from_db()
    assert (partner.area, partner.version) == ("", 1)


def test_change_an_entry_with_what_was_seen_of_another_saves_nothing(desk):
    partner, other = PartnerFactory(), PartnerFactory()
    shown = as_shown(desk.get(page(other, "edit")))
    desk.post(page(partner, "edit"), {**shown, "area": "Typed"})
    partner.refresh_from_db()
    assert partner.version == 1


def test_make_a_partner_a_part_of_its_own_part_is_refused(officer):
    whole = PartnerFactory()
    part = PartnerFactory(parent=whole)
    with pytest.raises(DomainError, match="part of itself"):
        partners.change_partner(partner=whole, values={"parent": part}, version=1, by=officer)


def test_change_what_has_ended_is_refused(officer):
    partner = partners.end_partner(partner=PartnerFactory(), ended_on=TODAY, by=officer)
    with pytest.raises(AlreadyDone):
        partners.change_partner(partner=partner, values={"name": "Z"}, version=2, by=officer)


def test_an_end_that_is_still_to_come_locks_nothing_and_can_be_moved(officer):
    today = timezone.localdate()
    partner, later = PartnerFactory(), today + timedelta(days=30)
    partners.join_group(partner=partner, group=GroupFactory(), since=None, by=officer)
    partners.end_partner(partner=partner, ended_on=later, by=officer)
    partners.change_partner(partner=partner, values={"area": "here"}, version=3, by=officer)
    ContactPointFactory(partner=partner, review_due=today)
    assert queues.due_entries(ContactPoint.objects.all()).exists()
    partners.end_partner(partner=partner, ended_on=today, by=officer)
    assert GroupMembership.objects.get().until == today
    assert not queues.due_entries(ContactPoint.objects.all()).exists()


@pytest.mark.parametrize("code", ["posts", "API", "download"])
def test_a_code_that_hides_behind_a_page_is_refused(officer, code):
    with pytest.raises(DomainError, match="address of a page"):
        partners.add_partner(code=code, values={"name": "X", "type": "customs"}, by=officer)
    told = {"city": "X", "host_country": "NZ", "time_zone": "UTC", "type": "attache"}
    with pytest.raises(DomainError, match="address of a page"):
        posts.open_post(by=officer, code="Map", covers=[], **told)


# --- Confirming -----------------------------------------------------------------------------


def test_confirm_an_entry_makes_it_due_half_a_year_later(desk, officer, settings):
    settings.DIRECTORY_REVIEW_MONTHS = 6
    contact = ContactPointFactory(review_due=TODAY - timedelta(days=400), verified_on=None)
    assert contact.is_stale
    shown = as_shown(desk.get(page(contact, "edit")))
    desk.post(page(contact, "edit"), {**shown, "phone": "+64 4 123", "confirm": "yes"})
    contact.refresh_from_db()
    assert not contact.is_stale
    assert (contact.phone, contact.verified_by) == ("+64 4 123", officer)
    assert contact.review_due == contact.due_after(timezone.localdate())


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 6, 1)),
    ],
)
def test_due_after_is_half_a_year_on_the_calendar(day, due):
    assert Partner().due_after(day) == due


@pytest.mark.parametrize(("zone", "due", "stale_from"), [
    ("Pacific/Pago_Pago", "2026-11-28", "2026-11-29T11:00Z"),
    ("Pacific/Kiritimati", "2026-11-28", "2026-11-28T10:00Z"),
    ("Asia/Kathmandu", "2026-12-31", "2026-12-31T18:15Z"),
    # the days that lose and gain an hour
    ("Europe/Stockholm", "2026-03-29", "2026-03-29T22:00Z"),
    ("Europe/Stockholm", "2026-10-25", "2026-10-25T23:00Z"),
])  # fmt: skip
def test_entry_is_stale_from_midnight_of_the_portal(zone, due, stale_from):
    moment = datetime.fromisoformat(stale_from)
    entry = Partner(review_due=date.fromisoformat(due))
    for at, is_stale in ((moment - timedelta(seconds=1), False), (moment, True)):
        with timezone.override(ZoneInfo(zone)), time_machine.travel(at, tick=False):
            assert entry.is_stale is is_stale


# --- Groups and channels --------------------------------------------------------------------


def test_join_and_leave_a_group_keeps_both_days(officer):
    partner, group = PartnerFactory(), GroupFactory()
    joined = partners.join_group(partner=partner, group=group, since=date(2004, 5, 1), by=officer)
    with pytest.raises(AlreadyDone):
        partners.join_group(partner=partner, group=group, since=None, by=officer)
    partners.leave_group(membership=joined, until=date(2020, 1, 31), by=officer)
    assert not GroupMembership.objects.on(date(2020, 2, 1)).exists()
    assert GroupMembership.objects.on(date(2020, 1, 31)).exists()
    partners.join_group(partner=partner, group=group, since=date(2024, 1, 1), by=officer)
    with pytest.raises(DomainError, match="before it began"):
        partners.leave_group(
            membership=GroupMembership.objects.get(until=None), until=date(2023, 1, 1), by=officer
        )


def test_end_a_partner_ends_its_memberships(officer):
    partner = PartnerFactory()
    partners.join_group(partner=partner, group=GroupFactory(), since=None, by=officer)
    partners.end_partner(partner=partner, ended_on=TODAY, by=officer)
    assert GroupMembership.objects.get().until == TODAY


def test_record_a_channel_again_after_it_ended(officer):
    partner = PartnerFactory()
    channel = partners.add_channel(partner=partner, name="SIENA", reference="", by=officer)
    with pytest.raises(AlreadyDone):
        partners.add_channel(partner=partner, name="siena", reference="", by=officer)
    partners.end_channel(channel=channel, by=officer)
    partners.add_channel(partner=partner, name="SIENA", reference="", by=officer)
    assert SecureChannel.objects.count() == 2


def test_add_a_group_of_a_code_that_is_taken_is_refused(officer):
    partners.add_group(code="g", name="G", about="", by=officer)
    with pytest.raises(DomainError):
        partners.add_group(code="g", name="H", about="", by=officer)
    assert Group.objects.get().name == "G"


# --- Holders --------------------------------------------------------------------------------


def test_name_a_holder_in_place_of_another_keeps_the_history(officer):
    contact = ContactPointFactory()
    first = named(contact, officer, since=TODAY - timedelta(days=100))
    named(contact, officer, name="Ana Lima", replaces=True)
    first.refresh_from_db()
    assert first.until == TODAY - timedelta(days=1)
    assert [one.name for one in contact.holders.on(TODAY)] == ["Ana Lima"]
    assert [one.name for one in contact.holders.on(TODAY - timedelta(days=1))] == ["Mere Tane"]


def test_end_a_contact_point_ends_the_terms(officer):
    contact = ContactPointFactory()
    holder = named(contact, officer, since=TODAY - timedelta(days=9))
    contacts.end_contact(contact=contact, by=officer)
    holder.refresh_from_db()
    assert holder.until == max(timezone.localdate(), holder.since)
    with pytest.raises(AlreadyDone):
        contacts.end_contact(contact=contact, by=officer)


def test_correct_a_holder_that_another_changed_is_refused(officer):
    holder = HolderFactory(since=TODAY)
    contacts.end_holder(holder=holder, until=TODAY, by=officer)
    with pytest.raises(DomainError, match="while you were editing"):
        corrected(holder, officer, version=1)


def test_correct_a_holder_that_another_changed_shows_both_and_then_saves(desk, officer):
    holder = HolderFactory(name="Mere Tane", since=TODAY)
    corrected(holder, officer, name="Mere Ngata", until=TODAY)
    day = {"since_0": "26", "since_1": "11", "since_2": "2026"}
    typed = {"name": "Mary Tane", "title": "Head", "version": "1", **day}
    answer = desk.post(page(holder, "correct"), typed)
    shown = unescape(answer.content.decode())
    assert "while you were editing it" in shown
    assert "The other wrote here: “Mere Ngata”." in shown
    assert "The other wrote here: “26 November 2026”." in shown
    assert "Mary Tane" in shown
    holder.refresh_from_db()
    assert holder.name == "Mere Ngata"
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version is not None
    desk.post(page(holder, "correct"), {**typed, "version": version[1]})
    holder.refresh_from_db()
    assert (holder.name, holder.title) == ("Mary Tane", "Head")


def test_change_a_group_that_another_changed_shows_both(desk, officer):
    group = GroupFactory(name="Union")
    seen = group.fingerprint
    regrouped(group, officer)
    typed = {"name": "Community", "about": "", "version": seen}
    answer = desk.post(page(group, "edit"), typed)
    shown = unescape(answer.content.decode())
    assert "The other wrote here: “H”." in shown
    assert Group.objects.get().name == "H"
    desk.post(page(group, "edit"), {**typed, "version": Group.objects.get().fingerprint})
    assert Group.objects.get().name == "Community"


def test_join_a_group_again_without_a_day_is_refused(officer):
    partner, group = PartnerFactory(), GroupFactory()
    joined = partners.join_group(partner=partner, group=group, since=None, by=officer)
    partners.leave_group(membership=joined, until=date(2020, 1, 31), by=officer)
    with pytest.raises(DomainError, match="before"):
        partners.join_group(partner=partner, group=group, since=None, by=officer)


@pytest.mark.parametrize("code", ["api", "Download", "contacts", "enquiries", "posts", "notices"])
def test_add_a_partner_of_a_code_that_is_an_address_is_refused(desk, code):
    typed = {"code": code, "name": "X", "type": "customs"}
    answer = desk.post(reverse("admin:partners_partner_add_entry"), typed)
    assert "Choose another code" in answer.content.decode()
    assert not Partner.objects.exists()


def test_members_of_a_group_are_those_of_today(desk):
    group, day = GroupFactory(code="eu"), timezone.localdate()
    for name, since in (("Now", day), ("Later", day + timedelta(days=1))):
        member = PartnerFactory(name=name)
        GroupMembership.objects.create(partner=member, group=group, since=since)
    assert "1 today" in desk.get(page(group)).content.decode()
    listed = desk.get(f"{reverse('admin:partners_partner_changelist')}?group=eu")
    assert [one.name for one in listed.context["cl"].result_list] == ["Now"]


def test_record_of_a_channel_does_not_name_it(officer):
    channel = partners.add_channel(partner=PartnerFactory(), name="SIENA", reference="", by=officer)
    partners.end_channel(channel=channel, by=officer)
    assert "SIENA" not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


def test_correct_and_end_a_holder_at_the_desk(desk):
    holder = HolderFactory(since=TODAY)
    day = {"since_0": "1", "since_1": "2", "since_2": "2026"}
    desk.post(page(holder, "correct"), {"name": "Right Name", "version": 1, **day})
    holder.refresh_from_db()
    assert (holder.name, holder.since) == ("Right Name", date(2026, 2, 1))
    desk.post(page(holder, "end"), {"until_0": "3", "until_1": "2", "until_2": "2026"})
    holder.refresh_from_db()
    assert holder.until == date(2026, 2, 3)


def test_erase_half_of_a_person_is_refused_by_the_database():
    holder = HolderFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Holder.objects.filter(pk=holder.pk).update(erased_at=timezone.now(), until=TODAY)


# --- Lists and pages ------------------------------------------------------------------------


def test_lists_find_by_what_was_asked(desk, officer):
    late = timezone.localdate() - timedelta(days=3)
    PartnerFactory(name="Stale and mine", review_due=late, keeper=officer, country="FI")
    PartnerFactory(name="Stale, nobody's", review_due=late)
    member = PartnerFactory(name="Fresh", type="police")
    GroupMembership.objects.create(partner=member, group=GroupFactory(code="eu"))
    listed = reverse("admin:partners_partner_changelist")

    def found(query: str) -> set[str]:
        answer = desk.get(f"{listed}?{query}")
        return {one.name for one in answer.context["cl"].result_list}

    assert found("waits=mine") == {"Stale and mine"}
    assert found("waits=due") == {"Stale and mine", "Stale, nobody's"}
    assert found("waits=nobody") == {"Stale, nobody's"}
    assert found("group=eu") == found("type__exact=police") == {"Fresh"}
    assert found("country=FI") == found(f"keeper={officer.pk}") == {"Stale and mine"}
    assert found("q=fre") == {"Fresh"}
    assert found("keeper=x") == set()


def test_front_page_counts_what_waits(desk, officer):
    late = timezone.localdate() - timedelta(days=3)
    ContactPointFactory(review_due=late, keeper=officer, partner=PartnerFactory(review_due=late))
    text = desk.get(reverse("admin:index")).content.decode()
    assert "Liaison desk" in text
    pattern = r'desk-queue__count">(\d+)</span> <span class="desk-queue__text">([^<]+)'
    counts = {words.strip(): int(count) for count, words in re.findall(pattern, text)}
    assert counts["Your contact points to confirm"] == 1
    assert counts["Your partners to confirm"] == 0
    assert counts["All partners to confirm"] == 1


def test_confirm_one_after_the_other(desk, officer):
    late = timezone.localdate() - timedelta(days=3)
    partner = PartnerFactory(review_due=late, keeper=officer)
    contact = ContactPointFactory(review_due=late, keeper=officer)
    due = reverse("admin:partners_partner_due")
    for entry in (partner, contact):
        at = desk.get(due).url
        assert at == f"{page(entry, 'edit')}?due=1"
        assert desk.post(at, {**as_shown(desk.get(at)), "confirm": "yes"}).url == due
    assert desk.get(due).url == reverse("admin:index")


@pytest.mark.parametrize("model", ["partner", "contactpoint", "holder", "groupmembership"])
def test_lists_ask_as_many_queries_for_many_entries(desk, model, django_assert_max_num_queries):
    group = GroupFactory()

    def fill() -> None:
        for _one in range(5):
            partner = PartnerFactory(keeper=UserFactory(liaison_officer=True))
            GroupMembership.objects.create(partner=partner, group=group)
            HolderFactory(contact_point=ContactPointFactory(partner=partner))

    listed = reverse(f"admin:partners_{model}_changelist")
    fill()
    desk.get(listed)
    with django_assert_max_num_queries(12) as first:
        desk.get(listed)
    fill()
    with django_assert_max_num_queries(len(first)):
        desk.get(listed)


def test_the_page_of_a_partner_names_its_law_its_focus_and_who_holds_a_duty(desk, settings):
    today = timezone.localdate()
    partner = PartnerFactory(country="NZ", type="customs")
    treaty = Instrument.objects.create(
        code="nz", title="Agreement with New Zealand", kind="agreement",
        signed_on=TODAY, in_force_on=TODAY,
    )  # fmt: skip
    for country in ("NZ", settings.BRAND["country"]):
        treaty.parties.create(country=country)
    area = FocusArea.objects.create(code="post", name="Synthetic drugs by post", modes=["POST"])
    area.partners.add(partner)
    over = today - timedelta(days=1)
    for name, until in (("Mere Tane", today + timedelta(days=9)), ("Former Person", over)):
        HolderFactory(
            contact_point__partner=partner, name=name, since=date(2026, 1, 1), until=until
        )
    text = desk.get(page(partner)).content.decode()
    for words in ("Agreement with New Zealand", "Synthetic drugs by post", "Held by Mere Tane"):
        assert words in text
    assert "Former Person" not in text
    other = desk.get(page(PartnerFactory(country="FJ"))).content.decode()
    assert "no exchange with it can be sent" in other


def test_the_page_of_a_partner_asks_as_many_queries_for_many_contacts(
    desk, django_assert_max_num_queries
):
    partner = PartnerFactory()
    HolderFactory(contact_point=ContactPointFactory(partner=partner))
    desk.get(page(partner))
    with django_assert_max_num_queries(20) as first:
        desk.get(page(partner))
    for _one in range(5):
        HolderFactory(contact_point=ContactPointFactory(partner=partner))
        GroupMembership.objects.create(partner=partner, group=GroupFactory())
    with django_assert_max_num_queries(len(first)):
        desk.get(page(partner))


@pytest.mark.parametrize(
    ("duty", "level"),
    [
        ("general", Level.PUBLIC),
        ("drugs", Level.LIAISON),
        ("duty_desk", Level.RESTRICTED),
    ],
)
def test_add_a_contact_shows_it_to_as_few_as_its_duty_asks(officer, duty, level):
    contact = contacts.add_contact(owner=PartnerFactory(), values={"duty": duty}, by=officer)
    assert contact.visibility == level
