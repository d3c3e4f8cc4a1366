"""Notices of opportunities: two people, readers by level, a last day; subscriptions and letters."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners import notice_letters
from partners.actions import notices as actions
from partners.lifecycle import NOTICE, NoticeStatus
from partners.models import Notice, NoticeReach, Subscription
from portal import reference, reference_files
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import ReferenceItem, StaffRole
from tests.databases import acting_as, postgresql
from tests.factories import MembershipFactory, UserFactory
from tests.partners.enquiry_flows import partner_person, posted
from tests.partners.factories import PostFactory
from tests.partners.post_flows import opened
from tests.people import at_once, at_the_desk, read_mail

pytestmark = pytest.mark.django_db
DESK = "admin:partners_notice_"


@pytest.fixture(autouse=True)
def sectors(db):
    found = reference_files.read(reference_files.FOLDER / "sector.csv")
    ReferenceItem.objects.bulk_create(found)
    reference.forget()


def told(**fields):
    known = {
        "title": "A trade fair for cheese",
        "text": "Come to Wellington.",
        "country": "NZ",
        "sector": "FOOD",
        "visibility": NoticeReach.PUBLIC,
        "last_day": timezone.localdate() + timedelta(days=20),
    }
    return known | fields


def drafted(by, **fields):
    return actions.write_notice(by=by, **told(**fields))


def proposed(by, **fields):
    return actions.propose_notice(notice=drafted(by, **fields), by=by)


def published(by, **fields):
    supervisor = UserFactory(supervisor=True)
    return actions.approve_notice(notice=proposed(by, **fields), by=supervisor)


def withdrawn(by, **fields):
    return actions.withdraw_notice(notice=published(by, **fields), by=by)


AT = {
    "drafted": drafted,
    "proposed": proposed,
    "published": published,
    "withdrawn": withdrawn,
}
VERBS = {
    "edit": lambda one, by: actions.edit_notice(notice=one, by=by, version=one.version, **told()),
    "propose": lambda one, by: actions.propose_notice(notice=one, by=by),
    "return": lambda one, by: actions.return_notice(notice=one, by=by),
    "approve": lambda one, by: actions.approve_notice(notice=one, by=by),
    "withdraw": lambda one, by: actions.withdraw_notice(notice=one, by=by),
}


@pytest.fixture
def officer():
    return UserFactory(liaison_officer=True)


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(NOTICE, NoticeStatus)))
def test_verb_in_each_state(officer, verb, state):
    one = AT[state](officer)
    by = UserFactory(supervisor=True) if verb in ("return", "approve") else officer
    if state in NOTICE[verb]:
        assert VERBS[verb](one, by).status == NOTICE[verb][state]
    else:
        with pytest.raises(DomainError):
            VERBS[verb](one, by)


@pytest.mark.parametrize("role", [*StaffRole.values, "posted", "the writer"])
def test_approve_takes_a_second_person_of_the_desk(officer, role):
    one = proposed(officer)
    people = {"posted": lambda: posted(PostFactory()), "the writer": lambda: officer}
    by = people[role]() if role in people else UserFactory(**{role: True})
    if role in ("liaison_officer", "supervisor"):
        assert VERBS["approve"](one, by).approved_by == by
        return
    with pytest.raises(NotAllowed):
        VERBS["approve"](one, by)


@pytest.mark.parametrize("role", [*StaffRole.values, "posted"])
def test_write_is_for_liaison_officers_and_posts(role):
    by = posted(PostFactory()) if role == "posted" else UserFactory(**{role: True})
    if role in ("liaison_officer", "posted"):
        assert drafted(by).written_by == by
        return
    with pytest.raises(NotAllowed):
        drafted(by)


def test_two_editors_are_told_of_each_other(officer):
    one = drafted(officer)
    actions.edit_notice(notice=one, by=officer, version=1, **told())
    with pytest.raises(AlreadyDone):
        actions.edit_notice(notice=one, by=officer, version=1, **told())


@pytest.mark.parametrize("change", [{"status": "published"}, {"visibility": 3}])
def test_database_refuses_a_notice_that_cannot_be(officer, change):
    drafted(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(**change)


def test_database_refuses_the_writers_own_approval(officer):
    published(officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(approved_by=officer)


@pytest.mark.parametrize("reader", ["visitor", "firm without", "partner"])
@pytest.mark.parametrize("reach", NoticeReach)
@pytest.mark.parametrize("state", AT)
def test_notice_is_read_by_whom_it_is_for(client, officer, reader, reach, state):
    one = AT[state](officer, visibility=reach)
    if reader != "visitor":
        client.force_login(partner_person(in_force=reader == "partner"))
    seen = state == "published" and (reach == NoticeReach.PUBLIC or reader == "partner")
    assert (client.get(reverse("partners:notice", args=[one.uuid])).status_code == 200) == seen
    assert (one.title in client.get(reverse("partners:notices")).content.decode()) == seen


def test_notice_is_gone_after_its_last_day(client, officer, time_machine):
    one = published(officer)
    assert client.get(reverse("partners:notice", args=[one.uuid])).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(days=21))
    assert client.get(reverse("partners:notice", args=[one.uuid])).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"), [("country=NZ", 1), ("country=SG", 0), ("sector=FOOD", 1), ("sector=x", 1)]
)
def test_notices_are_looked_for_by_country_and_sector(client, officer, query, found):
    published(officer)
    page = client.get(reverse("partners:notices") + f"?{query}")
    assert len(page.context["rows"]) == found
    assert "Last updated" in page.content.decode()


def test_notice_leads_to_the_post_that_answers_for_its_country(client, officer):
    post = opened(code="singapore", city="Singapore", host_country="SG", covers=["SG", "NZ"])
    page = client.get(reverse("partners:notice", args=[published(officer).uuid])).content.decode()
    assert reverse("partners:post", args=[post.code]) in page


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_as_much_with_many_notices(
    client, officer, count, django_assert_max_num_queries
):
    for _number in range(count):
        published(officer)
    with django_assert_max_num_queries(4):
        page = client.get(reverse("partners:notices"))
    assert len(page.context["rows"]) == min(count, 25)
    assert bool(page.context["older"]) == (count > 25)


# --- Subscriptions --------------------------------------------------------------------------


def a_day_later(time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=21))


def test_subscriber_gets_one_letter_and_ends_it_by_its_link(client, officer, time_machine):
    person = partner_person()
    mine = actions.subscribe(by=person, country="NZ")
    published(officer)
    published(officer, visibility=NoticeReach.PARTNER)
    published(officer, country="SG")
    a_day_later(time_machine)
    assert actions.send_digest() == 1
    assert actions.send_digest() == 0
    (letter,) = [one for one in read_mail() if one.to == [person.email]]
    assert "2 new notices" in letter.body
    assert "cheese" not in letter.body
    stop = reverse("partners:unsubscribe", args=[notice_letters.token_of(mine)])
    assert stop in letter.body
    assert f"{reverse('partners:notices')}?country=NZ" in letter.body
    ((html, _kind),) = letter.alternatives
    assert f'{stop}" style="color:#1f4e79">End these e-mails</a>' in html
    client.get(stop)
    assert Subscription.objects.live().exists()
    client.post(stop)
    assert not Subscription.objects.live().exists()


@pytest.mark.parametrize("reader", ["firm without", "other sector", "ended"])
def test_subscriber_hears_nothing_that_is_not_for_them(officer, time_machine, reader):
    person = partner_person(in_force=reader != "firm without")
    mine = actions.subscribe(by=person, sector="ENERGY" if reader == "other sector" else "")
    if reader == "ended":
        actions.unsubscribe(subscription=mine)
    published(officer, visibility=NoticeReach.PARTNER)
    a_day_later(time_machine)
    assert actions.send_digest() == 0


def test_letter_that_is_late_says_nothing_of_what_was_withdrawn(officer, time_machine):
    actions.subscribe(by=partner_person())
    one = published(officer)
    a_day_later(time_machine)
    assert actions.send_digest() == 1
    actions.withdraw_notice(notice=one, by=officer)
    assert read_mail() == []


def test_token_of_nobody_is_not_found(client):
    assert client.get(reverse("partners:unsubscribe", args=["x:y:z"])).status_code == 404


def test_person_of_a_firm_subscribes_and_ends_it(client):
    person = MembershipFactory().user
    client.force_login(person)
    for _twice in range(2):
        client.post(reverse("partners:subscriptions"), {"country": "NZ", "sector": "FOOD"})
    mine = Subscription.objects.get()
    assert "New Zealand" in client.get(reverse("partners:subscriptions")).content.decode()
    client.force_login(MembershipFactory().user)
    end = reverse("partners:end_subscription", args=[mine.uuid])
    assert client.post(end).status_code == 404
    client.force_login(person)
    client.post(end)
    assert not Subscription.objects.live().exists()


def test_subscription_is_for_people_of_firms(client, officer):
    with pytest.raises(NotAllowed):
        actions.subscribe(by=officer)
    at_the_desk(client, officer)
    assert client.get(reverse("partners:subscriptions")).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_subscribe_twice_at_once_is_one_subscription():
    person = partner_person()
    at_once(lambda: actions.subscribe(by=person, country="NZ"), times=2)
    assert Subscription.objects.count() == 1


# --- The desk -------------------------------------------------------------------------------


def test_desk_leads_a_notice_to_its_readers(client, officer):
    at_the_desk(client, officer)
    day = timezone.localdate() + timedelta(days=9)
    parts = {"last_day_0": day.day, "last_day_1": day.month, "last_day_2": day.year}
    known = {name: value for name, value in told().items() if name != "last_day"}
    client.post(reverse(DESK + "write_notice"), known | parts)
    one = Notice.objects.get()
    edit = reverse(DESK + "edit_notice", args=[one.pk])
    assert client.get(edit).status_code == 200
    client.post(reverse(DESK + "propose_notice", args=[one.pk]))
    assert client.post(reverse(DESK + "approve_notice", args=[one.pk])).status_code == 404
    at_the_desk(client, UserFactory(supervisor=True))
    listed = client.get(reverse(DESK + "changelist") + "?waits=approval").content.decode()
    assert one.title in listed
    assert client.get(reverse(DESK + "change", args=[one.pk])).status_code == 200
    client.post(reverse(DESK + "approve_notice", args=[one.pk]))
    one.refresh_from_db()
    assert one.status == "published"


@postgresql
def test_notices_are_read_and_subscribed_to_by_the_site(roles, officer, client):
    shown, draft = published(officer), drafted(officer)
    person = partner_person()
    with acting_as("site"):
        mine = actions.subscribe(by=person)
        assert shown.title in client.get(reverse("partners:notices")).content.decode()
        assert client.get(reverse("partners:notice", args=[shown.uuid])).status_code == 200
        assert not Notice.objects.filter(pk=draft.pk).exists()
        actions.unsubscribe(subscription=mine)
    with acting_as("worker"):
        assert actions.send_digest() == 0


def test_notice_of_a_country_without_an_attache_names_us(client, officer):
    page = client.get(reverse("partners:notice", args=[published(officer).uuid])).content.decode()
    assert "We have no attaché for this country. Write to us:" in page
    opened(covers=["NZ"])
    page = client.get(reverse("partners:notice", args=[published(officer).uuid])).content.decode()
    assert "We have no attaché" not in page
    assert reverse("partners:ask_post", args=["singapore"]) not in page
    client.force_login(partner_person())
    page = client.get(reverse("partners:notice", args=[published(officer).uuid])).content.decode()
    assert reverse("partners:ask_post", args=["singapore"]) in page


def test_notice_is_of_no_country_before_one_is_chosen(client, officer):
    at_the_desk(client, officer)
    address = reverse(f"{DESK}write_notice")
    assert (
        '<option value="" selected>Choose a country</option>'
        in client.get(address).content.decode()
    )
    page = client.post(address, told(country="", sector="", last_day="")).content.decode()
    assert "<title>Error:" in page
    assert "Choose country" in page
    assert "Choose sector" in page
    assert "Come to Wellington." in page
    assert not Notice.objects.exists()


def test_form_sent_twice_writes_one_notice(client, officer):
    at_the_desk(client, officer)
    page = client.get(reverse(f"{DESK}write_notice"))
    day = timezone.localdate() + timedelta(days=9)
    last = {"last_day_0": day.day, "last_day_1": day.month, "last_day_2": day.year}
    sent = told(**last, uuid=str(page.context["form"]["uuid"].value()), visibility="0")
    for _ in range(2):
        assert client.post(reverse(f"{DESK}write_notice"), sent).status_code == 302
    assert Notice.objects.count() == 1
