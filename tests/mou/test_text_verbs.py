"""Every verb of a text before it is in force: in every status, for every role."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from mou import lifecycle, permissions, signing_permissions
from mou.actions import agreements, drafting, sealing
from mou.documents import content_hash
from mou.lifecycle import MouStatus, VersionStatus
from mou.models import Acceptance, Mou, MouVersion
from mou.models.agreements import ENDED
from portal.errors import InvalidTransition, NotAllowed
from tests.agreement import sample_content
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.living import FIRM, STAFF, again, in_force, owner, person

pytestmark = pytest.mark.django_db
WHY = "Both sides want it otherwise."
# The document that belongs to each status of an agreement before it is in force.
VERSIONS = {
    MouStatus.PREPARATION: VersionStatus.DRAFT,
    MouStatus.NEGOTIATION: VersionStatus.DRAFT,
    MouStatus.READY: VersionStatus.AGREED,
    MouStatus.SIGNING: VersionStatus.SIGNING,
    MouStatus.IN_FORCE: VersionStatus.SIGNED,
    MouStatus.SUSPENDED: VersionStatus.SIGNED,
}
MAY = {
    "name_signatory": {"owner"},
    "draft": {"caseworker"},
    "propose": {"caseworker"},
    "return": {"owner"},
    "agree": {"owner"},
    "reopen": {"caseworker"},
    "withdraw": {"caseworker", "owner"},
}


def at(status: str) -> Mou:
    """An agreement in this status with the document that belongs to it."""
    mou = in_force()
    fields: dict[str, Any] = {"ended_at": timezone.now()} if status in ENDED else {}
    if status not in {MouStatus.IN_FORCE, MouStatus.SUSPENDED}:
        fields["in_force_at"] = None
    place = mou.organisation.memberships.get(role="owner")
    Mou.objects.filter(pk=mou.pk).update(
        status=status, signatory=place, signatory_function="Director", **fields
    )
    content = sample_content()
    content["signatories"]["business"] = {"name": place.user.name, "function": "Director"}
    version = MouVersion.objects.create(
        mou=mou,
        number=1,
        template=flows.template(),
        status=VERSIONS.get(MouStatus(status), VersionStatus.VOID),
        content=content,
        content_hash=content_hash(content),
        drafted_by=UserFactory(caseworker=True),
    )
    if status == MouStatus.NEGOTIATION:
        Acceptance.objects.create(
            version=version,
            party="administration",
            content_hash=version.content_hash,
            accepted_by=version.drafted_by,
        )
    return again(mou)


def do(verb, mou, by):
    read = mou.versions.get().content_hash
    acts = {
        "name_signatory": lambda: agreements.name_signatory(
            mou=mou, signatory=mou.signatory, function="Director", by=by
        ),
        "draft": lambda: drafting.draft(mou=mou, template=flows.template(), survey_note="-", by=by),
        "propose": lambda: drafting.propose(mou=mou, content_hash=read, by=by),
        "return": lambda: drafting.return_text(mou=mou, remark=WHY, by=by),
        "agree": lambda: drafting.agree(mou=mou, content_hash=read, by=by),
        "reopen": lambda: drafting.reopen(mou=mou, reason=WHY, by=by),
        "withdraw": lambda: agreements.withdraw(mou=mou, reason=WHY, by=by),
    }
    return acts[verb]()


@pytest.mark.parametrize("status", MouStatus.values)
@pytest.mark.parametrize("verb", MAY)
def test_text_verb_in_every_status_for_every_role(verb, status):
    """The refused roles first, each leaving everything as it was; then whoever may."""
    mou = at(status)
    before, to = lifecycle.MOU[verb]
    refusal = NotAllowed if status in before else InvalidTransition
    for role in [*STAFF, *FIRM]:
        if status not in before or role not in MAY[verb]:
            with pytest.raises(refusal):
                do(verb, mou, person(mou, role))
            assert again(mou).status == status
            assert mou.versions.count() == 1
    if status in before:
        do(verb, mou, person(mou, min(MAY[verb])))
        assert again(mou).status == (to or status)


@pytest.mark.parametrize("status", MouStatus.values)
def test_signing_in_every_status_for_every_role(status):
    mou = at(status)
    version, at_stage = mou.versions.get(), status == MouStatus.SIGNING
    for role in [*STAFF, *FIRM]:
        by = person(mou, role)
        assert signing_permissions.can_sign(by, version) == (at_stage and role == "owner"), role
        countersigns = at_stage and role == "countersigner"
        assert permissions.can_countersign(by, version) == countersigns, role


@pytest.mark.parametrize("status", [one for one in VersionStatus.values if one != "draft"])
def test_agree_on_what_is_no_draft_any_more_is_refused(status):
    mou = at(MouStatus.NEGOTIATION)
    MouVersion.objects.update(status=status)
    with pytest.raises(Exception, match="no draft"):
        do("agree", mou, owner(mou))
    assert again(mou).status == MouStatus.NEGOTIATION


@pytest.mark.parametrize("status", [one for one in VersionStatus.values if one != "agreed"])
def test_seal_and_archive_of_a_version_that_is_elsewhere_make_nothing(status):
    mou = at(MouStatus.READY)
    MouVersion.objects.update(status=status)
    version = mou.versions.get()
    sealing.seal(version=version)
    if status != VersionStatus.SEALING:
        sealing.archive(version=version)
    assert not version.documents.exists()
    version.refresh_from_db()
    assert version.status == status
