"""People at posts: posted, accredited, succeeded, handed over, and forgotten when it is over."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from partners import post_clock, search
from partners.actions import exchanges, post_calendar, postings, posts
from partners.lifecycle import PostStatus
from partners.models import Holder, Partner, Post, Posting, SearchKey
from partners.visibility import Level
from portal.errors import AlreadyDone, DomainError
from portal.models import AuditEvent
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.mou.flows import deliver_all
from tests.partners import exchange_flows
from tests.partners import post_flows as flows
from tests.partners.factories import ContactPointFactory, HolderFactory, PartnerFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
DAY = flows.today


def test_ending_a_posting_hides_the_person_and_keeps_the_post():
    """Acceptance 17."""
    by = flows.liaison()
    post = flows.opened(by)
    posting = flows.posted(post, by, user=UserFactory(staff=True))
    postings.accredit(posting=posting, country="SG", by=by, since=DAY(-20))
    postings.end_posting(posting=posting, last_day=DAY(), by=by)
    over, post = Posting.objects.get(), Post.objects.get()
    assert (over.name, over.title, over.email, over.direct_line, over.user) == (*[""] * 4, None)
    assert (over.ends_on, over.ended_by) == (DAY(), by)
    assert over.accreditations.get().until == DAY()
    assert (post.status, post.email) == (PostStatus.VACANT, "singapore@customs.example")
    assert "Alma" not in str(AuditEvent.objects.values_list("facts", "reason"))


def test_ending_a_posting_ends_the_duties_of_the_same_person():
    by, post = flows.liaison(), flows.opened()
    point = ContactPointFactory(partner=None, post=post)
    held = HolderFactory(contact_point=point, name="Alma Berg", email="a@customs.example")
    other = HolderFactory(contact_point=point, name="Bo Ek")
    postings.end_posting(posting=flows.posted(post, by), last_day=DAY(), by=by)
    over = Holder.objects.get(pk=held.pk)
    assert (over.name, over.email, over.until) == ("", "", DAY())
    assert Holder.objects.get(pk=other.pk).until is None


def test_ended_person_is_found_by_no_search():
    by, post = flows.liaison(), flows.opened()
    posting = flows.posted(post, by)
    found = Post.objects.all()
    assert search.matching(found, "Alma", Level.RESTRICTED, of="post").get() == post
    postings.end_posting(posting=posting, last_day=DAY(), by=by)
    assert not search.matching(found, "Alma", Level.RESTRICTED, of="post").exists()
    assert not SearchKey.objects.filter(text="alma").exists()
    assert search.matching(found, "Singapor", Level.PUBLIC, of="post").get() == post


@pytest.mark.parametrize("days", [-31, 1])
def test_end_posting_refuses_days_that_are_no_end(days):
    by, posting = flows.liaison(), flows.posted(flows.opened())
    with pytest.raises(DomainError):
        postings.end_posting(posting=posting, last_day=DAY(days), by=by)
    assert Posting.objects.get().name == "Alma Berg"


def test_what_is_over_is_changed_no_more():
    by, posting = flows.liaison(), flows.posted(flows.opened())
    postings.end_posting(posting=posting, last_day=DAY(), by=by)
    with pytest.raises(AlreadyDone):
        postings.end_posting(posting=posting, last_day=DAY(), by=by)
    with pytest.raises(AlreadyDone):
        postings.accredit(posting=posting, country="SG", by=by)


@pytest.mark.parametrize("field", ["name", "title", "email", "direct_line"])
def test_database_refuses_a_name_on_what_is_over(field):
    by, posting = flows.liaison(), flows.posted(flows.opened())
    postings.end_posting(posting=posting, last_day=DAY(), by=by)
    with pytest.raises(IntegrityError, match=r"posting_over_names_nobody|CHECK"):
        Posting.objects.filter(pk=posting.pk).update(**{field: "x@customs.example"})


def test_call_off_is_for_what_has_not_begun():
    by, post = flows.liaison(), flows.opened()
    begun = flows.posted(post, by)
    planned = flows.posted(post, by, name="Next", starts_on=DAY(100), ends_on=None)
    postings.name_successor(posting=begun, successor=planned, by=by)
    with pytest.raises(DomainError, match="has begun"):
        postings.call_off_posting(posting=begun, by=by)
    postings.call_off_posting(posting=planned, by=by)
    assert Posting.objects.get(pk=planned.pk).name == ""
    assert Posting.objects.get(pk=begun.pk).successor is None
    assert Posting.objects.real().get().pk == begun.pk


def test_hand_over_gives_open_work_to_the_successor():
    by, post = flows.liaison(), flows.opened()
    leaver, heir = UserFactory(staff=True), UserFactory(staff=True)
    kept = PartnerFactory(keeper=leaver)
    asked = flows.asked(post, assigned_to=leaver)
    posting = flows.posted(post, by, user=leaver)
    after = flows.posted(post, by, name="Next", user=heir, starts_on=DAY(10), ends_on=None)
    postings.name_successor(posting=posting, successor=after, by=by)
    postings.hand_over(posting=posting, by=by)
    assert Partner.objects.get(pk=kept.pk).keeper == heir
    asked.refresh_from_db()
    assert (asked.assigned_to, asked.version) == (heir, 2)
    with pytest.raises(AlreadyDone):
        postings.hand_over(posting=posting, by=by)


@pytest.mark.parametrize(("role", "takes"), [("liaison_officer", True), ("triage_officer", False)])
def test_end_gives_exchanges_to_an_heir_who_may_work_on_them(role, takes):
    cast, post = exchange_flows.cast(), flows.opened()
    going, over = exchange_flows.registered(cast), exchange_flows.drafted(cast)
    exchanges.discard(exchange=over, by=cast.officer)
    heir = UserFactory(**{role: True})
    posting = flows.posted(post, cast.officer, user=cast.officer)
    after = flows.posted(post, cast.officer, user=heir, starts_on=DAY(10), ends_on=None)
    postings.name_successor(posting=posting, successor=after, by=cast.officer)
    postings.end_posting(posting=posting, last_day=DAY(), by=cast.officer)
    going.refresh_from_db()
    over.refresh_from_db()
    assert (going.responsible, over.responsible) == (heir if takes else None, cast.officer)


def test_end_without_a_successor_leaves_open_work_to_the_post():
    by, leaver = flows.liaison(), UserFactory(staff=True)
    kept = PartnerFactory(keeper=leaver)
    posting = flows.posted(flows.opened(), by, user=leaver)
    postings.end_posting(posting=posting, last_day=DAY(), by=by)
    assert Partner.objects.get(pk=kept.pk).keeper is None


def test_successor_is_posted_to_the_same_post_and_begins_later():
    by, post = flows.liaison(), flows.opened()
    posting = flows.posted(post, by)
    elsewhere = flows.posted(flows.opened(code="other"), by, starts_on=DAY(9), ends_on=None)
    earlier = flows.posted(post, by, starts_on=DAY(-60))
    for one in (elsewhere, earlier, posting):
        with pytest.raises(DomainError):
            postings.name_successor(posting=posting, successor=one, by=by)


def test_accreditation_is_apart_for_host_and_for_each_side_country():
    by, post = flows.liaison(), flows.opened(covers=["ID"])
    posting = flows.posted(post, by)
    postings.accredit(posting=posting, country="SG", by=by, asked_on=DAY(-90), since=DAY(-30))
    postings.accredit(posting=posting, country="ID", by=by, asked_on=DAY(-10))
    postings.accredit(posting=posting, country="ID", by=by, asked_on=DAY(-10), since=DAY())
    found = {str(one.country): (one.kind, one.since) for one in posting.accreditations.all()}
    assert found == {"SG": ("host", DAY(-30)), "ID": ("side", DAY())}
    with pytest.raises(DomainError, match="does not cover"):
        postings.accredit(posting=posting, country="NZ", by=by)
    with pytest.raises(DomainError, match="before it was asked"):
        postings.accredit(posting=posting, country="ID", by=by, asked_on=DAY(), since=DAY(-1))


def test_change_posting_refuses_what_somebody_else_changed_meanwhile():
    by, posting = flows.liaison(), flows.posted(flows.opened())
    new = {"starts_on": posting.starts_on, "ends_on": DAY(400)}
    postings.change_posting(posting=posting, version=1, by=by, **new)
    with pytest.raises(DomainError, match="while you were editing"):
        postings.change_posting(posting=posting, version=1, by=by, **new)


def test_change_posting_to_a_day_that_is_over_ends_nothing_and_names_the_way():
    by, posting = flows.liaison(), flows.posted(flows.opened())
    told = {"starts_on": posting.starts_on, "ends_on": DAY(-1)}
    with pytest.raises(DomainError, match="end the posting instead"):
        postings.change_posting(posting=posting, version=1, by=by, **told)
    posting.refresh_from_db()
    assert (posting.name, posting.version) == ("Alma Berg", 1)
    postings.change_posting(posting=posting, version=1, by=by, **told | {"ends_on": DAY()})


# --- The calendar ---------------------------------------------------------------------------


def test_calendar_ends_what_is_over_and_posts_whoever_begins():
    by, post = flows.liaison(), flows.opened()
    with time_machine.travel("2026-03-01 09:00Z", tick=False):
        flows.posted(post, by, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 31))
        flows.posted(post, by, name="N", starts_on=date(2026, 4, 5), ends_on=date(2026, 12, 31))
        assert Post.objects.get().status == PostStatus.ACTIVE
    seen = []
    for day in ("03-31", "04-01", "04-04", "04-05"):
        with time_machine.travel(f"2026-{day} 09:00Z", tick=False):
            post_calendar.lead_posts_on()
            deliver_all()
            seen.append((Post.objects.get().status, Posting.objects.live().count()))
    assert seen == [("active", 2), ("vacant", 1), ("vacant", 1), ("active", 1)]


@postgresql
def test_calendar_ends_a_posting_by_the_role_of_the_worker(roles):
    by, leaver = flows.liaison(), UserFactory(staff=True)
    post = flows.opened(by)
    PartnerFactory(keeper=leaver)
    point = ContactPointFactory(partner=None, post=post)
    HolderFactory(contact_point=point, name="Alma Berg")
    posting = flows.posted(post, by, user=leaver)
    postings.accredit(posting=posting, country="SG", by=by, since=DAY(-20))
    Posting.objects.update(ends_on=DAY(-1))
    with acting_as("worker"):
        post_calendar.lead_post_on(post_id=post.pk)
    assert Posting.objects.get().name == ""
    assert Post.objects.get().status == PostStatus.VACANT


def test_calendar_leaves_a_suspended_post_suspended():
    by, post = flows.liaison(), flows.opened()
    posts.suspend_post(post=post, by=by)
    flows.posted(post, by)
    post_calendar.lead_posts_on()
    deliver_all()
    assert Post.objects.get().status == PostStatus.SUSPENDED


@pytest.mark.parametrize(("today", "months"), [
    ("2026-02-28", None),
    ("2026-03-01", 9),
    ("2026-05-31", 9),
    ("2026-06-01", 6),
    ("2026-09-01", 3),
    ("2026-12-01", 3),
    ("2026-12-02", None),
])  # fmt: skip
def test_stage_before_an_end(today, months):
    assert post_clock.stage(date(2026, 12, 1), date.fromisoformat(today)) == months


def test_desk_is_told_nine_six_and_three_months_before_once_each_and_without_names():
    officer, other = flows.liaison(), UserFactory(supervisor=True)
    with time_machine.travel("2026-01-15 09:00Z", tick=False):
        flows.posted(
            flows.opened(officer),
            officer,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 1),
        )
    mail.outbox.clear()
    for day in ("02-20", "03-02", "03-03", "06-02", "06-30", "09-02", "11-30"):
        with time_machine.travel(f"2026-{day} 09:00Z", tick=False):
            post_calendar.lead_posts_on()
            deliver_all()
    assert [message.to for message in mail.outbox] == [[officer.email]] * 3
    assert other.email not in str([message.to for message in mail.outbox])
    told = "".join(message.subject + str(message.body) for message in mail.outbox)
    assert [f"in less than {n} months" in told for n in (9, 6, 3)] == [True] * 3
    assert "Alma" not in told
    assert "Singapore" in told


def test_letter_names_no_post_that_only_some_see():
    by = flows.liaison()
    post = flows.opened(by, visibility=Level.PARTNER)
    flows.posted(post, by, ends_on=DAY(60))
    mail.outbox.clear()
    post_calendar.lead_posts_on()
    deliver_all()
    (letter,) = mail.outbox
    assert "A posting ends in less than 3 months" in letter.subject
    assert "singapore" not in str(letter.message()).lower()


@pytest.mark.parametrize("followed", [False, True])
def test_desk_is_asked_for_a_successor_only_where_nobody_follows(followed):
    by = flows.liaison()
    post = flows.opened(by)
    flows.posted(post, by, ends_on=DAY(60))
    if followed:
        flows.posted(post, by, name="Next One", starts_on=DAY(61))
    mail.outbox.clear()
    post_calendar.lead_posts_on()
    deliver_all()
    assert ("Name a successor" in str(mail.outbox[0].body)) is not followed
    assert ("posted there for the time afterwards" in str(mail.outbox[0].body)) is followed


def test_new_end_is_told_of_anew():
    by = flows.liaison()
    posting = flows.posted(flows.opened(by), by, ends_on=DAY(60))
    post_calendar.lead_posts_on()
    deliver_all()
    mail.outbox.clear()
    posting.refresh_from_db()
    postings.change_posting(
        posting=posting, version=1, by=by, starts_on=posting.starts_on, ends_on=DAY(70)
    )
    post_calendar.lead_posts_on()
    deliver_all()
    assert len(mail.outbox) == 1


def test_queue_of_postings_ending_leads_to_their_list(client):
    by = flows.liaison()
    post = flows.opened(by)
    flows.posted(post, by, name="Soon Gone", ends_on=DAY(60))
    flows.posted(post, by, name="Long There", ends_on=DAY(900))
    at_the_desk(client, by)
    assert "Postings ending within nine months" in client.get("/admin/").content.decode()
    page = client.get(reverse("admin:partners_posting_changelist") + "?ends=soon").content.decode()
    assert "Soon Gone" in page
    assert "Long There" not in page


# --- The desk's pages -----------------------------------------------------------------------


def test_end_a_posting_at_the_desk(client):
    by = flows.liaison()
    posting = flows.posted(flows.opened(by), by)
    at_the_desk(client, by)
    address = reverse("admin:partners_posting_end_posting", args=[posting.pk])
    assert "cannot be brought back" in client.get(address).content.decode()
    client.post(address, {"last_day": DAY().isoformat()})
    page = client.get(reverse("admin:partners_posting_change", args=[posting.pk])).content.decode()
    assert "Alma Berg" not in page
    assert "Over" in page


def test_every_form_of_a_posting_opens_and_takes_nothing_wrong(client):
    by = flows.liaison()
    posting = flows.posted(flows.opened(by, covers=["ID"]), by)
    at_the_desk(client, by)
    for verb in ("change_posting", "accredit", "name_successor", "end_posting"):
        address = reverse(f"admin:partners_posting_{verb}", args=[posting.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, {}).status_code == 200
    address = reverse("admin:partners_post_start_posting", args=[posting.post_id])
    assert client.post(address, {"name": "X", "starts_on": "0001-01-01"}).status_code == 200
    assert Posting.objects.count() == 1
