"""The directory's pages: the same addresses show each reader what they may see."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from partners import directory, entry_engagements, post_entries, visibility
from partners.forms.directory import DirectoryForm
from partners.local_time import Clock, clock
from partners.models import Partner, PartnerType, PostStatus
from partners.visibility import Level
from portal.public_pages import same_for_everyone

LAST_UPDATED = datetime.date(2026, 11, 26)
PAGE = 25
# Of posts that fit; there are few, and who needs more of them finds the page of posts.
MOST_POSTS = 25
# Services of one country; a body that only has its seat there has no attaché of ours.
SERVICES = (PartnerType.CUSTOMS, PartnerType.BORDER, PartnerType.TAX, PartnerType.POLICE)


@require_safe
@login_not_required
@same_for_everyone
def partners(request: HttpRequest) -> HttpResponse:
    """All of them by name, filtered, page by page."""
    level = visibility.level_of(request.user)
    form = DirectoryForm(request.GET, level)
    form.is_valid()
    after = request.GET.get("after", "")
    wanted = directory.find(directory.entries(level), level, form.cleaned_data)
    found = list(directory.after(wanted, level, after)[: PAGE + 1])
    rows = found[:PAGE]
    context = {
        "form": form,
        "rows": [directory.describe(row, level) for row in rows],
        "posts": [] if after else _posts(form.cleaned_data, level),
        "most_posts": MOST_POSTS,
        "after": rows[-1].code if len(found) > PAGE else "",
        "goes_on": bool(after),
        "query": query_of(form),
        "level": level,
        "last_updated": directory.last_updated(rows) or LAST_UPDATED,
    }
    return for_reader(request, render(request, "partners/partners.html", context))


@require_safe
@login_not_required
@same_for_everyone
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation: what it is, what it means for business, whom to turn to."""
    level = visibility.level_of(request.user)
    found = get_partner(code, level)
    entry = directory.describe(found, level)
    context = {
        "entry": entry,
        "services": SERVICES,
        "clock": clock(entry["time_zone"], entry["hours"], entry["holidays"]),
        "contacts": desks(entry),
        "level": level,
        "engagements": entry_engagements.newest(found, request.user, level),
        "has_ended": found.has_ended,
        "is_stale": level >= Level.LIAISON and found.is_stale,
        "last_updated": directory.last_updated([found]),
    }
    return for_reader(request, render(request, "partners/partner.html", context))


def desks(entry: directory.Entry) -> list[tuple[directory.Entry, Clock | None]]:
    """Each contact point of an entry, and whether it is open now where the entry is."""
    answers = entry.get("status") != PostStatus.SUSPENDED
    zone, holidays = entry["time_zone"] if answers else "", entry["holidays"]
    return [
        (point, clock(zone, point["hours"], holidays, always_open=point["always_open"]))
        for point in entry["contact_points"]
    ]


def _posts(wanted: dict[str, str], level: Level) -> list[directory.Entry]:
    """Our posts abroad that fit; a kind or a group of organisations is none of theirs."""
    if not (wanted.get("q") or wanted.get("country")) or wanted.get("type") or wanted.get("group"):
        return []
    fitting = {name: wanted.get(name, "") for name in ("q", "country")}
    found = post_entries.find(post_entries.standing(level), level, fitting)[: MOST_POSTS + 1]
    return [post_entries.describe(one, level) for one in found]


def get_partner(code: str, level: Level) -> Partner:
    """404 also for what this reader may not know of."""
    found = directory.called(code, level)
    if found is None:
        raise Http404
    return found


def query_of(form: Form) -> str:
    return urlencode({name: value for name, value in form.cleaned_data.items() if value})


def for_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What somebody who is logged in sees is kept nowhere on the way."""
    if request.user.is_authenticated:
        add_never_cache_headers(response)
    return response
