"""The directory for programs: the pages' content as JSON, read-only, as the reader may see it."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners import directory, post_entries, visibility
from partners.forms.directory import DirectoryForm, PostSearchForm
from partners.views.directory import for_reader, query_of
from portal.public_pages import same_for_everyone

LAST_UPDATED = datetime.date(2026, 11, 26)
PAGE = 100


@require_safe
@login_not_required
@same_for_everyone
def guide(request: HttpRequest) -> HttpResponse:
    """What a programmer needs to know; the fields are those that this reader gets."""
    level = visibility.level_of(request.user)
    tables = ["partner", "contactpoint", "holder", "post", "posting"]
    context = {
        "site": settings.SITE_URL,
        "tables": [(name, fields) for name in tables if (fields := visibility.fields(name, level))],
        "last_updated": LAST_UPDATED,
    }
    return for_reader(request, render(request, "partners/api.html", context))


@require_safe
@login_not_required
@same_for_everyone
def partners(request: HttpRequest) -> HttpResponse:
    """A page of entries, searched and filtered like the list."""
    level = visibility.level_of(request.user)
    form = DirectoryForm(request.GET, level)
    if not form.is_valid():
        return for_reader(request, _wrong(form))
    wanted = directory.find(directory.whole(level), level, form.cleaned_data)
    found = list(directory.after(wanted, level, request.GET.get("after", ""))[: PAGE + 1])
    more = found[PAGE - 1].code if len(found) > PAGE else ""
    told = {
        "partners": [_entry(directory.describe(one, level)) for one in found[:PAGE]],
        "next": _next("partners:api_partners", query_of(form), more),
    }
    return for_reader(request, _json(told))


@require_safe
@login_not_required
@same_for_everyone
def partner(request: HttpRequest, code: str) -> HttpResponse:
    level = visibility.level_of(request.user)
    found = directory.called(code, level)
    if found is None:
        return for_reader(request, _json({"errors": {"code": [_("No such entry.")]}}, 404))
    return for_reader(request, _json(_entry(directory.describe(found, level))))


@require_safe
@login_not_required
@same_for_everyone
def posts(request: HttpRequest) -> HttpResponse:
    """A page of posts abroad, searched and filtered."""
    level = visibility.level_of(request.user)
    form = PostSearchForm(request.GET)
    if not form.is_valid():
        return for_reader(request, _wrong(form))
    wanted = post_entries.find(post_entries.whole(level), level, form.cleaned_data)
    found = list(post_entries.after(wanted, level, request.GET.get("after", ""))[: PAGE + 1])
    more = found[PAGE - 1].code if len(found) > PAGE else ""
    told = {
        "posts": [_entry(post_entries.describe(one, level), "post") for one in found[:PAGE]],
        "next": _next("partners:api_posts", query_of(form), more),
    }
    return for_reader(request, _json(told))


@require_safe
@login_not_required
@same_for_everyone
def post(request: HttpRequest, code: str) -> HttpResponse:
    level = visibility.level_of(request.user)
    found = post_entries.whole(level).filter(code=code).first()
    if found is None:
        return for_reader(request, _json({"errors": {"code": [_("No such entry.")]}}, 404))
    return for_reader(request, _json(_entry(post_entries.describe(found, level), "post")))


def _entry(told: directory.Entry, page: str = "partner") -> directory.Entry:
    return {"url": settings.SITE_URL + reverse(f"partners:{page}", args=[told["code"]]), **told}


def _wrong(form: Form) -> JsonResponse:
    wrong = {name: [str(one) for one in errors] for name, errors in form.errors.items()}
    return _json({"errors": wrong}, 400)


def _next(name: str, query: str, after: str) -> str | None:
    if not after:
        return None
    address = settings.SITE_URL + reverse(name)
    return f"{address}?{query}{'&' if query else ''}after={after}"


def _json(told: dict[str, Any], status: int = 200) -> JsonResponse:
    dumps = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(told, status=status, json_dumps_params=dumps)
