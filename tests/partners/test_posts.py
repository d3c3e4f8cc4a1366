"""Posts abroad at the liaison desk: opened, covering countries, suspended, closed."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from partners import lifecycle
from partners import post_permissions as permissions
from partners.actions import postings, posts
from partners.lifecycle import PostStatus
from partners.models import Coverage, Post, Posting
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, StaffRole
from tests.factories import UserFactory
from tests.partners import post_flows as flows
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
DAY = flows.today


def _person(post, by):
    """Somebody at the post, whatever its status: made beside the actions where these refuse."""
    found = post.postings.first()
    return found or Posting.objects.create(post=post, name="B", starts_on=DAY(1), ends_on=DAY(9))


# Verb → the action on a post, told what it needs.
VERBS = {
    "edit": lambda post, by: posts.edit_post(post=post, version=post.version, by=by, city="Here"),
    "cover": lambda post, by: posts.cover(post=post, country="NZ", since=DAY(), by=by),
    "end_coverage": lambda post, by: posts.end_coverage(
        post=post, country="ID", until=DAY(), by=by
    ),
    "suspend": lambda post, by: posts.suspend_post(post=post, by=by),
    "resume": lambda post, by: posts.resume_post(post=post, by=by),
    "close": lambda post, by: posts.close_post(post=post, by=by),
    "reopen": lambda post, by: posts.reopen_post(post=post, by=by),
    "start_posting": flows.posted,
    "change_posting": lambda post, by: postings.change_posting(
        posting=_person(post, by), version=1, by=by, name="C", starts_on=DAY(2), ends_on=DAY(9)
    ),
    "accredit": lambda post, by: postings.accredit(
        posting=_person(post, by), country="SG", by=by, asked_on=DAY()
    ),
    "name_successor": lambda post, by: postings.name_successor(
        posting=_person(post, by),
        successor=Posting.objects.create(post=post, name="D", starts_on=DAY(500)),
        by=by,
    ),
    "hand_over": lambda post, by: postings.hand_over(posting=_person(post, by), by=by),
    "end_posting": lambda post, by: postings.end_posting(
        posting=_begun(_person(post, by)), last_day=DAY(), by=by
    ),
    "call_off_posting": lambda post, by: postings.call_off_posting(
        posting=_to_begin(_person(post, by)), by=by
    ),
}


def _begun(posting):
    Posting.objects.filter(pk=posting.pk).update(starts_on=DAY(-9))
    return posting


def _to_begin(posting):
    Posting.objects.filter(pk=posting.pk).update(starts_on=DAY(1))
    return posting


def _prepared(verb, status):
    post = flows.at(status)
    Coverage.objects.get_or_create(post=post, country="ID", until=None)
    if verb == "close":
        Posting.objects.filter(post=post).delete()
    return post


def test_every_verb_of_the_table_is_tried():
    assert {*VERBS, "man", "fall_vacant"} == set(lifecycle.POST)


@pytest.mark.parametrize("status", PostStatus.values)
@pytest.mark.parametrize("verb", VERBS)
def test_verb_moves_where_the_table_says_and_nowhere_else(verb, status):
    post = _prepared(verb, status)
    if status in lifecycle.POST[verb]:
        VERBS[verb](post, flows.liaison())
        assert AuditEvent.objects.filter(target_type="partners.post").exists()
    else:
        with pytest.raises(InvalidTransition, match=str(PostStatus(status).label)):
            VERBS[verb](post, flows.liaison())
        assert Post.objects.get(pk=post.pk).status == status


@pytest.mark.parametrize(("verb", "status", "after"), [
    ("suspend", "active", "suspended"),
    ("suspend", "vacant", "suspended"),
    ("resume", "suspended", "vacant"),
    ("close", "vacant", "closed"),
    ("reopen", "closed", "vacant"),
    ("start_posting", "vacant", "active"),
    ("start_posting", "suspended", "suspended"),
    ("end_posting", "active", "vacant"),
])  # fmt: skip
def test_status_after(verb, status, after):
    post = _prepared(verb, status)
    VERBS[verb](post, flows.liaison())
    assert Post.objects.get(pk=post.pk).status == after


@pytest.mark.parametrize("verb", VERBS)
def test_posts_are_written_by_the_liaison_desk_alone(verb):
    post = _prepared(verb, next(iter(lifecycle.POST[verb])))
    for role in set(StaffRole.values) - {StaffRole.LIAISON_OFFICER}:
        with pytest.raises(NotAllowed):
            VERBS[verb](post, UserFactory(**{role: True}))
    VERBS[verb](post, flows.liaison())


@pytest.mark.parametrize("role", [*StaffRole.values, None])
def test_open_a_post_is_the_liaison_desks(role):
    by = UserFactory(**{role: True}) if role else UserFactory()
    if role == StaffRole.LIAISON_OFFICER:
        post = flows.opened(by, covers=["ID", "MY", "TH", "VN"])
        assert post.status == PostStatus.VACANT
        assert {str(one.country) for one in post.coverages.all()} == {"SG", "ID", "MY", "TH", "VN"}
    else:
        with pytest.raises(NotAllowed):
            flows.opened(by)


def test_open_a_post_twice_is_refused():
    flows.opened()
    with pytest.raises(AlreadyDone, match="singapore"):
        flows.opened()


def test_edit_refuses_what_somebody_else_changed_meanwhile():
    post, by = flows.opened(), flows.liaison()
    posts.edit_post(post=post, version=1, by=by, mission="Embassy")
    with pytest.raises(DomainError, match="while you were editing"):
        posts.edit_post(post=post, version=1, by=by, mission="Consulate")
    assert Post.objects.get(pk=post.pk).mission == "Embassy"


def test_edit_of_the_host_country_covers_it():
    post = flows.opened()
    posts.edit_post(post=post, version=1, by=flows.liaison(), host_country="MY")
    assert post.coverages.filter(country="MY", until=None).exists()


def test_host_country_is_covered_until_the_post_closes():
    post, by = flows.opened(), flows.liaison()
    with pytest.raises(DomainError, match="host country"):
        posts.end_coverage(post=post, country="SG", until=DAY(), by=by)
    posts.close_post(post=post, by=by)
    assert not post.coverages.filter(until=None).exists()


def test_close_refuses_while_somebody_is_posted():
    post, by = flows.at("active"), flows.liaison()
    with pytest.raises(DomainError, match="postings"):
        posts.close_post(post=post, by=by)


def test_database_refuses_a_post_beside_the_earth():
    with pytest.raises(IntegrityError, match=r"post_stands_on_the_earth|CHECK"):
        flows.opened(latitude="91.0", longitude="0.0")


# --- The desk's pages -----------------------------------------------------------------------


@pytest.mark.parametrize("role", StaffRole.values)
def test_desk_shows_posts_to_their_readers(client, role):
    post = flows.at("active")
    at_the_desk(client, UserFactory(**{role: True}))
    may = role in (StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
    pages = [
        reverse("admin:partners_post_changelist"),
        reverse("admin:partners_post_change", args=[post.pk]),
        reverse("admin:partners_post_timeline"),
        reverse("admin:partners_post_timeline_of", args=[post.pk]),
        reverse("admin:partners_posting_changelist"),
        reverse("admin:partners_posting_change", args=[post.postings.get().pk]),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200 if may else answer.status_code in (403, 404, 302), page


def _form(**more):
    told = flows.told(**more)
    plain = {name: value for name, value in told.items() if value is not None}
    return {"visibility": 0, "day_0": "9:00-12:00, 13:00-17:00", "languages": "en, ms", **plain}


def test_open_a_post_at_the_desk(client):
    at_the_desk(client, flows.liaison())
    answer = client.post(reverse("admin:partners_post_open"), _form(covers=["ID"]))
    post = Post.objects.get()
    assert answer.url == reverse("admin:partners_post_change", args=[post.pk])
    assert post.hours == {"0": [["09:00", "12:00"], ["13:00", "17:00"]]}
    assert post.languages == ["en", "ms"]


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("day_0", "nine to five", "Write hours"),
    ("day_0", "17:00-09:00", "earlier to later"),
    ("day_0", "10:00-12:00, 11:00-13:00", "earlier to later"),
    ("day_0", "09:75-12:00", "Write hours"),
    ("languages", "english", "no code of a language"),
    ("latitude", "1.3", "or neither"),
    ("time_zone", "Asia/Atlantis", "not one of"),
    ("code", "No spaces please", "small letters"),
    ("type", "strategic", "strategic post"),
])  # fmt: skip
def test_open_a_post_says_what_is_wrong_and_keeps_what_was_typed(client, field, typed, said):
    at_the_desk(client, flows.liaison())
    answer = client.post(reverse("admin:partners_post_open"), _form(**{field: typed}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert "singapore@customs.example" in page
    assert not Post.objects.exists()


def test_edit_a_post_at_the_desk(client):
    post = flows.opened()
    at_the_desk(client, flows.liaison())
    address = reverse("admin:partners_post_edit", args=[post.pk])
    shown = client.get(address)
    assert "singapore@customs.example" in shown.content.decode()
    seen = shown.context["seen"]
    client.post(address, _form(seen=seen, mission="High Commission"))
    changed = Post.objects.get()
    assert (changed.mission, changed.version) == ("High Commission", 2)
    again = client.post(address, _form(seen=seen, mission="Embassy")).content.decode()
    assert "while you were editing" in again


def test_timeline_shows_gap_and_overlap_with_queries_fixed_in_number(
    client, django_assert_max_num_queries
):
    by = flows.liaison()
    for number in range(5):
        post = flows.opened(by, code=f"post-{number}", city=f"City {number}")
        flows.posted(post, by, name="First", starts_on=DAY(-700), ends_on=DAY(20))
        flows.posted(post, by, name="Second", starts_on=DAY(10), ends_on=DAY(300))
        flows.posted(post, by, name="Third", starts_on=DAY(400), ends_on=None)
    at_the_desk(client, by)
    with django_assert_max_num_queries(9):
        page = client.get(reverse("admin:partners_post_timeline")).content.decode()
    assert page.count("<strong>Nobody posted</strong>") == 5
    assert page.count("<strong>Two or more at once</strong>") == 5


def test_permissions_name_every_verb():
    for verb in VERBS:
        name = verb if verb.endswith("posting") or verb in {
            "cover", "end_coverage", "accredit", "name_successor", "hand_over"
        } else f"{verb}_post"  # fmt: skip
        assert callable(getattr(permissions, f"can_{name}"))
