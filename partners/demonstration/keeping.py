"""Demonstration of a directory that is kept: what is due, and a duty with its former holders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from partners.actions import contacts, files, keeping, partners
from partners.models import ContactPoint, Partner
from portal import demonstration as people
from portal.dates import add_months
from portal.models import User

OFFICER = "liaison@customs.example"
CODE = "demo:harbour"
# Fictitious people, oldest first: so many months ago the term began.
TERMS = (
    ("Tomasina Grell", "Head of liaison", 40),
    ("Aurelio Vantongeren", "Acting head of liaison", 22),
    ("Ines Okonjo-Brandt", "Head of liaison", 9),
)
# A list as it comes from a partner: one new entry, one line that is wrong.
LIST = (
    "record,code,name,type,country,duty,mailbox,hours\r\n"
    "partner,demo:lakes,Lakeland Customs (demonstration),customs,,,,Mon-Fri 08:00-16:00\r\n"
    "contact,demo:harbour,,,,aeo,aeo@harbour.example,Mon-Fri 9 to 5\r\n"
)


def tell(say: Callable[[str], None]) -> None:
    """By what an officer does; told again it adds nothing."""
    people.require_demonstration()
    if Partner.objects.filter(code=CODE).exists():
        return
    officer = User.objects.get(email=OFFICER)
    partner = partners.add_partner(
        code=CODE,
        values={
            "name": "Harbour Republic Customs (demonstration)",
            "type": "customs",
            "area": "A country that does not exist",
            "about": "A customs administration made up to show the directory.",
            "languages": ["en", "fr"],
            "time_zone": "Europe/Lisbon",
            "hours": {str(day): [["08:30", "12:30"], ["13:30", "17:00"]] for day in range(5)},
        },
        by=officer,
    )
    channel = {"name": "CENcomm", "reference": "Group “Harbour demonstration”"}
    partners.add_channel(partner=partner, by=officer, **channel)
    keeping.confirm_entry(entry=partner, by=officer)
    _people(partner, officer)
    _overdue(partner, officer)
    files.send_file(
        file_name="harbour-contacts.csv", data=LIST.encode(), partner=None, duty="", by=officer
    )
    say("Directory: a partner with former holders, entries to confirm, a file to look at.")


def _people(partner: Partner, officer: User) -> None:
    today = timezone.localdate()
    liaison = contacts.add_contact(
        owner=partner,
        values={
            "duty": "general",
            "name": "International liaison",
            "email": "liaison@harbour.example",
        },
        by=officer,
    )
    for name, title, months in TERMS:
        contacts.name_holder(
            contact=liaison,
            name=name,
            title=title,
            email=f"{name.split()[0].lower()}@harbour.example",
            direct_line="",
            since=add_months(today, -months),
            replaces=True,
            by=officer,
        )
    keeping.confirm_entry(entry=liaison, by=officer)


def _overdue(partner: Partner, officer: User) -> None:
    """Confirmed long ago; the day is the only thing that no action can set."""
    late = timezone.localdate() - timedelta(days=20)
    for duty, name in (("drugs", "Drugs unit"), ("duty_desk", "Operations room")):
        contact = contacts.add_contact(
            owner=partner,
            values={"duty": duty, "name": name, "email": f"{duty}@harbour.example"},
            by=officer,
        )
        keeping.confirm_entry(entry=contact, by=officer)
        ContactPoint.objects.filter(pk=contact.pk).update(
            verified_on=add_months(late, -6), review_due=late
        )
