"""Exchanges attacked: what one person alone, a late edit or an odd field must not achieve."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from partners import exchange_reading, opening
from partners.actions import consents, correspondence, exchange_exports, exchanges, our_words
from partners.actions.exchange_holding import attachment
from partners.exchange_lifecycle import Direction, Status
from partners.leaving import NotCovered
from partners.models import Exchange, InstrumentParty, Partner
from portal.errors import DomainError
from tests.partners import exchange_flows as flows
from tests.partners.factories import InstrumentFactory
from tests.partners.test_exchange_actions import GROUND
from tests.partners.test_exchange_pages import REASON, at, typed, words_of

pytestmark = pytest.mark.django_db
LIST = "/admin/partners/exchange/"


@pytest.fixture
def cast():
    return flows.cast()


@pytest.fixture
def officer(cast, client):
    return cast.desk.unlocked(client, cast.officer)


# --- By word of mouth -------------------------------------------------------------------------


def test_what_is_sent_by_word_of_mouth_is_to_be_confirmed_whatever_was_ticked(cast):
    exchange = exchanges.send(exchange=flows.approved(cast), by=cast.officer, channel="oral")
    assert exchange.awaits_confirmation


def test_what_comes_by_word_of_mouth_is_to_be_confirmed_whatever_was_ticked(cast):
    exchange = exchanges.register(
        by=cast.officer,
        keys=cast.keys(),
        received_at=timezone.now(),
        channel="oral",
        **flows.answers(cast),
    )
    assert exchange.awaits_confirmation


# --- By which channel it left -----------------------------------------------------------------

LEAVES = {
    "answer": ("answer", "Answered in full"),
    "question": ("ask_clarification", "Clarification asked"),
    "notice": ("pause", "Clock paused"),
    "refusal": ("refuse", "Refused"),
}


@pytest.mark.parametrize("kind", list(LEAVES))
def test_word_of_ours_names_the_channel_by_which_it_left(cast, officer, kind):
    verb, event = LEAVES[kind]
    ground = {"notice": "judicial", "refusal": "secrecy"}.get(kind)
    told = {"text": "Said.", **({"ground": ground} if ground else {})}
    exchange = flows.approved_word(cast, flows.registered(cast), kind, **told)
    officer.post(at(exchange, "open"), REASON)
    form = officer.post(at(exchange, verb), {"channel": ""}).context["form"]
    assert list(form.errors) == ["channel"]
    assert list(form.fields) == ["channel", "channel_reference"]
    officer.post(at(exchange, verb), {"channel": "afis", "channel_reference": "A-9"})
    shown = officer.get(at(exchange)).content.decode()
    assert f"{event}: AFIS" in shown
    assert "AFIS (CIS, FIDE), A-9" in shown
    pdf = officer.post(at(exchange, "export"), {"to": "partner", "reason": "sending it along"})
    assert "AFIS (CIS, FIDE), A-9" in "".join(words_of(pdf.content))


def test_partners_word_keeps_its_channel_where_somebody_noted_it(cast):
    exchange, by = flows.sent(cast), {"by": cast.officer, "keys": cast.keys()}
    correspondence.answer_in_part(exchange=exchange, **by, text="The owner.")
    way = {"channel": "letter", "channel_reference": "NL 12"}
    correspondence.answer(exchange=exchange, **by, text="All of it.", **way)
    first, last = opening.read(exchange, cast.keys()).words
    assert "way" not in first.told
    assert last.told["way"] == {"channel": "letter", "reference": "NL 12"}


def test_what_is_confirmed_in_writing_is_not_told_by_word_of_mouth(cast):
    exchange = flows.sent(cast, oral=True)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    for channel in ("", "oral"):
        with pytest.raises(DomainError):
            correspondence.confirm(**asked, channel=channel)
    assert correspondence.confirm(**asked, **flows.BY).confirmed_at is not None


# --- Limits and consent -----------------------------------------------------------------------


def test_limits_of_an_answer_stay_with_it_once_it_has_left(cast, officer):
    exchange = flows.approved_word(
        cast, flows.registered(cast), "answer", text="The owner.", limits="Never in a tax case."
    )
    exchange = correspondence.answer(
        exchange=exchange, by=cast.officer, keys=cast.keys(), **flows.BY
    )
    officer.post(at(exchange, "open"), REASON)
    assert "Never in a tax case." in officer.get(at(exchange)).content.decode()
    pdf = officer.post(at(exchange, "export"), {"to": "partner", "reason": "sending it along"})
    assert "Never in a tax case." in words_of(pdf.content)[0]


@pytest.mark.parametrize("then", [flows.asked_back, flows.refused])
def test_partner_takes_consent_back_whatever_happened_since(cast, then):
    exchange = flows.led_to(cast, Direction.OUT, Status.PARTLY_ANSWERED)
    asked = {"by": cast.officer, "keys": cast.keys()}
    consents.record_consent(exchange=exchange, **asked, consent="granted", uses=["body"])
    exchange = then(cast, exchange)
    assert consents.withdraw_consent(exchange=exchange, **asked).onward_consent == "withdrawn"


# --- Prints -----------------------------------------------------------------------------------


def test_print_tells_no_partner_which_report_it_came_from(cast, officer):
    exchange = flows.sent(cast)
    Exchange.objects.filter(pk=exchange.pk).update(report_reference="RP-77777-77777")
    assert "RP-77777-77777" in officer.get(at(exchange)).content.decode()
    pdf = officer.post(at(exchange, "export"), {"to": "partner", "reason": "sending it along"})
    assert "RP-77777" not in "".join(words_of(pdf.content))


def test_print_carries_what_the_instrument_says_on_use(cast, officer):
    cast.instrument.limits = "Not for a tax case."
    cast.instrument.save()
    exchange = flows.sent(cast)
    pdf = officer.post(at(exchange, "export"), {"to": "partner", "reason": "sending it along"})
    assert "Not for a tax case." in words_of(pdf.content)[0]


@pytest.mark.django_db(transaction=True)
def test_what_is_handed_out_is_read_under_the_lock_of_the_look_at_the_law(cast, monkeypatch):
    """Else another editor saves in between, and what nobody approved leaves."""
    exchange = flows.approved(cast, files=[attachment("map.txt", b"where it waits")])
    asked = {"exchange": exchange, "keys": cast.keys(), "by": cast.officer, "recipient": "NL"}
    file = UUID(opening.read(exchange, cast.keys()).files[0]["id"])
    read, locked = opening.read, []

    def watched(one, keys):
        locked.append(connection.in_atomic_block)
        return read(one, keys)

    monkeypatch.setattr(opening, "read", watched)
    exchange_exports.export(**asked, reason="sending it along")
    exchange_exports.take_file(**asked, file_id=file, reason="sending it along")
    assert locked == [True, True]


# --- Approving --------------------------------------------------------------------------------


def test_approver_reads_on_the_page_itself_what_is_approved(cast, officer):
    exchange = flows.drafted(cast)
    supervisor = cast.desk.unlocked(Client(), cast.supervisor)
    supervisor.post(at(exchange, "open"), REASON)
    told = flows.answers(cast, facts="Changed since the supervisor read it.")
    exchanges.edit(exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **told)
    page = supervisor.get(at(exchange, "approve")).content.decode()
    assert "Changed since the supervisor read it." in page
    came = flows.registered(cast)
    our_words.draft_answer(
        exchange=came, by=cast.officer, keys=cast.keys(), version=0, text="The owner, in May."
    )
    supervisor.post(at(came, "open"), REASON)
    assert "The owner, in May." in supervisor.get(at(came, "approve_answer")).content.decode()


def test_other_law_takes_back_the_approval_that_was_given_under_the_first(cast):
    other = InstrumentFactory()
    for country in ("SE", "NL"):
        InstrumentParty.objects.create(instrument=other, country=country)
    exchange = flows.with_answer(cast, flows.registered(cast))
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    our_words.draft_question(**asked, version=0, text="Which trailer?", instrument=other)
    with pytest.raises(DomainError, match="approve"):
        correspondence.answer(**asked, **flows.BY)


def test_question_to_a_third_country_brings_its_ground_along():
    cast = flows.cast("AU")
    exchange = flows.registered(cast)
    exchange = flows.approved_word(cast, exchange, "question", text="Which?", **GROUND)
    assert exchange.transfer_ground == GROUND["transfer_ground"]


def test_ground_of_a_transfer_is_decided_before_it_is_recorded(cast):
    ahead = {**GROUND, "transfer_decided_on": timezone.localdate() + timedelta(days=1)}
    with pytest.raises(DomainError, match="future"):
        flows.drafted(cast, **ahead)


def test_nothing_is_sent_to_a_partner_that_has_ended_since(cast):
    exchange = flows.approved(cast)
    Partner.objects.update(ended_on=timezone.localdate())
    with pytest.raises(NotCovered, match="no longer"):
        exchanges.send(exchange=exchange, by=cast.officer, **flows.BY)


def test_file_that_was_attached_by_mistake_is_left_out_of_the_next_wording(cast, officer):
    files = [attachment("right.txt", b"right"), attachment("wrong.txt", b"wrong")]
    exchange = flows.drafted(cast, files=files)
    wrong = opening.read(exchange, cast.keys()).files[1]["id"]
    officer.post(at(exchange, "open"), REASON)
    assert "Leave these files out" in officer.get(at(exchange, "edit")).content.decode()
    officer.post(at(exchange, "edit"), typed(cast, version=1, left_out=[wrong]))
    left = opening.read(exchange, cast.keys()).files
    assert [one["name"] for one in left] == ["right.txt"]


def test_files_of_an_answer_stay_when_it_is_worded_anew(cast):
    exchange = flows.registered(cast)
    asked = {"by": cast.officer, "keys": cast.keys()}
    file = attachment("map.txt", b"where it waits")
    our_words.draft_answer(exchange=exchange, **asked, version=0, text="The owner.", files=[file])
    our_words.draft_answer(exchange=exchange, **asked, version=1, text="The owner!")
    told = opening.read(exchange, cast.keys()).answer
    assert [one["name"] for one in told["files"]] == ["map.txt"]


def test_words_said_before_are_worded_again_and_stay_in_the_form(cast, officer):
    exchange = flows.led_to(cast, Direction.IN, Status.PARTLY_ANSWERED)
    said = opening.read(exchange, cast.keys()).words[-1].told["text"]
    officer.post(at(exchange, "open"), REASON)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    assert not officer.get(at(exchange, "draft_answer")).context["form"]["text"].value()
    our_words.draft_answer(**asked, version=1, text=said)
    assert officer.get(at(exchange, "draft_answer")).context["form"]["text"].value() == said


# --- Odd fields -------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["received_at", "due_at"])
def test_day_at_the_end_of_time_is_answered(cast, officer, day, name):
    now = timezone.localtime()
    told = {
        "received_at_0": now.strftime("%Y-%m-%d"),
        "received_at_1": "00:00",
        "channel": "siena",
        "urgency": "instrument",
        "due_at_0": now.strftime("%Y-%m-%d"),
        "due_at_1": "23:59",
        f"{name}_0": day,
    }
    answer = officer.post(f"{LIST}register/", typed(cast, **told))
    assert answer.status_code in (200, 302)
    for one in Exchange.objects.all():
        assert officer.get(at(one)).status_code == 200
    assert officer.get(LIST).status_code == 200


def test_form_sent_twice_makes_one_exchange_and_another_one_may_follow(cast, officer):
    """The reader who goes back in the browser writes the next one into the same form."""
    first = officer.get(f"{LIST}draft/").context["form"]["uuid"].value()
    officer.post(f"{LIST}draft/", typed(cast, uuid=first))
    again = officer.post(f"{LIST}draft/", typed(cast, uuid=first, facts="Another case."))
    assert "This was sent before" in again.content.decode()
    assert Exchange.objects.count() == 1
    fresh = again.context["form"]["uuid"].value()
    officer.post(f"{LIST}draft/", typed(cast, uuid=fresh, facts="Another case."))
    assert Exchange.objects.count() == 2


# --- Two at once ------------------------------------------------------------------------------


def test_second_editor_may_send_again_what_still_holds(cast, officer):
    """Told of the other once; what was typed is not lost by having come second."""
    exchange = flows.drafted(cast)
    officer.post(at(exchange, "open"), REASON)
    exchanges.edit(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **flows.answers(cast)
    )
    mine = typed(cast, version=1, facts="Mine, and it still holds.")
    form = officer.post(at(exchange, "edit"), mine).context["form"]
    assert "changed the wording" in str(form.errors)
    again = {**mine, "version": form["version"].value()}
    assert officer.post(at(exchange, "edit"), again).status_code == 302
    assert opening.read(exchange, cast.keys()).content["facts"] == "Mine, and it still holds."


def test_approval_of_what_was_changed_since_begins_anew(cast):
    exchange = flows.drafted(cast)
    supervisor = cast.desk.unlocked(Client(), cast.supervisor)
    supervisor.post(at(exchange, "open"), REASON)
    exchanges.edit(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **flows.answers(cast)
    )
    answer = supervisor.post(at(exchange, "approve"), {"version": 1, "checked": "on"}, follow=True)
    assert "changed the wording" in answer.content.decode()
    exchange.refresh_from_db()
    assert exchange.approved_by is None


def test_partners_part_is_kept_once_though_it_was_sent_twice(cast, officer):
    """By one hand twice, or by two officers who have the same letter."""
    exchange = flows.sent(cast)
    officer.post(at(exchange, "open"), REASON)
    form = officer.get(at(exchange, "answer_in_part")).context["form"]
    part = {"text": "The owner.", "version": form["version"].value()}
    assert officer.post(at(exchange, "answer_in_part"), part).status_code == 302
    second = officer.post(at(exchange, "answer_in_part"), part)
    assert "whether yours is there already" in second.content.decode()
    more = {"text": "And his brother.", "version": second.context["form"]["version"].value()}
    assert officer.post(at(exchange, "answer_in_part"), more).status_code == 302
    said = [one.told["text"] for one in opening.read(exchange, cast.keys()).words]
    assert said == ["The owner.", "And his brother."]


def test_nobody_approves_what_was_altered_in_the_database(cast):
    exchange = flows.drafted(cast)
    row = exchange.envelopes.get()
    row.ciphertext = bytes(byte ^ 1 for byte in bytes(row.ciphertext))
    row.save()
    supervisor = cast.desk.unlocked(Client(), cast.supervisor)
    supervisor.post(at(exchange, "open"), REASON)
    answer = supervisor.post(at(exchange, "approve"), {"version": 1, "checked": "on"})
    assert "was altered" in answer.content.decode()
    exchange.refresh_from_db()
    assert exchange.status == Status.DRAFT


def test_page_says_what_the_instrument_limits(cast, officer):
    cast.instrument.limits = "Not for a tax case."
    cast.instrument.save()
    assert "Not for a tax case." in officer.get(at(flows.sent(cast))).content.decode()


# --- What was entered by mistake --------------------------------------------------------------


def test_request_vanishes_by_no_hand_of_who_entered_it_and_with_a_reason(cast):
    exchange = flows.registered(cast)
    told = {"exchange": exchange, "reason": "entered twice by the night desk"}
    own = exchanges.register(
        by=cast.supervisor,
        keys=cast.keys(cast.supervisor),
        received_at=timezone.now(),
        channel="siena",
        **flows.answers(cast),
    )
    for refused in (
        {**told, "by": cast.officer},
        {**told, "by": cast.supervisor, "exchange": own},
        {**told, "by": cast.supervisor, "reason": " "},
    ):
        with pytest.raises(DomainError):
            exchanges.set_aside(**refused)
    done = exchanges.set_aside(**told, by=cast.supervisor)
    assert (done.status, exchange_reading.clock_of(done)) == (Status.CLOSED, None)
    with pytest.raises(DomainError):
        exchanges.set_aside(**{**told, "by": cast.supervisor})


def test_answer_is_due_after_its_clock_begins(cast):
    past = {"urgency": "instrument", "due_at": timezone.now() - timedelta(days=1)}
    with pytest.raises(DomainError, match="clock begins"):
        flows.registered(cast, **past)
    exchange = flows.approved(cast, **past)
    with pytest.raises(DomainError, match="clock begins"):
        exchanges.send(exchange=exchange, by=cast.officer, **flows.BY)


# --- Limits that are only named ---------------------------------------------------------------


def test_other_limits_are_stated_where_the_code_says_that_they_are(cast):
    with pytest.raises(DomainError, match="State the limits"):
        flows.drafted(cast, handling="H3")
    assert flows.drafted(cast, handling="H3", limits="Only in this case.").handling == "H3"
    asked = {"exchange": flows.registered(cast), "by": cast.officer, "keys": cast.keys()}
    with pytest.raises(DomainError, match="State the limits"):
        our_words.draft_answer(**asked, version=0, text="The owner.", handling="H3")


def test_answer_that_has_not_left_is_handed_on_to_nobody(cast, officer):
    exchange = flows.with_answer(cast, flows.registered(cast, handling="H0"))
    asked = {"to": "other", "recipient": "The prosecutor", "reason": "use in a case"}
    asked |= {"purpose": "investigation", "limits_read": "on"}
    pdf = officer.post(at(exchange, "export"), asked)
    assert "collected by the owner" not in "".join(words_of(pdf.content))
