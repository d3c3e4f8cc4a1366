"""Engagements: planned, held, written up, followed up; by whom, and what the desk lists."""

import itertools
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.actions import engagements as actions
from partners.lifecycle import ENGAGEMENT, EngagementStatus
from partners.models import Engagement, FollowUp, Participation
from partners.visibility import Level
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import StaffRole
from tests.factories import UserFactory
from tests.partners.enquiry_flows import posted
from tests.partners.factories import PartnerFactory, PostFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
DESK = "admin:partners_engagement_"
MINUTES = "Both sides name a contact."


@pytest.fixture
def officer():
    return UserFactory(liaison_officer=True)


def told(**fields):
    begins = timezone.now() - timedelta(hours=3)
    known = {
        "kind": "meeting",
        "counterpart": "government",
        "title": "Parcels",
        "partner": None,
        "post": None,
        "place": "Wellington",
        "topics": "Parcels\nSeals",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=1),
    }
    return known | fields


def planned(by, **fields):
    return actions.plan_engagement(by=by, **told(post=PostFactory()) | fields)


def held(by, **fields):
    engagement = planned(by, **fields)
    return actions.hold_engagement(engagement=engagement, by=by, present=[("Port", 2)])


def written_up(by, **fields):
    engagement = held(by, **fields)
    return write_up(engagement, by)


def cancelled(by, **fields):
    return actions.cancel_engagement(engagement=planned(by, **fields), by=by)


def write_up(engagement, by):
    return actions.write_up_engagement(
        engagement=engagement, by=by, minutes=MINUTES, present=[("Port", 3)]
    )


def follow_up(engagement, by, **fields):
    known = {"text": "Send the list", "owner": by, "due_on": timezone.localdate()}
    return actions.add_follow_up(engagement=engagement, by=by, **known | fields)


AT = {"planned": planned, "held": held, "written_up": written_up, "cancelled": cancelled}
VERBS = {
    "edit": lambda one, by: actions.edit_engagement(
        engagement=one, by=by, sequence=one.sequence, **told(post=one.post)
    ),
    "hold": lambda one, by: actions.hold_engagement(engagement=one, by=by, present=[]),
    "write_up": write_up,
    "cancel": lambda one, by: actions.cancel_engagement(engagement=one, by=by),
    "follow_up": follow_up,
}


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(ENGAGEMENT, EngagementStatus)))
def test_verb_in_each_state(officer, verb, state):
    one = AT[state](officer)
    if state in ENGAGEMENT[verb]:
        VERBS[verb](one, officer)
        one.refresh_from_db()
        assert one.status == ENGAGEMENT[verb][state]
    else:
        with pytest.raises(InvalidTransition):
            VERBS[verb](one, officer)


EVERYBODY = [*StaffRole.values, "the post", "another post"]


@pytest.mark.parametrize("role", EVERYBODY)
def test_verbs_are_for_the_liaison_desk_and_the_post(officer, role):
    for verb, state in (("edit", planned), ("hold", planned), ("write_up", held)):
        one = state(officer)
        special = {"the post": one.post, "another post": PostFactory()}
        by = posted(special[role]) if role in special else UserFactory(**{role: True})
        if role in ("liaison_officer", "the post"):
            VERBS[verb](one, by)
            continue
        with pytest.raises(NotAllowed):
            VERBS[verb](one, by)


@pytest.mark.parametrize("role", EVERYBODY)
def test_engagement_is_seen_by_those_who_work_with_it(client, officer, role):
    one = written_up(officer)
    special = {"the post": one.post, "another post": PostFactory()}
    at_the_desk(client, posted(special[role]) if role in special else UserFactory(**{role: True}))
    seen = role in ("liaison_officer", "supervisor", "the post")
    for name in ("change", "calendar"):
        answer = client.get(reverse(DESK + name, args=[one.pk]))
        assert (answer.status_code == 200) == seen, (name, answer.status_code)


def test_posted_officer_plans_for_the_own_post_alone():
    post, other = PostFactory(), PostFactory()
    there = posted(post)
    assert planned(there, post=post).responsible == there
    with pytest.raises(NotAllowed):
        planned(there, post=other)


@pytest.mark.parametrize(
    "wrong",
    [
        {"post": None},
        {"ends_at": timezone.now() - timedelta(days=3)},
    ],
)
def test_plan_what_cannot_be_is_refused(officer, wrong):
    with pytest.raises(DomainError):
        planned(officer, **wrong)


def test_hold_what_has_not_begun_is_refused(officer):
    begins = timezone.now() + timedelta(days=1)
    one = planned(officer, starts_at=begins, ends_at=begins + timedelta(hours=1))
    with pytest.raises(DomainError, match="not begun"):
        actions.hold_engagement(engagement=one, by=officer, present=[])


def test_write_up_replaces_who_was_there(officer):
    written_up(officer)
    assert [str(row) for row in Participation.objects.all()] == ["Port (3)"]


def test_two_editors_are_told_of_each_other(officer):
    one = planned(officer)
    VERBS["edit"](one, officer)
    with pytest.raises(AlreadyDone):
        VERBS["edit"](one, officer)


def test_follow_up_is_finished_once_by_its_owner(officer):
    owner = UserFactory(triage_officer=True)
    one = follow_up(held(officer), officer, owner=owner)
    with pytest.raises(NotAllowed):
        actions.finish_follow_up(follow_up=one, by=UserFactory(triage_officer=True))
    actions.finish_follow_up(follow_up=one, by=owner)
    with pytest.raises(AlreadyDone):
        actions.finish_follow_up(follow_up=one, by=owner)


def test_follow_up_waits_on_the_front_page_of_its_owner(client, officer):
    """Whatever else the owner works on; of others' engagements nothing is told."""
    owner = UserFactory(triage_officer=True)
    at_the_desk(client, owner)
    assert "Follow-ups that are due" not in client.get(reverse("admin:index")).content.decode()
    one = follow_up(held(officer), officer, owner=owner)
    assert "Follow-ups that are due" in client.get(reverse("admin:index")).content.decode()
    listed = client.get(reverse("admin:partners_followup_changelist") + "?waits=due")
    assert [row.pk for row in listed.context["cl"].result_list] == [one.pk]


@pytest.mark.parametrize(
    "change",
    [
        {"post": None, "partner": None},
        {"status": "written_up"},
        {"ends_at": timezone.now() - timedelta(days=30)},
        {"minutes": "Too early."},
    ],
)
def test_database_refuses_an_engagement_that_cannot_be(officer, change):
    planned(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Engagement.objects.update(**change)


def test_to_write_up_are_those_held_and_those_over_by_the_clock(officer):
    over, waits = planned(officer), held(officer)
    written_up(officer), cancelled(officer)
    begins = timezone.now() + timedelta(days=1)
    planned(officer, starts_at=begins, ends_at=begins + timedelta(hours=1))
    assert set(Engagement.objects.to_write_up()) == {over, waits}


# --- The desk -------------------------------------------------------------------------------


def typed(**fields):
    known = {
        "kind": "visit",
        "counterpart": "business",
        "title": "The port of Tauranga",
        "starts_at": "2026-11-20T10:00",
        "ends_at": "2026-11-20T12:00",
    }
    return known | fields


def test_desk_leads_an_engagement_from_plan_to_follow_up(client, officer):
    at_the_desk(client, officer)
    partner = PartnerFactory()
    client.post(reverse(DESK + "plan_engagement"), typed(partner=partner.pk))
    one = Engagement.objects.get()
    hold = reverse(DESK + "hold_engagement", args=[one.pk])
    assert client.get(hold).status_code == 200
    client.post(hold, {"present": "Port of Tauranga, 3\nMinistry of Trade"})
    assert "Engagements to write up" in client.get(reverse("admin:index")).content.decode()
    listed = client.get(reverse(DESK + "changelist") + "?waits=minutes").content.decode()
    assert one.title in listed
    client.post(
        reverse(DESK + "write_up_engagement", args=[one.pk]),
        {"minutes": MINUTES, "present": "Port of Tauranga, 3", "sequence": 1},
    )
    day = timezone.localdate()
    due = {"due_on_0": day.day, "due_on_1": day.month, "due_on_2": day.year}
    client.post(
        reverse(DESK + "add_follow_up", args=[one.pk]), {"text": "Call", "owner": officer.pk} | due
    )
    page = client.get(reverse(DESK + "change", args=[one.pk])).content.decode()
    for words in (MINUTES, "Port of Tauranga</bdi> (3)", "Call", partner.name):
        assert words in page
    made = FollowUp.objects.get()
    due_list = client.get(reverse("admin:partners_followup_changelist") + "?waits=due")
    assert "Call" in due_list.content.decode()
    client.post(reverse("admin:partners_followup_finish_follow_up", args=[made.pk]))
    made.refresh_from_db()
    assert made.done_by == officer


def test_list_is_per_partner_and_per_post(client, officer):
    partner, post = PartnerFactory(), PostFactory()
    planned(officer, title="With the partner", partner=partner, post=None)
    planned(officer, title="At the post", post=post)
    at_the_desk(client, officer)
    listed = reverse(DESK + "changelist")
    of_partner = client.get(f"{listed}?partner={partner.pk}").content.decode()
    assert "With the partner" in of_partner
    assert "At the post" not in of_partner
    of_post = client.get(f"{listed}?post__id__exact={post.pk}").content.decode()
    assert "At the post" in of_post
    assert "With the partner" not in of_post


def test_calendar_file_tells_when_and_where_and_not_what_came_of_it(client, officer):
    one = written_up(officer)
    at_the_desk(client, officer)
    text = client.get(reverse(DESK + "calendar", args=[one.pk])).content.decode()
    assert "BEGIN:VEVENT" in text
    assert "SUMMARY:Parcels" in text
    assert MINUTES not in text


@pytest.mark.parametrize("count", [1, 20])
def test_desk_costs_as_much_with_many_engagements(
    client, officer, count, django_assert_max_num_queries
):
    at_the_desk(client, officer)
    post = PostFactory()
    for _number in range(count):
        one = held(officer, post=post)
    for _number in range(count):
        follow_up(one, officer)
    for address in (
        reverse(DESK + "changelist"),
        reverse("admin:partners_followup_changelist"),
        reverse(DESK + "change", args=[one.pk]),
    ):
        with django_assert_max_num_queries(14):
            assert client.get(address).status_code == 200


text = st.text(st.characters(codec="utf-8"), max_size=100)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    plan=st.dictionaries(
        st.sampled_from(["kind", "counterpart", "title", "partner", "post", "starts_at", "topics"]),
        text,
    ),
    present=text | st.lists(text).map("\n".join) | st.just("A, 1\nA, 2\n, 3\nB,٣"),
)
def test_anything_typed_about_an_engagement_is_answered(client, officer, plan, present):
    at_the_desk(client, officer)
    answer = client.post(reverse(DESK + "plan_engagement"), typed(post=PostFactory().pk) | plan)
    assert answer.status_code in (200, 302)
    one = planned(officer)
    answer = client.post(reverse(DESK + "hold_engagement", args=[one.pk]), {"present": present})
    assert answer.status_code in (200, 302)


# --- On the pages of a partner and of a post ------------------------------------------------


@pytest.mark.parametrize("of", ["partner", "post"])
def test_pages_of_an_entry_link_its_engagements_for_who_may_read_them(client, of):
    cast = {"partner": PartnerFactory(code="here"), "post": PostFactory(code="here")}
    officer = UserFactory(liaison_officer=True)
    others = {"partner": PartnerFactory, "post": PostFactory}
    for n, entry in enumerate([cast[of], others[of]()]):
        actions.plan_engagement(by=officer, **told(title=f"Talk {n}", **{of: entry}))
    address = {"partner": "/partners/here/", "post": "/partners/posts/here/"}[of]
    desk = at_the_desk(Client(), officer)
    shown = desk.get(address).content.decode()
    assert "Talk 0" in shown
    assert "Talk 1" not in shown
    link = re.search(r'href="([^"]*engagement/\?[^"]*)"', shown)
    assert link is not None
    listed = desk.get(link[1]).content.decode()
    assert "Talk 0" in listed
    assert "Talk 1" not in listed
    triage = at_the_desk(Client(), UserFactory(triage_officer=True))
    for reader in (client, triage):
        assert "Talk 0" not in reader.get(address).content.decode()


def test_posted_officer_is_offered_no_partner_beyond_what_they_may_know(client):
    hidden = PartnerFactory(name="Harbour watch", visibility=Level.RESTRICTED)
    post = PostFactory()
    plan = reverse(DESK + "plan_engagement")
    for officer, offered in ((posted(post), False), (UserFactory(liaison_officer=True), True)):
        at_the_desk(client, officer)
        assert ("Harbour watch" in client.get(plan).content.decode()) == offered
    engagement = planned(UserFactory(liaison_officer=True), post=post, partner=hidden)
    at_the_desk(client, posted(post))
    edit = client.get(reverse(DESK + "edit_engagement", args=[engagement.pk]))
    assert f'value="{hidden.pk}" selected' in edit.content.decode()


def test_form_sent_twice_plans_one_engagement(client, officer):
    at_the_desk(client, officer)
    page = client.get(reverse(DESK + "plan_engagement"))
    number = str(page.context["form"]["uuid"].value())
    told = typed(partner=PartnerFactory().pk, uuid=number)
    first, second = (client.post(reverse(DESK + "plan_engagement"), told) for _ in range(2))
    one = Engagement.objects.get()
    assert str(one.uuid) == number
    assert first.url == second.url == reverse(DESK + "change", args=[one.pk])
    at_the_desk(client, UserFactory(liaison_officer=True))
    assert client.post(reverse(DESK + "plan_engagement"), told).status_code == 404


def test_follow_up_sent_twice_is_one(officer):
    engagement, day = held(officer), timezone.localdate()
    told = {"engagement": engagement, "by": officer, "text": "Call", "owner": officer}
    first = actions.add_follow_up(**told, due_on=day)
    assert actions.add_follow_up(**told, due_on=day) == first
    actions.finish_follow_up(follow_up=first, by=officer)
    assert actions.add_follow_up(**told, due_on=day) != first


def test_two_who_write_up_at_once_are_told_of_each_other(client, officer):
    engagement = held(officer)
    at_the_desk(client, officer)
    address = reverse(DESK + "write_up_engagement", args=[engagement.pk])
    page = client.get(address)
    told = {"present": "Port, 2", "sequence": "1", "seen": page.context["seen"]}
    assert client.post(address, told | {"minutes": MINUTES}).status_code == 302
    # Sent twice it is the same; other words overwrite nothing.
    assert client.post(address, told | {"minutes": MINUTES}).status_code == 302
    page = client.post(address, told | {"minutes": "Mine is longer."}).content.decode()
    assert "Mine is longer." in page
    assert f"The other wrote here: “{MINUTES}”." in page
    engagement.refresh_from_db()
    assert engagement.minutes == MINUTES


def test_cancel_asks_once_more(client, officer):
    one = planned(officer)
    at_the_desk(client, officer)
    address = reverse(DESK + "cancel_engagement", args=[one.pk])
    assert (
        f'href="{address}"' in client.get(reverse(DESK + "change", args=[one.pk])).content.decode()
    )
    assert "Call this engagement off?" in client.get(address).content.decode()
    one.refresh_from_db()
    assert one.status == EngagementStatus.PLANNED
    client.post(address)
    one.refresh_from_db()
    assert one.status == EngagementStatus.CANCELLED
