"""A named signatory lets another person of the firm sign, and the evidence says so."""

from __future__ import annotations

import pytest
from django.core import mail

from mou import evidence_report, signing_permissions
from mou.actions import applying, delegating, sealing, signatures
from mou.models import Delegation, Party
from mou.seats import table_of
from portal import actions, outbox
from portal.errors import DomainError, InvalidTransition, NotAllowed
from tests.factories import MembershipFactory
from tests.mou import flows

pytestmark = pytest.mark.django_db
WHY = "On leave until March; power of attorney of 2 November 2026."


def membership(cast, person):
    return cast.organisation.memberships.get(user=person)


def delegate(cast, *, to=None, by=None):
    return delegating.delegate_signing(
        mou=cast.agreement,
        delegate=membership(cast, cast.owner) if to is None else to,
        function="Chair of the board",
        reason=WHY,
        by=by or cast.signatory,
    )


def declaration(cast):
    return flows.declaration(cast, Party.BUSINESS, typed_name=cast.owner.name)


def test_delegate_signs_and_the_named_signatory_does_not(trust_service):
    cast = flows.sealed()
    delegate(cast)
    with pytest.raises(NotAllowed):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )
    made = signatures.sign(version=cast.version, declaration=declaration(cast), by=cast.owner)
    applying.apply_signature(signature=made)
    made.refresh_from_db()
    assert (made.status, made.signer_name) == ("stamped", cast.owner.name)
    assert made.evidence["delegation"]["name"] == cast.signatory.name
    assert made.evidence["delegation"]["reason"] == WHY


def test_delegation_stands_in_the_evidence_report(trust_service):
    cast = flows.sealed()
    delegate(cast)
    made = signatures.sign(version=cast.version, declaration=declaration(cast), by=cast.owner)
    applying.apply_signature(signature=made)
    made = signatures.countersign(
        version=cast.version,
        declaration=flows.declaration(cast, Party.ADMINISTRATION),
        by=cast.countersigner,
    )
    applying.apply_signature(signature=made)
    sealing.archive(version=cast.version)
    found = sealing.verification.verify(
        sealing.papers.read(cast.version, "archived"), roots=trust_service.roots
    )
    ours = evidence_report.report_of(cast.version, found)["signatures"][0]
    assert ours["name"] == cast.owner.name
    assert ours["evidence"]["delegation"]["name"] == cast.signatory.name
    assert found.signatures[1].who == cast.owner.name


@pytest.mark.parametrize("role", ["self", "member", "elsewhere", "left"])
def test_delegate_is_another_person_who_can_bind_the_firm(trust_service, role):
    cast = flows.sealed()
    people = {
        "self": lambda: membership(cast, cast.signatory),
        "member": lambda: MembershipFactory(organisation=cast.organisation),
        "elsewhere": lambda: MembershipFactory(signatory=True),
        "left": lambda: MembershipFactory(
            organisation=cast.organisation, signatory=True, ended_at=cast.agreement.created_at
        ),
    }
    with pytest.raises(DomainError):
        delegate(cast, to=people[role]())
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("who", ["owner", "caseworker", "countersigner"])
def test_delegation_is_the_named_signatorys(trust_service, who):
    cast = flows.sealed()
    with pytest.raises(NotAllowed):
        delegate(cast, by=getattr(cast, who))


def test_delegation_after_the_signature_or_before_the_document_is_refused(trust_service):
    with pytest.raises(InvalidTransition):
        delegate(flows.proposed())
    with pytest.raises(NotAllowed):
        delegate(flows.signed())


def test_delegation_again_replaces_the_first_and_leaves_one(trust_service):
    cast = flows.sealed()
    delegate(cast)
    other = MembershipFactory(organisation=cast.organisation, signatory=True)
    delegate(cast, to=other)
    [seat] = table_of(cast.version).seats
    assert seat.signer == other
    assert Delegation.objects.count() == 2


def test_delegate_who_left_after_the_page_was_shown_does_not_sign(trust_service):
    cast = flows.sealed()
    seen = MembershipFactory(organisation=cast.organisation, signatory=True)
    actions.end_membership(membership=seen, by=cast.owner)
    assert seen.ended_at is None
    with pytest.raises(DomainError):
        delegate(cast, to=seen)


def test_delegation_on_the_page_tells_all_and_waits_for_the_delegate(trust_service, client):
    cast = flows.sealed()
    client.force_login(cast.signatory)
    path = f"/mou/{cast.agreement.uuid}/"
    assert f"{path}sign/delegate/" in client.get(path).content.decode()
    data = {"delegate": membership(cast, cast.owner).pk, "function": "Chair", "reason": WHY}
    client.post(f"{path}sign/delegate/", data)
    assert f'{path}sign/"' not in client.get("/mou/").content.decode()
    client.force_login(cast.owner)
    assert f"{path}sign/" in client.get("/mou/").content.decode()
    assert WHY in client.get(path).content.decode()
    flows.deliver_all()
    told = {to for letter in mail.outbox for to in letter.to if "signs for" in letter.subject}
    assert told == {cast.owner.email, cast.signatory.email, cast.caseworker.email}


def test_delegation_ends_with_the_place_of_who_gave_it(trust_service):
    cast = flows.sealed()
    delegate(cast)
    actions.end_membership(membership=membership(cast, cast.signatory), by=cast.owner)
    assert not signing_permissions.can_sign(cast.owner, cast.version)


def test_signatory_signs_again_when_the_delegate_has_left(trust_service):
    cast = flows.sealed()
    other = MembershipFactory(organisation=cast.organisation, signatory=True)
    delegate(cast, to=other)
    actions.end_membership(membership=other, by=cast.owner)
    assert signing_permissions.can_sign(cast.signatory, cast.version)


def test_delegation_is_taken_back_by_who_gave_it(trust_service, client):
    cast = flows.sealed()
    delegate(cast)
    client.force_login(cast.signatory)
    path = f"/mou/{cast.agreement.uuid}/"
    assert f"{path}sign/delegate/back/" in client.get(path).content.decode()
    client.post(f"{path}sign/delegate/back/")
    [seat] = table_of(cast.version).seats
    assert seat.signer == membership(cast, cast.signatory)
    assert f"{path}sign/delegate/back/" not in client.get(path).content.decode()
    outbox.deliver_open()
    told = {one.to[0] for one in mail.outbox if one.subject.endswith("signs after all")}
    assert {cast.owner.email, cast.signatory.email} <= told
    with pytest.raises(NotAllowed):
        signatures.sign(version=cast.version, declaration=declaration(cast), by=cast.owner)
    signatures.sign(
        version=cast.version,
        declaration=flows.declaration(cast, Party.BUSINESS),
        by=cast.signatory,
    )


@pytest.mark.parametrize("who", ["owner", "caseworker", "countersigner"])
def test_delegation_is_not_taken_back_by_others(trust_service, who):
    cast = flows.sealed()
    delegate(cast)
    with pytest.raises(NotAllowed):
        delegating.take_delegation_back(mou=cast.agreement, by=getattr(cast, who))


def test_delegation_is_not_taken_back_once_the_delegate_signs_or_without_one(trust_service):
    cast = flows.sealed()
    with pytest.raises(NotAllowed):
        delegating.take_delegation_back(mou=cast.agreement, by=cast.signatory)
    delegate(cast)
    signatures.sign(version=cast.version, declaration=declaration(cast), by=cast.owner)
    with pytest.raises(NotAllowed):
        delegating.take_delegation_back(mou=cast.agreement, by=cast.signatory)
    assert Delegation.objects.get().ended_at is None
