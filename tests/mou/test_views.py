"""The pages of a firm: what waits, offers, agreements, signatory, text, documents."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mou.actions import agreements, drafting
from mou.models import Mou, MouOffer
from portal.models import AuditEvent
from tests.factories import MembershipFactory, UserFactory
from tests.mou import flows
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args, **extra) -> str:
    answer = client.get(reverse(name, args=args), **extra)
    assert answer.status_code == 200
    return answer.content.decode()


def offer_url(cast, verb="offer") -> str:
    return reverse(f"mou:{verb}", args=[cast.offer.uuid])


def mou_url(cast, verb="agreement") -> str:
    return reverse(f"mou:{verb}", args=[cast.agreement.uuid])


# --- The front page -------------------------------------------------------------------------


def test_start_leads_staff_to_the_desk_and_firms_to_their_agreements():
    cast = flows.offered()

    desk = at_the_desk(Client(), cast.caseworker)

    assert as_(cast.owner).get(reverse("start")).url == reverse("mou_home")
    assert desk.get(reverse("start")).url == reverse("admin:index")
    assert desk.get(reverse("mou_home")).url == reverse("admin:index")


@pytest.mark.parametrize(
    ("state", "who", "task"),
    [
        ("offered", "owner", "Accept or decline the offer"),
        ("accepted", "owner", "Name who signs for the firm"),
        ("proposed", "owner", "Read and accept the text"),
    ],
)
def test_home_shows_whose_turn_it_is(state, who, task):
    cast = getattr(flows, state)()

    assert task in page(as_(getattr(cast, who)), "mou_home")
    assert task not in page(as_(cast.signatory), "mou_home")


def test_home_of_nobody_explains_itself():
    shown = page(as_(UserFactory()), "mou_home")

    assert "You belong to no organisation here" in shown


def test_home_shows_nothing_of_other_firms():
    cast, other = flows.accepted(), flows.offered()

    shown = page(as_(other.owner), "mou_home")

    assert cast.agreement.number not in shown
    assert cast.organisation.legal_name not in shown


def test_home_takes_as_many_queries_for_many_agreements(django_assert_max_num_queries):
    owner = flows.accepted().owner
    client = as_(owner)
    client.get(reverse("mou_home"))
    for _number in range(4):
        MembershipFactory(user=owner, organisation=flows.accepted().organisation, owner=True)

    with django_assert_max_num_queries(18):
        client.get(reverse("mou_home"))


# --- The offer ------------------------------------------------------------------------------


def test_offer_tells_what_it_entails_and_who_may_answer():
    cast = flows.offered()

    assert "What it entails" in page(as_(cast.owner), "mou:offer", cast.offer.uuid)
    shown = page(as_(cast.signatory), "mou:offer", cast.offer.uuid)
    assert "Olga Owner" in shown
    assert offer_url(cast, "accept") not in shown


@pytest.mark.parametrize("verb", ["offer", "accept", "decline"])
def test_offer_pages_do_not_exist_for_strangers(verb):
    cast = flows.offered()

    assert as_(UserFactory()).get(offer_url(cast, verb)).status_code == 404
    assert as_(UserFactory()).post(offer_url(cast, verb), {"reason": "no"}).status_code == 404
    assert MouOffer.objects.get().status == "sent"


def test_accept_asks_once_more_and_then_opens_the_agreement():
    cast = flows.offered()
    client = as_(cast.owner)

    assert "Accept the offer" in page(client, "mou:accept", cast.offer.uuid)
    assert not Mou.objects.exists()
    answer = client.post(offer_url(cast, "accept"))

    assert answer.url == reverse("mou:agreement", args=[Mou.objects.get().uuid])


def test_accept_by_a_member_who_is_no_owner_is_404():
    cast = flows.offered()

    assert as_(cast.signatory).get(offer_url(cast, "accept")).status_code == 404
    assert as_(cast.signatory).post(offer_url(cast, "accept")).status_code == 404


def test_accept_twice_leads_to_the_agreement_and_says_why():
    cast = flows.accepted()

    answer = as_(cast.owner).post(offer_url(cast, "accept"), follow=True)

    assert answer.redirect_chain[-1][0] == mou_url(cast)
    assert "This cannot be done now" in answer.content.decode()


def test_decline_wants_a_reason_and_keeps_it():
    cast = flows.offered()
    client = as_(cast.owner)

    assert "Error:" in client.post(offer_url(cast, "decline"), {"reason": " "}).content.decode()
    client.post(offer_url(cast, "decline"), {"reason": "No time this year."})

    assert MouOffer.objects.get().decline_reason == "No time this year."


# --- The agreement --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("accepted", "Name the person who signs for your firm."),
        ("named", "A caseworker drafts the text"),
        ("proposed", "Read the text, and accept it"),
        ("agreed", "The document is being made and sealed."),
    ],
)
def test_agreement_says_what_happens_next(state, words):
    cast = getattr(flows, state)()

    assert words in page(as_(cast.owner), "mou:agreement", cast.agreement.uuid)


def test_agreement_names_officers_by_their_office_only():
    cast = flows.proposed()

    shown = page(as_(cast.owner), "mou:agreement", cast.agreement.uuid)

    assert "Text sent to the firm" in shown
    assert cast.caseworker.name not in shown


@pytest.mark.parametrize(
    "verb", ["agreement", "name_signatory", "withdraw", "read", "return", "declare", "sign"]
)
def test_agreement_pages_do_not_exist_for_strangers(verb):
    cast = flows.proposed()
    stranger = flows.offered().owner

    assert as_(stranger).get(mou_url(cast, verb)).status_code == 404
    assert as_(stranger).post(mou_url(cast, verb)).status_code in (404, 405)
    assert cast.agreement.status == "negotiation"


def test_agreement_pages_want_a_login():
    cast = flows.proposed()

    answer = Client().get(mou_url(cast))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_agreement_takes_a_fixed_number_of_queries(django_assert_max_num_queries):
    cast = flows.proposed()
    client = as_(cast.owner)
    drafting.return_text(mou=cast.agreement, remark="Shorter, please.", by=cast.owner)
    client.get(mou_url(cast))

    with django_assert_max_num_queries(18):
        client.get(mou_url(cast))


def test_former_member_sees_nothing_any_more():
    cast = flows.proposed()
    cast.organisation.memberships.filter(user=cast.signatory).update(ended_at="2026-01-01T00:00Z")

    assert as_(cast.signatory).get(mou_url(cast)).status_code == 404


# --- The signatory --------------------------------------------------------------------------


def test_name_signatory_offers_owners_and_signatories_only():
    cast = flows.accepted()
    MembershipFactory(organisation=cast.organisation, user=UserFactory(name="Mo Member"))

    shown = page(as_(cast.owner), "mou:name_signatory", cast.agreement.uuid)

    assert "Sigrid Signatory" in shown
    assert "Olga Owner" in shown
    assert "Mo Member" not in shown


def test_name_signatory_names_the_person():
    cast = flows.accepted()
    chosen = cast.organisation.memberships.get(user=cast.signatory)

    answer = as_(cast.owner).post(
        mou_url(cast, "name_signatory"), {"signatory": chosen.pk, "function": "Director"}
    )

    assert answer.url == mou_url(cast)
    assert cast.agreement.signatory == chosen
    assert cast.agreement.signatory_function == "Director"


def test_name_signatory_keeps_what_was_typed_when_nobody_was_chosen():
    cast = flows.accepted()

    shown = (
        as_(cast.owner).post(mou_url(cast, "name_signatory"), {"function": "Director"}).content
    ).decode()

    assert "Choose who signs for the firm" in shown
    assert 'value="Director"' in shown


def test_name_signatory_of_another_firm_is_refused():
    cast, other = flows.accepted(), flows.accepted()
    foreign = other.organisation.memberships.get(user=other.owner)

    as_(cast.owner).post(
        mou_url(cast, "name_signatory"), {"signatory": foreign.pk, "function": "Director"}
    )

    assert cast.agreement.signatory is None


def test_name_signatory_after_the_text_was_sent_says_why_not():
    cast = flows.proposed()
    chosen = cast.organisation.memberships.get(user=cast.owner)
    form = {"signatory": chosen.pk, "function": "Director"}

    answer = as_(cast.owner).post(mou_url(cast, "name_signatory"), form, follow=True)

    assert "This cannot be done now" in answer.content.decode()


# --- The text -------------------------------------------------------------------------------


def test_read_shows_the_text_once_it_was_sent():
    drafted, sent = flows.drafted(), flows.proposed()

    assert as_(drafted.owner).get(mou_url(drafted, "read")).status_code == 404
    shown = page(as_(sent.owner), "mou:read", sent.agreement.uuid)
    assert sent.version.content["clauses"][0]["paragraphs"][0] in shown
    assert sent.version.content_hash in shown


def test_read_lets_only_owners_accept():
    cast = flows.proposed()

    assert mou_url(cast, "agree") not in page(as_(cast.signatory), "mou:read", cast.agreement.uuid)
    answer = as_(cast.signatory).post(
        mou_url(cast, "agree"), {"content_hash": cast.version.content_hash, "accepted": "on"}
    )
    assert answer.status_code == 404


def test_agree_takes_the_hash_that_was_shown():
    cast = flows.proposed()

    as_(cast.owner).post(
        mou_url(cast, "agree"), {"content_hash": cast.version.content_hash, "accepted": "on"}
    )

    assert cast.agreement.status == "ready"


def test_agree_without_the_tick_shows_the_text_again():
    cast = flows.proposed()

    answer = as_(cast.owner).post(
        mou_url(cast, "agree"), {"content_hash": cast.version.content_hash}
    )

    assert "Tick the box if you accept the text" in answer.content.decode()
    assert cast.agreement.status == "negotiation"


def test_agree_to_a_text_that_changed_meanwhile_is_refused_with_a_sentence():
    cast = flows.proposed()

    answer = as_(cast.owner).post(
        mou_url(cast, "agree"), {"content_hash": "0" * 64, "accepted": "on"}, follow=True
    )

    assert "The text has changed since you opened it." in answer.content.decode()


def test_return_sends_the_remark_to_the_caseworker():
    cast = flows.proposed()

    as_(cast.owner).post(mou_url(cast, "return"), {"reason": "Clause 2 is too broad."})

    assert cast.agreement.status == "preparation"
    assert cast.agreement.remark == "Clause 2 is too broad."


# --- Giving up ------------------------------------------------------------------------------


def test_withdraw_asks_for_a_reason_and_ends_it():
    cast = flows.proposed()
    client = as_(cast.owner)

    assert "It cannot be undone" in page(client, "mou:withdraw", cast.agreement.uuid)
    client.post(mou_url(cast, "withdraw"), {"reason": "The firm is sold."})

    assert cast.agreement.status == "withdrawn"
    assert "The firm is sold." in page(client, "mou:agreement", cast.agreement.uuid)


def test_withdraw_is_the_owners():
    cast = flows.proposed()

    assert as_(cast.signatory).get(mou_url(cast, "withdraw")).status_code == 404
    assert as_(cast.signatory).post(mou_url(cast, "withdraw"), {"reason": "x"}).status_code == 404


# --- Documents ------------------------------------------------------------------------------


def test_download_gives_the_bytes_and_records_who_got_them(trust_service):
    cast = flows.sealed()
    document = cast.version.documents.get(step="sealed")
    url = reverse("mou:download", args=[cast.agreement.uuid, 1, "sealed"])

    answer = as_(cast.signatory).get(url)

    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) == document.size
    name = f"{cast.agreement.number}-v1-sealed.pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "private" in answer["Cache-Control"]
    event = AuditEvent.objects.get(event="downloaded")
    assert (event.kind, event.actor) == ("disclosure", f"user:{cast.signatory.pk}")


def test_download_does_not_exist_for_strangers(trust_service):
    cast = flows.sealed()
    url = reverse("mou:download", args=[cast.agreement.uuid, 1, "sealed"])

    assert as_(flows.offered().owner).get(url).status_code == 404
    assert as_(cast.owner).get(url.replace("sealed", "archived")).status_code == 404
    assert not AuditEvent.objects.filter(event="downloaded").exists()


def test_withdrawn_agreement_offers_no_verbs():
    cast = flows.accepted()
    agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="No.")

    shown = page(as_(cast.owner), "mou:agreement", cast.agreement.uuid)

    assert "Not needed any more" in shown
    assert mou_url(cast, "withdraw") not in shown
