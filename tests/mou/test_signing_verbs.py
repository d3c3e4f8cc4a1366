"""Every verb of a round of signing, by its action: in every status, for every role."""

from __future__ import annotations

import pytest
from django.utils import timezone

from mou import lifecycle
from mou.actions import delegating, rounds, signatures
from mou.consent import current
from mou.lifecycle import AmendmentStatus, MouStatus
from mou.models import Delegation, Document, Mou, MouVersion, Party, Signature, Step
from portal.errors import InvalidTransition, NotAllowed
from tests.factories import MembershipFactory
from tests.mou.living import FIRM, STAFF, again, in_force, owner, person
from tests.mou.test_amendments import with_text
from tests.mou.test_text_verbs import at

pytestmark = pytest.mark.django_db
WHY = "The board wants another notice period."
HASH = "0" * 64
MAY = {
    "sign": {"owner"},
    "countersign": {"countersigner"},
    "delegate_signing": {"owner"},
    "decline_to_sign": {"owner", "countersigner"},
}
STAGES = [one for one in AmendmentStatus.values if one not in {"completed", "dropped"}]


def ready(mou: Mou, verb: str) -> MouVersion:
    """The documents and signatures that this verb finds; nobody reads their bytes here."""
    version = mou.versions.get()
    steps = [Step.SEALED, Step.BUSINESS_STAMPED] if verb == "countersign" else [Step.SEALED]
    for step in steps:
        Document.objects.create(version=version, step=step, sha256=HASH, size=1)
    if verb == "countersign":
        now = timezone.now()
        Signature.objects.create(
            version=version, party="business", signer=owner(mou), signatory=mou.signatory,
            status="stamped", signer_name="-", signer_function="-", document_sha256=HASH,
            evidence={}, evidence_sha256=HASH, expires_at=now, signed_at=now, stamped_at=now,
        )  # fmt: skip
    return version


def declared(by) -> signatures.Declaration:
    return signatures.Declaration(
        typed_name=by.name,
        function="Director",
        consent=current(),
        document_sha256=HASH,
        factor="totp",
        factor_evidence={},
        address="127.0.0.1",
        browser="test",
    )


def do(verb, mou, by):
    version = mou.versions.get()
    acts = {
        "sign": lambda: signatures.sign(version=version, declaration=declared(by), by=by),
        "countersign": lambda: signatures.countersign(
            version=version, declaration=declared(by), by=by
        ),
        "delegate_signing": lambda: delegating.delegate_signing(
            mou=mou,
            delegate=MembershipFactory(organisation=mou.organisation, signatory=True),
            function="Chair",
            reason=WHY,
            by=by,
        ),
        "decline_to_sign": lambda: rounds.decline_to_sign(mou=mou, reason=WHY, by=by),
    }
    return acts[verb]()


def traces(mou: Mou) -> tuple[int, int]:
    """What any of these verbs would leave behind."""
    return (
        Signature.objects.filter(version__mou=mou).count(),
        Delegation.objects.filter(version__mou=mou).count(),
    )


def refuse(verb, mou, role):
    """This role is told why not, and nothing was done."""
    before = traces(mou)
    with pytest.raises((NotAllowed, InvalidTransition)):
        do(verb, mou, person(mou, role))
    assert traces(mou) == before


@pytest.mark.parametrize("status", [one for one in MouStatus.values if one != "signing"])
@pytest.mark.parametrize("verb", MAY)
def test_signing_verb_at_another_status_is_refused_for_every_role(verb, status):
    mou = at(status)
    assert status not in lifecycle.MOU[verb][0]
    for role in [*STAFF, *FIRM]:
        refuse(verb, mou, role)
    assert again(mou).status == status


@pytest.mark.parametrize("verb", MAY)
def test_signing_verb_at_its_status_is_for_who_may(verb):
    for role in sorted(MAY[verb]):
        mou = at(MouStatus.SIGNING)
        version = ready(mou, verb)
        for other in [*STAFF, *FIRM]:
            if other not in MAY[verb]:
                refuse(verb, mou, other)
        do(verb, mou, person(mou, role))
        to = lifecycle.MOU[verb][1]
        assert again(mou).status == (to or MouStatus.SIGNING)
        if verb in {"sign", "countersign"}:
            party = Party.BUSINESS if verb == "sign" else Party.ADMINISTRATION
            assert version.signatures.get(party=party).status == "authorised"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("verb", MAY)
def test_signing_verb_of_a_new_version_follows_its_table(verb, stage):
    """Its agreement stays in force whatever becomes of the new version."""
    mou = in_force()
    amendment = with_text(mou, stage)
    ready(mou, verb)
    at_stage = stage in lifecycle.AMENDMENT[verb][0]
    for role in [*STAFF, *FIRM]:
        if not at_stage or role not in MAY[verb]:
            refuse(verb, mou, role)
    if at_stage:
        do(verb, mou, person(mou, min(MAY[verb])))
    amendment.refresh_from_db()
    assert amendment.status == ((at_stage and lifecycle.AMENDMENT[verb][1]) or stage)
    assert again(mou).status == MouStatus.IN_FORCE


@pytest.mark.parametrize("verb", ["sign", "countersign"])
def test_new_version_is_not_signed_while_the_agreement_is_suspended(verb):
    mou = in_force()
    with_text(mou, AmendmentStatus.SIGNING)
    ready(mou, verb)
    Mou.objects.update(status=MouStatus.SUSPENDED)
    before = traces(mou)
    with pytest.raises(InvalidTransition, match="Suspended"):
        do(verb, again(mou), person(mou, min(MAY[verb])))
    assert traces(mou) == before
