"""The verbs of an agreement: who may, when, what is written, what is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mou.actions import agreements, applying, drafting, sealing, signatures
from mou.lifecycle import MouStatus, OfferStatus, SignatureStatus, VersionStatus
from mou.models import Mou, MouVersion, Party, Signature
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, OutboxMessage, Standing
from tests.factories import MembershipFactory, UserFactory
from tests.mou import flows

pytestmark = pytest.mark.django_db


def events(target):
    return list(
        AuditEvent.objects.filter(
            target_type=target._meta.label_lower, target_id=str(target.pk)
        ).values_list("event", flat=True)
    )


def test_accept_opens_an_agreement_once():
    cast = flows.accepted()
    assert cast.agreement.status == MouStatus.PREPARATION
    assert cast.agreement.required_component == "S"
    assert events(cast.offer) == ["accepted"]
    with pytest.raises(InvalidTransition):
        agreements.accept(offer=cast.offer, by=cast.owner)
    assert Mou.objects.count() == 1


@pytest.mark.parametrize("who", ["signatory", "caseworker", "stranger"])
def test_accept_is_the_owners(who):
    cast = flows.offered()
    person = UserFactory() if who == "stranger" else getattr(cast, who)
    with pytest.raises(NotAllowed):
        agreements.accept(offer=cast.offer, by=person)


def test_accept_on_a_suspended_certificate_is_refused():
    cast = flows.offered()
    cast.offer.trust_status.security = "suspended"
    cast.offer.trust_status.save()
    with pytest.raises(DomainError, match="not valid now"):
        agreements.accept(offer=cast.offer, by=cast.owner)
    cast.offer.refresh_from_db()
    assert cast.offer.status == OfferStatus.SENT


def test_accept_without_any_trust_status_needs_none():
    cast = flows.accepted(trusted=False)
    assert cast.agreement.required_component == ""


def test_decline_keeps_the_reason():
    cast = flows.offered()
    offer = agreements.decline(offer=cast.offer, by=cast.owner, reason="We are closing down.")
    assert (offer.status, offer.decline_reason) == (OfferStatus.DECLINED, "We are closing down.")


def test_name_signatory_takes_a_signatory_of_the_firm():
    cast = flows.named()
    assert cast.agreement.signatory.user == cast.signatory


@pytest.mark.parametrize("role", ["member", "elsewhere", "left"])
def test_name_signatory_refuses_who_cannot_bind_the_firm(role):
    cast = flows.accepted()
    membership = {
        "member": lambda: MembershipFactory(organisation=cast.organisation),
        "elsewhere": lambda: MembershipFactory(signatory=True),
        "left": lambda: MembershipFactory(
            organisation=cast.organisation, signatory=True, ended_at=timezone.now()
        ),
    }[role]()
    with pytest.raises(DomainError, match="owner or a signatory"):
        agreements.name_signatory(
            mou=cast.agreement, signatory=membership, function="CEO", by=cast.owner
        )


def test_draft_fills_the_places_of_the_template():
    cast = flows.drafted()
    paragraphs = cast.version.content["clauses"][0]["paragraphs"]
    assert paragraphs[0].startswith(cast.organisation.legal_name)
    assert paragraphs[1] == "Notice: 90 days."


def test_draft_refuses_a_place_that_nothing_fills():
    cast = flows.named()
    cast.template.clauses.update(text="{nonsense}")
    with pytest.raises(DomainError, match="nonsense"):
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="-", by=cast.caseworker
        )


def test_draft_without_a_signatory_is_refused():
    cast = flows.accepted()
    with pytest.raises(DomainError, match="signatory"):
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="-", by=cast.caseworker
        )


def test_draft_again_voids_the_draft_before():
    cast = flows.drafted()
    first = cast.version
    drafting.draft(
        mou=cast.agreement, template=cast.template, survey_note="other", by=cast.caseworker
    )
    first.refresh_from_db()
    assert (first.status, cast.version.number) == (VersionStatus.VOID, 2)


def test_agree_takes_only_the_text_that_was_read():
    cast = flows.proposed()
    with pytest.raises(DomainError, match="changed"):
        drafting.agree(mou=cast.agreement, content_hash="0" * 64, by=cast.owner)
    assert cast.agreement.status == MouStatus.NEGOTIATION


def test_agree_freezes_the_text_and_orders_the_document():
    cast = flows.agreed()
    assert cast.version.status == VersionStatus.AGREED
    assert cast.version.acceptances.values_list("content_hash", flat=True).distinct().count() == 1
    assert OutboxMessage.objects.filter(key=f"seal:{cast.version.pk}", queue="pdf").count() == 1


def test_change_of_an_agreed_text_is_refused_by_the_database():
    cast = flows.agreed()
    changed = cast.version.content | {"title": "Something else"}
    with pytest.raises(Exception, match="frozen"), transaction.atomic():
        MouVersion.objects.filter(pk=cast.version.pk).update(content=changed)


def test_return_text_tells_the_caseworker_why():
    cast = flows.proposed()
    drafting.return_text(mou=cast.agreement, remark="The name is misspelt.", by=cast.owner)
    assert cast.agreement.status == MouStatus.PREPARATION
    assert cast.agreement.remark == "The name is misspelt."
    assert cast.version.acceptances.count() == 0


def test_seal_opens_the_document_for_signature_once(trust_service):
    cast = flows.sealed()
    sealing.seal(version=cast.version)
    assert cast.version.status == VersionStatus.SIGNING
    assert cast.version.documents.count() == 1
    assert events(cast.version).count("sealed") == 1


def test_sign_authorises_and_the_worker_signs(trust_service):
    cast = flows.signed()
    signature = cast.version.signatures.get()
    assert signature.status == SignatureStatus.STAMPED
    assert cast.version.documents.filter(step="business_stamped").exists()
    assert "signed" in events(cast.version)


@pytest.mark.parametrize("who", ["owner", "caseworker", "countersigner"])
def test_sign_is_the_named_signatorys(trust_service, who):
    cast = flows.sealed()
    with pytest.raises(NotAllowed):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=getattr(cast, who),
        )


def test_sign_by_a_signatory_who_left_is_refused(trust_service):
    cast = flows.sealed()
    cast.organisation.memberships.filter(user=cast.signatory).update(ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )


def test_sign_twice_says_who_was_first(trust_service):
    cast, _signature = flows.authorised()
    with pytest.raises(AlreadyDone, match="Sigrid Signatory signed"):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"typed_name": "Somebody Else"}, "Type your name"), ({"document_sha256": "0"}, "changed")],
)
def test_sign_with_a_wrong_declaration_is_refused(trust_service, changes, sentence):
    cast = flows.sealed()
    with pytest.raises(DomainError, match=sentence):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS, **changes),
            by=cast.signatory,
        )
    assert not Signature.objects.exists()


def test_sign_after_the_certificate_was_suspended_is_refused(trust_service):
    cast = flows.sealed()
    cast.offer.trust_status.security = "suspended"
    cast.offer.trust_status.save()
    with pytest.raises(DomainError, match="not valid now"):
        signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )
    assert not Signature.objects.exists()


def test_apply_signature_after_a_suspension_refuses_and_tells(trust_service):
    cast, signature = flows.authorised()
    cast.offer.trust_status.security = "suspended"
    cast.offer.trust_status.save()
    applying.apply_signature(signature=signature)
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.REFUSED
    assert not cast.version.documents.filter(step="business").exists()


def test_apply_signature_too_late_lapses_and_may_be_asked_again(trust_service):
    cast, signature = flows.authorised()
    Signature.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    applying.apply_signature(signature=signature)
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.LAPSED
    again = signatures.sign(
        version=cast.version, declaration=flows.declaration(cast, Party.BUSINESS), by=cast.signatory
    )
    assert again.status == SignatureStatus.AUTHORISED


def test_countersign_by_the_drafter_is_refused(trust_service):
    cast = flows.signed()
    cast.caseworker.grants.create(role="countersigner")
    cast.countersigner = cast.caseworker
    with pytest.raises(NotAllowed, match="did not draft"):
        signatures.countersign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.ADMINISTRATION),
            by=cast.caseworker,
        )


def test_countersign_before_the_firm_is_refused(trust_service):
    cast = flows.sealed()
    with pytest.raises(DomainError, match="not complete yet"):
        signatures.countersign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.countersigner,
        )


def test_archive_brings_the_agreement_into_force(trust_service):
    cast = flows.archived()
    assert cast.agreement.status == MouStatus.IN_FORCE
    assert cast.version.status == VersionStatus.SIGNED
    assert Standing.objects.get(organisation=cast.organisation).in_force
    assert cast.version.documents.count() == 6


def test_archive_on_a_fallen_certificate_is_suspended_at_once(trust_service):
    cast = flows.countersigned()
    cast.offer.trust_status.security = "suspended"
    cast.offer.trust_status.save()
    sealing.archive(version=cast.version)
    assert cast.agreement.status == MouStatus.SUSPENDED
    assert not Standing.objects.get(organisation=cast.organisation).in_force


def test_reopen_voids_what_was_signed(trust_service):
    cast = flows.signed()
    version = cast.version
    drafting.reopen(mou=cast.agreement, reason="Wrong address", by=cast.caseworker)
    version.refresh_from_db()
    assert version.status == VersionStatus.VOID
    assert version.signatures.get().status == SignatureStatus.VOID
    assert cast.agreement.status == MouStatus.PREPARATION


def test_reopen_after_both_signed_is_refused(trust_service):
    cast = flows.countersigned()
    with pytest.raises(DomainError, match="Both parties"):
        drafting.reopen(mou=cast.agreement, reason="-", by=cast.caseworker)


@pytest.mark.parametrize("who", ["owner", "caseworker"])
def test_withdraw_ends_the_agreement_for_either_side(who):
    cast = flows.proposed()
    agreements.withdraw(mou=cast.agreement, by=getattr(cast, who), reason="Not now")
    assert cast.agreement.status == MouStatus.WITHDRAWN
    assert not cast.agreement.versions.exclude(status=VersionStatus.VOID).exists()


def test_second_live_agreement_is_refused_by_the_database():
    cast = flows.accepted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mou.objects.create(
            number="second", organisation=cast.organisation, programme=cast.agreement.programme
        )


def test_sweep_brings_back_work_that_counts_as_done_and_is_not():
    cast = flows.agreed()
    OutboxMessage.objects.update(done_at=timezone.now() - timedelta(hours=1))
    sealing.sweep()
    assert OutboxMessage.objects.get(key=f"seal:{cast.version.pk}").done_at is None
    assert OutboxMessage.objects.filter(done_at=None).count() == 1


def test_triggers_stand_after_all_migrations():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {name for (name,) in cursor.fetchall()}
    assert {"mou_mouversion_text_frozen", "mou_mouversion_power_frozen"} <= names
