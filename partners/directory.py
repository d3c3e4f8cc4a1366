"""What a reader may see of an entry: the one source of page, list, search, API, CSV and vCard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils import timezone

from partners import search
from partners.models import (
    ContactPoint,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    SecureChannel,
)
from partners.visibility import Level, columns, fields, sees, shown

# An organisation's page names so many members and parts; the list behind it has them all.
MANY = 60
MEMBERSHIP = ("partner", "since", "until", "group__code", "group__name")
Entry = dict[str, Any]
# What links an entry to others, and what its address needs.
NAMED = ("id", "code", "name", "country", "visibility")


def entries(level: Level) -> QuerySet[Partner]:
    """The entries that this level finds, with its columns and no others."""
    return _narrow(_there(level), level)


def _there(level: Level) -> QuerySet[Partner]:
    """What has ended is kept for officers alone."""
    found = Partner.objects.visible_at(level)
    return found if level >= Level.LIAISON else found.filter(current())


def linked(level: Level, *, day: date | None = None) -> QuerySet[Partner]:
    """Entries with what fits into one line of a table: parent, groups and channels."""
    names = _there(level).only(*NAMED)
    memberships = GroupMembership.objects.on(day or timezone.localdate()).only(*MEMBERSHIP)
    memberships = memberships.filter(group__in=Group.objects.visible_at(level).values("pk"))
    found = entries(level).prefetch_related(
        Prefetch("parent", names, to_attr="shown_parent"),
        Prefetch(
            "group_memberships",
            memberships.select_related("group").order_by("group__name"),
            to_attr="shown_memberships",
        ),
    )
    if sees("partner", "channels", level):
        channels = SecureChannel.objects.filter(ended_at=None).order_by("name", "pk")
        found = found.prefetch_related(Prefetch("channels", channels, to_attr="shown_channels"))
    return found


def whole(level: Level, *, day: date | None = None) -> QuerySet[Partner]:
    """Entries with all that belongs to them, in a number of queries that never grows."""
    day = day or timezone.localdate()
    visible = Partner.objects.visible_at(level).filter(current())
    names = visible.only(*NAMED, "parent").order_by("name", "pk")
    members = (
        GroupMembership.objects.on(day)
        .filter(partner__in=visible.values("pk"))
        .only("group", "partner")
        .order_by("partner__name", "pk")
        .prefetch_related(Prefetch("partner", names))
    )
    groups = Group.objects.only("code", "name", "about", "organisation").prefetch_related(
        Prefetch("memberships", members[: MANY + 1], to_attr="shown_members")
    )
    return linked(level, day=day).prefetch_related(
        Prefetch("parts", names[:MANY], to_attr="shown_parts"),
        Prefetch("member_groups", groups.order_by("name", "pk"), to_attr="shown_groups"),
        Prefetch("contact_points", contacts(level, day=day), to_attr="shown_contacts"),
    )


def called(code: str, level: Level) -> Partner | None:
    """The entry of this code; a database cannot even be asked for some that strangers send."""
    return None if "\0" in code else whole(level).filter(code=code).first()


def find(rows: QuerySet[Partner], level: Level, wanted: Mapping[str, str]) -> QuerySet[Partner]:
    """Those that still exist and fit what is wanted, by name; every door searches like this."""
    rows = rows.filter(current()).order_by("name", "pk")
    for name in ("type", "country"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("group"):
        rows = rows.filter(pk__in=members(wanted["group"]))
    return search.matching(rows, wanted.get("q", ""), level)


def after(rows: QuerySet[Partner], level: Level, code: str) -> QuerySet[Partner]:
    """The rows that follow this entry; from the beginning when the reader finds no such entry."""
    last = entries(level).filter(code=code).first() if code and "\0" not in code else None
    if last is None:
        return rows
    return rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))


def contacts(level: Level, *also: str, day: date | None = None) -> QuerySet[ContactPoint]:
    """Contact points that this level finds; people only for who sees people."""
    day = day or timezone.localdate()
    live = ContactPoint.objects.visible_at(level).filter(ended_at=None)
    found = _narrow(live, level, *also).order_by("duty", "pk")
    if sees("contactpoint", "holders", level):
        now = Holder.objects.filter(
            Q(until=None) | Q(until__gte=day), since__lte=day, erased_at=None
        )
        ordered = now.order_by("since", "pk")
        found = found.prefetch_related(Prefetch("holders", ordered, to_attr="shown_holders"))
    return found


def owned_contacts(level: Level, partners: QuerySet[Partner]) -> QuerySet[ContactPoint]:
    """The contact points of these partners, each with the code and name of its own."""
    found = contacts(level, "partner__code", "partner__name").select_related("partner")
    wanted = partners.order_by().values("pk")
    return found.filter(partner__in=wanted).order_by("partner__name", "partner_id", "pk")


def find_contact(uuid: UUID, level: Level) -> tuple[ContactPoint, str] | None:
    """A contact point and whose it is; None also when the owner is not for this reader."""
    point = contacts(level).filter(uuid=uuid).first()
    if point is None:
        return None
    if point.partner_id:
        owner = Partner.objects.visible_at(level).filter(current(), pk=point.partner_id)
        name = owner.values_list("name", flat=True).first()
    else:
        post = Post.objects.standing().visible_at(level).filter(pk=point.post_id)
        name = post.values_list("city", flat=True).first()
    return (point, name) if name else None


def describe(partner: Partner, level: Level) -> Entry:
    """The entry as this level reads it; of what `whole` loaded, and nothing else is looked up."""
    told = plain(partner, "partner", level)
    told |= {
        "parent": _named(getattr(partner, "shown_parent", None)),
        "parts": [_named(part) for part in getattr(partner, "shown_parts", ())],
        "groups": [_membership(one) for one in getattr(partner, "shown_memberships", ())],
        "members": [_group(one) for one in getattr(partner, "shown_groups", ())],
        "contact_points": [
            describe_contact(one, level) for one in getattr(partner, "shown_contacts", ())
        ],
        "channels": [
            {"name": one.name, "reference": one.reference}
            for one in getattr(partner, "shown_channels", ())
        ],
    }
    return shown("partner", told, level)


def describe_contact(point: ContactPoint, level: Level) -> Entry:
    told = plain(point, "contactpoint", level)
    told["holders"] = [
        shown("holder", plain(one, "holder", level), level)
        for one in getattr(point, "shown_holders", ())
    ]
    return shown("contactpoint", told, level)


def current() -> Q:
    """Those that still exist."""
    return Q(ended_on=None) | Q(ended_on__gt=timezone.localdate())


def members(group: str, *, day: date | None = None) -> QuerySet[Any]:
    """The keys of those that belong to a group on this day."""
    day = day or timezone.localdate()
    return GroupMembership.objects.on(day).filter(group__code=group).values("partner_id")


def last_updated(partners: Iterable[Partner]) -> date | None:
    """The day somebody last found one of these true, or else took it in."""
    days = [one.verified_on or timezone.localdate(one.created_at) for one in partners]
    return max(days, default=None)


def plain(entry: Model, table: str, level: Level) -> Entry:
    """The values of the columns that this level sees, of any table."""
    told: Entry = {}
    for name in fields(table, level):
        # Another entry is named only after its own visibility was asked.
        if name != "parent" and name in _columns(type(entry)):
            value = getattr(entry, name)
            told[name] = value if isinstance(value, bool | int | list | dict | date) else str(value)
            if value is None:
                told[name] = None
    return told


def _narrow(found: QuerySet[Any], level: Level, *also: str) -> QuerySet[Any]:
    """Asks the database for what this level sees and no more; people only where they are seen."""
    seen = columns(found.model, level)
    people = [name for name in ("verified_by", "keeper") if name in seen]
    named = [f"{name}__{column}" for name in people for column in ("name", "email")]
    return found.select_related(*people).only(*seen, *named, *also)


def _columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def _named(partner: Partner | None) -> Entry | None:
    if partner is None:
        return None
    return {"code": partner.code, "name": partner.name, "country": str(partner.country)}


def _membership(one: GroupMembership) -> Entry:
    return {"code": one.group.code, "name": one.group.name, "since": one.since}


def _group(group: Group) -> Entry:
    """A group of an organisation's members, as far as its page names them."""
    members = group.shown_members  # type: ignore[attr-defined]
    return {
        "code": group.code,
        "name": group.name,
        "about": group.about,
        "members": [_named(one.partner) for one in members[:MANY]],
        "more": len(members) > MANY,
    }
