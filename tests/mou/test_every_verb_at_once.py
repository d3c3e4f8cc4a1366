"""Every verb of every table by two people at the same moment, on connections of their own.

A verb that changes the status lets one of two through and tells the other why not; where doing it
again is allowed, both get through and it stands once.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from mou import clauses, lifecycle
from mou.actions import (
    activities,
    agreements,
    alerts,
    amendments,
    applying,
    batches,
    components,
    covers,
    delegating,
    drafting,
    library,
    life,
    measures,
    negotiation,
    offers,
    reviews,
    risks,
    rounds,
    sealing,
    signatures,
    standing,
    surveys,
    training,
    ways_in,
)
from mou.lifecycle import MouStatus
from mou.models import (
    Acceptance,
    Amendment,
    Mou,
    MouOffer,
    MouVersion,
    Notice,
    OfferBatch,
    Party,
    Review,
    Signature,
    TrustStatus,
)
from mou.questionnaire import questionnaire
from portal import reference_files
from portal.errors import DomainError
from tests import test_faults
from tests.agreement import sample_content
from tests.factories import MembershipFactory, UserFactory
from tests.mou import (
    alert_flows,
    amendment_flows,
    batch_flows,
    cover_flows,
    flows,
    living,
    plan_flows,
    risk_flows,
    survey_flows,
    test_amendments,
    test_library,
    test_life,
    test_negotiation,
    test_signing_verbs,
    test_text_verbs,
    together_flows,
    training_flows,
)
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The yard was left open."
# What two threads do, the thing whose status tells what came of it, how many get through.
Case = tuple[Callable[[], Any], Any, int]


def officer() -> Any:
    return UserFactory(caseworker=True)


def _got_through(work: Callable[[], Any]) -> int:
    """How many of two; on SQLite the one writer may be busy, and then a person presses again."""

    def one() -> bool:
        for _again in range(20):
            try:
                work()
            except DomainError:
                return False
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
            else:
                return True
        raise TimeoutError

    return sum(in_threads(2, one))


# --- The tables -------------------------------------------------------------------------------


def _offer(verb: str) -> Case:
    cast = flows.offered()
    if verb in {"enter_contact", "send"}:
        MouOffer.objects.update(status="unsent", sent_at=None)
    offer, by = MouOffer.objects.get(), cast.owner
    if verb == "end":
        mou = agreements.accept(offer=offer, by=by)
        return lambda: agreements.withdraw(mou=mou, by=by, reason=WHY), offer, 1
    desk = {"email": "post@firm.example", "source": "Called", "by": cast.caseworker}
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "enter_contact": (lambda: offers.enter_contact(offer=offer, **desk), 2),
        "send": (lambda: offers.send_offer(offer=offer), 2),
        "change_component": (
            lambda: components.change_component(
                offer=offer, component="C", reason=WHY, by=cast.caseworker
            ),
            1,
        ),
        "accept": (lambda: agreements.accept(offer=offer, by=by), 1),
        "decline": (lambda: agreements.decline(offer=offer, by=by, reason=WHY), 1),
        "withdraw": (
            lambda: offers.withdraw_offer(offer=offer, reason=WHY, by=cast.caseworker),
            1,
        ),
    }
    work, times = works[verb]
    return work, offer, times


def _batch(verb: str) -> Case:
    batch_flows.holder()
    by = officer()
    batch = batch_flows.confirmed(by)
    if verb == "resume":
        batches.pause_batch(batch=batch, by=by)
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "pause": (lambda: batches.pause_batch(batch=batch, by=by), 1),
        "resume": (lambda: batches.resume_batch(batch=batch, by=by), 1),
        "stop": (lambda: batches.stop_batch(batch=batch, by=by), 1),
        "finish": (lambda: batches.make_offers(batch=OfferBatch.objects.get()), 2),
    }
    work, times = works[verb]
    return work, batch, times


def _cover(verb: str) -> Case:
    by, firm = officer(), cover_flows.member(owned=verb != "invite")
    waits = verb in {"invite", "confirm", "decline"}
    cover = cover_flows.named(firm=firm) if waits else cover_flows.confirmed(firm=firm)
    chief = cover_flows.owner(cover.mou.organisation)
    own = {"cover": cover, "by": by if verb == "invite" else cover_flows.owner(firm)}
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "invite": (
            lambda: covers.invite_member(email="a@member.example", source="Called", **own),
            2,
        ),
        "confirm": (lambda: covers.confirm_cover(**own), 1),
        "decline": (lambda: covers.decline_cover(**own), 1),
        "leave": (lambda: covers.leave_cover(**own), 1),
        "remove": (lambda: covers.remove_member(cover=cover, by=chief), 1),
        "refuse": (lambda: covers.refuse_member(cover=cover, reason=WHY, by=by), 1),
        "show": (lambda: covers.show_member(cover=cover, by=chief), 2),
    }
    if verb == "end":
        Mou.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
        return lambda: life.expire(mou=cover.mou), cover, 2
    work, times = works[verb]
    return work, cover, times


AGAIN = {"name_signatory", "draft", "delegate_signing"}


def _text(verb: str, mou: Mou, do: Callable[..., Any], may: dict[str, set[str]]) -> Case:
    by = living.person(mou, min(may[verb]))
    return lambda: do(verb, mou, by), mou, 2 if verb in AGAIN else 1


def _wording(verb: str, mou: Mou, version: MouVersion, thing: Any) -> Case:
    """One wording for a clause proposed by two, or answered by two."""
    clause = clauses.find(version, "REPORTING")
    told = {"code": "REPORTING", "base": clauses.mark_of(clauses.text_of(clause)), "reason": WHY}

    def propose():
        return negotiation.propose_wording(
            mou=mou, wording="Reports are made at once.", by=living.owner(mou), **told
        )

    if verb == "negotiate":
        return propose, thing, 1
    proposal, by = propose(), officer()
    return lambda: negotiation.accept_wording(proposal=proposal, by=by), thing, 1


WORDING = {"negotiate", "settle"}


def _mou(verb: str) -> Case:
    if verb in WORDING:
        cast = flows.proposed()
        return _wording(verb, cast.agreement, cast.version, cast.agreement)
    if verb in test_text_verbs.MAY:
        mou = test_text_verbs.at(min(lifecycle.MOU[verb][0]))
        return _text(verb, mou, test_text_verbs.do, test_text_verbs.MAY)
    if verb in test_signing_verbs.MAY:
        mou = test_text_verbs.at(MouStatus.SIGNING)
        test_signing_verbs.ready(mou, verb)
        return _signing(verb, mou, mou)
    if verb == "expire_signing":
        mou = test_text_verbs.at(MouStatus.SIGNING)
        MouVersion.objects.update(sign_by=timezone.localdate() - timedelta(days=1))
        return lambda: rounds.expire_signing(mou=mou), mou, 2
    return _life(verb)


def _signing(verb: str, mou: Mou, thing: Any) -> Case:
    by = living.person(mou, min(test_signing_verbs.MAY[verb]))
    if verb == "delegate_signing":
        other = MembershipFactory(organisation=mou.organisation, signatory=True)
        fields = {"delegate": other, "function": "Chair", "reason": WHY, "by": by}
        return lambda: delegating.delegate_signing(mou=mou, **fields), thing, 2
    return lambda: test_signing_verbs.do(verb, mou, by), thing, 1


def _life(verb: str) -> Case:
    mou = living.in_force(ends_on=timezone.localdate() - timedelta(days=1))
    if verb in test_life.DOES:
        test_life.NEEDS.get(verb, lambda mou: None)(mou)
        by = living.person(mou, min(test_life.MAY[verb]))
        return lambda: test_life.DOES[verb](mou, by), mou, 2 if verb == "rebase" else 1
    fields = {"mou": mou, "by": officer()}
    if verb == "reinstate":
        standing.suspend_for_cause(reason=WHY, until=None, **fields)
    if verb == "terminate":
        yesterday = timezone.localdate() - timedelta(days=1)
        given = {"party": "business", "reason": WHY, "given_by": living.owner(mou)}
        Notice.objects.create(mou=mou, last_day=yesterday, **given)
    if verb == "suspend":
        TrustStatus.objects.update(security="suspended", simplifications="suspended")
    status = TrustStatus.objects.get()
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "amend": (
            lambda: amendments.open_amendment(kind="amendment", reason=WHY, **fields),
            1,
        ),
        "reinstate": (lambda: standing.reinstate(reason=WHY, **fields), 1),
        "suspend": (transaction.atomic(lambda: standing.follow_trust(status=status, by=None)), 2),
        "expire": (lambda: life.expire(mou=mou), 2),
        "terminate": (lambda: life.terminate(mou=mou), 2),
    }
    work, times = works[verb]
    return work, mou, times


def _amendment(verb: str) -> Case:
    stage = "negotiation" if verb in WORDING else min(lifecycle.AMENDMENT[verb][0])
    mou = living.in_force()
    text = test_amendments.with_text(mou, stage)
    if verb in WORDING:
        MouVersion.objects.update(content=sample_content())
        version = MouVersion.objects.get()
        Acceptance.objects.create(
            version=version,
            party="administration",
            content_hash=version.content_hash,
            accepted_by=version.drafted_by,
        )
        return _wording(verb, mou, version, text)
    if verb in test_signing_verbs.MAY:
        test_signing_verbs.ready(mou, verb)
        return _signing(verb, mou, text)
    if verb == "expire_signing":
        MouVersion.objects.update(sign_by=timezone.localdate() - timedelta(days=1))
        return lambda: rounds.expire_signing(mou=mou), text, 2
    work, _mou, times = _text(verb, mou, test_amendments.do, test_amendments.MAY)
    return work, text, times


def _interest(verb: str) -> Case:
    asked = ways_in.express_interest(told=living.TOLD, language="en")
    if verb in {"seek_review", "uphold"}:
        ways_in.refuse_interest(interest=asked, reason=WHY, by=officer())
    if verb == "uphold":
        ways_in.seek_review(interest=asked, objection=WHY)
    by, programme = officer(), flows.programme()
    works: dict[str, Callable[[], Any]] = {
        "accept": lambda: ways_in.accept_interest(
            interest=asked, programme=programme, contact_source="Called", by=by
        ),
        "refuse": lambda: ways_in.refuse_interest(interest=asked, reason=WHY, by=by),
        "seek_review": lambda: ways_in.seek_review(interest=asked, objection=WHY),
        "uphold": lambda: ways_in.uphold_refusal(interest=asked, reason=WHY, by=by),
    }
    return works[verb], asked, 1


def _proposal(verb: str) -> Case:
    cast = flows.proposed()
    proposal = test_negotiation.proposed(cast)
    theirs = {"proposal": proposal, "by": cast.caseworker}
    works: dict[str, Callable[[], Any]] = {
        "accept": lambda: negotiation.accept_wording(**theirs),
        "refuse": lambda: negotiation.refuse_wording(reason=WHY, **theirs),
        "counter": lambda: negotiation.counter_wording(
            wording="Reports are made at once.", reason=WHY, **theirs
        ),
        "withdraw": lambda: negotiation.withdraw_wording(proposal=proposal, by=cast.owner),
        "lapse": lambda: agreements.withdraw(mou=cast.agreement, by=cast.owner, reason=WHY),
    }
    return works[verb], proposal, 1


def _survey(verb: str) -> Case:
    reference_files.load()
    if verb == "freeze":
        cast = flows.proposed()
        survey, read = survey_flows.accepted(cast.agreement), cast.version.content_hash
        agreed = {"mou": cast.agreement, "content_hash": read, "by": cast.owner}
        return lambda: drafting.agree(**agreed), survey, 1
    mou, by = living.in_force(), officer()
    begun = {
        "answer": survey_flows.begun,
        "submit": survey_flows.answered,
        "accept": survey_flows.submitted,
        "return": survey_flows.submitted,
    }
    survey, owner = begun[verb](mou), living.owner(mou)
    question = questionnaire().questions["B7"]
    given = [survey_flows.given(question)]
    works: dict[str, tuple[Callable[[], Any], int]] = {
        # The same typed twice is no conflict.
        "answer": (lambda: surveys.answer(survey=survey, given=given, by=owner), 2),
        "submit": (lambda: surveys.submit_survey(survey=survey, by=owner), 1),
        "accept": (lambda: surveys.accept_survey(survey=survey, by=by), 1),
        "return": (
            lambda: surveys.return_questions(survey=survey, remarks={"B7": "Why?"}, by=by),
            1,
        ),
    }
    work, times = works[verb]
    return work, survey, times


def _risk(verb: str) -> Case:
    reference_files.load()
    mou, by = living.in_force(), officer()
    assessment = risk_flows.settled(mou) if verb == "share" else risk_flows.begun(mou)
    rating = assessment.ratings.get(threat="RIP_OFF")
    rated = {"likelihood": 1, "impact": 5, "override": None, "revision": rating.revision}
    works: dict[str, Callable[[], Any]] = {
        "rate": lambda: risks.rate(rating=rating, reason=WHY, by=by, **rated),
        "settle": lambda: risks.settle(assessment=assessment, by=by),
        "share": lambda: risks.share(assessment=assessment, threats=["RIP_OFF"], note="", by=by),
    }
    return works[verb], assessment, 1


def _measure(verb: str) -> Case:
    mou = living.in_force()
    begin: dict[str, Callable[[Mou], Any]] = {
        "agree": plan_flows.measure,
        "link": plan_flows.measure,
        "postpone": plan_flows.agreed,
        "report": plan_flows.agreed,
        "drop": plan_flows.agreed,
    }
    if verb == "link":
        reference_files.load()
        risk_flows.shared(mou, "RIP_OFF")
    measure = begin.get(verb, plan_flows.done)(mou)
    firm, desk = (
        {"measure": measure, "by": living.owner(mou)},
        {
            "measure": measure,
            "by": UserFactory(caseworker=True),
        },
    )
    later = timezone.localdate() + timedelta(days=90)
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "agree": (lambda: measures.agree_measure(**firm), 1),
        "postpone": (lambda: measures.postpone_measure(due_on=later, reason=WHY, **desk), 2),
        "link": (lambda: measures.link_measure(threats=["RIP_OFF"], **firm), 2),
        "report": (lambda: measures.report_measure(proof="Done.", **firm), 2),
        "give_back": (lambda: measures.give_measure_back(reason=WHY, **desk), 1),
        "verify": (lambda: measures.verify_measure(proof_seen=measure.proof_mark, **desk), 1),
        "drop": (lambda: measures.drop_measure(reason=WHY, **desk), 1),
    }
    work, times = works[verb]
    return work, measure, times


def _activity(verb: str) -> Case:
    mou = living.in_force()
    soon = timezone.now() + timedelta(days=5)
    begin = plan_flows.activity if verb == "agree" else plan_flows.agreed_activity
    activity = begin(mou)
    if verb == "hold":
        past = timezone.now() - timedelta(days=1)
        type(activity).objects.update(starts_at=past, ends_at=past + timedelta(hours=1))
    by = {"activity": activity, "by": living.owner(mou)}
    times = {"starts_at": soon, "ends_at": soon + timedelta(hours=1), "place": "Quay 9"}
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "agree": (lambda: activities.agree_activity(sequence=0, **by), 1),
        "move": (lambda: activities.move_activity(**times, **by), 2),
        "hold": (lambda: activities.hold_activity(outcome="Well.", follow_up="", **by), 1),
        "cancel": (lambda: activities.cancel_activity(reason=WHY, **by), 1),
    }
    work, often = works[verb]
    return work, activity, often


def _review(verb: str) -> Case:
    mou = living.in_force()
    review = Review.objects.create(mou=mou, cause="yearly", due_on=timezone.localdate())
    by, owner = officer(), living.owner(mou)
    if verb == "answer":
        return lambda: reviews.answer_review(review=review, answer="Well.", by=owner), review, 2
    closed = {"minutes": "Well.", "outcome": "continue", "by": by}
    return lambda: reviews.close_review(review=review, **closed), review, 1


def _alert(verb: str) -> Case:
    mou, by, chief = living.in_force(), officer(), UserFactory(supervisor=True)
    if verb == "acknowledge":
        delivery, owner = alert_flows.delivered(mou), living.owner(mou)
        work = lambda: alerts.acknowledge_alert(delivery=delivery, usefulness="", by=owner)  # noqa: E731
        return work, delivery.alert, 2
    begin = {
        "edit": alert_flows.written,
        "propose": alert_flows.written,
        "expire": alert_flows.published,
        "withdraw": alert_flows.published,
    }
    alert = begin.get(verb, alert_flows.proposed)()
    if verb == "expire":
        type(alert).objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    told = alert_flows.told(title="Bags behind the panels")
    mark = {"alert": alert, "revision": alert.revision}
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "edit": (lambda: alerts.edit_alert(told=told, by=by, **mark), 1),
        "propose": (lambda: alerts.propose_alert(alert=alert, by=by), 1),
        "return": (lambda: alerts.return_alert(alert=alert, reason=WHY, by=chief), 1),
        "approve": (lambda: alerts.approve_alert(by=chief, **mark), 1),
        "withdraw": (lambda: alerts.withdraw_alert(alert=alert, reason=WHY, by=chief), 1),
        "expire": (lambda: alerts.expire(alert=alert), 2),
    }
    work, times = works[verb]
    return work, alert, times


def _training(verb: str) -> Case:
    mou, by = living.in_force(), officer()
    planned = training.plan_training(told=training_flows.told(), by=by)
    session = planned if verb in {"edit", "offer"} else training.offer_training(
        training=planned, by=by
    )  # fmt: skip
    if verb == "record":
        past = timezone.now() - timedelta(days=1)
        type(session).objects.update(starts_at=past, ends_at=past + timedelta(hours=1))
    told, owner = training_flows.told(seats=4), living.owner(mou)
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "edit": (lambda: training.edit_training(training=session, told=told, by=by), 2),
        "offer": (lambda: training.offer_training(training=session, by=by), 1),
        "register": (
            lambda: training.register_attendees(training=session, mou=mou, names=["Ada"], by=owner),
            1,
        ),
        "cancel": (lambda: training.cancel_training(training=session, reason=WHY, by=by), 1),
        "record": (
            lambda: training.record_attendance(training=session, present=[], by=by),
            2,
        ),
    }
    work, times = works[verb]
    return work, session, times


def _revision(verb: str) -> Case:
    author, chief = officer(), UserFactory(supervisor=True)
    revision = test_library.revised(author)
    works: dict[str, Callable[[], Any]] = {
        "approve": lambda: library.approve(revision=revision, by=chief),
        "refuse": lambda: library.refuse(revision=revision, reason=WHY, by=chief),
        "withdraw": lambda: library.withdraw(revision=revision, by=author),
    }
    return works[verb], revision, 1


def _signature(verb: str) -> Case:
    assert verb == "lapse"
    mou = test_text_verbs.at(MouStatus.SIGNING)
    test_signing_verbs.ready(mou, "sign")
    made = test_signing_verbs.do("sign", mou, living.owner(mou))
    Signature.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    return lambda: applying.apply_signature(signature=Signature.objects.get()), made, 2


CASES: dict[str, Callable[[str], Case]] = {
    "OFFER": _offer,
    "BATCH": _batch,
    "COVER": _cover,
    "MOU": _mou,
    "AMENDMENT": _amendment,
    "INTEREST": _interest,
    "PROPOSAL": _proposal,
    "SURVEY": _survey,
    "RISK": _risk,
    "MEASURE": _measure,
    "ACTIVITY": _activity,
    "REVIEW": _review,
    "ALERT": _alert,
    "TRAINING": _training,
    "REVISION": _revision,
    "SIGNATURE": _signature,
}


@pytest.mark.parametrize("anew", [False, True], ids=["first", "amendment"])
def test_two_document_workers_at_once_make_each_document_once(trust_service, anew):
    if anew:
        cast = amendment_flows.opened()
        amendment_flows.agree(cast)
    else:
        cast = flows.agreed()
    version = cast.version
    in_threads(2, lambda: sealing.seal(version=MouVersion.objects.get(pk=version.pk)))
    together_flows.sign(cast, cast.signatory)
    said = flows.declaration(cast, Party.ADMINISTRATION)
    made = signatures.countersign(version=version, declaration=said, by=cast.countersigner)
    in_threads(2, lambda: applying.apply_signature(signature=Signature.objects.get(pk=made.pk)))
    in_threads(2, lambda: sealing.archive(version=MouVersion.objects.get(pk=version.pk)))
    assert version.documents.filter(step="sealed").count() == 1
    assert version.documents.filter(step="administration_stamped").count() == 1
    assert version.documents.filter(step="archived").count() == 1
    assert cast.agreement.status == MouStatus.IN_FORCE
    assert Amendment.objects.filter(status="completed").count() == int(anew)
    assert MouVersion.objects.filter(status="superseded").count() == int(anew)


# What only the document workers do is tried with documents: by which test, through which action.
DOCUMENTS = test_two_document_workers_at_once_make_each_document_once
SIGNED = test_faults.test_two_workers_on_one_signature_make_one
_SEALED = {"seal": (DOCUMENTS, sealing.seal), "archive": (DOCUMENTS, sealing.archive)}
ELSEWHERE: dict[str, dict[str, tuple[Callable[..., Any], Callable[..., Any]]]] = {
    "MOU": _SEALED,
    "AMENDMENT": _SEALED,
    "VERSION": {
        **_SEALED,
        "agree": (
            test_faults.test_agree_by_two_owners_at_once_orders_one_document,
            drafting.agree,
        ),
        "complete": (DOCUMENTS, applying.apply_signature),
        "supersede": (DOCUMENTS, sealing.archive),
    },
    "SIGNATURE": {
        "apply": (SIGNED, applying.apply_signature),
        "stamp": (SIGNED, applying.apply_signature),
        # Decided under the same lock as applying it.
        "refuse": (SIGNED, applying.apply_signature),
    },
}
# What becomes of a text and its signatures goes with what is done to the agreement.
WITH = {"VERSION": {"void": ("MOU", "reopen")}, "SIGNATURE": {"void": ("MOU", "reopen")}}
AT_ONCE = re.compile(r"\b(in_threads|together|at_once|beside)\(")
PAIRS = [
    pytest.param(table, verb, id=f"{table.lower()}-{verb}")
    for table in CASES
    for verb in getattr(lifecycle, table)
    if verb not in ELSEWHERE.get(table, {}) and verb not in WITH.get(table, {})
]


@pytest.mark.parametrize(("table", "verb"), PAIRS)
def test_verb_by_two_at_once(table, verb):
    work, thing, times = CASES[table](verb)
    thing.refresh_from_db()
    before, to = getattr(lifecycle, table)[verb]
    assert thing.status in before

    assert _got_through(work) == times

    was = thing.status
    thing.refresh_from_db()
    assert thing.status == (to or was)
    for mou in Mou.objects.all():
        open_ones = mou.versions.filter(status__in=["draft", "agreed", "signing", "sealing"])
        assert open_ones.count() <= 1


def test_every_verb_of_every_table_is_tried_by_two():
    """A new verb needs a case here, or a test that really leads its action by two at once."""
    known = {name: getattr(lifecycle, name) for name in dir(lifecycle) if name.isupper()}
    tables = {name for name, one in known.items() if isinstance(one, dict) and name[0] != "_"}
    assert tables == set(CASES) | set(ELSEWHERE)
    tried = {(table, verb) for table, verb in (pair.values for pair in PAIRS)}
    for table in tables:
        elsewhere, beside = ELSEWHERE.get(table, {}), WITH.get(table, {})
        own = {verb for one, verb in tried if one == table}
        assert own | set(elsewhere) | set(beside) == set(known[table]), table
        assert set(beside.values()) <= tried
        for verb, (test, action) in elsewhere.items():
            source = inspect.getsource(test)
            name = f"{action.__module__.rpartition('.')[2]}.{action.__name__}"
            assert test.__name__.startswith("test_"), verb
            assert AT_ONCE.search(source), f"{test.__name__} leads nothing by two at once"
            assert f"{name}(" in source, f"{test.__name__} does not lead {name} ({table} {verb})"
