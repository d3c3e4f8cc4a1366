"""The letters of the agreements: each event has its own, short, and gives nothing away."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from mou import notifications
from mou.lifecycle import SignatureStatus
from mou.models import Cover, Signature
from tests.factories import OrganisationFactory
from tests.mou import flows

pytestmark = pytest.mark.django_db
EVENTS = [*notifications.EVENTS, "signature_lapsed", "signature_refused"]
OF_OFFERS = {"declined", "offer_withdrawn", "offer_reminded", "component_changed"}

OF_COVERS = {event for event in notifications.EVENTS if event.startswith(("member_", "cover_"))}


def _thing(event, cast):
    """What the event is about; of a member firm the owner is the reader as well."""
    if event in OF_COVERS:
        firm = OrganisationFactory(owner=cast.owner)
        told = {"named_as": firm.legal_name, "named_by": cast.owner}
        cover = Cover.objects.create(mou=cast.agreement, organisation=firm, **told)
        return "cover", cover
    return ("offer", cast.offer) if event in OF_OFFERS else ("mou", cast.agreement)


@pytest.mark.parametrize("event", EVENTS)
def test_letter_of_each_event_leads_to_a_login_and_nowhere_else(event, settings):
    cast = flows.proposed()
    kind, thing = _thing(event, cast)

    notifications.send(
        mail_key="key", event=event, kind=kind, thing_id=thing.pk, user_id=cast.owner.pk
    )

    [letter] = mail.outbox
    [page] = re.findall(r"https?://\S+", letter.body)
    folder = {"offer": "offers/", "cover": "covers/"}.get(kind, "")
    assert page == f"{settings.SITE_URL}/mou/{folder}{thing.uuid}/"
    assert thing.organisation.legal_name in letter.subject
    assert page in letter.alternatives[0].content


@pytest.mark.parametrize("event", EVENTS)
def test_letter_carries_no_content_of_the_agreement(event):
    cast = flows.proposed()
    cast.mou.remark = cast.mou.end_reason = "A secret remark"
    cast.mou.save()
    kind, thing = _thing(event, cast)

    notifications.send(
        mail_key="key", event=event, kind=kind, thing_id=thing.pk, user_id=cast.owner.pk
    )

    letter = mail.outbox[0].body + str(mail.outbox[0].alternatives[0].content)
    for secret in ("A secret remark", cast.owner.name, cast.signatory.name, cast.caseworker.name):
        assert secret not in letter
    assert cast.version.content["clauses"][0]["paragraphs"][0] not in letter


def test_letter_to_an_officer_leads_to_the_desk(settings):
    cast = flows.proposed()

    notifications.send(
        mail_key="key",
        event="returned",
        kind="mou",
        thing_id=cast.agreement.pk,
        user_id=cast.caseworker.pk,
    )

    assert f"{settings.OFFICE_URL}/admin/mou/mou/{cast.agreement.pk}/change/" in mail.outbox[0].body


def test_letter_of_a_lapsed_signature_goes_to_its_signer_alone(trust_service):
    cast, signature = flows.authorised()
    Signature.objects.filter(pk=signature.pk).update(expires_at="2020-01-01T00:00Z")

    flows.deliver_all()
    flows.deliver_all()

    assert Signature.objects.get().status == SignatureStatus.LAPSED
    [letter] = [one for one in mail.outbox if "sign again" in one.subject]
    assert letter.to == [cast.signatory.email]
