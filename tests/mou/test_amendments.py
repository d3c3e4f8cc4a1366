"""A new version while the agreement stays in force: amendment, novation, renewal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import course, permissions, register, signing_permissions
from mou.actions import agreements, amendments, drafting, life, sealing, signatures, standing
from mou.lifecycle import AMENDMENT, AmendmentStatus, MouStatus, VersionStatus
from mou.models import Amendment, AmendmentKind, MouVersion, Party
from mou.queues import QUEUES
from portal.dates import add_months
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import Standing
from tests.factories import UserFactory
from tests.mou import amendment_flows as amending
from tests.mou import flows
from tests.mou.living import FIRM, STAFF, again, in_force, owner, person
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
WHY = amending.WHY


def open_one(mou, kind=AmendmentKind.AMENDMENT, status=AmendmentStatus.PREPARATION, **fields):
    return Amendment.objects.create(
        mou=mou, kind=kind, reason=WHY, status=status, opened_by=owner(mou), **fields
    )


def with_text(mou, status=AmendmentStatus.PREPARATION):
    """An open amendment with a version at the fitting stage and a signatory, without documents."""
    membership = mou.organisation.memberships.get(role="owner")
    mou.signatory, mou.signatory_function = membership, "Director"
    mou.save()
    amendment = open_one(mou, status=status)
    stages = {"ready": VersionStatus.AGREED, "signing": VersionStatus.SIGNING}
    business = {"name": membership.user.name, "function": "Director"}
    MouVersion.objects.create(
        mou=mou,
        number=2,
        amendment=amendment,
        template=flows.template(),
        status=stages.get(status, VersionStatus.DRAFT),
        content={"signatories": {"business": business}},
        content_hash="h",
        drafted_by=UserFactory(caseworker=True),
        survey_note="-",
    )
    return amendment


# --- Every stage, every verb, every role ----------------------------------------------------

MAY = {
    "name_signatory": {"owner"},
    "draft": {"caseworker"},
    "propose": {"caseworker"},
    "return": {"owner"},
    "agree": {"owner"},
    "reopen": {"caseworker"},
    "drop": {"caseworker", "owner"},
    "sign": {"owner"},
    "countersign": {"countersigner"},
}


def do(verb, mou, by):
    version = mou.versions.get()
    acts = {
        "name_signatory": lambda: agreements.name_signatory(
            mou=mou, signatory=mou.signatory, function="Director", by=by
        ),
        "draft": lambda: drafting.draft(mou=mou, template=flows.template(), survey_note="-", by=by),
        "propose": lambda: drafting.propose(mou=mou, content_hash="h", by=by),
        "return": lambda: drafting.return_text(mou=mou, remark="Please change it", by=by),
        "agree": lambda: drafting.agree(mou=mou, content_hash="h", by=by),
        "reopen": lambda: drafting.reopen(mou=mou, reason=WHY, by=by),
        "drop": lambda: amendments.drop(mou=mou, reason=WHY, by=by),
        "sign": lambda: signatures.sign(version=version, declaration=None, by=by),
        "countersign": lambda: signatures.countersign(version=version, declaration=None, by=by),
    }
    return acts[verb]()


STAGES = [one for one in AmendmentStatus.values if one not in {"completed", "dropped"}]
ACTED = [verb for verb in MAY if verb not in {"sign", "countersign"}]


@pytest.mark.parametrize("status", STAGES)
@pytest.mark.parametrize("verb", ACTED)
def test_verb_follows_the_table_at_every_stage(verb, status):
    mou = in_force()
    amendment = with_text(mou, status)
    by = person(mou, "owner" if "owner" in MAY[verb] else "caseworker")
    before, to = AMENDMENT[verb]
    if status not in before:
        with pytest.raises(InvalidTransition):
            do(verb, mou, by)
        to = status
    else:
        do(verb, mou, by)
    amendment.refresh_from_db()
    assert amendment.status == to
    assert again(mou).status == MouStatus.IN_FORCE


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("verb", ACTED)
def test_verb_is_for_some_roles_only(verb, role):
    mou = in_force()
    amendment = with_text(mou, sorted(AMENDMENT[verb][0])[0])
    before = amendment.status
    by = person(mou, role)
    if role in MAY[verb]:
        do(verb, mou, by)
        return
    with pytest.raises(NotAllowed):
        do(verb, mou, by)
    amendment.refresh_from_db()
    assert amendment.status == before


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("status", STAGES)
def test_signing_is_for_the_signatory_and_a_countersigner_at_its_stage(status, role):
    mou = in_force()
    with_text(mou, status)
    version, by = mou.versions.get(), person(mou, role)
    at_stage = status == AmendmentStatus.SIGNING
    assert signing_permissions.can_sign(by, version) == (at_stage and role == "owner")
    assert permissions.can_countersign(by, version) == (at_stage and role == "countersigner")


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
def test_open_is_for_caseworkers_only(role):
    mou = in_force()
    by = person(mou, role)
    if role == "caseworker":
        amendments.open_amendment(mou=mou, kind="amendment", reason=WHY, by=by)
        return
    with pytest.raises(NotAllowed):
        amendments.open_amendment(mou=mou, kind="amendment", reason=WHY, by=by)
    assert not Amendment.objects.exists()


def test_open_a_second_says_that_one_is_in_work():
    mou, by = in_force(), UserFactory(caseworker=True)
    amendments.open_amendment(mou=mou, kind="amendment", reason=WHY, by=by)
    with pytest.raises(AlreadyDone, match="in work already"):
        amendments.open_amendment(mou=mou, kind="renewal", reason=WHY, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        open_one(mou)


@pytest.mark.parametrize("status", [MouStatus.PREPARATION, MouStatus.SIGNING])
def test_open_before_it_is_in_force_is_refused(status):
    mou = in_force()
    type(mou).objects.filter(pk=mou.pk).update(status=status)
    with pytest.raises(InvalidTransition):
        amendments.open_amendment(
            mou=mou, kind="amendment", reason=WHY, by=UserFactory(caseworker=True)
        )


# --- From one version to the next -----------------------------------------------------------


def test_amend_keeps_the_signed_text_until_the_new_one_is_archived(trust_service):
    cast = amending.opened()
    first = cast.version
    since = cast.agreement.in_force_at
    amending.agree(cast)
    amending.sign(cast)
    amending.countersign(cast)
    first.refresh_from_db()
    assert first.status == VersionStatus.SIGNED
    assert register.standing_of(first).state == "in_force"
    assert register.standing_of(cast.version).state == "unsigned"
    stood = Standing.objects.get(organisation=cast.organisation).since

    sealing.archive(version=cast.version)

    first, second = MouVersion.objects.order_by("number")
    assert (first.status, second.status) == (VersionStatus.SUPERSEDED, VersionStatus.SIGNED)
    assert register.standing_of(first).headline == "Replaced"
    assert register.standing_of(second).state == "in_force"
    assert cast.agreement.in_force_at == since
    assert cast.agreement.status == MouStatus.IN_FORCE
    assert Standing.objects.get(organisation=cast.organisation).since == stood
    assert Amendment.objects.get().status == AmendmentStatus.COMPLETED
    assert "takes the place of version 1" in second.content["duration"]


def test_archive_twice_changes_nothing_more(trust_service):
    cast = amending.opened()
    amending.complete(cast)
    closed = Amendment.objects.get().closed_at
    sealing.archive(version=cast.version)
    assert Amendment.objects.get().closed_at == closed
    assert cast.version.documents.filter(step="archived").count() == 1


def test_suspend_stops_the_signatures_on_a_new_version(trust_service):
    cast = amending.opened()
    amending.agree(cast)
    sealing.seal(version=cast.version)
    said = flows.declaration(cast, Party.BUSINESS)
    signature = signatures.sign(version=cast.version, declaration=said, by=cast.signatory)
    standing.suspend_for_cause(mou=cast.agreement, reason=WHY, until=None, by=cast.caseworker)
    signature.refresh_from_db()
    assert signature.status == "refused"
    assert not signing_permissions.can_sign(cast.signatory, cast.version)
    with pytest.raises(InvalidTransition):
        signatures.countersign(version=cast.version, declaration=said, by=cast.countersigner)


def test_drop_voids_the_new_version_and_leaves_the_agreement(trust_service):
    cast = amending.opened()
    first = cast.version
    amending.agree(cast)
    amendments.drop(mou=cast.agreement, reason=WHY, by=cast.owner)
    assert cast.agreement.current == first
    assert cast.agreement.status == MouStatus.IN_FORCE
    assert MouVersion.objects.get(number=2).status == VersionStatus.VOID
    assert Amendment.objects.get().status == AmendmentStatus.DROPPED
    assert register.standing_of(first).state == "in_force"


def test_drop_what_both_have_signed_is_refused(trust_service):
    cast = amending.opened()
    amending.agree(cast)
    amending.sign(cast)
    amending.countersign(cast)
    with pytest.raises(DomainError, match="Both parties have signed"):
        amendments.drop(mou=cast.agreement, reason=WHY, by=cast.caseworker)


def test_novation_names_the_firm_as_it_is_called_now(trust_service):
    cast = amending.opened(kind=AmendmentKind.NOVATION)
    cast.organisation.legal_name = "Renamed Cargo AB"
    cast.organisation.save()
    amending.agree(cast)
    old, new = MouVersion.objects.order_by("number")
    assert new.content["business"]["legal_name"] == "Renamed Cargo AB"
    assert old.content["business"]["legal_name"] != "Renamed Cargo AB"


def renewed(mou, months):
    """A renewal whose text is drafted, and its amendment."""
    with_text(mou)
    amendment = mou.amendments.get()
    Amendment.objects.filter(pk=amendment.pk).update(kind=AmendmentKind.RENEWAL)
    template = flows.template()
    template.months = months
    template.save()
    by = UserFactory(caseworker=True)
    version = drafting.draft(mou=mou, template=template, survey_note="-", by=by)
    amendment.refresh_from_db()
    return version, amendment


def test_renewal_runs_on_from_the_last_day():
    last = timezone.localdate() + timedelta(days=40)
    version, amendment = renewed(in_force(ends_on=last), 24)
    assert amendment.ends_on == add_months(last + timedelta(days=1), 24) - timedelta(days=1)
    assert f"{amendment.ends_on.day} " in version.content["duration"]


def test_renewal_with_a_text_without_end_has_none():
    version, amendment = renewed(in_force(ends_on=timezone.localdate()), None)
    assert amendment.ends_on is None
    assert "until either party ends it" in version.content["duration"]


def test_end_of_the_agreement_drops_what_is_in_work():
    mou = in_force()
    amendment = with_text(mou)
    caseworker, supervisor = UserFactory(caseworker=True), UserFactory(supervisor=True)
    life.propose_termination(mou=mou, reason=WHY, by=caseworker)
    life.approve_termination(mou=mou, by=supervisor)
    amendment.refresh_from_db()
    assert amendment.status == AmendmentStatus.DROPPED
    assert mou.versions.get().status == VersionStatus.VOID


def test_expire_waits_for_what_both_have_signed():
    mou = in_force(ends_on=timezone.localdate() - timedelta(days=1))
    with_text(mou, AmendmentStatus.SIGNING)
    mou.versions.update(status=VersionStatus.SEALING)
    life.expire(mou=mou)
    assert again(mou).status == MouStatus.IN_FORCE


# --- What waits, and for whom ---------------------------------------------------------------


def test_queues_hold_agreements_whose_amendment_waits():
    mou = in_force()
    caseworker = UserFactory(caseworker=True)
    amendment = with_text(mou)
    every = type(mou).objects.all()
    assert list(QUEUES["propose"].pick(every, caseworker)) == [mou]
    mou.versions.update(status=VersionStatus.VOID)
    assert list(QUEUES["draft"].pick(every, caseworker)) == [mou]
    Amendment.objects.filter(pk=amendment.pk).update(remark="Change clause 2")
    assert list(QUEUES["returned"].pick(every, caseworker)) == [mou]
    assert not QUEUES["draft"].pick(every, caseworker)


def test_home_asks_an_owner_to_read_the_new_text(client):
    mou = in_force()
    with_text(mou, AmendmentStatus.NEGOTIATION)
    client.force_login(owner(mou))
    page = client.get(reverse("mou_home")).content.decode()
    assert reverse("mou:read", args=[mou.uuid]) in page


def test_course_is_the_agreement_where_nothing_is_open():
    mou = in_force()
    open_one(mou, status=AmendmentStatus.DROPPED, closed_at=timezone.now())
    assert course.course_of(mou) is mou


# --- Pages ----------------------------------------------------------------------------------


def test_pages_open_and_drop_a_new_version(client):
    mou, caseworker = in_force(), UserFactory(caseworker=True)
    at_the_desk(client, caseworker)
    page = reverse("admin:mou_mou_open_amendment", args=[mou.pk])
    assert client.get(page).status_code == 200
    client.post(page, {"kind": "novation", "reason": WHY})
    assert WHY in client.get(reverse("admin:mou_mou_change", args=[mou.pk])).content.decode()
    assert client.get(page).status_code == 404
    client.post(reverse("admin:mou_mou_drop", args=[mou.pk]), {"reason": WHY})
    assert Amendment.objects.get().status == AmendmentStatus.DROPPED


def test_drop_by_the_firm_asks_why(client):
    mou = in_force()
    open_one(mou)
    client.force_login(owner(mou))
    page = reverse("mou:drop", args=[mou.uuid])
    assert client.get(page).status_code == 200
    assert Amendment.objects.open().exists()
    client.post(page, {"reason": WHY})
    assert not Amendment.objects.open().exists()


def test_agreement_says_that_a_new_version_is_in_work(client):
    mou = in_force()
    open_one(mou)
    client.force_login(owner(mou))
    page = client.get(reverse("mou:agreement", args=[mou.uuid])).content.decode()
    assert "A new version of the text is in work" in page
    assert "has been in force since" in page


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=st.text(max_size=30), reason=st.text(max_size=50))
def test_open_with_any_words_never_fails(client, kind, reason):
    mou = in_force()
    at_the_desk(client, UserFactory(caseworker=True))
    page = reverse("admin:mou_mou_open_amendment", args=[mou.pk])
    assert client.post(page, {"kind": kind, "reason": reason}).status_code in (200, 302)
