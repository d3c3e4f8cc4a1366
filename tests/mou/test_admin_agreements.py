"""The officers' desk for agreements: who sees what, each verb, and the second pair of eyes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mou.actions import drafting, standing
from mou.lifecycle import VersionStatus
from mou.models import MouVersion
from mou.queues import QUEUES
from portal.models import AuditEvent, RoleGrant, User
from tests.factories import UserFactory
from tests.mou import flows
from tests.people import at_the_desk, code_of

pytestmark = pytest.mark.django_db
VERBS = ["draft", "preview", "propose", "reopen", "reinstate", "withdraw", "declare", "countersign"]


def desk(user: User) -> Client:
    return at_the_desk(Client(), user)


def url(cast, verb="change") -> str:
    return reverse(f"admin:mou_mou_{verb}", args=[cast.agreement.pk])


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def refused(client: Client, address: str, data: dict[str, str]) -> str:
    """What the page says after a verb was refused."""
    return client.post(address, data, follow=True).content.decode()


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["caseworker", "countersigner", "supervisor"])
def test_agreements_are_read_by_the_agreement_desk(role):
    cast = flows.drafted()
    client = desk(UserFactory(**{role: True}))

    assert cast.agreement.number in shown(client, reverse("admin:mou_mou_changelist"))
    assert cast.organisation.legal_name in shown(client, url(cast))


@pytest.mark.parametrize(
    "role", ["triage_officer", "liaison_officer", "auditor", "system_administrator"]
)
def test_agreements_are_nothing_to_other_officers(role):
    cast = flows.drafted()
    client = desk(UserFactory(**{role: True}))

    assert client.get(reverse("admin:mou_mou_changelist")).status_code == 403
    assert client.get(url(cast)).status_code == 403
    for verb in VERBS:
        assert client.get(url(cast, verb)).status_code == 404, verb


def test_agreements_are_no_address_for_firms():
    cast = flows.drafted()
    client = Client()
    client.force_login(cast.owner)

    assert client.get(url(cast)).status_code == 302
    assert client.post(url(cast, "draft")).status_code == 302


@pytest.mark.parametrize("waits", ["", *QUEUES])
def test_list_takes_a_fixed_number_of_queries(waits, django_assert_max_num_queries):
    client = desk(flows.drafted().caseworker)
    for _number in range(3):
        flows.proposed()
    address = reverse("admin:mou_mou_changelist")
    client.get(address)

    with django_assert_max_num_queries(10):
        assert client.get(address, {"waits": waits} if waits else {}).status_code == 200


def test_list_is_searched_by_number_and_firm():
    cast, other = flows.accepted(), flows.accepted()
    cast.organisation.legal_name = "Zebra Lines AB"
    cast.organisation.save()
    client, address = desk(cast.caseworker), reverse("admin:mou_mou_changelist")

    found = client.get(address, {"q": "zebra lines"}).content.decode()

    assert cast.agreement.number in found
    assert other.agreement.number not in found


def test_page_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    cast = flows.proposed()
    for _round in range(3):
        drafting.return_text(mou=cast.agreement, remark="Again.", by=cast.owner)
        flows.drafting.draft(
            mou=cast.agreement, template=cast.template, survey_note="Later.", by=cast.caseworker
        )
        drafting.propose(
            mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker
        )
    client = desk(cast.caseworker)
    client.get(url(cast))

    with django_assert_max_num_queries(32):
        client.get(url(cast))


def test_page_warns_of_what_holds_a_document_up():
    cast = flows.agreed()
    MouVersion.objects.filter(pk=cast.version.pk).update(waiting_for="time stamp service")
    client = desk(cast.caseworker)

    assert "the document waits for the time stamp service" in shown(client, url(cast))
    listed = shown(client, reverse("admin:mou_mou_changelist") + "?waits=waiting")
    assert cast.agreement.number in listed
    assert "Held up by a time stamp" in shown(client, reverse("admin:index"))


@pytest.mark.parametrize(
    ("state", "code"), [("named", "draft"), ("drafted", "propose"), ("returned", "returned")]
)
def test_queue_holds_what_waits_for_a_caseworker(state, code):
    cast = flows.proposed() if state == "returned" else getattr(flows, state)()
    if state == "returned":
        drafting.return_text(mou=cast.agreement, remark="Shorter.", by=cast.owner)
    client, address = desk(cast.caseworker), reverse("admin:mou_mou_changelist")

    assert cast.agreement.number in shown(client, f"{address}?waits={code}")
    for other in {"draft", "propose", "returned", "suspended"} - {code}:
        assert cast.agreement.number not in shown(client, f"{address}?waits={other}")


# --- The text -------------------------------------------------------------------------------


def test_draft_makes_a_text_to_read():
    cast = flows.named()
    client = desk(cast.caseworker)

    assert "Why no survey was made" in shown(client, url(cast, "draft"))
    answer = client.post(
        url(cast, "draft"),
        {"template": cast.template.pk, "survey_note": "Comes later.", "needed": 1},
    )

    assert answer.url == url(cast, "preview")
    assert "Comes later." in shown(client, url(cast, "preview"))


def test_draft_without_a_signatory_says_so_and_makes_nothing():
    cast = flows.accepted()
    form = {"template": cast.template.pk, "survey_note": "Later.", "needed": 1}

    words = refused(desk(cast.caseworker), url(cast, "draft"), form)

    assert "The firm has not named its signatory yet" in words
    assert not MouVersion.objects.exists()


def test_draft_keeps_what_was_typed_when_something_is_missing():
    cast = flows.named()

    answer = desk(cast.caseworker).post(url(cast, "draft"), {"survey_note": "The yard is new."})

    assert "The yard is new." in answer.content.decode()


def test_propose_sends_the_text_that_was_read():
    cast = flows.drafted()
    client = desk(cast.caseworker)

    assert cast.version.content_hash in shown(client, url(cast, "preview"))
    client.post(url(cast, "propose"), {"content_hash": cast.version.content_hash})

    assert cast.agreement.status == "negotiation"


def test_propose_of_another_text_is_refused_with_a_sentence():
    cast = flows.drafted()

    words = refused(desk(cast.caseworker), url(cast, "propose"), {"content_hash": "0" * 64})

    assert "The text has changed since you opened it." in words
    assert cast.agreement.status == "preparation"


def test_verbs_are_done_by_post_only():
    cast = flows.drafted()
    client = desk(cast.caseworker)

    assert client.get(url(cast, "propose")).status_code == 405
    for verb in VERBS:
        client.get(url(cast, verb))
    assert cast.agreement.status == "preparation"


@pytest.mark.parametrize(
    ("state", "verb"),
    [("accepted", "reopen"), ("agreed", "draft"), ("accepted", "reinstate"), ("agreed", "propose")],
)
def test_verb_at_the_wrong_time_says_so(state, verb):
    cast = getattr(flows, state)()
    form = {
        "reason": "Because.",
        "template": str(cast.template.pk),
        "survey_note": "Later.",
        "needed": "1",
        "content_hash": "0" * 64,
    }

    assert "This cannot be done now" in refused(desk(cast.caseworker), url(cast, verb), form)


def test_reopen_takes_an_agreed_text_back():
    cast = flows.agreed()

    desk(cast.caseworker).post(url(cast, "reopen"), {"reason": "The address was wrong."})

    assert cast.agreement.status == "preparation"
    assert cast.agreement.remark == "The address was wrong."


def test_withdraw_ends_it_with_the_reason():
    cast = flows.agreed()

    desk(cast.caseworker).post(url(cast, "withdraw"), {"reason": "The firm has closed."})

    assert cast.agreement.status == "withdrawn"
    assert cast.agreement.end_reason == "The firm has closed."


def test_reinstate_confirms_a_suspended_agreement(trust_service):
    cast = flows.archived()
    status = cast.offer.trust_status
    status.security = "suspended"
    status.save()
    standing.follow_trust(status=status, by=None)
    client = desk(cast.caseworker)

    assert "still not valid" in refused(client, url(cast, "reinstate"), {"reason": "Call."})
    status.security = "valid"
    status.save()
    client.post(url(cast, "reinstate"), {"reason": "The office confirmed it."})

    assert cast.agreement.status == "in_force"
    event = AuditEvent.objects.get(event="reinstated")
    assert event.reason == "The office confirmed it."


# --- Countersigning -------------------------------------------------------------------------


def declared(cast, **changes) -> dict[str, str]:
    version = cast.version
    document = version.documents.get(step="business_stamped")
    return {
        "represents": "on",
        "function": "Head of section",
        "typed_name": cast.countersigner.name,
        "consent": "on",
        "document_sha256": document.sha256,
        "consent_sha256": flows.current().sha256,
    } | changes


def test_countersign_is_confirmed_by_the_second_factor(trust_service):
    cast = flows.signed()
    client = desk(cast.countersigner)

    assert "Countersign" in shown(client, url(cast))
    assert client.post(url(cast, "declare"), declared(cast)).url == url(cast, "countersign")
    assert "Head of section" in shown(client, url(cast, "countersign"))
    answer = client.post(url(cast, "countersign"), {"code": code_of(cast.countersigner)})

    assert "Your signature is being made." in shown(client, answer.url)
    flows.deliver_all()
    assert "You have signed for the administration." in shown(client, answer.url)
    assert cast.agreement.status == "in_force"


def test_countersign_by_the_drafter_is_refused_and_told_why(trust_service):
    cast = flows.signed()
    RoleGrant.objects.create(user=cast.caseworker, role="countersigner")
    client = desk(User.objects.get(pk=cast.caseworker.pk))

    assert "You drafted this text." in shown(client, url(cast))
    assert "You drafted this text." in refused(client, url(cast, "declare"), declared(cast))
    listed = shown(client, reverse("admin:mou_mou_changelist") + "?waits=countersign")
    assert cast.agreement.number not in listed


def test_countersign_before_the_firm_says_what_is_missing(trust_service):
    cast = flows.sealed()
    client = desk(cast.countersigner)

    assert "The firm has not signed yet." in shown(client, url(cast))
    words = client.get(url(cast, "declare"), follow=True).content.decode()
    assert "The firm’s signature is not complete yet." in words


def test_countersign_after_a_colleague_says_who_was_first(trust_service):
    cast = flows.countersigned()
    second = desk(UserFactory(countersigner=True))
    MouVersion.objects.filter(pk=cast.version.pk).update(status=VersionStatus.SIGNING)

    words = second.get(url(cast, "declare"), follow=True).content.decode()

    assert "Cora Countersigner has signed for the administration already." in words


def test_countersign_with_a_wrong_code_keeps_everything_but_the_code(trust_service):
    cast = flows.signed()
    client = desk(cast.countersigner)
    client.post(url(cast, "declare"), declared(cast))

    answer = client.post(url(cast, "countersign"), {"code": "000000"})

    assert "This code is not right" in answer.content.decode()
    assert "Head of section" in answer.content.decode()
    assert "000000" not in answer.content.decode()


def test_signature_page_is_the_signers_own(trust_service):
    cast = flows.signed()
    signature = cast.version.signatures.get()
    address = reverse("admin:mou_mou_signature", args=[signature.uuid])

    assert desk(cast.countersigner).get(address).status_code == 404


def test_download_at_the_desk_is_recorded(trust_service):
    cast = flows.sealed()
    address = reverse("admin:mou_mou_download", args=[cast.agreement.pk, 1, "sealed"])

    assert desk(cast.countersigner).get(address).content.startswith(b"%PDF-")
    event = AuditEvent.objects.get(event="downloaded")
    assert event.at <= timezone.now()
    assert event.actor == f"user:{cast.countersigner.pk}"
