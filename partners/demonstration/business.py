"""Demonstration of business help: questions in every state, notices, engagements, focus areas."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.utils import timezone
from PIL import Image

from partners import enquiry_permissions as permissions
from partners import focus_files
from partners.actions import engagements, enquiries, focus_areas, notices
from partners.actions.enquiry_files import Enclosed, look_at
from partners.models import Enquiry, FocusArea, Partner, Post
from portal import demonstration as people
from portal import reference
from portal.models import Organisation, User
from portal.sent_files import Sent

OWNER = "owner@business.example"
OFFICER, SUPERVISOR = "liaison@customs.example", "supervisor@customs.example"

# Topic, subject, question, and how far it has come.
QUESTIONS = (
    (
        "MARKET_ENTRY",
        "Papers for flat-pack furniture",
        "We want to sell flat-pack furniture made of pine. Which papers does customs ask for?",
        "waiting",
    ),
    (
        "STUCK_SHIPMENT",
        "Pallets that wait at the port",
        "Two pallets of spare parts have waited for a week. What is missing?",
        "asked_back",
    ),
    (
        "CONTACTS",
        "Whom to ask about labels",
        "Which authority answers questions about the labels of food?",
        "answered",
    ),
    (
        "SEMINAR",
        "A talk for our exporters",
        "Would the post speak to twelve exporters of our region in spring?",
        "closed",
    ),
)
ANSWERS = {
    "answered": "The ministry of food does. Its desk for labels has a form in English.",
    "closed": "Gladly. The post writes to you here with two days to choose from.",
}
NOTICES = (
    ("Cold stores look for equipment", "SG", "MACHINERY", 0, "published"),
    ("A fair for producers of cheese", "CN", "FOOD", 1, "published"),
    ("A call for parcel scanners", "BR", "ELECTRONICS", 1, "proposed"),
    ("Wind farms off the coast", "GB", "ENERGY", 0, "drafted"),
)


def tell(say: Callable[[str], None], *, patience: float = 0) -> None:
    """By what firms and officers do; told again it adds nothing."""
    people.require_demonstration()
    officer = User.objects.get(email=OFFICER)
    if not (reference.items("sector") and reference.items("enquiry_topic")):
        say("  the reference lists are not loaded, so there is no business help to show")
        return
    if not FocusArea.objects.filter(owner__isnull=False).exists():
        _own_areas(officer)
        _publish(officer)
        _engage(officer)
        say("  notices, engagements, a focus area with its owner")
    if Enquiry.objects.exists():
        return
    if not permissions.asked_posts().exists():
        say("  there is no post that a firm could ask")
        return
    person = _asker(patience)
    if person is None:
        say("  no memorandum is in force yet, so no firm asks a post")
        return
    _ask(person, officer)
    say(f"  questions of a firm to posts: {len(QUESTIONS)}, to read as {person.email}")


def _asker(patience: float) -> User | None:
    """Somebody of a firm whose memorandum is in force: agreements are made at the same time."""
    until = time.monotonic() + patience
    while True:
        found = User.objects.filter(
            is_active=True,
            is_staff=False,
            memberships__ended_at=None,
            memberships__organisation__standings__in_force=True,
        )
        if (person := found.order_by("pk").first()) or time.monotonic() >= until:
            return person
        time.sleep(2)


def _own_areas(officer: User) -> None:
    focus_files.load()
    area = FocusArea.objects.get(code="synthetic-drugs-export-post-australia")
    written = {name: getattr(area, name) for name in focus_areas.WRITTEN} | {"owner": officer}
    partners = list(area.partners.all())
    focus_areas.edit_focus_area(
        area=area, by=officer, version=area.version, partners=partners, **written
    )


def _ask(person: User, officer: User) -> None:
    firm = permissions.asking_firms(person)[0]
    posts = list(permissions.asked_posts().order_by("code"))
    for number, (topic, subject, text, state) in enumerate(QUESTIONS):
        enquiry = enquiries.ask(
            organisation=firm,
            post=posts[number % len(posts)],
            topic=topic,
            subject=subject,
            text=text,
            sent=[_quotation()] if number == 0 else [],
            by=person,
        )
        _bring(enquiry, state, officer)


def _quotation() -> Enclosed:
    """A page that says nothing, looked at like any other."""
    page = BytesIO()
    Image.new("RGB", (420, 594), "#fbfaf6").save(page, "PNG")
    return look_at(Sent("quotation.png", page.getvalue()))


def _bring(enquiry: Enquiry, state: str, officer: User) -> None:
    if state == "asked_back":
        text = "Which port is it, and what is the number of the transport document?"
        enquiries.ask_back(enquiry=enquiry, text=text, version=enquiry.version, by=officer)
    if state in ("answered", "closed"):
        text = ANSWERS[state]
        enquiry = enquiries.answer(enquiry=enquiry, text=text, version=enquiry.version, by=officer)
    if state == "closed":
        enquiries.close(enquiry=enquiry, outcome="helped", version=enquiry.version, by=officer)


def _publish(officer: User) -> None:
    supervisor = User.objects.get(email=SUPERVISOR)
    for title, country, sector, visibility, state in NOTICES:
        notice = notices.write_notice(
            by=officer,
            title=title,
            text="Made up for the demonstration.\n\nAsk the post for more.",
            country=country,
            sector=sector,
            visibility=visibility,
            last_day=timezone.localdate() + timedelta(days=60),
        )
        if state != "drafted":
            notice = notices.propose_notice(notice=notice, by=officer)
        if state == "published":
            notices.approve_notice(notice=notice, by=supervisor)
    person = User.objects.filter(email=OWNER).first()
    if person is not None and Organisation.objects.filter(memberships__user=person).exists():
        notices.subscribe(by=person, country="CN")


def _engage(officer: User) -> None:
    """One to come, one to write up, and one that is written up and followed up."""
    post = Post.objects.filter(type="attache").order_by("code").first()
    partner = Partner.objects.filter(code="WCO").first()
    if post is None and partner is None:
        return
    for days, title, kind, counterpart in (
        (14, "Working group on parcels", "forum", "forum"),
        (-2, "Visit to the container port", "visit", "local"),
        (-20, "Meeting with exporters", "meeting", "business"),
    ):
        begins = timezone.now() + timedelta(days=days)
        one = engagements.plan_engagement(
            by=officer,
            **_planned(kind=kind, counterpart=counterpart, title=title, starts_at=begins),
            partner=partner if kind == "forum" else None,
            post=post if kind != "forum" or partner is None else None,
        )
        if days > 0:
            continue
        present = [("Port authority", 3), ("Chamber of commerce", 2)]
        one = engagements.hold_engagement(engagement=one, by=officer, present=present)
        if days < -10:
            _write_up(one, officer, present)


def _planned(**fields: Any) -> dict[str, Any]:
    ends_at = fields["starts_at"] + timedelta(hours=2)
    return {"place": "To be agreed", "topics": "Parcels\nSeals", "ends_at": ends_at} | fields


def _write_up(one: Any, officer: User, present: list[tuple[str, int]]) -> None:
    minutes = "Exporters ask for one page on papers. The post writes it."
    engagements.write_up_engagement(engagement=one, by=officer, minutes=minutes, present=present)
    day = timezone.localdate() - timedelta(days=1)
    engagements.add_follow_up(
        engagement=one, by=officer, text="Write the page on papers", owner=officer, due_on=day
    )
