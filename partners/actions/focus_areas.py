"""The verbs of focus areas; and what happens when a report at triage matches one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from partners import focus_permissions as permissions
from partners import notifications
from partners.actions.keeping import check_version
from partners.focus import Facts, Match, match
from partners.models import FocusArea
from portal import audit, reference
from portal.errors import DomainError, NotAllowed
from portal.models import User

LISTS = {"commodities": "commodity", "directions": "direction", "modes": "transport_mode"}
WRITTEN = ("name", *LISTS, "origins", "since", "until", "owner", "note")


@transaction.atomic
def define_focus_area(*, by: User, code: str, partners: Any = (), **written: Any) -> FocusArea:
    """Watch for something new from now on."""
    if not permissions.can_define_focus_area(by):
        raise NotAllowed(_("Only liaison officers keep focus areas."))
    if FocusArea.objects.filter(code=code).exists():
        raise DomainError(_("Another focus area goes by this code already. Choose another."))
    area = FocusArea(code=code)
    _write(area, written)
    area.save(force_insert=True)
    area.partners.set(partners)
    audit.record("focus_area_defined", target=area, by=by, code=code)
    return area


@transaction.atomic
def edit_focus_area(
    *, area: FocusArea, by: User, version: int, partners: Any = (), **written: Any
) -> FocusArea:
    """Refused when somebody changed it since the editor looked at it."""
    area = FocusArea.objects.select_for_update(of=("self",)).get(pk=area.pk)
    if not permissions.can_edit_focus_area(by, area):
        raise NotAllowed(_("Only liaison officers keep focus areas."))
    check_version(area, version)
    _write(area, written)
    area.version += 1
    area.save()
    area.partners.set(partners)
    audit.record("focus_area_edited", target=area, by=by, code=area.code)
    return area


class Told(NamedTuple):
    """That the owner of an area heard of a report: that it may match, or that it does."""

    area: str
    owner: int
    certain: bool


def tell_owners(
    *, before: Facts, after: Facts, shut_out: Collection[int], told: Collection[Told]
) -> list[Told]:
    """Promise to tell the owners of areas that a report matches better now than it did before.

    In the transaction of whoever classified it. `told` is what owners heard of this report: each
    hears once that it matches, and once more when that hung on a blank country and is certain
    now. Whoever is shut out of the report for a conflict of interest hears nothing. The promise
    holds the area and its owner, and no trace of the report. Returns what was promised.
    """
    today = timezone.localdate()
    promised = []
    for area in _owned(today):
        was, now = (_match(area, facts, today) for facts in (before, after))
        owner = area.owner
        if owner is None or owner.pk in shut_out or now <= was or not permissions.can_own(owner):
            continue
        certain = now is Match.CERTAIN
        heard = [one.certain for one in told if (one.area, one.owner) == (area.code, owner.pk)]
        if heard and (any(heard) or not certain):
            continue
        notifications.tell_owner(area, again=bool(heard))
        promised.append(Told(area.code, owner.pk, certain))
    return promised


def _match(area: FocusArea, facts: Facts, day: date) -> Match:
    lineage = _lineage(facts.category)
    return match(area, facts, lineage=lineage, on=day, countries=area.countries)


def _owned(day: date) -> QuerySet[FocusArea]:
    areas = FocusArea.objects.on(day).filter(owner__isnull=False)
    return areas.select_related("owner").prefetch_related("partners")


def _lineage(category: str) -> frozenset[str]:
    """The kind of goods and all that it belongs to; a circle in the list ends by itself."""
    found: list[str] = []
    while category and category not in found:
        found.append(category)
        item = reference.item("commodity", category)
        category = str(item.attributes.get("parent", "")) if item is not None else ""
    return frozenset(found)


def _write(area: FocusArea, written: dict[str, Any]) -> None:
    for name in WRITTEN:
        setattr(area, name, written[name])
    for name, list_name in LISTS.items():
        for code in getattr(area, name):
            if reference.item(list_name, code) is None:
                raise DomainError(_("The list has no code “%(code)s”.") % {"code": code})
    for code in area.origins:
        if code not in countries:
            raise DomainError(_("No country has the code “%(code)s”.") % {"code": code})
    if not (area.commodities or area.directions or area.modes):
        raise DomainError(
            _("Choose at least a kind of goods, a direction or a mode: all reports match else.")
        )
    if area.since and area.until and area.until < area.since:
        raise DomainError(_("It must end after it begins."))
    if area.owner is not None and not permissions.can_own(area.owner):
        raise DomainError(_("This person may not read focus areas and so cannot own one."))
