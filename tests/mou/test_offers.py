"""Offers: once a firm, sent when an address is known, counted when sent."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from mou import obstacles
from mou.actions import clock, offers
from mou.lifecycle import OfferStatus
from mou.models import Basis, MouOffer
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import Invitation, OutboxMessage
from tests.factories import InvitationFactory, OrganisationFactory, UserFactory
from tests.mou import flows

pytestmark = pytest.mark.django_db


def make(email="first@business.example", organisation=None, **fields):
    organisation = organisation or OrganisationFactory()
    return offers.offer(
        organisation=organisation,
        programme=flows.programme(),
        basis=Basis.OUTREACH,
        contact_email=email,
        contact_source="register import",
        **({"by": UserFactory(caseworker=True)} | fields),
    )


def test_second_officer_who_offers_is_told_who_was_first():
    organisation, first = OrganisationFactory(), UserFactory(caseworker=True, name="Ada Holm")
    make(organisation=organisation, by=first)
    said = r"Ada Holm was first: .* has an offer already, since"
    with pytest.raises(AlreadyDone, match=said), transaction.atomic():
        make(organisation=organisation)
    with pytest.raises(AlreadyDone, match="Ada Holm was first"):
        obstacles.demand_none(flows.programme(), organisation)
    assert make(organisation=organisation, by=None) == MouOffer.objects.get()


def test_officer_is_told_of_an_offer_that_no_officer_made():
    organisation = OrganisationFactory()
    make(organisation=organisation, by=None)
    with pytest.raises(AlreadyDone, match="has an offer already, since"), transaction.atomic():
        make(organisation=organisation)


def test_offer_that_ends_while_another_is_made_is_no_error(monkeypatch):
    """The live one that the database refused the new one for is gone when it is looked for."""
    organisation = OrganisationFactory()
    live = make(organisation=organisation)
    find, looked = MouOffer.objects.filter, []

    def found(**fields):
        if "status__in" in fields and not looked:
            looked.append(find(pk=live.pk).update(status="withdrawn"))
        return find(**fields)

    monkeypatch.setattr(MouOffer.objects, "filter", found)
    assert make(organisation=organisation) != live
    assert looked == [1]


def test_offer_with_an_address_is_sent_with_an_invitation_and_then_counts():
    offer = make()
    assert not MouOffer.objects.offered().exists()
    flows.deliver_all()
    offer.refresh_from_db()
    assert (offer.status, len(mail.outbox)) == (OfferStatus.SENT, 1)
    assert "/accounts/invitation/" in mail.outbox[0].body
    assert Invitation.objects.get().email == "first@business.example"
    assert list(MouOffer.objects.offered()) == [offer]


def test_send_offer_again_after_a_kill_repeats_the_same_message():
    offer = make()
    offers.send_offer(offer=offer)
    MouOffer.objects.update(status=OfferStatus.UNSENT, sent_at=None)
    offers.send_offer(offer=offer)
    identities = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert (len(mail.outbox), len(identities)) == (2, 1)
    assert Invitation.objects.count() == 1


def test_offer_without_an_address_waits_until_one_is_entered():
    offer = make(email="")
    flows.deliver_all()
    offer.refresh_from_db()
    assert (offer.status, len(mail.outbox)) == (OfferStatus.UNSENT, 0)
    by = UserFactory(caseworker=True)
    offers.enter_contact(offer=offer, email="Late@Business.example", source="By phone", by=by)
    flows.deliver_all()
    offer.refresh_from_db()
    assert (offer.status, mail.outbox[0].to) == (OfferStatus.SENT, ["late@business.example"])


def test_enter_contact_is_a_caseworkers():
    with pytest.raises(NotAllowed):
        offers.enter_contact(
            offer=make(email=""), email="a@b.example", source="-", by=UserFactory(supervisor=True)
        )


def test_offer_to_a_person_of_the_firm_opens_a_login():
    owner = UserFactory()
    make(email=owner.email, organisation=OrganisationFactory(owner=owner))
    flows.deliver_all()
    assert "/mou/offers/" in mail.outbox[0].body
    assert not Invitation.objects.exists()


def test_offer_on_a_certificate_of_tomorrow_waits_for_its_day(time_machine):
    organisation = OrganisationFactory()
    status = flows.trust_status(organisation)
    status.effective_from = timezone.localdate() + timedelta(days=1)
    status.save()
    make(organisation=organisation, trust_status=status)
    MouOffer.objects.update(basis=Basis.TRUST_STATUS)
    assert (
        clock.lead("send_offer"),
        OutboxMessage.objects.filter(task="mou.send_offer").count(),
    ) == (
        0,
        0,
    )
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert clock.lead("send_offer") == 1


def test_withdraw_offer_makes_room_for_another():
    offer = make()
    by = UserFactory(caseworker=True)
    offers.withdraw_offer(offer=offer, reason="Wrong firm", by=by)
    assert make(organisation=offer.organisation).pk != offer.pk


def test_send_again_replaces_the_invitation():
    offer = make()
    flows.deliver_all()
    offers.send_again(offer=offer, by=UserFactory(caseworker=True))
    flows.deliver_all()
    assert len(mail.outbox) == 2
    assert Invitation.objects.filter(revoked_at=None).count() == 1


def test_send_offer_whose_address_changed_meanwhile_is_tried_with_the_new_one(monkeypatch):
    offer = make()
    real = offers.mail.send

    def send_and_change(**message):
        real(**message)
        MouOffer.objects.filter(pk=offer.pk).update(contact_email="second@business.example")

    monkeypatch.setattr(offers.mail, "send", send_and_change)
    flows.deliver_all()
    flows.deliver_all()
    offer.refresh_from_db()
    assert offer.status == OfferStatus.SENT
    assert [message.to[0] for message in mail.outbox] == [
        "first@business.example",
        "second@business.example",
    ]


def test_send_offer_killed_after_the_mail_sends_the_same_message_again(monkeypatch):
    make()
    with monkeypatch.context() as patch:
        patch.setattr(offers.audit, "record", None)
        flows.deliver_all()
    flows.deliver_all()
    assert MouOffer.objects.offered().count() == 1
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert len({message.body for message in mail.outbox}) == 1
    assert Invitation.objects.count() == 1


def test_send_offer_on_a_suspended_certificate_waits_for_its_reinstatement():
    organisation = OrganisationFactory()
    status = flows.trust_status(organisation, "S")
    type(status).objects.update(security="suspended")
    status.refresh_from_db()
    offer = make(organisation=organisation, trust_status=status)
    flows.deliver_all()
    offer.refresh_from_db()
    assert offer.status == OfferStatus.UNSENT
    type(status).objects.update(security="valid")
    assert clock.lead("send_offer") == 1
    flows.deliver_all()
    offer.refresh_from_db()
    assert offer.status == OfferStatus.SENT


def test_enter_contact_needs_to_say_how_it_was_checked():
    with pytest.raises(DomainError, match="how you checked"):
        offers.enter_contact(
            offer=make(""), email="a@b.example", source=" ", by=UserFactory(caseworker=True)
        )


def test_withdraw_offer_closes_the_invitation_and_the_contact_is_told():
    offer = make()
    flows.deliver_all()
    offers.withdraw_offer(offer=offer, reason="Sent in error", by=UserFactory(caseworker=True))
    flows.deliver_all()
    assert Invitation.objects.get().revoked_at
    assert mail.outbox[-1].to == ["first@business.example"]
    assert "withdrawn" in mail.outbox[-1].subject


def test_enter_contact_of_an_officer_is_refused():
    by = UserFactory(caseworker=True)
    with pytest.raises(DomainError, match="officer"):
        offers.enter_contact(offer=make(""), email=by.email.upper(), source="x", by=by)


def test_send_offer_to_a_firm_with_owners_tells_them_and_adds_no_owner():
    owner = UserFactory()
    make("stranger@elsewhere.example", organisation=OrganisationFactory(owner=owner))
    flows.deliver_all()
    assert [message.to for message in mail.outbox] == [[owner.email]]
    assert "/mou/offers/" in mail.outbox[0].body
    assert not Invitation.objects.exists()
    assert MouOffer.objects.offered().count() == 1


def test_send_offer_uses_no_invitation_for_a_lesser_part():
    organisation = OrganisationFactory()
    email = "first@business.example"
    lesser = InvitationFactory(organisation=organisation, email=email)
    make(email, organisation=organisation)
    flows.deliver_all()
    lesser.refresh_from_db()
    assert lesser.revoked_at
    assert Invitation.objects.get(revoked_at=None).role == "owner"
