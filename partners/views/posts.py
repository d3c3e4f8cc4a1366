"""The network of posts: which attaché answers for a country, each post, and the map."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from partners import entry_engagements, visibility, world_map
from partners import post_entries as entries
from partners.forms.finder import FinderForm
from partners.models import PostType
from partners.views.directory import desks
from partners.visibility import Level
from portal.public_pages import same_for_everyone

LAST_UPDATED = datetime.date(2026, 11, 26)


@require_safe
@login_not_required
@same_for_everyone
def posts(request: HttpRequest) -> HttpResponse:
    """Who to ask about a country; attachés, and apart from them the strategic posts."""
    level = visibility.level_of(request.user)
    found = list(entries.standing(level))
    form = FinderForm(request.GET if "country" in request.GET else None)
    answer = None
    if form.is_bound and form.is_valid():
        answer = entries.answer(form.cleaned_data["country"], found, level)
    context = {
        "form": form,
        "answer": answer,
        "answered": [_row(post) for post in answer.posts] if answer else [],
        "attaches": [_row(post) for post in found if post.type == PostType.ATTACHE],
        "strategic": [_row(post) for post in found if post.type == PostType.STRATEGIC],
        "asks": level == Level.PARTNER,
        "last_updated": entries.last_updated(found) or LAST_UPDATED,
    }
    return _shown(request, "partners/posts.html", context)


@require_safe
@login_not_required
@same_for_everyone
def post(request: HttpRequest, code: str) -> HttpResponse:
    """One post: how to reach it, what it covers, what time it is there."""
    level = visibility.level_of(request.user)
    found = entries.whole(level).filter(code=code).first() if slug_re.fullmatch(code) else None
    if found is None:
        raise Http404
    entry = entries.describe(found, level)
    context = {
        "post": found,
        "entry": entry,
        "contacts": desks(entry),
        "is_stale": level >= Level.LIAISON and found.is_stale,
        "clock": entries.clock_of(found),
        "engagements": entry_engagements.newest(found, request.user, level),
        "is_partner": level >= Level.PARTNER,
        "is_liaison": level >= Level.LIAISON,
        "last_updated": entries.last_updated([found]),
    }
    return _shown(request, "partners/post.html", context)


@require_safe
@login_not_required
@same_for_everyone
def world(request: HttpRequest) -> HttpResponse:
    """The same on a map, and again as a table."""
    found = list(entries.standing(visibility.level_of(request.user)))
    covered = entries.by_country(found)
    drawn = world_map.draw(found, covered)
    context = {
        "map": drawn,
        "rows": sorted(_countries(covered), key=lambda row: row["name"]),
        "strategic": [post for post in found if post.type == PostType.STRATEGIC],
        "last_updated": entries.last_updated(found) or LAST_UPDATED,
    }
    return _shown(request, "partners/world.html", context)


def _countries(covered: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": entries.country_name(code), "posts": by}
        for code, by in covered.items()
    ]


def _row(post: Any) -> dict[str, Any]:
    is_attache = post.type == PostType.ATTACHE
    return {
        "post": post,
        "covers": entries.covered(post) if is_attache else [],
        "works_on": "" if is_attache else post.portfolio,
        "clock": entries.clock_of(post),
    }


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response
