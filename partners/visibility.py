"""Who may see what of the directory: four levels, and one table of fields."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import StaffRole, Standing, User


class Level(models.IntegerChoices):
    """Whom a thing may be shown to; each level sees what those before it see."""

    PUBLIC = 0, _("Everybody")
    PARTNER = 1, _("Firms with a memorandum in force")
    LIAISON = 2, _("Officers who work with partners")
    RESTRICTED = 3, _("Liaison desk alone")


# What each staff role sees; a system administrator reads what a visitor reads.
STAFF: dict[str, Level] = {
    StaffRole.LIAISON_OFFICER: Level.RESTRICTED,
    StaffRole.SUPERVISOR: Level.RESTRICTED,
    StaffRole.TRIAGE_OFFICER: Level.LIAISON,
}

# Table → field → the lowest level that sees it. What is not here nobody sees through any door:
# a new field is hidden until somebody decides. An entry's own `visibility` can only raise this.
FIELDS: dict[str, dict[str, Level]] = {
    "partner": {
        "code": Level.PUBLIC,
        "name": Level.PUBLIC,
        "local_name": Level.PUBLIC,
        "abbreviation": Level.PUBLIC,
        "type": Level.PUBLIC,
        "parent": Level.PUBLIC,
        "country": Level.PUBLIC,
        "area": Level.PUBLIC,
        "competent_for": Level.PUBLIC,
        "about": Level.PUBLIC,
        "for_business": Level.PUBLIC,
        "website": Level.PUBLIC,
        "groups": Level.PUBLIC,
        "languages": Level.PUBLIC,
        "time_zone": Level.PUBLIC,
        "hours": Level.PUBLIC,
        "holidays": Level.PUBLIC,
        "verified_on": Level.PUBLIC,
        "confirmed": Level.PUBLIC,
        "ended_on": Level.PUBLIC,
        "contact_points": Level.PUBLIC,
        "parts": Level.PUBLIC,
        "members": Level.PUBLIC,
        "source": Level.LIAISON,
        "is_coordinating": Level.LIAISON,
        "note": Level.LIAISON,
        "verified_by": Level.LIAISON,
        "review_due": Level.LIAISON,
        "keeper": Level.LIAISON,
        "channels": Level.RESTRICTED,
    },
    "contactpoint": {
        "uuid": Level.PUBLIC,
        "duty": Level.PUBLIC,
        "name": Level.PUBLIC,
        "email": Level.PUBLIC,
        "phone": Level.PUBLIC,
        "languages": Level.PUBLIC,
        "hours": Level.PUBLIC,
        "always_open": Level.PUBLIC,
        "verified_on": Level.PUBLIC,
        "note": Level.LIAISON,
        "verified_by": Level.LIAISON,
        "review_due": Level.LIAISON,
        "keeper": Level.LIAISON,
        "holders": Level.LIAISON,
    },
    "holder": {
        "name": Level.LIAISON,
        "title": Level.LIAISON,
        "email": Level.LIAISON,
        "direct_line": Level.LIAISON,
        "since": Level.LIAISON,
        "until": Level.LIAISON,
    },
    "post": {
        "code": Level.PUBLIC,
        "type": Level.PUBLIC,
        "city": Level.PUBLIC,
        "host_country": Level.PUBLIC,
        "mission": Level.PUBLIC,
        "title": Level.PUBLIC,
        "covered_countries": Level.PUBLIC,
        "status": Level.PUBLIC,
        "email": Level.PUBLIC,
        "languages": Level.PUBLIC,
        "time_zone": Level.PUBLIC,
        "hours": Level.PUBLIC,
        "holidays": Level.PUBLIC,
        # Where the map shows it: the city that everybody reads.
        "latitude": Level.PUBLIC,
        "longitude": Level.PUBLIC,
        "verified_on": Level.PUBLIC,
        "confirmed": Level.PUBLIC,
        "contact_points": Level.PUBLIC,
        "source": Level.LIAISON,
        "portfolio": Level.PUBLIC,
        "services": Level.PARTNER,
        "phone": Level.PARTNER,
        "counterparts": Level.LIAISON,
        "note": Level.LIAISON,
        "verified_by": Level.LIAISON,
        "review_due": Level.LIAISON,
        "keeper": Level.LIAISON,
        "postings": Level.LIAISON,
    },
    "posting": {
        "name": Level.LIAISON,
        "title": Level.LIAISON,
        "email": Level.LIAISON,
        "direct_line": Level.LIAISON,
        "starts_on": Level.LIAISON,
        "ends_on": Level.LIAISON,
        "accreditations": Level.LIAISON,
    },
}

# What finds, orders and links an entry, whoever reads: no more than that it is there.
KEPT = ("id", "uuid", "visibility", "created_at", "ended_on", "ended_at", "partner", "post")


def level_of(user: User | AnonymousUser) -> Level:
    """What this reader may see; one query for a firm's person, one for staff, none for visitors."""
    if not isinstance(user, User) or not user.is_active:
        return Level.PUBLIC
    if user.is_staff:
        if user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
            return Level.PUBLIC
        return max(
            (level for role, level in STAFF.items() if user.has_role(role)), default=Level.PUBLIC
        )
    in_force = Standing.objects.filter(
        in_force=True,
        organisation__memberships__user=user,
        organisation__memberships__ended_at=None,
    )
    return Level.PARTNER if in_force.exists() else Level.PUBLIC


def fields(table: str, level: Level) -> list[str]:
    """The fields of this table that this level sees, in the order they are shown."""
    return [name for name, lowest in FIELDS[table].items() if level >= lowest]


def columns(model: type[models.Model], level: Level) -> list[str]:
    """The fields that this level may have from the entry's own row; people and lists are beside."""
    seen = {*KEPT, *fields(model._meta.model_name or "", level)}
    return [field.name for field in model._meta.concrete_fields if field.name in seen]


def sees(table: str, field: str, level: Level) -> bool:
    lowest = FIELDS[table].get(field)
    return lowest is not None and level >= lowest


def shown(table: str, values: dict[str, Any], level: Level) -> dict[str, Any]:
    """What is left of an entry's values for a reader of this level."""
    return {name: values[name] for name in fields(table, level) if name in values}
