"""People at posts: posted, accredited, succeeded, handed over; what is over names nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import lifecycle, open_work, search
from partners import post_permissions as permissions
from partners.actions import keeping
from partners.actions.keeping import check_version
from partners.actions.posts import lock, settle
from partners.models import Accreditation, AccreditationKind, Holder, Post, Posting
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.lifecycle import after
from portal.models import User

# All that says who somebody is.
PERSONAL = {"name": "", "title": "", "email": "", "direct_line": "", "user": None}


@transaction.atomic
def start_posting(*, post: Post, by: User, **told: Any) -> Posting:
    """Somebody is posted there from a day on; earlier than today, if it is written down late."""
    post = lock(post)
    if not permissions.can_start_posting(by, post):
        after(lifecycle.POST, "start_posting", post)
        raise NotAllowed(_("Only a liaison officer posts people."))
    _check_days(told["starts_on"], told.get("ends_on"))
    if told.get("ends_on") and told["ends_on"] < timezone.localdate():
        raise DomainError(_("This posting is over already: its person is not to be kept."))
    posting = Posting.objects.create(post=post, **told)
    search.keep_entry(post)
    audit.record("posting_started", target=post, by=by, posting=posting.pk)
    settle(post)
    return posting


@transaction.atomic
def change_posting(*, posting: Posting, version: int, by: User, **told: Any) -> Posting:
    """Other days or other data of the person; a new end is warned of anew.

    A posting that is over names nobody: its end is told by `end_posting`, which hands its work
    over and erases the person in the same act.
    """
    posting = _lock(posting)
    _require(permissions.can_change_posting(by, posting), "change_posting", posting)
    check_version(posting, version)
    _check_days(told["starts_on"], told.get("ends_on"))
    if told.get("ends_on") and told["ends_on"] < timezone.localdate():
        raise DomainError(_("This day is over: end the posting instead, with it as the last day."))
    changed = sorted(name for name, value in told.items() if getattr(posting, name) != value)
    for name in changed:
        setattr(posting, name, told[name])
    if "ends_on" in changed:
        posting.warned = None
    posting.version += 1
    posting.save()
    search.keep_entry(posting.post)
    audit.record("posting_changed", target=posting.post, by=by, posting=posting.pk, fields=changed)
    settle(posting.post)
    return posting


@transaction.atomic
def accredit(
    *,
    posting: Posting,
    country: str,
    by: User,
    asked_on: date | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Accreditation:
    """What is known of the accreditation to one country: asked for, accepted, ended."""
    posting = _lock(posting)
    _require(permissions.can_accredit(by, posting), "accredit", posting)
    host = str(posting.post.host_country)
    if country != host and not posting.post.coverages.filter(country=country).exists():
        raise DomainError(_("The post does not cover this country. Let it cover it first."))
    if since and asked_on and since < asked_on:
        raise DomainError(_("It cannot be accepted before it was asked for."))
    if since and until and until < since:
        raise DomainError(_("It cannot end before it was accepted."))
    found, _made = Accreditation.objects.update_or_create(
        posting=posting,
        country=country,
        defaults={
            "kind": AccreditationKind.HOST if country == host else AccreditationKind.SIDE,
            "asked_on": asked_on,
            "since": since,
            "until": until,
        },
    )
    audit.record(
        "accreditation_recorded", target=posting.post, by=by, posting=posting.pk, country=country
    )
    return found


@transaction.atomic
def name_successor(*, posting: Posting, successor: Posting, by: User) -> Posting:
    """Who comes after: somebody posted to the same post, who begins later."""
    posting = _lock(posting)
    _require(permissions.can_name_successor(by, posting), "name_successor", posting)
    successor = Posting.objects.select_for_update(of=("self",)).get(pk=successor.pk)
    if successor.is_over or successor.post_id != posting.post_id:
        raise DomainError(_("A successor is posted to the same post."))
    if successor.starts_on <= posting.starts_on:
        raise DomainError(_("A successor begins later than whoever is succeeded."))
    if Posting.objects.filter(successor=successor).exclude(pk=posting.pk).exists():
        raise AlreadyDone(_("This person succeeds somebody else already."))
    posting.successor = successor
    posting.save(update_fields=["successor"])
    audit.record(
        "successor_named",
        target=posting.post,
        by=by,
        posting=posting.pk,
        successor=successor.pk,
    )
    return posting


@transaction.atomic
def hand_over(*, posting: Posting, by: User) -> Posting:
    """Open work goes to the successor, or stays with the mailbox of the post."""
    posting = _lock(posting)
    _require(permissions.can_hand_over(by, posting), "hand_over", posting)
    _hand_over(posting, by)
    posting.save(update_fields=["handed_over_at"])
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, last_day: date, by: User) -> Posting:
    """It is over: the person is nobody's to read any more; the post and its mailbox stay."""
    posting = _lock(posting)
    _require(permissions.can_end_posting(by, posting), "end_posting", posting)
    if last_day > timezone.localdate():
        raise DomainError(_("This day is still to come: change the posting, with it as the end."))
    if last_day < posting.starts_on:
        raise DomainError(_("The last day comes before the first: call the posting off instead."))
    with search.together():
        return _end(posting, last_day, by)


@transaction.atomic
def call_off_posting(*, posting: Posting, by: User) -> Posting:
    """Nothing comes of a posting that was planned: no person is kept, and it counts nowhere."""
    posting = _lock(posting)
    _require(permissions.can_call_off_posting(by, posting), "call_off_posting", posting)
    if posting.starts_on <= timezone.localdate():
        raise DomainError(_("This posting has begun: end it instead."))
    Posting.objects.filter(successor=posting).update(successor=None)
    _forget_person(posting)
    posting.called_off_at, posting.successor = timezone.now(), None
    posting.version += 1
    posting.save()
    search.keep_entry(posting.post)
    audit.record("posting_called_off", target=posting.post, by=by, posting=posting.pk)
    settle(posting.post)
    return posting


@transaction.atomic
def end_expired(*, post: Post) -> None:
    """Clock: postings whose last day is over end; who begins today mans it. May run twice."""
    post = lock(post)
    over = post.postings.live().filter(ends_on__lt=timezone.localdate()).order_by("pk")
    with search.together():
        for posting in over:
            assert posting.ends_on is not None  # noqa: S101 - asked for above
            _end(_lock(posting), posting.ends_on, None)
    settle(Post.objects.get(pk=post.pk))


def _end(posting: Posting, last_day: date, by: User | None) -> Posting:
    if posting.handed_over_at is None:
        _hand_over(posting, by)
    for one in posting.accreditations.filter(until=None):
        one.until = max(last_day, one.since or last_day)
        one.save(update_fields=["until"])
    _end_duties(posting, last_day)
    _forget_person(posting)
    posting.ends_on, posting.ended_at, posting.ended_by = last_day, timezone.now(), by
    posting.version += 1
    posting.save()
    search.keep_entry(posting.post)
    audit.record("posting_ended", target=posting.post, by=by, posting=posting.pk)
    settle(posting.post)
    return posting


def _hand_over(posting: Posting, by: User | None) -> None:
    moved: dict[str, Any] = {**open_work.transfer(posting)}
    posting.handed_over_at = timezone.now()
    audit.record("posting_handed_over", target=posting.post, by=by, posting=posting.pk, **moved)


def _end_duties(posting: Posting, last_day: date) -> None:
    """Contact points of the post that the same person holds are held no longer."""
    same = Q(name__iexact=posting.name) if posting.name else Q(pk=None)
    if posting.email:
        same |= Q(email__iexact=posting.email)
    held = Holder.objects.filter(same, contact_point__post=posting.post_id, erased_at=None)
    for holder in held.filter(Q(until=None) | Q(until__gt=last_day)):
        holder.until = max(last_day, holder.since)
        keeping.erase(holder)


def _forget_person(posting: Posting) -> None:
    for name, nothing in PERSONAL.items():
        setattr(posting, name, nothing)


def _lock(posting: Posting) -> Posting:
    """The post first, then the posting."""
    post = lock(posting.post)
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    posting.post = post
    return posting


def _check_days(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise DomainError(_("The posting ends before it begins."))


def _require(allowed: bool, verb: str, posting: Posting) -> None:
    if allowed:
        return
    if posting.is_over:
        raise AlreadyDone(_("This posting is over: nothing of it is changed any more."))
    after(lifecycle.POST, verb, posting.post)
    if verb == "hand_over" and posting.handed_over_at is not None:
        raise AlreadyDone(_("The work was handed over already."))
    raise NotAllowed(_("Only a liaison officer changes postings."))
