"""Reminders: before an answer is due and when it is overdue, once each, and without content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from partners import tasks
from partners.actions import exchange_clocks, exchange_pauses
from partners.models import UrgencyChoice
from portal import outbox
from portal.models import AuditEvent, OutboxMessage
from tests.factories import UserFactory
from tests.partners import exchange_flows as flows
from tests.people import read_mail

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def cast():
    return flows.cast()


def urgent(cast, **other):
    with time_machine.travel(FRIDAY, tick=False):
        return flows.registered(cast, FRIDAY, urgency=UrgencyChoice.DIRECT, **other)


def passes(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return exchange_clocks.remind_due()


def test_desk_is_reminded_before_and_called_at_the_end_once_each(cast):
    exchange = urgent(cast)
    told = [passes(FRIDAY + hours * HOUR) for hours in (5, 6, 7, 8, 9)]
    assert told == [0, 1, 0, 1, 0]
    events = AuditEvent.objects.filter(
        target_type="partners.exchange", target_id=str(exchange.pk), actor="system"
    )
    assert [one.event for one in events.order_by("id")] == ["reminded", "found_late"]


def test_letters_say_nothing_of_the_exchange(cast):
    exchange = urgent(cast)
    with time_machine.travel(FRIDAY + 9 * HOUR, tick=False):
        tasks.remind_due()
        letters = read_mail()
    assert {one.to[0] for one in letters} == {cast.officer.email, cast.supervisor.email}
    for letter in letters:
        text = f"{letter.subject} {letter.body} {letter.alternatives}"
        for secret in (exchange.reference, cast.partner.name, "brickworks"):
            assert secret not in text


def test_responsible_officer_alone_is_reminded(cast):
    other = UserFactory(liaison_officer=True)
    urgent(cast)
    passes(FRIDAY + 7 * HOUR)
    promised = OutboxMessage.objects.filter(task="partners.send_exchange_letter")
    assert [one.payload["to_id"] for one in promised] == [cast.officer.pk]
    assert other.pk != cast.officer.pk


def test_no_one_is_called_while_the_clock_is_paused_or_answered(cast):
    paused, answered = urgent(cast), urgent(cast)
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        flows.paused(cast, paused)
        flows.refused(cast, answered)
    assert passes(FRIDAY + 20 * HOUR) == 0


def test_clock_that_goes_on_reminds_again(cast):
    exchange = urgent(cast)
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    assert passes(FRIDAY + 7 * HOUR) == 1
    with time_machine.travel(FRIDAY + 7 * HOUR, tick=False):
        flows.paused(cast, exchange)
    with time_machine.travel(FRIDAY + 27 * HOUR, tick=False):
        exchange_pauses.resume(**asked, **flows.BY)
    assert passes(FRIDAY + 27 * HOUR) == 1
    assert passes(FRIDAY + 28 * HOUR) == 1


def test_task_asks_a_fixed_number_of_questions_while_nothing_is_due(
    cast, django_assert_num_queries
):
    flows.registered(cast)
    outbox.deliver_open()
    mail.outbox.clear()
    with django_assert_num_queries(2):
        exchange_clocks.remind_due()
