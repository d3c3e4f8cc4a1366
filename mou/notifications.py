"""Who is told of what: event → recipients, template, ids. Nothing confidential is mailed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from mou.models import (
    Cover,
    Interest,
    Mou,
    MouOffer,
    Signature,
)
from mou.recipients import (
    Recipients,
    Thing,
    association,
    binding,
    caseworker,
    countersigners,
    due_signers,
    owners,
    signatory,
    signers,
    supervisors,
)
from portal import mail, outbox
from portal.models import User

EVENTS: dict[str, tuple[Recipients, ...]] = {
    "accepted": (owners, caseworker),
    "declined": (owners, caseworker),
    "offer_withdrawn": (owners,),
    "offer_reminded": (owners,),
    "component_changed": (owners,),
    "signatory_named": (signatory, caseworker),
    "proposed": (owners, signatory),
    "firm_negotiated": (caseworker,),
    "office_negotiated": (owners,),
    "returned": (caseworker,),
    "agreed": (owners, signatory, caseworker),
    "reopened": (owners, signatory),
    "sealed": (signatory,),
    "signing_delegated": (owners, signatory, caseworker),
    "delegation_taken_back": (binding, caseworker),
    "signing_due": (due_signers,),
    "signing_declined": (owners, signatory, caseworker),
    "signing_expired": (owners, signatory, caseworker),
    "signed_in_part": (owners, signatory),
    "signed": (owners, signatory, countersigners),
    "countersigned": (owners, signatory, caseworker),
    "archived": (owners, signatory, caseworker, signers),
    "withdrawn": (owners, signatory, caseworker),
    "amendment_opened": (owners, signatory, caseworker),
    "amendment_dropped": (owners, signatory, caseworker),
    "amended": (owners, signatory, caseworker, signers),
    "firm_renamed": (owners, signatory, caseworker),
    "survey_submitted": (caseworker,),
    "survey_returned": (owners,),
    "survey_accepted": (owners,),
    "risks_shared": (owners,),
    "planned_by_office": (owners, signatory),
    "planned_by_firm": (caseworker,),
    "measure_due": (owners, caseworker),
    "contacts_due": (owners, caseworker),
    "review_opened": (owners, caseworker),
    "review_due": (owners, caseworker),
    "review_answered": (caseworker,),
    "review_closed": (owners, signatory),
    "ending": (owners, signatory, caseworker),
    "expired": (owners, signatory, caseworker),
    "notice_given": (owners, signatory, caseworker),
    "notice_taken_back": (owners, signatory, caseworker),
    "termination_proposed": (supervisors,),
    "termination_refused": (caseworker,),
    "terminated": (owners, signatory, caseworker),
    "rebased": (owners, signatory, caseworker),
    "suspended": (owners, signatory, caseworker),
    "assigned": (caseworker,),
    "reinstated": (owners, signatory, caseworker),
    "feedback_given": (binding,),
    "alert_delivered": (binding,),
    "alert_reminded": (binding,),
    "alert_withdrawn": (binding,),
    "training_offered": (binding,),
    "training_cancelled": (binding,),
    "member_named": (owners, caseworker),
    "member_confirmed": (association, caseworker),
    "member_declined": (association,),
    "member_left": (association, caseworker),
    "member_removed": (owners,),
    "member_refused": (owners, association),
    "cover_suspended": (owners,),
    "cover_reinstated": (owners,),
    "cover_ended": (owners,),
}


KINDS: dict[str, type[Thing]] = {"mou": Mou, "offer": MouOffer, "cover": Cover}


def notify(
    event: str,
    *,
    mou: Mou | None = None,
    offer: MouOffer | None = None,
    cover: Cover | None = None,
    signature: Signature | None = None,
    occasion: str = "",
) -> None:
    """Promise to tell everybody concerned, in the caller's transaction.

    The worker finds the recipients: the site's database role cannot see who works at the desk.
    With an `occasion` the same news is told once, however often it is promised.
    """
    thing = mou or offer or cover
    assert thing is not None  # noqa: S101 - every event is about one of the three
    # The state guards the event: each call is a new occasion, such as a second suspension.
    occasion = occasion or secrets.token_hex(8)
    outbox.enqueue(
        "mou.tell",
        key=key_of(event, thing, occasion),
        event=event,
        kind=next(kind for kind, model in KINDS.items() if isinstance(thing, model)),
        thing_id=thing.pk,
        occasion=occasion,
        signer_id=signature.signer_id if signature is not None else None,
    )


def key_of(event: str, thing: Thing, occasion: str) -> str:
    """What names one piece of news: promised again under it, nothing more happens."""
    return f"mou.{event}:{thing.pk}:{occasion}"


def tell(*, event: str, kind: str, thing_id: int, occasion: str, signer_id: int | None) -> None:
    """Worker: promise one message to each recipient; run twice, it promises the same ones."""
    thing = _thing(kind, thing_id)
    if signer_id is not None:
        recipients: Iterable[User] = User.objects.filter(pk=signer_id)
    else:
        recipients = {user.pk: user for find in EVENTS[event] for user in find(thing)}.values()
    for user in recipients:
        key = f"mou.{event}:{thing.pk}:{occasion}:{user.pk}"
        outbox.enqueue(
            "mou.send_mail",
            key=key,
            mail_key=key,
            event=event,
            kind=kind,
            thing_id=thing.pk,
            user_id=user.pk,
        )


def _thing(kind: str, thing_id: int) -> Thing:
    beside = ["mou__organisation"] if kind == "cover" else ["programme"]
    found = KINDS[kind]._default_manager.select_related("organisation", *beside)
    return found.get(pk=thing_id)


def send(*, mail_key: str, event: str, kind: str, thing_id: int, user_id: int) -> None:
    """Send one promised message."""
    thing = _thing(kind, thing_id)
    user = User.objects.get(pk=user_id)
    mail.send(
        template=f"mou/emails/{event}",
        to=user,
        key=mail_key,
        organisation=thing.organisation,
        thing=thing,
        url=_url(thing, user),
    )


def tell_firm(event: str, *, offer: MouOffer) -> None:
    """Promise to tell the firm of its offer: its owners, else the address that it was sent to."""
    if any(True for _owner in owners(offer)):
        notify(event, offer=offer)
        return
    occasion = secrets.token_hex(8)
    key = key_of(event, offer, occasion)
    outbox.enqueue("mou.tell_contact", key=key, event=event, offer_id=offer.pk, occasion=occasion)


def tell_contact(*, event: str, offer_id: int, occasion: str = "") -> None:
    """Worker: write to the address of an offer while nobody of the firm has an account."""
    offer = _thing("offer", offer_id)
    assert isinstance(offer, MouOffer)  # noqa: S101 - its kind was asked for
    mail.send(
        template=f"mou/emails/{event}",
        to=offer.contact_email,
        key=f"mou.{event}:{offer_id}:{occasion}",
        organisation=offer.organisation,
        thing=offer,
        url="",
    )


def tell_of_interest(event: str, interest: Interest) -> None:
    """Promise to tell of what became of an expression of interest, in the caller's transaction."""
    key = f"mou.{event}:{interest.pk}"
    outbox.enqueue("mou.tell_interest", key=key, event=event, interest_id=interest.pk)


def send_interest(*, event: str, interest_id: int) -> None:
    """Worker: to the officers who decide, or to the address that was given."""
    interest = Interest.objects.get(pk=interest_id)
    url = settings.OFFICE_URL + reverse("admin:mou_interest_change", args=[interest.pk])
    people: Iterable[User | str] = User.objects.holding("caseworker")
    if event == "interest_review_sought":
        people = User.objects.holding("supervisor")
    if event in ("interest_refused", "interest_upheld"):
        people = [interest.email]
        url = settings.SITE_URL + reverse("interest_review", args=[interest.token])
    for one in people:
        mail.send(
            template=f"mou/emails/{event}",
            to=one,
            key=f"mou.{event}:{interest.pk}",
            firm=interest.firm_name,
            until=interest.review_until,
            url=url,
        )


def _url(thing: Thing, user: User) -> str:
    """The page behind a login where the reader goes on."""
    if isinstance(thing, Cover):
        return _url_of_cover(thing, user)
    if user.is_staff:
        name = f"admin:mou_{thing._meta.model_name}_change"
        return settings.OFFICE_URL + reverse(name, args=[thing.pk])
    name = "mou:offer" if isinstance(thing, MouOffer) else "mou:agreement"
    return settings.SITE_URL + reverse(name, args=[thing.uuid])


def _url_of_cover(cover: Cover, user: User) -> str:
    """The firm has its own page of it; its association and the desk have the list of members."""
    if user.is_staff:
        return settings.OFFICE_URL + reverse("admin:mou_mou_members", args=[cover.mou_id])
    if cover.organisation.memberships.filter(user=user, ended_at=None).exists():
        return settings.SITE_URL + reverse("mou:cover", args=[cover.uuid])
    return settings.SITE_URL + reverse("mou:members", args=[cover.mou.uuid])
