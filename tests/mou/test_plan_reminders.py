"""What is planned and waits: for officers, for the firm, in letters, in figures, in the text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mou import figures
from mou.actions import clock, drafting
from mou.models import Activity, ContactPoint, Measure, Mou
from mou.queues import QUEUES
from portal.models import OutboxMessage
from tests.factories import UserFactory
from tests.mou import flows, plan_flows
from tests.mou.living import in_force, owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


def late(one: Measure) -> Measure:
    Measure.objects.filter(pk=one.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    return one


def stale(one: ContactPoint) -> ContactPoint:
    half_a_year = timezone.localdate() - timedelta(days=184)
    ContactPoint.objects.filter(pk=one.pk).update(verified_on=half_a_year)
    return one


MAKES = {
    "plan": lambda mou: plan_flows.measure(mou, by=owner(mou)),
    "verify": plan_flows.done,
    "overdue": lambda mou: late(plan_flows.agreed(mou)),
    "contacts": lambda mou: stale(plan_flows.contact(mou)),
}


@pytest.mark.parametrize("code", MAKES)
def test_queue_holds_what_waits_and_nothing_else(mou, code):
    officer = UserFactory(caseworker=True)
    in_force("Another AB")
    assert list(QUEUES[code].pick(Mou.objects.all(), officer)) == []
    MAKES[code](mou)
    assert list(QUEUES[code].pick(Mou.objects.all(), officer)) == [mou]
    Mou.objects.filter(pk=mou.pk).update(status="terminated", ended_at=timezone.now())
    assert list(QUEUES[code].pick(Mou.objects.all(), officer)) == []


def test_officer_does_not_verify_what_the_same_officer_reported(mou):
    one = plan_flows.done(mou)
    officer = UserFactory(caseworker=True)
    Measure.objects.filter(pk=one.pk).update(reported_by=officer)
    assert not QUEUES["verify"].pick(Mou.objects.all(), officer).exists()


def test_figures_count_what_is_late(mou):
    late(plan_flows.agreed(mou))
    stale(plan_flows.contact(mou))
    cells = {one.label: one.shown for one in figures.count().headlines}
    assert cells["measures overdue"] == 1
    assert cells["contacts to be confirmed"] == 1


def test_firm_reads_what_waits_for_it(client, mou):
    plan_flows.measure(mou)
    plan_flows.agreed(mou)
    plan_flows.activity(mou)
    stale(plan_flows.contact(mou))
    client.force_login(owner(mou))
    shown = client.get(reverse("mou_home")).content.decode()
    for words in (
        "Agree to a measure, or not",
        "Say that a measure is done",
        "Agree to a joint activity, or not",
        "Confirm your contacts",
    ):
        assert shown.count(words) == 1
    stranger = Client()
    stranger.force_login(owner(in_force("Another AB")))
    assert "Agree to a measure" not in stranger.get(reverse("mou_home")).content.decode()


def promised(event: str) -> int:
    return OutboxMessage.objects.filter(key__startswith=f"mou.{event}:").count()


def test_clock_reminds_once_of_each_day(mou):
    one = plan_flows.agreed(mou)
    stale(plan_flows.contact(mou))
    clock.lead_on()
    assert promised("measure_due") == 0
    Measure.objects.filter(pk=one.pk).update(due_on=timezone.localdate() + timedelta(days=7))
    for _round in range(2):
        clock.lead_on()
    assert (promised("measure_due"), promised("contacts_due")) == (1, 1)
    late(one)
    clock.lead_on()
    assert promised("measure_due") == 2


# --- In the text ----------------------------------------------------------------------------


def drafted(cast):
    version = drafting.draft(
        mou=cast.agreement, template=cast.template, survey_note="Later.", by=cast.caseworker
    )
    return {one["code"]: one for one in version.content["clauses"]}


def test_text_names_what_both_have_agreed_and_nothing_else():
    cast = flows.named()
    assert "PLAN" not in drafted(cast)
    plan_flows.measure(cast.agreement, text="Only proposed.")
    plan_flows.agreed(cast.agreement)
    plan_flows.agreed_activity(cast.agreement)
    gone = plan_flows.agreed_activity(cast.agreement, title="Past")
    past = timezone.now() - timedelta(days=2)
    Activity.objects.filter(pk=gone.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))
    told = " ".join(drafted(cast)["PLAN"]["paragraphs"])
    assert "Seals are checked twice" in told
    assert cast.organisation.legal_name in told
    assert "Training on seals" in told
    assert "Only proposed" not in told
    assert "Past" not in told
