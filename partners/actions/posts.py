"""What is done with posts: opened, changed, covering countries, suspended, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import lifecycle, search
from partners import post_permissions as permissions
from partners.actions.keeping import (
    EDITED,
    FOUND_TRUE,
    assign,
    check_version,
    end_terms,
    find_true,
    touch,
)
from partners.addresses import is_taken_by_a_page
from partners.lifecycle import PostStatus
from partners.models import Coverage, Holder, Post
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.lifecycle import after
from portal.models import User


@transaction.atomic
def open_post(*, by: User, code: str, covers: list[str], **told: Any) -> Post:
    """A new post with nobody in it yet; it covers its host country and perhaps others."""
    post = new_post(code=code, by=by, **told)
    if Post.objects.filter(code=post.code).exists():
        raise post_taken(post.code)
    post.save(force_insert=True)
    for coverage in first_coverages(post, covers):
        coverage.save(force_insert=True)
    search.keep_entry(post)
    audit.record("post_opened", target=post, by=by, code=post.code)
    return post


def new_post(*, code: str, by: User, **told: Any) -> Post:
    """As it will be opened; whether the code is free is asked by whoever writes it."""
    if not permissions.can_open_post(by):
        raise NotAllowed(_("Only a liaison officer opens posts."))
    code = code.lower()
    if is_taken_by_a_page(code, "posts/"):
        raise DomainError(
            _("“%(code)s” is the address of a page of the portal. Choose another code.")
            % {"code": code}
        )
    post = Post(code=code, status=PostStatus.VACANT, verified_by=by, keeper=by, **told)
    post.verified_on = timezone.localdate()
    post.review_due = post.due_after(post.verified_on)
    return post


def post_taken(code: str) -> AlreadyDone:
    return AlreadyDone(_("There is a post with the code “%(code)s”.") % {"code": code})


def first_coverages(post: Post, covers: list[str]) -> list[Coverage]:
    """Its host country and the others, from the day on which it is opened."""
    countries = dict.fromkeys([str(post.host_country), *covers])
    return [Coverage(post=post, country=one, since=post.verified_on) for one in countries]


@transaction.atomic
def edit_post(*, post: Post, version: int, by: User, confirm: bool = False, **told: Any) -> Post:
    """Change what is said of it, or find it true; refused where somebody else changed it meanwhile.

    The record names the fields, never what stands in them.
    """
    post = lock(post)
    require_open(post, by)
    check_version(post, version)
    changed = sorted(assign(post, told))
    if confirm:
        find_true(post, by)
    if changed or confirm:
        touch(post, by)
        post.save(update_fields=[*changed, *EDITED, *(FOUND_TRUE if confirm else ())])
        if "host_country" in changed:
            _cover_host(post)
        search.keep_entry(post)
        audit.record("post_edited", target=post, by=by, fields=changed, confirmed=confirm)
    return post


@transaction.atomic
def suspend_post(*, post: Post, by: User) -> Post:
    """It does not answer for the time being; whoever is posted there stays posted."""
    return _move(post, "suspend", permissions.can_suspend_post, by)


@transaction.atomic
def resume_post(*, post: Post, by: User) -> Post:
    """It works again, with whoever is posted there today."""
    return settle(_move(post, "resume", permissions.can_resume_post, by))


@transaction.atomic
def close_post(*, post: Post, by: User) -> Post:
    """It ends with the countries it covers and who holds its desks; no posting may go on."""
    post, today = lock(post), timezone.localdate()
    begin_to_close(post, by, posted=post.postings.live().exists())
    post.save(update_fields=["status"])
    audit.record("post_closed", target=post, by=by)
    for coverage in end_coverages(post.coverages.filter(until=None), today):
        coverage.save(update_fields=["until"])
    held = Holder.objects.select_for_update().filter(contact_point__post=post)
    for holder in end_terms(held.order_by("pk"), today):
        holder.save(update_fields=["until"])
    search.keep_entry(post)
    return post


def begin_to_close(post: Post, by: User, *, posted: bool) -> None:
    """The status alone, not written yet; `posted` says whether a posting goes on."""
    _require(permissions.can_close_post(by, post), "close", post)
    if posted:
        raise DomainError(_("End or call off the postings at this post first."))
    post.status = after(lifecycle.POST, "close", post)


def end_coverages(coverages: Iterable[Coverage], today: date) -> list[Coverage]:
    """Those that have no end yet; not written yet."""
    ended = [one for one in coverages if one.until is None]
    for coverage in ended:
        coverage.until = max(today, coverage.since or today)
    return ended


@transaction.atomic
def reopen_post(*, post: Post, by: User) -> Post:
    """A closed post begins again, covering its host country."""
    post = _move(post, "reopen", permissions.can_reopen_post, by)
    _cover_host(post)
    return post


@transaction.atomic
def cover(*, post: Post, country: str, since: date, by: User) -> Coverage:
    """The post covers one more country from this day on."""
    post = lock(post)
    _require(permissions.can_cover(by, post), "cover", post)
    if post.coverages.filter(country=country, until=None).exists():
        raise AlreadyDone(_("The post covers this country already."))
    found = Coverage.objects.create(post=post, country=country, since=since)
    _changed(post, by)
    audit.record("country_covered", target=post, by=by, country=country)
    return found


@transaction.atomic
def end_coverage(*, post: Post, country: str, until: date, by: User) -> Coverage:
    """The post covers a country until this day; its host country it covers until it is closed."""
    post = lock(post)
    _require(permissions.can_end_coverage(by, post), "end_coverage", post)
    found = post.coverages.filter(country=country, until=None).first()
    found = refuse_end_of_coverage(post, country, found, until)
    found.until = until
    found.save(update_fields=["until"])
    _changed(post, by)
    audit.record("coverage_ended", target=post, by=by, country=country)
    return found


def refuse_end_of_coverage(
    post: Post, country: str, found: Coverage | None, until: date
) -> Coverage:
    """`found` is the coverage that has no end yet, if there is one."""
    if country == post.host_country:
        raise DomainError(_("A post covers its host country until it is closed."))
    if found is None:
        raise AlreadyDone(_("The post does not cover this country any more."))
    if found.since is not None and until < found.since:
        raise DomainError(_("The last day comes before the first."))
    return found


def settle(post: Post) -> Post:
    """Vacant or active by itself, as somebody is posted there today; the post is locked."""
    manned = post.postings.live().on(timezone.localdate()).exists()
    verb = "man" if manned else "fall_vacant"
    if lifecycle.allows(lifecycle.POST, verb, post.status):
        post.status = after(lifecycle.POST, verb, post)
        post.save(update_fields=["status"])
        audit.record("post_manned" if manned else "post_fell_vacant", target=post, by=None)
    return post


def lock(post: Post) -> Post:
    """The post as it is now, for this transaction alone; before its postings and the rest."""
    return Post.objects.select_for_update(of=("self",)).get(pk=post.pk)


def _changed(post: Post, by: User) -> None:
    """What it covers is part of it: whoever edits it meanwhile is told."""
    touch(post, by)
    post.save(update_fields=EDITED)


def _cover_host(post: Post) -> None:
    if not post.coverages.filter(until=None, country=post.host_country).exists():
        Coverage.objects.create(
            post=post, country=str(post.host_country), since=timezone.localdate()
        )


def _move(post: Post, verb: str, may: Any, by: User) -> Post:
    post = lock(post)
    _require(may(by, post), verb, post)
    post.status = after(lifecycle.POST, verb, post)
    post.save(update_fields=["status"])
    audit.record(EVENTS[verb], target=post, by=by)
    return post


def require_open(post: Post, by: User) -> None:
    """This person may change the post, and it is not closed; the post is locked."""
    _require(permissions.can_edit_post(by, post), "edit", post)


def _require(allowed: bool, verb: str, post: Post) -> None:
    if not allowed:
        after(lifecycle.POST, verb, post)
        raise NotAllowed(_("Only a liaison officer changes posts."))


EVENTS = {
    "suspend": "post_suspended",
    "resume": "post_resumed",
    "reopen": "post_reopened",
}
