"""An agreement from offer to archive, each step by the database role of its process."""

import pytest

from mou.actions import agreements, drafting, sealing, signatures
from mou.models import Mou, Party
from portal import audit_chain
from portal.models import AuditEvent, Standing
from tests.databases import acting_as, postgresql
from tests.mou import flows

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
        signatures.apply_signature(signature=signature)
    with acting_as("office"):
        signature = signatures.countersign(
            version=cast.version,
            declaration=flows.declaration(cast, Party.ADMINISTRATION),
            by=cast.countersigner,
        )
    with acting_as("worker"):
        signatures.apply_signature(signature=signature)
        sealing.archive(version=cast.version)
        assert audit_chain.seal_committed() == AuditEvent.objects.count()
    with acting_as("site"):
        assert Standing.objects.get(organisation=cast.organisation).in_force
        assert Mou.objects.visible_to(cast.owner).get() == cast.mou


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
