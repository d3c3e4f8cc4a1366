"""Exchanges under many hands: two at once, database roles, and anything at all typed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners import opening
from partners.actions import (
    correspondence,
    exchange_clocks,
    exchanges,
    instrument_changes,
    our_words,
)
from partners.exchange_lifecycle import Status
from partners.forms import exchange_retention as kept
from partners.forms import exchanges as forms
from partners.forms import our_words as ours
from partners.forms import partner_words as theirs
from partners.forms.exchange_fields import ChannelForm
from partners.forms.exports import ExportForm
from partners.leaving import NotCovered
from partners.models import Exchange, ExchangeEnvelope, OurWord
from portal.errors import AlreadyDone, DomainError
from portal.models import AuditEvent, User
from tests.databases import acting_as, postgresql
from tests.partners import exchange_flows as flows
from tests.partners import instrument_flows
from tests.people import at_once

LIST = "/admin/partners/exchange/"


def _next(acts: Iterator[Callable[[], object]]) -> Callable[[], object]:
    """Each of those who come takes the next of these acts."""

    def do() -> object:
        return next(acts)()

    return do


# --- Two at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_send_by_two_at_once_sends_once():
    cast = flows.cast()
    exchange = flows.approved(cast)
    people = iter([cast.officer.pk, cast.supervisor.pk])

    def send() -> object:
        by = User.objects.get(pk=next(people))
        return exchanges.send(exchange=exchange, by=by, channel="siena")

    results = at_once(send, times=2)
    assert sum(isinstance(one, AlreadyDone) for one in results) == 1
    assert AuditEvent.objects.filter(event="sent").count() == 1


@pytest.mark.django_db(transaction=True)
def test_edit_and_approve_at_once_never_approves_what_was_not_read():
    cast = flows.cast()
    exchange = flows.drafted(cast)
    officer_keys = cast.keys()
    acts = iter(
        [
            lambda: exchanges.approve(exchange=exchange, by=cast.supervisor, version=1),
            lambda: exchanges.edit(
                exchange=exchange,
                by=cast.officer,
                keys=officer_keys,
                version=1,
                **flows.answers(cast, facts="Another text."),
            ),
        ]
    )
    at_once(_next(acts), times=2)
    exchange.refresh_from_db()
    # Whoever was first: what stands approved is what was read.
    assert (exchange.status, exchange.content_version) in {
        (Status.DRAFT, 2),
        (Status.APPROVED, 1),
    }


@pytest.mark.django_db(transaction=True)
def test_end_of_an_instrument_and_sending_at_once_are_one_after_the_other():
    cast = flows.cast()
    exchange = flows.approved(cast)
    yesterday = timezone.localdate() - timedelta(days=1)
    ends = instrument_flows.end(cast.instrument, yesterday, by=cast.officer)
    acts = iter(
        [
            lambda: exchanges.send(exchange=exchange, by=cast.officer, channel="siena"),
            lambda: instrument_changes.apply_change(change=ends, by=cast.supervisor),
        ]
    )
    results = at_once(_next(acts), times=2)
    exchange.refresh_from_db()
    refused = any(isinstance(one, NotCovered) for one in results)
    assert exchange.status == (Status.APPROVED if refused else Status.SENT)


@pytest.mark.django_db(transaction=True)
def test_refusal_and_answer_at_once_never_let_one_leave_as_the_other():
    cast = flows.cast()
    told = {"ground": "not_held", "text": "We hold nothing."}
    exchange = flows.approved_word(cast, flows.registered(cast), "refusal", **told)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    acts = iter(
        [
            lambda: correspondence.refuse(**asked, **flows.BY),
            lambda: our_words.draft_answer(**asked, version=0, text="It was the owner."),
        ]
    )
    at_once(_next(acts), times=2)
    exchange.refresh_from_db()
    # Whoever was first: it was refused as approved, and no answer was by that.
    assert exchange.status == Status.REFUSED
    words = {one.leaves_as: (one.by_id, one.approved_by_id) for one in OurWord.objects.all()}
    assert words["refusal"] == (None, None)
    assert words.get("answer") in {None, (cast.officer.pk, None)}


# --- Database roles ---------------------------------------------------------------------------


@postgresql
@pytest.mark.usefixtures("roles")
def test_exchange_is_led_by_roles_that_may_do_no_more():
    cast = flows.cast()
    with acting_as("office"):
        exchange = flows.registered(
            cast, timezone.now() - timedelta(hours=9), urgency="urgent_direct"
        )
        opened = opening.open_exchange(
            exchange=exchange, keys=cast.keys(), by=cast.officer, reason="answering the partner"
        )
        assert opened.content["facts"] == flows.SECRET
        exchange = flows.with_answer(cast, exchange)
    with acting_as("worker"):
        assert exchange_clocks.remind_due() == 1
    with acting_as("office"):
        exchange = correspondence.answer(
            exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY
        )
        assert correspondence.close(exchange=exchange, by=cast.officer).status == Status.CLOSED


@postgresql
@pytest.mark.usefixtures("roles")
@pytest.mark.parametrize("role", ["site", "worker", "intake"])
def test_ciphertext_is_read_by_the_office_alone(role):
    flows.drafted(flows.cast())
    with acting_as(role), pytest.raises(ProgrammingError), transaction.atomic():
        ExchangeEnvelope.objects.first()


@postgresql
@pytest.mark.usefixtures("roles")
def test_worker_changes_nothing_that_people_decide():
    exchange = flows.sent(flows.cast())
    for change in (
        {"approved_at": timezone.now()},
        {"sent_at": None},
        {"handling": "H0"},
        {"partner": exchange.partner_id},
    ):
        with acting_as("worker"), pytest.raises(ProgrammingError), transaction.atomic():
            Exchange.objects.filter(pk=exchange.pk).update(**change)
    with acting_as("worker"):
        assert exchange_clocks.remind_due() == 0
        Exchange.objects.filter(pk=exchange.pk).update(responsible=None)


# --- Anything at all --------------------------------------------------------------------------


ANYTHING = st.one_of(st.text(max_size=60), st.sampled_from(["", "1", "on", "\x00", "é" * 200]))
FORMS = {
    "draft": forms.DraftForm,
    "register": forms.RegisterForm,
    "edit": forms.EditForm,
    "approve": forms.ApproveForm,
    "send": ChannelForm,
    "acknowledge": theirs.AcknowledgeForm,
    "clarify": theirs.ClarifyForm,
    "confirm": theirs.ConfirmForm,
    "ask_clarification": theirs.QuestionForm,
    "answer_in_part": theirs.PartnersAnswerForm,
    "resume": theirs.ResumeForm,
    "withdraw_consent": theirs.WithdrawForm,
    "set_aside": theirs.SetAsideForm,
    "pause": theirs.PauseForm,
    "refuse": theirs.RefuseForm,
    "draft_question": ours.DraftQuestionForm,
    "draft_notice": ours.DraftNoticeForm,
    "draft_refusal": ours.DraftRefusalForm,
    "record_consent": theirs.ConsentForm,
    "record_outcome": kept.OutcomeForm,
    "keep": kept.KeepForm,
    "hold": kept.HoldForm,
    "draft_answer": ours.AnswerForm,
    "export": ExportForm,
}


@pytest.mark.django_db
def test_anything_typed_into_any_form_is_answered_and_nothing_is_half_applied():
    cast = flows.cast()
    officer = cast.desk.unlocked(Client(), cast.officer)
    mine, theirs = flows.sent(cast), flows.registered(cast)
    for one in (mine, theirs):
        officer.post(f"{LIST}{one.pk}/open/", {"reason": "answering the partner"})
    valid = {
        key: str(value.pk if hasattr(value, "pk") else value)
        for key, value in flows.answers(cast).items()
    }

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(FORMS)))
        fields = sorted(FORMS[name].base_fields)
        typed = {**valid, "version": "1"} if data.draw(st.booleans()) else {}
        for field in data.draw(st.lists(st.sampled_from(fields), max_size=6)):
            for part in ("", "_0", "_1", "_2"):
                typed[f"{field}{part}"] = data.draw(ANYTHING)
        typed.pop("attached", None)
        starts = name in ("draft", "register")
        target = data.draw(st.sampled_from([mine, theirs]))
        url = f"{LIST}{name}/" if starts else f"{LIST}{target.pk}/{name}/"
        before = (Exchange.objects.count(), ExchangeEnvelope.objects.count())
        answer = officer.post(url, typed)
        assert answer.status_code in (200, 302, 404), (url, typed)
        if answer.status_code != 302:
            assert (Exchange.objects.count(), ExchangeEnvelope.objects.count()) == before

    tried()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["draft_notice", "draft_refusal"])
def test_unknown_code_is_refused_by_the_action_too(verb):
    cast = flows.cast()
    exchange = flows.registered(cast)
    told = {"ground": "whim", "text": "Told.", "version": 0}
    with pytest.raises((ValueError, DomainError)):
        getattr(our_words, verb)(exchange=exchange, by=cast.officer, keys=cast.keys(), **told)
