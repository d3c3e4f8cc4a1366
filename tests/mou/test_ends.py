"""How an agreement ends: by notice, at once, on its last day; and who is reminded before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mou import terms
from mou.actions import clock, life
from mou.course import ALIVE
from mou.lifecycle import MouStatus, ReviewStatus
from mou.models import (
    Mou,
    Notice,
    Review,
    Suspension,
)
from portal import outbox
from portal.errors import DomainError, NotAllowed
from portal.models import OutboxMessage
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.living import (
    WHY,
    again,
    in_force,
    owner,
    stands,
    suspend,
    told,
)

pytestmark = pytest.mark.django_db
VERBS = ("suspend_for_cause", "give_notice", "propose_termination")
FIELDS = ("reason", "until", "basis", "trust_status")


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


# --- Notice -----------------------------------------------------------------------------------


def test_notice_runs_and_then_ends_the_agreement(time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    mou = in_force()
    notice = life.give_notice(mou=mou, reason=WHY, by=owner(mou))
    assert notice.last_day == date(2026, 5, 31)
    for day, status in [
        ("2026-05-31T21:00:00Z", "in_force"),
        ("2026-06-01T06:00:00Z", "terminated"),
    ]:
        time_machine.move_to(day, tick=False)
        clock.lead_on()
        clock.lead_on()
        assert again(mou).status == status
        assert stands(mou) == (status == "in_force")
    assert again(mou).end_reason == WHY
    assert told(mou) == ["notice_given", "terminated"]


def test_notice_taken_back_lets_the_agreement_go_on(time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    mou = in_force()
    life.give_notice(mou=mou, reason=WHY, by=owner(mou))
    life.take_notice_back(mou=mou, by=owner(mou))
    time_machine.move_to("2027-01-01T10:00:00Z", tick=False)
    clock.lead_on()
    assert again(mou).status == MouStatus.IN_FORCE


def test_notice_is_taken_back_by_the_side_that_gave_it(officer):
    mou = in_force()
    life.give_notice(mou=mou, reason=WHY, by=officer)
    with pytest.raises(NotAllowed):
        life.take_notice_back(mou=mou, by=owner(mou))
    life.take_notice_back(mou=mou, by=officer)


def test_notice_is_given_once(officer):
    mou = in_force()
    life.give_notice(mou=mou, reason=WHY, by=owner(mou))
    with pytest.raises(DomainError, match="already"):
        life.give_notice(mou=mou, reason=WHY, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            mou=mou, party="business", reason=WHY, given_by=officer, last_day=date(2030, 1, 1)
        )


def test_terminate_at_once_needs_a_second_person(officer, supervisor):
    mou = in_force()
    both = UserFactory(caseworker=True, supervisor=True)
    life.propose_termination(mou=mou, reason=WHY, by=both)
    with pytest.raises(NotAllowed):
        life.approve_termination(mou=mou, by=both)
    life.approve_termination(mou=mou, by=supervisor)
    assert again(mou).status == MouStatus.TERMINATED
    assert not stands(mou)


def test_firm_is_not_told_of_a_termination_that_was_only_considered(officer, supervisor, client):
    mou = in_force()
    life.propose_termination(mou=mou, reason="A secret suspicion", by=officer)
    life.refuse_termination(mou=mou, by=supervisor)
    life.propose_termination(mou=mou, reason="A secret suspicion", by=officer)
    assert told(mou) == []
    client.force_login(owner(mou))
    for name in ("agreement", "timeline", "reviews", "timeline_csv"):
        page = client.get(reverse(f"mou:{name}", args=[mou.uuid])).content.decode()
        assert "secret" not in page
    outbox.deliver_open()
    to_firm = OutboxMessage.objects.filter(task="mou.send_mail", payload__user_id=owner(mou).pk)
    assert not to_firm.exists()


def test_end_closes_what_is_open(officer, supervisor):
    mou = in_force()
    suspend(mou, officer)
    life.propose_termination(mou=mou, reason=WHY, by=officer)
    life.approve_termination(mou=mou, by=supervisor)
    assert Review.objects.get(mou=mou).status == ReviewStatus.CLOSED
    assert not Suspension.objects.filter(mou=mou, lifted_at=None).exists()


# --- The last day -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", ALIVE)
def test_expire_after_the_last_day(time_machine, status):
    time_machine.move_to("2026-06-30T20:00:00Z", tick=False)
    mou = in_force(ends_on=date(2026, 6, 30))
    Mou.objects.filter(pk=mou.pk).update(status=status)
    clock.lead_on()
    assert again(mou).status == status
    time_machine.move_to("2026-07-01T06:00:00Z", tick=False)
    clock.lead_on()
    clock.lead_on()
    assert again(mou).status == MouStatus.EXPIRED
    assert not stands(mou)
    assert told(mou) == ["expired"]


@pytest.mark.parametrize(
    ("left", "step"),
    [
        *((120, None), (91, None), (90, 90), (61, 90), (60, 60), (31, 60)),
        *((30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)),
    ],
)
def test_reminder_is_the_latest_that_has_come(left, step):
    today = date(2027, 11, 30)
    assert terms.reminder(today, today + timedelta(days=left)) == step


def test_remind_before_the_end_once_for_each_step(time_machine):
    mou = in_force(ends_on=date(2028, 3, 31))  # over a leap day and the change of the clocks
    steps = {90: "2028-01-01", 60: "2028-01-31", 30: "2028-03-01", 7: "2028-03-24"}
    for day in ("2027-12-31", *steps.values()):
        time_machine.move_to(f"{day}T09:00:00Z", tick=False)
        clock.lead_on()
        clock.lead_on()
    keys = OutboxMessage.objects.filter(key__startswith=f"mou.ending:{mou.pk}:")
    assert {key.rpartition("-")[2] for key in keys.values_list("key", flat=True)} == {
        str(step) for step in steps
    }
    assert keys.count() == len(steps)


def test_remind_after_an_outage_sends_one_and_not_all(time_machine):
    mou = in_force(ends_on=date(2026, 6, 30))
    time_machine.move_to("2026-06-25T09:00:00Z", tick=False)
    clock.lead_on()
    assert OutboxMessage.objects.filter(key__startswith=f"mou.ending:{mou.pk}:").count() == 1


@pytest.mark.parametrize(
    ("months", "day", "last"),
    [
        (12, date(2026, 3, 1), date(2027, 2, 28)),
        (24, date(2026, 11, 26), date(2028, 11, 25)),
        (12, date(2028, 2, 29), date(2029, 2, 27)),
        (None, date(2026, 3, 1), None),
    ],
)
def test_terms_count_from_the_day_it_is_in_force(months, day, last):
    cast = flows.drafted()
    cast.version.template.months = months
    version = cast.version
    version.template.months = months
    assert terms.of(version, day)[0] == last


def test_archive_sets_the_days(trust_service):
    cast = flows.archived()
    mou = cast.agreement
    assert mou.ends_on is None
    assert mou.next_review_on == terms.of(cast.version, timezone.localdate())[1]
