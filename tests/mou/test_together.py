"""Several signatories of a firm: named, written into the text, signing one after the other."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mou import (
    documents,
    evidence_report,
    labels,
    programme,
    queues,
    signing_permissions,
    verification,
)
from mou.actions import (
    agreements,
    applying,
    clock,
    delegating,
    drafting,
    naming,
    papers,
    rounds,
    sealing,
    signatures,
)
from mou.consent import current
from mou.lifecycle import MouStatus, SignatureStatus, VersionStatus
from mou.models import (
    Document,
    FurtherSignatory,
    HistoryEntry,
    Mou,
    Party,
    Signature,
    Step,
    Template,
    TrustStatus,
)
from mou.signing_power import SigningPower
from portal import actions
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import Membership
from tests.factories import MembershipFactory
from tests.mou import flows, together_flows
from tests.mou.test_documents import assert_archive_grade_and_accessible, words
from tests.mou.together_flows import RULE, people, sign
from tests.people import at_the_desk, code_of, with_codes

pytestmark = pytest.mark.django_db
WHY = "The board wants another notice period."


def checked(cast, step, trust_service):
    found = verification.verify(papers.read(cast.version, step), roots=trust_service.roots)
    assert all(one.is_valid for one in found.signatures), found.sentences
    return found


def letters(words: str) -> list[str]:
    flows.deliver_all()
    return sorted(to for letter in mail.outbox for to in letter.to if words in letter.subject)


# --- Named, and written into the text ---------------------------------------------------------


def test_draft_names_all_and_says_how_many_and_why():
    said = together_flows.drafted().version.content["signatories"]
    assert [one["name"] for one in said["others"]] == together_flows.NAMES
    assert said["together"]["sentence"].startswith("Any 2 of the 3 people")
    assert said["together"]["power"] == RULE


def test_draft_for_one_person_alone_says_what_it_always_said():
    assert flows.drafted().version.content["signatories"].keys() == {"business", "administration"}


@pytest.mark.parametrize(
    ("power", "others", "words"),
    [
        (SigningPower(2, RULE), 0, "has named 1"),
        (SigningPower(3, RULE), 1, "has named 2"),
        (SigningPower(4, RULE), 2, "from 1 to 3"),
        (SigningPower(2, ""), 2, "by what rule"),
    ],
)
def test_draft_that_could_not_be_signed_is_refused(power, others, words):
    with pytest.raises(DomainError, match=words):
        together_flows.drafted(power, others)


@pytest.mark.parametrize("role", ["named", "member", "elsewhere", "left"])
def test_add_signatory_takes_another_who_can_bind_the_firm(role):
    cast = together_flows.named(1)
    firm = cast.organisation
    chosen = {
        "named": lambda: cast.agreement.signatory,
        "member": lambda: MembershipFactory(organisation=firm),
        "elsewhere": lambda: MembershipFactory(signatory=True),
        "left": lambda: MembershipFactory(
            organisation=firm, signatory=True, ended_at=cast.agreement.created_at
        ),
    }[role]()
    with pytest.raises(DomainError):
        naming.add_signatory(mou=cast.agreement, signatory=chosen, function="-", by=cast.owner)
    assert FurtherSignatory.objects.count() == 1


def test_signatory_who_left_after_the_page_was_shown_is_not_named():
    cast = together_flows.named(0)
    seen = MembershipFactory(organisation=cast.organisation, signatory=True)
    Membership.objects.filter(pk=seen.pk).update(ended_at=cast.agreement.created_at)
    for act in (naming.add_signatory, agreements.name_signatory):
        with pytest.raises(DomainError):
            act(mou=cast.agreement, signatory=seen, function="-", by=cast.owner)


def test_add_signatory_is_the_owners_and_before_the_text_is_with_the_firm():
    cast = together_flows.named(0)
    place = MembershipFactory(organisation=cast.organisation, signatory=True)
    with pytest.raises(NotAllowed):
        naming.add_signatory(mou=cast.agreement, signatory=place, function="-", by=cast.signatory)
    cast = flows.proposed()
    place = MembershipFactory(organisation=cast.organisation, signatory=True)
    with pytest.raises(InvalidTransition):
        naming.add_signatory(mou=cast.agreement, signatory=place, function="-", by=cast.owner)


def test_text_that_names_others_than_the_firm_does_now_is_not_sent():
    cast = together_flows.drafted()
    naming.remove_signatory(further=cast.agreement.further_signatories.first(), by=cast.owner)
    with pytest.raises(DomainError, match="another signatory"):
        drafting.propose(
            mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker
        )


def test_name_signatory_among_the_further_ones_leaves_one_place():
    cast = together_flows.named(2)
    agreements.name_signatory(
        mou=cast.agreement,
        signatory=cast.agreement.further_signatories.first().membership,
        function="Chair",
        by=cast.owner,
    )
    assert [one.name for one in people(cast.agreement)] == together_flows.NAMES


def test_number_of_signatures_is_frozen_with_the_text():
    cast = together_flows.agreed()
    version = type(cast.version).objects.filter(pk=cast.version.pk)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        version.update(signatures_needed=1)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        version.update(signing_power="")


@pytest.mark.parametrize("language", ["en", "sv", "nl"])
def test_text_of_several_signatories_renders_whole_in_each_language(language, monkeypatch):
    programme.load()
    text = Template.objects.get(language=language, shipped_as=1)
    monkeypatch.setattr(flows, "template", lambda: text)
    version = together_flows.drafted().version
    pdf = documents.render(version.content, verification_url="https://customs.example/v/1/")
    assert_archive_grade_and_accessible(pdf, language)
    printed = " ".join(words(pdf).split())
    for one in [labels.say("Who signs for the business", language), RULE, *together_flows.NAMES]:
        assert one in printed
    assert version.content["signatories"]["together"]["sentence"] in printed


# --- Signed -----------------------------------------------------------------------------------


def test_two_sign_and_every_signature_stays_valid(trust_service):
    cast = together_flows.sealed()
    first, second, _third = people(cast.agreement)
    sign(cast, second)
    assert len(checked(cast, Step.BUSINESS_STAMPED, trust_service).signatures) == 2
    sign(cast, first)
    assert len(checked(cast, Step.BUSINESS_2_STAMPED, trust_service).signatures) == 3
    together_flows.countersign(cast)
    assert len(checked(cast, Step.ADMINISTRATION_STAMPED, trust_service).signatures) == 4
    sealing.archive(version=cast.version)
    found = checked(cast, Step.ARCHIVED, trust_service)
    assert found.is_valid
    assert_archive_grade_and_accessible(papers.read(cast.version, Step.ARCHIVED))
    assert [one.who for one in found.signatures[1:3]] == [second.name, first.name]
    assert cast.agreement.status == MouStatus.IN_FORCE


def test_all_three_sign_where_three_have_to(trust_service):
    cast = together_flows.sealed(SigningPower(3, RULE))
    for person in people(cast.agreement):
        assert not signatures.is_stamped(cast.version, Party.BUSINESS)
        sign(cast, person)
    found = checked(cast, Step.BUSINESS_3_STAMPED, trust_service)
    fields = [one.field for one in found.signatures]
    assert fields == ["seal", "business", "business-2", "business-3"]


def test_one_of_several_signs_where_one_is_enough(trust_service):
    cast = together_flows.sealed(SigningPower(), others=1)
    sign(cast, people(cast.agreement)[1])
    assert signatures.is_stamped(cast.version, Party.BUSINESS)
    with pytest.raises(AlreadyDone, match="Tove Treasurer"):
        sign(cast, cast.signatory)


def test_nobody_signs_twice(trust_service):
    cast = together_flows.half_signed()
    with pytest.raises(AlreadyDone, match="waits for another"):
        sign(cast, cast.signatory)
    made = cast.version.signatures.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            version=cast.version, party="business", signer=cast.signatory, place=2,
            signer_name="-", signer_function="-", document_sha256="-", evidence={},
            evidence_sha256="-", expires_at=made.expires_at,
        )  # fmt: skip


def test_countersign_waits_for_the_last_signature_of_the_firm(trust_service):
    cast = together_flows.half_signed()
    said = flows.declaration(cast, Party.BUSINESS)
    with pytest.raises(DomainError, match="not complete"):
        signatures.countersign(version=cast.version, declaration=said, by=cast.countersigner)
    queue = queues.QUEUES["countersign"]
    assert not queue.pick(Mou.objects.all(), cast.countersigner).exists()
    sign(cast, people(cast.agreement)[1])
    assert queue.pick(Mou.objects.all(), cast.countersigner).get() == cast.agreement


def test_third_is_not_needed_once_two_have_signed(trust_service):
    cast = together_flows.signed()
    with pytest.raises(AlreadyDone, match="Nothing more is needed"):
        sign(cast, people(cast.agreement)[2])


def test_second_waits_while_the_first_signature_is_being_made(trust_service):
    cast = together_flows.sealed()
    together_flows.authorise(cast, cast.signatory)
    with pytest.raises(DomainError, match="is signing at this moment"):
        together_flows.authorise(cast, people(cast.agreement)[1])


def test_second_reads_the_document_that_the_first_signed(trust_service):
    cast = together_flows.sealed()
    second = people(cast.agreement)[1]
    read = together_flows.declaration(cast, second)
    sign(cast, cast.signatory)
    with pytest.raises(DomainError, match="Read it again"):
        signatures.sign(version=cast.version, declaration=read, by=second)


def test_second_signature_rests_on_the_certificate_as_well(trust_service):
    cast = together_flows.half_signed()
    TrustStatus.objects.update(security="suspended", simplifications="suspended")
    with pytest.raises(DomainError, match="not valid now"):
        sign(cast, people(cast.agreement)[1])
    assert cast.version.signatures.count() == 1


def test_certificate_that_falls_before_the_worker_comes_refuses_the_second(trust_service):
    cast = together_flows.half_authorised()
    TrustStatus.objects.update(security="suspended", simplifications="suspended")
    second = cast.version.signatures.get(place=2)
    applying.apply_signature(signature=second)
    second.refresh_from_db()
    assert (second.status, "not valid now" in second.refusal) == (SignatureStatus.REFUSED, True)
    assert not cast.version.documents.filter(step=Step.BUSINESS_2).exists()


def test_lapsed_second_signature_leaves_its_place_to_another(trust_service):
    cast = together_flows.half_authorised()
    second = cast.version.signatures.get(place=2)
    Signature.objects.filter(pk=second.pk).update(expires_at=second.authorised_at)
    applying.apply_signature(signature=second)
    third = people(cast.agreement)[2]
    assert sign(cast, third).place == 2
    assert signatures.is_stamped(cast.version, Party.BUSINESS)


# --- Delegated, declined, out of time ---------------------------------------------------------


def delegate(cast, to, by):
    return delegating.delegate_signing(
        mou=cast.agreement,
        delegate=cast.organisation.memberships.get(user=to),
        function="Chair",
        reason="On leave.",
        by=by,
    )


def test_delegate_of_the_second_signs_beside_the_first(trust_service):
    cast = together_flows.half_signed()
    second = people(cast.agreement)[1]
    delegate(cast, cast.owner, second)
    with pytest.raises(NotAllowed):
        sign(cast, second)
    made = sign(cast, cast.owner)
    assert (made.place, made.signatory.user) == (2, second)
    assert made.evidence["delegation"]["name"] == second.name
    assert made.evidence["together"] == {"place": 2, "needed": 2, "power": RULE}


def test_delegate_is_nobody_who_signs_already(trust_service):
    cast = together_flows.half_signed()
    first, second, third = people(cast.agreement)
    for taken in (first, third):
        with pytest.raises(DomainError, match="nobody signs twice"):
            delegate(cast, taken, second)
    delegate(cast, cast.owner, second)
    with pytest.raises(DomainError, match="nobody signs twice"):
        delegate(cast, cast.owner, third)
    with pytest.raises(NotAllowed):
        delegate(cast, cast.owner, first)


@pytest.mark.parametrize("who", [1, 2])
def test_decline_by_any_who_could_still_sign_ends_the_round_and_all_are_told(trust_service, who):
    cast = together_flows.half_signed()
    everybody = people(cast.agreement)
    rounds.decline_to_sign(mou=cast.agreement, reason=WHY, by=everybody[who])
    assert cast.agreement.status == MouStatus.PREPARATION
    assert cast.agreement.versions.get().status == VersionStatus.VOID
    assert Signature.objects.get().status == SignatureStatus.VOID
    told = [one.email for one in [cast.owner, cast.caseworker, *everybody]]
    assert letters("not signed") == sorted(told)


def test_decline_by_who_has_signed_or_is_not_needed_is_refused(trust_service):
    cast = together_flows.half_signed()
    with pytest.raises(NotAllowed):
        rounds.decline_to_sign(mou=cast.agreement, reason=WHY, by=cast.signatory)
    sign(cast, people(cast.agreement)[1])
    with pytest.raises(NotAllowed):
        rounds.decline_to_sign(mou=cast.agreement, reason=WHY, by=people(cast.agreement)[2])


def test_round_of_which_one_has_signed_runs_out(trust_service):
    cast = together_flows.half_signed()
    type(cast.version).objects.update(sign_by=cast.agreement.created_at.date().replace(year=2020))
    clock.lead_on()
    assert cast.agreement.status == MouStatus.PREPARATION
    assert Signature.objects.get().status == SignatureStatus.VOID


def test_reminder_goes_to_those_who_have_not_signed(trust_service):
    cast = together_flows.half_signed()
    _first, second, third = people(cast.agreement)
    type(cast.version).objects.update(sign_by=timezone.localdate())
    clock.lead_on()
    assert letters("still waits") == sorted([second.email, third.email])


def test_first_signature_tells_the_firm_that_another_is_missing(trust_service):
    cast = together_flows.half_signed()
    told = [one.email for one in [cast.owner, *people(cast.agreement)]]
    assert letters("One more has signed") == sorted(told)
    assert not letters("is signed for")
    sign(cast, people(cast.agreement)[1])
    assert cast.countersigner.email in letters("is signed for")


def test_signatory_who_has_left_does_not_sign(trust_service):
    cast = together_flows.half_signed()
    second = people(cast.agreement)[1]
    actions.end_membership(membership=cast.organisation.memberships.get(user=second), by=cast.owner)
    assert not signing_permissions.can_sign(second, cast.version)
    sign(cast, people(cast.agreement)[2])
    assert signatures.is_stamped(cast.version, Party.BUSINESS)


# --- Said -------------------------------------------------------------------------------------


def test_evidence_report_names_every_signature(trust_service):
    cast = together_flows.archived()
    found = checked(cast, Step.ARCHIVED, trust_service)
    said = evidence_report.report_of(cast.version, found)["signatures"]
    assert [(one["field"], one["name"]) for one in said] == [
        ("business", cast.signatory.name),
        ("business-2", together_flows.NAMES[0]),
        ("administration", cast.countersigner.name),
    ]


def test_record_and_documents_have_an_entry_for_every_signature(trust_service):
    cast = together_flows.signed()
    entries = HistoryEntry.objects.filter(target_id=str(cast.version.pk))
    found = entries.filter(event__in=["signed_in_part", "signed"]).order_by("id")
    assert [one.event for one in found] == ["signed_in_part", "signed"]
    assert Document.objects.filter(version=cast.version).count() == 5


# --- Pages ------------------------------------------------------------------------------------


def page(client, person, path) -> str:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def test_owner_names_and_leaves_out_a_signatory_on_the_pages(client):
    cast = flows.named()
    place = MembershipFactory(organisation=cast.organisation, signatory=True)
    path = f"/mou/{cast.agreement.uuid}/signatories/"
    assert f"{path}add/" in page(client, cast.owner, path)
    assert str(place.user) in page(client, cast.owner, f"{path}add/")
    client.post(f"{path}add/", {"signatory": place.pk, "function": "Chair"})
    further = FurtherSignatory.objects.get()
    assert f"{path}{further.uuid}/remove/" in page(client, cast.owner, path)
    assert f"{further.uuid}" not in page(client, cast.signatory, path)
    client.force_login(cast.signatory)
    client.post(f"{path}{further.uuid}/remove/")
    assert FurtherSignatory.objects.exists()
    client.force_login(cast.owner)
    client.post(f"{path}{further.uuid}/remove/")
    assert not FurtherSignatory.objects.exists()


def test_page_says_who_has_signed_and_who_is_still_to_sign(trust_service, client):
    cast = together_flows.half_signed()
    _first, second, third = people(cast.agreement)
    path = f"/mou/{cast.agreement.uuid}/"
    shown = page(client, cast.owner, f"{path}signatories/")
    assert "2 people sign together. 1 signature is missing." in shown
    assert shown.count(">Signed<") == 1
    assert shown.count("May sign") == 2
    assert f"{path}sign/" not in shown
    assert f"{path}sign/" in page(client, second, f"{path}signatories/")
    assert f"Waits for {second} or {third}" in page(client, cast.owner, path)


def test_task_waits_for_each_who_has_not_signed_and_for_nobody_when_all_have(trust_service, client):
    cast = together_flows.half_signed()
    first, second, third = people(cast.agreement)
    task = f"/mou/{cast.agreement.uuid}/sign/"
    assert [task in page(client, one, "/mou/") for one in (first, second, third)] == [
        False,
        True,
        True,
    ]
    sign(cast, second)
    assert task not in page(client, third, "/mou/")


def test_second_signs_in_the_browser_with_own_consent_and_factor(trust_service, client):
    cast = together_flows.half_signed()
    second = with_codes(people(cast.agreement)[1])
    path = f"/mou/{cast.agreement.uuid}/sign/"
    assert "Member of the board" in page(client, second, path)
    told = {
        "represents": "on",
        "consent": "on",
        "function": "Member of the board",
        "typed_name": second.name,
        "document_sha256": signatures.document_to_sign(cast.version, Party.BUSINESS).sha256,
        "consent_sha256": current().sha256,
    }
    assert client.post(path, told).url == f"{path}confirm/"
    answer = client.post(f"{path}confirm/", {"code": code_of(second)})
    made = cast.version.signatures.get(signer=second)
    assert answer.url == f"/mou/signatures/{made.uuid}/"
    assert (made.place, made.evidence["declaration"]["factor"]) == (2, "totp")


def test_first_signer_reads_that_another_is_missing(trust_service, client):
    cast = together_flows.half_signed()
    made = cast.version.signatures.get()
    path = f"/mou/signatures/{made.uuid}/"
    shown = page(client, cast.signatory, path)
    assert "1 more signature of your firm is needed" in shown
    assert "An officer who did not draft" not in shown
    second = with_codes(people(cast.agreement)[1])
    declared = page(client, second, f"/mou/{cast.agreement.uuid}/sign/")
    assert f"It carries the signature of {cast.signatory.name}" in declared
    sign(cast, second)
    assert "An officer who did not draft" in page(client, cast.signatory, path)


def test_caseworker_says_at_the_desk_how_many_sign_and_why(client):
    cast = together_flows.named(2)
    at_the_desk(client, cast.caseworker)
    path = f"/admin/mou/mou/{cast.agreement.pk}/draft/"
    told = {"template": cast.template.pk, "survey_note": "-", "needed": 2, "rule": ""}
    shown = client.post(path, told).content.decode()
    assert "by what rule more than one" in shown
    client.post(path, told | {"rule": RULE})
    assert (cast.version.signatures_needed, cast.version.signing_power) == (2, RULE)
    assert RULE in client.get(path).content.decode()


def test_draft_that_is_refused_at_the_desk_keeps_what_was_typed(client):
    cast = together_flows.named(0)
    at_the_desk(client, cast.caseworker)
    path = f"/admin/mou/mou/{cast.agreement.pk}/draft/"
    told = {"template": cast.template.pk, "survey_note": "-", "needed": 2, "rule": RULE}
    shown = client.post(path, told).content.decode()
    assert "has to name more signatories" in shown
    assert RULE in shown


def test_desk_shows_who_signs_and_how_many(trust_service, client):
    cast = together_flows.half_signed()
    at_the_desk(client, cast.caseworker)
    shown = client.get(f"/admin/mou/mou/{cast.agreement.pk}/change/").content.decode()
    for name in [one.name for one in people(cast.agreement)]:
        assert name in shown
    assert RULE in shown
    assert "1 of 2" in shown


def test_pages_of_a_signing_take_the_same_queries_for_two_as_for_three(trust_service, client):
    counts = []
    for others in (1, 2):
        cast = together_flows.half_signed(others=others)
        client.force_login(cast.owner)
        for path in ("", "signatories/"):
            with CaptureQueriesContext(connection) as found:
                client.get(f"/mou/{cast.agreement.uuid}/{path}")
            counts.append(len(found))
    assert counts[:2] == counts[2:]
