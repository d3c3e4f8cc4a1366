"""An agreement from offer to archive, each step by the database role of its process."""

import pytest
from django.contrib import admin
from django.urls import reverse

from mou import clauses
from mou.actions import (
    agreements,
    alerts,
    applying,
    batches,
    components,
    drafting,
    library,
    naming,
    negotiation,
    sealing,
    signatures,
    training,
)
from mou.models import AlertDelivery, Mou, Party
from mou.signing_power import SigningPower
from portal import actions, audit_chain, outbox
from portal.models import AuditEvent, OutboxMessage, StaffRole, Standing
from tests.databases import acting_as, postgresql
from tests.factories import MembershipFactory, UserFactory
from tests.mou import alert_flows, batch_flows, flows, together_flows, training_flows
from tests.mou.living import in_force
from tests.people import at_the_desk, code_of, is_logged_in, type_password, with_codes

pytestmark = postgresql


@pytest.fixture
def cast(roles, trust_service):
    return flows.offered()


def test_agreement_is_made_by_roles_that_may_do_no_more(cast):
    with acting_as("site"):
        cast.mou = agreements.accept(offer=cast.offer, by=cast.owner)
        place = cast.organisation.memberships.get(user=cast.signatory)
        agreements.name_signatory(
            mou=cast.agreement, signatory=place, function="Director", by=cast.owner
        )
    with acting_as("office"):
        note = "The survey follows."
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note=note, by=cast.caseworker
        )
        drafting.propose(
            mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker
        )
    with acting_as("site"):
        drafting.agree(mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.owner)
    with acting_as("worker"):
        sealing.seal(version=cast.version)
    with acting_as("site"):
        signature = signatures.sign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.BUSINESS),
            by=cast.signatory,
        )
    with acting_as("worker"):
        applying.apply_signature(signature=signature)
    with acting_as("office"):
        signature = signatures.countersign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.ADMINISTRATION),
            by=cast.countersigner,
        )
    with acting_as("worker"):
        applying.apply_signature(signature=signature)
        sealing.archive(version=cast.version)
        assert audit_chain.seal_committed() == AuditEvent.objects.count()
    with acting_as("site"):
        assert Standing.objects.get(organisation=cast.organisation).in_force
        assert Mou.objects.visible_to(cast.owner).get() == cast.mou


def test_two_sign_for_a_firm_by_roles_that_may_do_no_more(cast):
    others = [
        MembershipFactory(organisation=cast.organisation, signatory=True) for _number in range(2)
    ]
    with acting_as("site"):
        cast.mou = agreements.accept(offer=cast.offer, by=cast.owner)
        place = cast.organisation.memberships.get(user=cast.signatory)
        fields = {"function": "Director", "by": cast.owner}
        agreements.name_signatory(mou=cast.agreement, signatory=place, **fields)
        for other in others:
            further = naming.add_signatory(mou=cast.agreement, signatory=other, **fields)
        naming.remove_signatory(further=further, by=cast.owner)
    power = SigningPower(2, "The articles of association.")
    with acting_as("office"):
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="-", power=power,
            by=cast.caseworker,
        )  # fmt: skip
        read = cast.version.content_hash
        drafting.propose(mou=cast.agreement, content_hash=read, by=cast.caseworker)
    with acting_as("site"):
        drafting.agree(mou=cast.agreement, content_hash=read, by=cast.owner)
    with acting_as("worker"):
        sealing.seal(version=cast.version)
    for person in (cast.signatory, others[0].user):
        with acting_as("site"):
            signature = together_flows.authorise(cast, person)
        with acting_as("worker"):
            applying.apply_signature(signature=signature)
            flows.deliver_all()
    assert signatures.is_stamped(cast.version, Party.BUSINESS)


def test_text_is_sent_back_by_the_site(cast):
    with acting_as("site"):
        cast.mou = agreements.accept(offer=cast.offer, by=cast.owner)
        place = cast.organisation.memberships.get(user=cast.signatory)
        agreements.name_signatory(
            mou=cast.agreement, signatory=place, function="Director", by=cast.owner
        )
    with acting_as("office"):
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="Later.", by=cast.caseworker
        )
        drafting.propose(
            mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker
        )
    with acting_as("site"):
        drafting.return_text(mou=cast.agreement, remark="Shorter, please.", by=cast.owner)


def test_clause_is_negotiated_by_the_roles_of_both_sides(cast, client):
    with acting_as("site"):
        cast.mou = agreements.accept(offer=cast.offer, by=cast.owner)
        place = cast.organisation.memberships.get(user=cast.signatory)
        agreements.name_signatory(
            mou=cast.agreement, signatory=place, function="Director", by=cast.owner
        )
    mark = {"mou": cast.mou, "code": "REPORTING", "reason": "Shorter.", "wording": "At once."}
    with acting_as("office"):
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="Later.", by=cast.caseworker
        )
        drafting.propose(
            mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker
        )
        base = clauses.mark_of(clauses.text_of(cast.version.content["clauses"][1]))
        theirs = negotiation.propose_wording(base=base, by=cast.caseworker, **mark)
    with acting_as("site"):
        client.force_login(cast.owner)
        page = reverse("mou:clause", args=[cast.mou.uuid, "REPORTING"])
        assert "The administration" in client.get(page).content.decode()
        ours = negotiation.counter_wording(
            proposal=theirs, wording="Soon.", reason="At once is hard.", by=cast.owner
        )
        negotiation.comment(mou=cast.mou, code="PURPOSE", text="Well said.", by=cast.owner)
    with acting_as("office"):
        negotiation.accept_wording(proposal=ours, by=cast.caseworker)
        drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="Later.", by=cast.caseworker
        )
        assert clauses.text_of(cast.version.content["clauses"][1]) == "Soon."


def test_standard_text_is_changed_by_the_office(roles):
    template = flows.template()
    officer, supervisor = UserFactory(caseworker=True), UserFactory(supervisor=True)
    with acting_as("office"):
        revision = library.revise(
            template=template, code="REPORTING", title="Reporting", text="At once.",
            is_negotiable=False, reason="Shorter.", by=officer,
        )  # fmt: skip
        assert library.approve(revision=revision, by=supervisor).version == 100


def pages_of(cast):
    mou, version = cast.agreement, cast.version
    steps = version.documents.values_list("step", flat=True)
    downloads = [reverse("mou:download", args=[mou.uuid, version.number, step]) for step in steps]
    return [
        reverse("mou_home"),
        reverse("mou:offer", args=[cast.offer.uuid]),
        reverse("mou:agreement", args=[mou.uuid]),
        reverse("mou:read", args=[mou.uuid]),
        reverse("verify_token", args=[version.token]),
        reverse("account"),
        reverse("organisation"),
        reverse("usersessions_list"),
        reverse("mfa_index"),
        *downloads,
    ]


@pytest.mark.parametrize("stage", [flows.agreed, flows.sealed, flows.archived])
@pytest.mark.parametrize("who", ["owner", "signatory"])
def test_pages_of_the_firm_open_with_the_rights_of_the_site(
    roles, trust_service, client, stage, who
):
    cast = stage()
    with_codes(getattr(cast, who))
    with acting_as("site"):
        at_the_desk(client, getattr(cast, who))
        for page in pages_of(cast):
            assert client.get(page).status_code in {200, 302}, page
        shown = client.get(reverse("mou:agreement", args=[cast.mou.uuid])).content.decode()
    assert "The administration" in shown
    assert cast.caseworker.name not in shown


def test_login_with_a_second_factor_works_with_the_rights_of_the_site(roles, client):
    owner = with_codes(flows.offered().owner)
    with acting_as("site"):
        type_password(client, owner)
        client.post(reverse("mfa_authenticate"), {"code": code_of(owner)})
        assert is_logged_in(client)
        assert client.get(reverse("mou_home")).status_code == 200
        client.post(reverse("account_logout"))


def test_login_of_staff_fails_with_the_rights_of_the_site(roles, client):
    officer = with_codes(UserFactory(caseworker=True))
    with acting_as("site"):
        type_password(client, officer)
        assert not is_logged_in(client)


@pytest.mark.parametrize("role", StaffRole.values)
def test_pages_of_the_desk_open_with_the_rights_of_the_office(
    roles, trust_service, client, settings, role
):
    settings.FACE = "office"
    flows.agreed()
    officer = with_codes(UserFactory(**{role: True}))
    with acting_as("office"):
        at_the_desk(client, officer)
        assert client.get(reverse("admin:index")).status_code == 200
        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            listed = client.get(reverse(f"{name}_changelist"))
            # Who may not know of reports finds none.
            assert listed.status_code in {200, 403, 404}, name
            thing = model._default_manager.first()
            if listed.status_code == 200 and thing is not None:
                shown = client.get(reverse(f"{name}_change", args=[thing.pk]))
                # An event of the access log asks for the reason first.
                assert shown.status_code == (302 if model is AuditEvent else 200), name


def test_offers_are_made_in_bulk_by_roles_that_may_do_no_more(roles, mailoutbox):
    batch_flows.holder()
    officer = UserFactory(caseworker=True)
    with acting_as("office"):
        batch = batch_flows.confirmed(officer)
        batches.pause_batch(batch=batch, by=officer)
        batches.resume_batch(batch=batch, by=officer)
    with acting_as("worker"):
        outbox.deliver_open()
        offer = batch.offers.get()
        assert (offer.status, len(mailoutbox)) == ("sent", 1)
    with acting_as("office"):
        components.change_component(offer=offer, component="C", reason="As asked.", by=officer)


def test_letters_are_written_with_the_rights_of_the_worker(roles, trust_service, mailoutbox):
    cast = flows.agreed()
    with acting_as("worker"):
        outbox.deliver_open()
    assert not OutboxMessage.objects.exclude(last_error="").exists()
    assert cast.owner.email in {address for mail in mailoutbox for address in mail.to}


def test_alert_and_training_go_their_ways_by_roles_that_may_do_no_more(cast):
    mou, owner, member = in_force(), UserFactory(), UserFactory()
    for person, role in ((owner, "owner"), (member, "member")):
        MembershipFactory(organisation=mou.organisation, user=person, role=role)
    writer, supervisor = UserFactory(caseworker=True), UserFactory(supervisor=True)
    with acting_as("office"):
        alert = alert_flows.proposed(by=writer)
        alerts.approve_alert(alert=alert, revision=alert.revision, by=supervisor)
        session = training.plan_training(told=training_flows.told(), by=writer)
        training.offer_training(training=session, by=writer)
    with acting_as("worker"):
        alerts.deliver(alert=alert)
        training.tell_of_training(training=session)
    with acting_as("site"):
        delivery = AlertDelivery.objects.visible_to(member).select_related("alert", "mou").get()
        alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=member)
        [ada] = training.register_attendees(training=session, mou=mou, names=["Ada"], by=member)
        training.withdraw_attendee(attendee=ada, by=owner)
        receiver = mou.organisation.memberships.get(user=member)
        handover = actions.offer_handover(receiver=receiver, stays_as="member", by=owner)
        actions.accept_handover(handover=handover, by=member)
    with acting_as("office"):
        alerts.withdraw_alert(alert=alert, reason="It was a mistake.", by=writer)
    with acting_as("worker"):
        alerts.tell_of_withdrawal(alert=alert)
