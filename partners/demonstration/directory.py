"""Desks, people and hours for some entries of the directory; all of them made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from partners import hours
from partners.actions import contacts, keeping, partners
from partners.models import ContactPoint, Duty, Partner
from partners.visibility import Level
from portal.models import User

OFFICE = "Mon-Thu 08:30-16:30; Fri 08:30-15:00"


class Desk(NamedTuple):
    """A contact point and who holds it."""

    duty: Duty
    visibility: Level
    name: str
    holder: str = ""
    title: str = ""
    always_open: bool = False


GENERAL = Desk(Duty.GENERAL, Level.PUBLIC, "Information desk")
AEO = Desk(Duty.AEO, Level.PARTNER, "Desk for authorised traders")
# Code → name of its mailbox's domain, and its desks.
DESKS: dict[str, tuple[str, list[Desk]]] = {
    "ABF": ("border-au", [
        GENERAL,
        Desk(Duty.DRUGS, Level.LIAISON, "Parcels and synthetic drugs", "Kirra Waratah",
             "Head of parcels"),
        Desk(Duty.DUTY_DESK, Level.RESTRICTED, "Operations room", "Jarrah Coolabah", "On duty",
             always_open=True),
    ]),
    "customs:NL": ("customs-nl", [
        GENERAL,
        AEO,
        Desk(Duty.DRUGS, Level.LIAISON, "Team for containers", "Femke Duinzicht", "Team leader"),
        Desk(Duty.DATA_PROTECTION, Level.PUBLIC, "Privacy desk"),
    ]),
    "customs:DE": ("customs-de", [
        GENERAL,
        Desk(Duty.IPR, Level.PARTNER, "Desk for brands", "Jannis Birkenfeld", "Adviser"),
    ]),
    "customs:SG": ("customs-sg", [
        GENERAL,
        Desk(Duty.DRUGS, Level.LIAISON, "Transhipment desk", "Mei Lin Example", "Deputy head"),
    ]),
    "customs:FR": ("customs-fr", [GENERAL, AEO]),
    "OLAF": ("antifraud-eu", [
        GENERAL,
        Desk(Duty.DUTY_DESK, Level.LIAISON, "Intake of cases", "Oriana Example", "Case officer"),
    ]),
    "WCO": ("customs-world", [GENERAL]),
}  # fmt: skip
CHANNELS = {"ABF": "CENcomm", "customs:NL": "CENcomm", "OLAF": "AFIS", "customs:DE": "CIS"}
# Nobody has looked at these for seven months.
STALE = ("customs:FR", "customs:SG")


def fill(say: Callable[[str], None]) -> None:
    """Once; a second run finds it done."""
    if ContactPoint.objects.filter(partner__code__in=DESKS).exists():
        say("  the directory is filled already")
        return
    officer = User.objects.get(email="liaison@customs.example")
    for code, (domain, desks) in DESKS.items():
        partner = Partner.objects.filter(code=code).first()
        if partner is not None:
            _open(partner, domain, desks, officer)
            say(f"  {partner}: {len(desks)} desks")
    _grow_old()


@transaction.atomic
def _open(partner: Partner, domain: str, desks: list[Desk], officer: User) -> None:
    told: dict[str, Any] = {"hours": hours.parse(OFFICE), "keeper": officer}
    if channel := CHANNELS.get(partner.code):
        partners.add_channel(partner=partner, name=channel, reference="by its group", by=officer)
    for number, desk in enumerate(desks):
        point = contacts.add_contact(
            owner=partner,
            by=officer,
            values={
                "duty": desk.duty,
                "name": desk.name,
                "visibility": desk.visibility,
                "email": f"{desk.duty.replace('_', '-')}@{domain}.example",
                "phone": f"+00 000 00 {number + 10}",
                "languages": partner.languages[:2],
                "always_open": desk.always_open,
                "hours": {} if desk.always_open else told["hours"],
            },
        )
        if desk.holder:
            _hold(point, desk, domain, officer)
        keeping.confirm_entry(entry=point, by=officer)
    partner.refresh_from_db()
    partners.change_partner(
        partner=partner, values=told, version=partner.version, by=officer, confirm=True
    )


def _hold(point: ContactPoint, desk: Desk, domain: str, officer: User) -> None:
    contacts.name_holder(
        contact=point,
        name=desk.holder,
        title=desk.title,
        email=f"{desk.holder.split()[0].lower()}@{domain}.example",
        direct_line="+00 000 00 99",
        since=timezone.localdate() - timedelta(days=200),
        by=officer,
    )


def _grow_old() -> None:
    """No action turns the clock back: these days are written as they would have become."""
    found, due = (timezone.localdate() - timedelta(days=days) for days in (215, 31))
    old = Partner.objects.filter(code__in=STALE)
    old.update(verified_on=found, review_due=due)
    ContactPoint.objects.filter(partner__in=old).update(verified_on=found, review_due=due)
