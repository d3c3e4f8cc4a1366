"""Clause by clause: comments, other wordings and their answers, until both accept one text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import clauses, programme, queues
from mou.actions import agreements, amendments, drafting, negotiation
from mou.demonstration import negotiating
from mou.lifecycle import ProposalStatus
from mou.models import Clause, ClauseProposal, Mou, Party, Template
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import OutboxMessage
from tests.factories import MembershipFactory, UserFactory
from tests.mou import amendment_flows, flows
from tests.people import at_the_desk
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
WORDING = "Reports are made within an hour.\n\nBy telephone."
WHY = "Our night shift has no computer."


def text(cast, code="REPORTING"):
    clause = clauses.find(cast.version, code)
    assert clause is not None
    return clauses.text_of(clause)


def proposed(cast, by=None, code="REPORTING", wording=WORDING):
    return negotiation.propose_wording(
        mou=cast.agreement,
        code=code,
        base=clauses.mark_of(text(cast, code)),
        wording=wording,
        reason=WHY,
        by=by or cast.owner,
    )


def redraft(cast):
    drafting.draft(
        mou=cast.agreement, template=cast.template, survey_note="Later.", by=cast.caseworker
    )


def send(cast):
    drafting.propose(mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker)


def agree(cast):
    drafting.agree(mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.owner)


# --- What is agreed comes into the text -------------------------------------------------------


def test_accepted_wording_is_what_both_sign():
    cast = flows.proposed()
    proposal = proposed(cast)
    with pytest.raises(DomainError, match="Reporting"):
        agree(cast)
    negotiation.accept_wording(proposal=proposal, by=cast.caseworker)
    with pytest.raises(DomainError, match="drafts it again"):
        agree(cast)
    redraft(cast)
    send(cast)
    agree(cast)
    assert text(cast) == WORDING
    proposal.refresh_from_db()
    assert proposal.written_in == cast.version


def test_agree_after_the_firm_takes_its_wordings_back():
    cast = flows.proposed()
    proposal = proposed(cast)
    negotiation.withdraw_wording(proposal=proposal, by=cast.owner)
    agree(cast)
    assert cast.agreement.status == "ready"


def test_refuse_needs_a_reason_that_the_other_side_reads():
    cast = flows.proposed()
    proposal = proposed(cast)
    with pytest.raises(DomainError, match="reason"):
        negotiation.refuse_wording(proposal=proposal, reason=" ", by=cast.caseworker)
    refused = negotiation.refuse_wording(proposal=proposal, reason="Too long.", by=cast.caseworker)
    assert (refused.status, refused.decision) == (ProposalStatus.REFUSED, "Too long.")
    agree(cast)


def test_counter_closes_one_wording_and_opens_another_for_the_first_side():
    cast = flows.proposed()
    first = proposed(cast)
    counter = negotiation.counter_wording(
        proposal=first, wording="Within a day.", reason="An hour is short.", by=cast.caseworker
    )
    first.refresh_from_db()
    assert first.status == ProposalStatus.COUNTERED
    assert counter.counters == first
    with pytest.raises(NotAllowed):
        negotiation.accept_wording(proposal=counter, by=cast.caseworker)
    negotiation.accept_wording(proposal=counter, by=cast.owner)
    redraft(cast)
    assert text(cast) == "Within a day."


def test_wording_is_answered_after_the_text_went_back():
    cast = flows.proposed()
    proposal = proposed(cast)
    drafting.return_text(mou=cast.agreement, remark="See the clause.", by=cast.owner)
    negotiation.accept_wording(proposal=proposal, by=cast.caseworker)
    with pytest.raises(DomainError, match="drafts it again"):
        send(cast)


def test_wording_agreed_for_the_signed_text_stays_in_the_next_version(trust_service):
    cast = flows.proposed()
    negotiation.accept_wording(proposal=proposed(cast), by=cast.caseworker)
    redraft(cast)
    send(cast)
    agree(cast)
    amendment_flows.sign(cast)
    amendment_flows.countersign(cast)
    amendment_flows.sealing.archive(version=cast.version)
    amendments.open_amendment(
        mou=cast.agreement, kind="amendment", reason="Clearer.", by=cast.caseworker
    )
    redraft(cast)
    assert text(cast) == WORDING
    send(cast)
    dropped = proposed(cast, wording="Never.")
    negotiation.accept_wording(proposal=dropped, by=cast.caseworker)
    amendments.drop(mou=cast.agreement, reason="No.", by=cast.owner)
    amendments.open_amendment(
        mou=cast.agreement, kind="amendment", reason="Again.", by=cast.caseworker
    )
    redraft(cast)
    assert text(cast) == WORDING


def test_wording_names_the_firm_as_it_is_called_by_now():
    cast = flows.proposed()
    name = cast.organisation.legal_name
    negotiation.accept_wording(
        proposal=proposed(cast, wording=f"{name} reports."), by=cast.caseworker
    )
    cast.organisation.legal_name = "Renamed AB"
    cast.organisation.save()
    redraft(cast)
    assert text(cast) == "Renamed AB reports."


def test_withdraw_of_the_agreement_lets_open_wordings_lapse():
    cast = flows.proposed()
    proposal = proposed(cast)
    agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="Sold.")
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.LAPSED


# --- What is refused --------------------------------------------------------------------------


def test_clause_that_is_fixed_takes_comments_and_no_wording():
    cast = flows.proposed()
    Clause.objects.filter(code="CONFIDENTIALITY").update(is_negotiable=False)
    negotiation.comment(
        mou=cast.agreement, code="CONFIDENTIALITY", text="How long?", by=cast.signatory
    )
    with pytest.raises(DomainError, match="same for everybody"):
        proposed(cast, code="CONFIDENTIALITY")


def test_second_wording_for_a_clause_waits_for_the_first():
    cast = flows.proposed()
    proposed(cast)
    with pytest.raises(AlreadyDone):
        proposed(cast, by=cast.caseworker, wording="Otherwise.")


@pytest.mark.parametrize(
    ("wording", "told"),
    [(" \n\n ", "Write what"), ("Report \u4e2d", "Latin letters"), (None, "Change it")],
)
def test_wording_that_cannot_stand_is_refused(wording, told):
    cast = flows.proposed()
    with pytest.raises(DomainError, match=told):
        proposed(cast, wording=text(cast) if wording is None else wording)


def test_wording_for_a_text_that_changed_is_refused():
    cast = flows.proposed()
    with pytest.raises(DomainError, match="has changed"):
        negotiation.propose_wording(
            mou=cast.agreement, code="REPORTING", base="0", wording="A", reason=WHY, by=cast.owner
        )


@pytest.mark.parametrize("stage", [flows.drafted, flows.agreed])
def test_negotiate_only_while_the_text_is_with_the_firm(stage):
    cast = stage()
    with pytest.raises(InvalidTransition):
        proposed(cast)
    with pytest.raises(InvalidTransition):
        negotiation.comment(mou=cast.agreement, code="REPORTING", text="-", by=cast.owner)


ROLES = ("caseworker", "countersigner", "supervisor", "owner", "signatory", "member", "stranger")
MAY = {
    "comment": {"caseworker", "owner", "signatory"},
    "propose": {"caseworker", "owner"},
    "accept": {"caseworker"},
    "refuse": {"caseworker"},
    "counter": {"caseworker"},
    "withdraw": {"owner"},
}
DOES = {
    "comment": lambda cast, one, by: negotiation.comment(
        mou=cast.agreement, code="PURPOSE", text="-", by=by
    ),
    "propose": lambda cast, one, by: proposed(cast, by=by, code="PURPOSE"),
    "accept": lambda cast, one, by: negotiation.accept_wording(proposal=one, by=by),
    "refuse": lambda cast, one, by: negotiation.refuse_wording(proposal=one, reason=WHY, by=by),
    "counter": lambda cast, one, by: negotiation.counter_wording(
        proposal=one, wording="Another.", reason=WHY, by=by
    ),
    "withdraw": lambda cast, one, by: negotiation.withdraw_wording(proposal=one, by=by),
}


def person(cast, role):
    if role in ("caseworker", "owner", "signatory"):
        return getattr(cast, role)
    if role in ("countersigner", "supervisor"):
        return UserFactory(**{role: True})
    if role == "member":
        return MembershipFactory(organisation=cast.organisation, role="member").user
    return MembershipFactory(role="owner").user


@pytest.mark.parametrize("verb", MAY)
def test_verb_about_a_clause_is_for_some_roles_only(verb):
    cast = flows.proposed()
    one = proposed(cast)
    for role in ROLES:
        if role not in MAY[verb]:
            with pytest.raises(NotAllowed):
                DOES[verb](cast, one, person(cast, role))
    assert ClauseProposal.objects.count() == 1
    DOES[verb](cast, one, person(cast, min(MAY[verb])))


@pytest.mark.parametrize("status", [one for one in ProposalStatus.values if one != "open"])
@pytest.mark.parametrize("verb", ["accept", "refuse", "counter", "withdraw"])
def test_answered_wording_is_answered_no_more(verb, status):
    cast = flows.proposed()
    one = proposed(cast)
    ClauseProposal.objects.update(status=status, decided_at=timezone.now(), decision="-")
    with pytest.raises(InvalidTransition):
        DOES[verb](cast, one, person(cast, min(MAY[verb])))


# --- Pages ------------------------------------------------------------------------------------


def test_both_sides_negotiate_a_clause_on_their_pages(client):
    cast = flows.proposed()
    mou = cast.agreement
    client.force_login(cast.owner)
    assert (
        reverse("mou:clauses", args=[mou.uuid])
        in client.get(reverse("mou:read", args=[mou.uuid])).content.decode()
    )
    page = reverse("mou:clause", args=[mou.uuid, "REPORTING"])
    form = client.get(page).context["forms"]["propose"]
    sent = {"base": form.initial["base"], "wording": WORDING, "reason": WHY}
    shown = client.post(page + "propose/", sent, follow=True).content.decode()
    assert "Waits for the administration" in shown
    assert "<ins>" in shown
    desk = at_the_desk(client, cast.caseworker)
    at = reverse("admin:mou_mou_clause", args=[mou.pk, "REPORTING"])
    assert (
        at.rsplit("/", 2)[0]
        in desk.get(reverse("admin:mou_mou_clauses", args=[mou.pk])).content.decode()
    )
    assert WHY in desk.get(at).content.decode()
    proposal = ClauseProposal.objects.get()
    counter = reverse("admin:mou_mou_counter_wording", args=[mou.pk, proposal.uuid])
    said = desk.post(counter, {"wording": "Within a day.", "reason": "-"}, follow=True)
    assert "Waits for the firm" in said.content.decode()
    client.force_login(cast.owner)
    assert reverse("mou:clauses", args=[mou.uuid]) in client.get("/mou/").content.decode()
    accept = reverse(
        "mou:accept_wording", args=[mou.uuid, ClauseProposal.objects.open().get().uuid]
    )
    shown = client.post(accept, follow=True).content.decode()
    assert "Agreed, comes with the next draft" in shown
    assert cast.caseworker.name not in shown


def test_nothing_typed_is_lost_when_the_clause_changed_meanwhile(client):
    cast = flows.proposed()
    client.force_login(cast.owner)
    page = reverse("mou:propose_on_clause", args=[cast.agreement.uuid, "REPORTING"])
    sent = {"base": "old", "wording": WORDING, "reason": WHY}
    answer = client.post(page, sent)
    shown = answer.content.decode()
    assert "has changed since" in shown
    assert "within an hour" in shown
    assert WHY in shown
    # Sent again after the clause was read as it is now, it is taken.
    client.post(page, {**sent, "base": answer.context["forms"]["propose"]["base"].value()})
    assert ClauseProposal.objects.open().count() == 1


def test_clause_is_nobody_elses(client):
    cast = flows.proposed()
    other = flows.proposed()
    proposal = proposed(other)
    client.force_login(cast.owner)
    for name in ("accept", "refuse", "counter", "withdraw"):
        for mou in (other.agreement, cast.agreement):
            page = reverse(f"mou:{name}_wording", args=[mou.uuid, proposal.uuid])
            assert client.post(page, {"reason": "x", "wording": "x"}).status_code == 404
    mine = reverse("mou:clause", args=[cast.agreement.uuid, "NO_SUCH"])
    assert client.get(mine).status_code == 404


@pytest.mark.parametrize("role", ["countersigner", "supervisor"])
def test_desk_reads_the_clauses_and_only_caseworkers_speak(client, role):
    cast = flows.proposed()
    desk = at_the_desk(client, UserFactory(**{role: True}))
    page = reverse("admin:mou_mou_clause", args=[cast.agreement.pk, "REPORTING"])
    assert "<textarea" not in desk.get(page).content.decode()
    assert desk.post(page + "comment/", {"text": "x"}).status_code in (403, 404)


def test_draft_that_was_not_sent_is_no_clause_of_the_firm(client):
    cast = flows.drafted()
    client.force_login(cast.owner)
    assert client.get(reverse("mou:clauses", args=[cast.agreement.uuid])).status_code == 404


def test_clauses_cost_the_same_whatever_was_said(client, django_assert_num_queries):
    cast = flows.proposed()
    client.force_login(cast.owner)
    page = reverse("mou:clauses", args=[cast.agreement.uuid])
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    negotiation.accept_wording(proposal=proposed(cast), by=cast.caseworker)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    negotiation.accept_wording(proposal=proposed(cast, code="PURPOSE"), by=cast.caseworker)
    for _number in range(3):
        proposal = proposed(cast, code="CONFIDENTIALITY")
        negotiation.refuse_wording(proposal=proposal, reason="-", by=cast.caseworker)
        negotiation.comment(mou=cast.agreement, code="PURPOSE", text="-", by=cast.owner)
    with django_assert_num_queries(len(few)):
        client.get(page)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["base", "wording", "reason", "text"]), st.text()))
@pytest.mark.parametrize("verb", ["comment", "propose", "accept", "refuse", "counter", "withdraw"])
def test_anything_typed_about_a_clause_is_answered(client, verb, data):
    cast = flows.proposed()
    mou, one = cast.agreement, proposed(cast, by=cast.caseworker)
    client.force_login(cast.owner)
    page = reverse("mou:clause", args=[mou.uuid, "PURPOSE"]) + f"{verb}/"
    if verb in ("accept", "refuse", "counter", "withdraw"):
        page = reverse(f"mou:{verb}_wording", args=[mou.uuid, one.uuid])
    assert client.post(page, data).status_code in (200, 302, 404)
    desk = at_the_desk(client, cast.caseworker)
    if verb in ("accept", "refuse", "counter", "withdraw"):
        page = reverse(f"admin:mou_mou_{verb}_wording", args=[mou.pk, one.uuid])
    else:
        page = reverse(f"admin:mou_mou_{verb}_on_clause", args=[mou.pk, "PURPOSE"])
    assert desk.post(page, data).status_code in (200, 302, 404)


# --- Desk and mail ----------------------------------------------------------------------------


def test_queues_hold_what_firms_propose_and_what_is_to_be_written():
    cast = flows.proposed()
    picked = lambda code: list(queues.QUEUES[code].pick(Mou.objects.all(), cast.caseworker))  # noqa: E731
    proposal = proposed(cast)
    assert (picked("wordings"), picked("write")) == ([cast.mou], [])
    negotiation.accept_wording(proposal=proposal, by=cast.caseworker)
    assert (picked("wordings"), picked("write")) == ([], [cast.mou])
    redraft(cast)
    assert (picked("wordings"), picked("write")) == ([], [])


def test_other_side_is_told_once_an_hour(time_machine):
    time_machine.move_to(timezone.now().replace(minute=5), tick=False)
    cast = flows.proposed()
    for _number in range(3):
        negotiation.comment(mou=cast.agreement, code="PURPOSE", text="-", by=cast.owner)
    sent = OutboxMessage.objects.filter(key__startswith="mou.firm_negotiated")
    assert sent.count() == 1
    time_machine.shift(timedelta(hours=1))
    negotiation.comment(mou=cast.agreement, code="PURPOSE", text="-", by=cast.owner)
    assert sent.count() == 2
    assert not OutboxMessage.objects.filter(key__startswith="mou.office_negotiated").exists()


# --- Two at once ------------------------------------------------------------------------------


def test_agree_on_a_text_that_an_officer_changed_is_refused_in_words():
    cast = flows.proposed()
    old = cast.version.content_hash
    proposal = proposed(cast, by=cast.caseworker)
    negotiation.accept_wording(proposal=proposal, by=cast.owner)
    redraft(cast)
    send(cast)
    with pytest.raises(DomainError, match="The text has changed since you opened it"):
        drafting.agree(mou=cast.agreement, content_hash=old, by=cast.owner)


@pytest.mark.django_db(transaction=True)
def test_agree_while_an_officer_proposes_a_wording_does_one_of_both():
    cast = flows.proposed()
    mou, mark = cast.agreement, clauses.mark_of(text(cast))
    content_hash = cast.version.content_hash
    works = [
        lambda: drafting.agree(mou=mou, content_hash=content_hash, by=cast.owner),
        lambda: negotiation.propose_wording(
            mou=mou, code="REPORTING", base=mark, wording=WORDING, reason=WHY, by=cast.caseworker
        ),
    ]

    def one():
        try:
            works.pop()()
        except DomainError:
            return False
        return True

    assert sum(in_threads(2, one)) == 1
    agreed = cast.agreement.status == "ready"
    assert agreed != ClauseProposal.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_both_sides_propose_for_one_clause_at_once_and_one_waits():
    cast = flows.proposed()
    mou, mark, people = cast.agreement, clauses.mark_of(text(cast)), [cast.owner, cast.caseworker]

    def one():
        try:
            negotiation.propose_wording(
                mou=mou, code="REPORTING", base=mark, wording=WORDING, reason=WHY, by=people.pop()
            )
        except DomainError:
            return False
        return True

    assert sum(in_threads(2, one)) == 1
    assert ClauseProposal.objects.count() == 1


def test_agreed_wording_is_as_good_from_either_side():
    cast = flows.proposed()
    proposal = proposed(cast, by=cast.caseworker)
    assert proposal.party == Party.ADMINISTRATION
    negotiation.accept_wording(proposal=proposal, by=cast.owner)
    redraft(cast)
    assert text(cast) == WORDING


def test_demonstration_negotiates_each_text_once():
    casts = [flows.proposed(), flows.proposed()]
    for _time in range(2):
        negotiating.negotiate(casts[0].caseworker)
    assert ClauseProposal.objects.count() == 3
    assert ClauseProposal.objects.open().count() == 2


@pytest.mark.parametrize(
    ("wording", "shown"),
    [
        ("Maas reports at Maasvlakte.", "Maas Logistics BV reports at Maasvlakte."),
        ("Maas Logistics BV reports.", "Maas Logistics BV reports."),
    ],
)
def test_wording_changes_the_name_and_no_other_word(wording, shown):
    cast = flows.proposed()
    proposal = proposed(cast, wording=wording)
    proposal.version.content["business"]["legal_name"] = "Maas"
    cast.organisation.legal_name = "Maas Logistics BV"
    mou = cast.agreement
    mou.organisation = cast.organisation
    assert clauses.wording_now(proposal, mou) == shown


def test_draft_says_it_was_written_for_the_last_agreed_wording_only():
    cast = flows.proposed()
    first = proposed(cast)
    negotiation.accept_wording(proposal=first, by=cast.caseworker)
    last = proposed(cast, wording="Another wording that both sides want.")
    negotiation.accept_wording(proposal=last, by=cast.caseworker)
    redraft(cast)
    first.refresh_from_db()
    last.refresh_from_db()
    assert (first.written_in, last.written_in) == (None, cast.version)


def test_draft_in_another_language_lets_what_was_proposed_before_lapse():
    cast = flows.proposed()
    open_one = proposed(cast)
    programme.load()
    dutch = Template.objects.filter(language="nl").latest("version")
    drafting.return_text(mou=cast.agreement, remark="In Dutch, please.", by=cast.owner)
    drafting.draft(mou=cast.agreement, template=dutch, survey_note="-", by=cast.caseworker)
    open_one.refresh_from_db()
    assert open_one.status == ProposalStatus.LAPSED
    waiting = queues.QUEUES["write"].pick(Mou.objects.all(), cast.caseworker)
    assert not waiting.exists()


def in_dutch(cast):
    """Agreed in English, then drafted in Dutch."""
    negotiation.accept_wording(proposal=proposed(cast), by=cast.caseworker)
    programme.load()
    dutch = Template.objects.filter(language="nl").latest("version")
    drafting.return_text(mou=cast.agreement, remark="In Dutch, please.", by=cast.owner)
    drafting.draft(mou=cast.agreement, template=dutch, survey_note="-", by=cast.caseworker)


LEFT = "One wording that both sides agreed in another language is not in this text"


def test_draft_in_another_language_names_what_it_leaves_out(client):
    cast = flows.proposed()
    in_dutch(cast)
    desk = at_the_desk(client, cast.caseworker)
    title = clauses.find(cast.agreement.versions.first(), "REPORTING")["title"]
    for page in ("preview", "clauses"):
        shown = desk.get(f"/admin/mou/mou/{cast.agreement.pk}/{page}/").content.decode()
        assert LEFT in shown
        assert f"{title}</span> (English)" in shown
    form = desk.get(f"/admin/mou/mou/{cast.agreement.pk}/draft/").content.decode()
    assert f"leaves them out until they are agreed in it: {title} (English)" in form
    send(cast)
    client.force_login(cast.owner)
    shown = client.get(reverse("mou:clauses", args=[cast.agreement.uuid])).content.decode()
    assert LEFT in shown
    assert "Propose the wording again" in shown


def test_wording_agreed_in_the_language_of_the_text_is_not_left_out():
    cast = flows.proposed()
    in_dutch(cast)
    assert [one.code for one in clauses.left_out(cast.agreement, "nl")] == ["REPORTING"]
    send(cast)
    negotiation.accept_wording(proposal=proposed(cast), by=cast.caseworker)
    assert clauses.left_out(cast.agreement, "nl") == []
    assert clauses.left_out(cast.agreement, "sv") != []


def test_page_of_clauses_in_one_language_warns_of_nothing(client):
    cast = flows.proposed()
    negotiation.accept_wording(proposal=proposed(cast), by=cast.caseworker)
    client.force_login(cast.owner)
    shown = client.get(reverse("mou:clauses", args=[cast.agreement.uuid])).content.decode()
    assert "in another language" not in shown
