"""The directory as files: tables and business cards, with what the reader may see."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners import directory, entry_cards, post_entries, visibility
from partners.forms.directory import DirectoryForm, PostSearchForm
from partners.hours import write
from partners.models import ContactPoint, Partner
from partners.views.directory import for_reader, get_partner
from partners.visibility import Level
from portal import spreadsheets

# A cell holds no table of its own: these have files or pages.
NO_COLUMN = {"contact_points", "parts", "members", "uuid"}
PERSON = ("name", "title", "email", "direct_line")


@require_safe
@login_not_required
def partners(request: HttpRequest) -> HttpResponse:
    """Those chosen in the list, one a line; the columns are the fields that the reader sees."""
    level = visibility.level_of(request.user)
    columns = [name for name in visibility.fields("partner", level) if name not in NO_COLUMN]
    form = DirectoryForm(request.GET, level)
    form.is_valid()
    found = directory.find(directory.linked(level), level, form.cleaned_data)
    rows = (directory.describe(one, level) for one in found)
    table = [columns, *([_cell(row[name]) for name in columns] for row in rows)]
    return for_reader(request, spreadsheets.attachment(table, _name("partners")))


@require_safe
@login_not_required
def contacts(request: HttpRequest) -> HttpResponse:
    """The contact points of those chosen in the list; a line more for each who holds one."""
    level = visibility.level_of(request.user)
    form = DirectoryForm(request.GET, level)
    form.is_valid()
    chosen = directory.find(directory.entries(level), level, form.cleaned_data)
    points = directory.owned_contacts(level, chosen)
    owned = ((point, _owner(point)) for point in points)
    table = [*_contact_lines(("partner", "partner_name"), owned, level)]
    return for_reader(request, spreadsheets.attachment(table, _name("contacts")))


@require_safe
@login_not_required
def posts(request: HttpRequest) -> HttpResponse:
    """Our posts abroad; a line more for each who is posted there."""
    level = visibility.level_of(request.user)
    seen = visibility.fields("post", level)
    columns = [name for name in seen if name not in {*NO_COLUMN, "postings"}]
    table = [[*columns, *(_people("posting") if "postings" in seen else [])]]
    form = PostSearchForm(request.GET)
    form.is_valid()
    for post in post_entries.find(post_entries.standing(level), level, form.cleaned_data):
        told = post_entries.describe(post, level)
        line = [_cell(told[name]) for name in columns]
        table += [[*line, *held] for held in _held(told.get("postings"))]
    return for_reader(request, spreadsheets.attachment(table, _name("posts")))


@require_safe
@login_not_required
def post_contacts(request: HttpRequest) -> HttpResponse:
    """The contact points of our posts, as those of partners."""
    level = visibility.level_of(request.user)
    form = PostSearchForm(request.GET)
    form.is_valid()
    chosen = post_entries.find(post_entries.standing(level), level, form.cleaned_data)
    points = post_entries.owned_contacts(level, chosen)
    owned = ((point, _owner(point)) for point in points)
    table = [*_contact_lines(("post", "post_city"), owned, level)]
    return for_reader(request, spreadsheets.attachment(table, _name("post-contacts")))


@require_safe
@login_not_required
def post_card(request: HttpRequest, code: str) -> HttpResponse:
    """A post, its desks, and for officers who is posted there."""
    level = visibility.level_of(request.user)
    found = post_entries.whole(level).filter(code=code).first()
    if found is None:
        raise Http404
    entry = post_entries.describe(found, level)
    text = entry_cards.of_post(entry, settings.BRAND["administration"])
    return for_reader(request, _vcard(text))


@require_safe
@login_not_required
def card(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation and its desks as business cards."""
    level = visibility.level_of(request.user)
    entry = directory.describe(get_partner(code, level), level)
    return for_reader(request, _vcard(entry_cards.of_partner(entry)))


@require_safe
@login_not_required
def contact_card(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """One desk, of a partner or of a post."""
    level = visibility.level_of(request.user)
    found = directory.find_contact(uuid, level)
    if found is None:
        raise Http404
    point, owner = found
    told = directory.describe_contact(point, level)
    return for_reader(request, _vcard(entry_cards.of_contact(told, owner)))


def _vcard(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="card.vcf"'
    return response


Owned = Iterable[tuple[ContactPoint, list[str]]]


def _contact_lines(owner: tuple[str, str], points: Owned, level: Level) -> Iterator[list[str]]:
    seen = visibility.fields("contactpoint", level)
    columns = [name for name in seen if name not in {*NO_COLUMN, "holders"}]
    yield [*owner, *columns, *(_people("holder") if "holders" in seen else [])]
    for point, of in points:
        told = directory.describe_contact(point, level)
        line = [*of, *(_cell(told[name]) for name in columns)]
        yield from ([*line, *held] for held in _held(told.get("holders")))


def _owner(point: ContactPoint) -> list[str]:
    """Its code and how it is called."""
    owner = point.owner
    return [owner.code, owner.name if isinstance(owner, Partner) else owner.city]


def _people(kind: str) -> list[str]:
    return [f"{kind}_{name}" for name in PERSON]


def _held(people: list[directory.Entry] | None) -> Iterator[list[str]]:
    """The cells of each person; of nobody, and of whoever may not be seen, none."""
    for one in people or ():
        yield [one[name] for name in PERSON]
    if not people:
        yield [] if people is None else [""] * len(PERSON)


def _cell(value: Any) -> str:
    """Lists with a bar between, hours as they are typed, days as numbers."""
    if isinstance(value, list):
        return "|".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return str(value["code"]) if "code" in value else _named(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _named(value: dict[str, Any]) -> str:
    if "reference" in value:
        return f"{value['name']}: {value['reference']}"
    return write(value)


def _name(what: str) -> str:
    return f"{what}-{timezone.localdate():%Y-%m-%d}.csv"
