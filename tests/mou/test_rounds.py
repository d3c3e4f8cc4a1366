"""A round of signing that ends without signatures: declined by either side, or out of time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from mou.actions import clock, rounds, signatures
from mou.lifecycle import MouStatus, SignatureStatus, VersionStatus
from mou.models import Mou, MouVersion, Party
from portal.errors import DomainError, InvalidTransition, NotAllowed
from tests.mou import flows
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
WHY = "The board wants another notice period."


def decline(cast, by, reason=WHY):
    return rounds.decline_to_sign(mou=cast.agreement, reason=reason, by=by)


def told() -> set[str]:
    flows.deliver_all()
    return {to for letter in mail.outbox for to in letter.to if "not signed" in letter.subject}


def test_decline_by_the_signatory_sends_the_text_back_and_tells_all(trust_service):
    cast = flows.sealed()
    decline(cast, cast.signatory)
    assert cast.agreement.status == MouStatus.PREPARATION
    assert cast.agreement.remark == WHY
    assert MouVersion.objects.get(mou=cast.agreement).status == VersionStatus.VOID
    assert told() == {cast.owner.email, cast.signatory.email, cast.caseworker.email}


def test_decline_by_the_countersigner_voids_the_firms_signature(trust_service):
    cast = flows.signed()
    decline(cast, cast.countersigner)
    signature = MouVersion.objects.get(mou=cast.agreement).signatures.get()
    assert signature.status == SignatureStatus.VOID
    assert cast.signatory.email in told()


@pytest.mark.parametrize("who", ["owner", "caseworker", "signatory"])
def test_decline_is_for_who_has_to_sign_now(trust_service, who):
    cast = flows.signed()
    with pytest.raises(NotAllowed):
        decline(cast, getattr(cast, who))
    assert cast.agreement.status == MouStatus.SIGNING


def test_decline_without_a_reason_is_refused(trust_service):
    cast = flows.sealed()
    with pytest.raises(DomainError, match="reason"):
        decline(cast, cast.signatory, "  ")


def test_decline_while_the_own_signature_is_being_made_is_refused(trust_service):
    cast, _signature = flows.authorised()
    with pytest.raises(NotAllowed):
        decline(cast, cast.signatory)


def test_decline_after_both_signed_is_refused(trust_service):
    cast = flows.countersigned()
    with pytest.raises(NotAllowed):
        decline(cast, cast.countersigner)
    assert cast.version.status == VersionStatus.SEALING


def test_decline_before_there_is_a_document_is_no_step():
    cast = flows.proposed()
    with pytest.raises(InvalidTransition):
        decline(cast, cast.signatory)


def test_decline_on_the_page_shows_the_reason_to_both_sides(trust_service, client):
    cast = flows.sealed()
    client.force_login(cast.signatory)
    path = f"/mou/{cast.agreement.uuid}/"
    assert f"{path}sign/decline/" in client.get(path).content.decode()
    client.post(f"{path}sign/decline/", {"reason": WHY})
    assert WHY in client.get(path).content.decode()
    at_the_desk(client, cast.caseworker)
    assert WHY in client.get(f"/admin/mou/mou/{cast.agreement.pk}/change/").content.decode()


def test_decline_at_the_desk(trust_service, client):
    cast = flows.signed()
    at_the_desk(client, cast.countersigner)
    path = f"/admin/mou/mou/{cast.agreement.pk}/decline-to-sign/"
    assert client.get(path).status_code == 200
    client.post(path, {"reason": WHY})
    assert cast.agreement.remark == WHY


def test_round_says_its_last_day_to_who_has_to_sign(trust_service, client):
    cast = flows.sealed()
    day = timezone.localdate() + timedelta(days=cast.agreement.programme.signing_days)
    assert cast.version.sign_by == day
    client.force_login(cast.signatory)
    assert f"{day:%-d %B %Y}" in client.get(f"/mou/{cast.agreement.uuid}/").content.decode()


def later(cast, days):
    """At noon of that day: an hour before midnight, the change to summer time makes it the next."""
    noon = timezone.localtime().replace(hour=12)
    return time_machine.travel(noon + timedelta(days=days), tick=False)


def test_round_out_of_time_is_void_and_all_are_told_once(trust_service):
    cast = flows.signed()
    with later(cast, cast.agreement.programme.signing_days + 1):
        clock.lead_on()
        clock.lead_on()
        flows.deliver_all()
    assert cast.agreement.status == MouStatus.PREPARATION
    assert "ran out" in cast.agreement.remark
    letters = [one.to for one in mail.outbox if "ran out" in one.subject]
    assert sorted(to for [to] in letters) == sorted(
        [cast.owner.email, cast.signatory.email, cast.caseworker.email]
    )


def test_round_lasts_through_its_last_day_and_reminds_who_has_to_sign(trust_service):
    cast = flows.sealed()
    with later(cast, cast.agreement.programme.signing_days):
        clock.lead_on()
        clock.lead_on()
        flows.deliver_all()
    assert cast.agreement.status == MouStatus.SIGNING
    letters = [one.to for one in mail.outbox if "still waits" in one.subject]
    assert letters == [[cast.signatory.email]]


def test_round_out_of_time_waits_for_a_signature_that_is_being_made(trust_service):
    cast, _signature = flows.authorised()
    with later(cast, cast.agreement.programme.signing_days + 1):
        clock.lead_on()
        assert Mou.objects.get().status == MouStatus.SIGNING


def test_sign_after_the_last_day_is_refused_before_the_clock_comes_by(trust_service):
    cast = flows.sealed()
    declared = flows.declaration(cast, Party.BUSINESS)
    with (
        later(cast, cast.agreement.programme.signing_days + 1),
        pytest.raises(DomainError, match="time for signing is over"),
    ):
        signatures.sign(version=cast.version, declaration=declared, by=cast.signatory)


def test_decline_at_the_desk_waits_for_a_signature_that_is_being_made(trust_service):
    cast, _signature = flows.authorised()
    with pytest.raises(NotAllowed):
        decline(cast, cast.countersigner)
