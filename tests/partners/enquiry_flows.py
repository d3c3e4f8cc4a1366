"""Leads a firm's enquiry to a state by the real actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from partners.actions import enquiries as actions
from partners.actions.enquiry_files import Enclosed
from partners.models import Enquiry, Post
from portal import reference, reference_files, sent_files
from portal.models import ReferenceItem, Standing, User
from portal.sent_files import Sent
from tests.factories import MembershipFactory, UserFactory
from tests.honest_files import pdf
from tests.partners.factories import PostFactory, PostingFactory

PDF = pdf()


def paper() -> Enclosed:
    """A file that was looked at already."""
    return Enclosed(sent_files.know(Sent("a.pdf", PDF)), PDF, "unscanned", "")


@dataclass
class Cast:
    """A firm's person, the post that was asked, and the officer of the liaison desk."""

    person: User
    post: Post
    officer: User
    enquiry: Enquiry

    @property
    def now(self) -> Enquiry:
        return Enquiry.objects.get(pk=self.enquiry.pk)


def lists() -> None:
    """The topics as they are shipped, and the holidays of none."""
    if not ReferenceItem.objects.filter(list="enquiry_topic").exists():
        topics = reference_files.read(reference_files.FOLDER / "enquiry_topic.csv")
        ReferenceItem.objects.bulk_create(topics)
    reference.forget()


def partner_person(*, in_force: bool = True, **membership: Any) -> User:
    """Somebody of a firm whose memorandum is in force."""
    member = MembershipFactory(**membership)
    Standing.objects.get_or_create(
        organisation=member.organisation, programme="mou", defaults={"in_force": in_force}
    )
    return member.user


def posted(post: Post) -> User:
    """An officer without any role, posted there."""
    user = UserFactory(staff=True)
    PostingFactory(post=post, user=user, starts_on=timezone.localdate())
    return user


def told(person: User, post: Post, **fields: Any) -> dict[str, Any]:
    known = {
        "organisation": person.memberships.get().organisation,
        "post": post,
        "topic": "MARKET_ENTRY",
        "subject": "Cheese to Wellington",
        "text": "Which papers does the cheese need?",
    }
    return known | fields


def asked(**fields: Any) -> Cast:
    lists()
    person, post = partner_person(), fields.pop("post", None) or PostFactory()
    sent = fields.pop("sent", ())
    made = actions.ask(**told(person, post, **fields), sent=sent, by=person)
    return Cast(person, made.post, UserFactory(liaison_officer=True), made)


def answered(**fields: Any) -> Cast:
    cast = asked(**fields)
    version = cast.now.version
    actions.answer(enquiry=cast.enquiry, text="A health paper.", version=version, by=cast.officer)
    return cast


def asked_back(**fields: Any) -> Cast:
    cast = asked(**fields)
    version = cast.now.version
    actions.ask_back(enquiry=cast.enquiry, text="Which cheese?", version=version, by=cast.officer)
    return cast


def closed(**fields: Any) -> Cast:
    cast = answered(**fields)
    version = cast.now.version
    actions.close(enquiry=cast.enquiry, outcome="helped", version=version, by=cast.officer)
    return cast


AT = {"waiting": asked, "asked_back": asked_back, "answered": answered, "closed": closed}
