"""The directory as files: tables and business cards, with what the reader may see."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partners import cards, directory, visibility
from partners.forms.directory import DirectoryForm
from partners.hours import write
from partners.views.directory import for_reader, get_partner
from portal import spreadsheets

# A cell holds no table of its own: these have files or pages.
NO_COLUMN = {"contact_points", "parts", "members", "uuid"}
HOLDER = ("name", "title", "email", "direct_line")


@require_safe
@login_not_required
def partners(request: HttpRequest) -> HttpResponse:
    """Those chosen in the list, one a line; the columns are the fields that the reader sees."""
    level = visibility.level_of(request.user)
    columns = [name for name in visibility.fields("partner", level) if name not in NO_COLUMN]
    form = DirectoryForm(request.GET)
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
    seen = visibility.fields("contactpoint", level)
    columns = [name for name in seen if name not in {*NO_COLUMN, "holders"}]
    form = DirectoryForm(request.GET)
    form.is_valid()
    chosen = directory.find(directory.entries(level), level, form.cleaned_data)
    people = [f"holder_{name}" for name in HOLDER] if "holders" in seen else []
    table = [["partner", "partner_name", *columns, *people]]
    for point in directory.owned_contacts(level, chosen):
        told = directory.describe_contact(point, level)
        owner = point.partner
        assert owner is not None  # noqa: S101 - chosen by it
        line = [owner.code, owner.name, *(_cell(told[name]) for name in columns)]
        table += [[*line, *held] for held in _held(told, bool(people))]
    return for_reader(request, spreadsheets.attachment(table, _name("contacts")))


@require_safe
@login_not_required
def card(request: HttpRequest, code: str) -> HttpResponse:
    """An organisation and its desks as business cards."""
    level = visibility.level_of(request.user)
    entry = directory.describe(get_partner(code, level), level)
    return for_reader(request, _vcard(cards.of_partner(entry)))


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
    return for_reader(request, _vcard(cards.of_contact(told, owner)))


def _vcard(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/vcard; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="card.vcf"'
    return response


def _held(told: directory.Entry, people: bool) -> Iterator[list[str]]:
    for holder in told["holders"] if people else []:
        yield [holder[name] for name in HOLDER]
    if not people or not told["holders"]:
        yield [""] * len(HOLDER) if people else []


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
