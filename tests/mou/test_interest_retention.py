"""Expressions of interest are erased by a list of rules; what is still open never is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mou import retention, tasks
from mou.actions import erasing, offers, ways_in
from mou.lifecycle import InterestStatus
from mou.models import Interest
from portal import expired, reference, reference_files
from portal.dates import add_months
from portal.models import AuditEvent, ReferenceItem
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.living import TOLD
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
LATER = date(2090, 1, 1)
STAYS = ("uuid", "country", "role", "status", "received_at", "decided_at", "decided_by", "offer")


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def asked() -> Interest:
    return ways_in.express_interest(told=TOLD, language="en")


def refused(by) -> Interest:
    return ways_in.refuse_interest(interest=asked(), reason="No risk we share.", by=by)


def upheld(by) -> Interest:
    sought = ways_in.seek_review(interest=refused(by), objection="We do share it.")
    other = UserFactory(caseworker=True)
    return ways_in.uphold_refusal(interest=sought, reason="We looked again.", by=other)


def accepted(by) -> Interest:
    interest = asked()
    ways_in.accept_interest(
        interest=interest, programme=flows.programme(), contact_source="By telephone", by=by
    )
    interest.refresh_from_db()
    offers.withdraw_offer(offer=interest.offer, reason="The firm has closed.", by=by)
    return interest


def decided_on(interest: Interest) -> date:
    return timezone.localdate(interest.reviewed_at or interest.decided_at)


def names_somebody(interest: Interest) -> bool:
    interest.refresh_from_db()
    return any(getattr(interest, name) for name in erasing.ERASED)


@pytest.mark.parametrize(("made", "months"), [(refused, 12), (upheld, 24), (accepted, 12)])
def test_interest_is_erased_when_its_rule_says_so(client, officer, made, months):
    interest = made(officer)
    stays = {name: getattr(interest, name) for name in STAYS}
    token = interest.token
    day = add_months(decided_on(interest), months)
    assert sum(erasing.erase_interests(day=day).values()) == 0
    assert names_somebody(interest)
    day += timedelta(days=1)
    assert sum(erasing.erase_interests(day=day, dry=True).values()) == 1
    assert names_somebody(interest)
    assert sum(erasing.erase_interests(day=day).values()) == 1
    assert sum(erasing.erase_interests(day=day).values()) == 0
    assert not names_somebody(interest)
    assert {name: getattr(interest, name) for name in STAYS} == stays
    event = AuditEvent.objects.get(event="interest_erased")
    assert (event.kind, event.facts["rule"]) == ("erasure", interest.status)
    assert "2016/679" in event.reason
    assert client.get(reverse("interest_review", args=[token])).status_code == 404


def test_interest_that_is_still_open_is_kept(officer):
    waiting = asked()
    sought = ways_in.seek_review(interest=refused(officer), objection="We do share it.")
    offered = asked()
    told = {"programme": flows.programme(), "contact_source": "By telephone"}
    ways_in.accept_interest(interest=offered, by=officer, **told)
    assert sum(erasing.erase_interests(day=LATER).values()) == 0
    assert all(names_somebody(one) for one in (waiting, sought, offered))


def change_rule(code: str, months: object) -> None:
    row = ReferenceItem.objects.get(list=retention.LIST, code=code)
    row.attributes |= {"months": months}
    row.save()
    reference.forget()


@pytest.mark.parametrize("months", [0, -1, "12", True, None])
def test_rule_without_whole_months_erases_nothing(officer, months):
    refused(officer)
    change_rule("refused", months)
    assert sum(erasing.erase_interests(day=LATER).values()) == 0


def test_rule_is_the_desks_to_change_and_never_shortens_the_time_for_a_review(officer, settings):
    interest = refused(officer)
    change_rule("refused", 1)
    day = decided_on(interest) + timedelta(days=settings.INTEREST_REVIEW_DAYS)
    assert erasing.erase_interests(day=day)["refused"] == 0
    assert erasing.erase_interests(day=day + timedelta(days=2))["refused"] == 1
    assert not names_somebody(interest)


def test_database_keeps_no_half_of_what_was_erased(officer):
    interest = refused(officer)
    with (
        pytest.raises(IntegrityError, match=r"interest_erased_whole|CHECK"),
        transaction.atomic(),
    ):
        Interest.objects.filter(pk=interest.pk).update(erased_at=timezone.now(), person="")


def test_daily_task_does_it_and_a_dry_run_does_not(client, officer):
    interest = refused(officer)
    Interest.objects.update(decided_at=timezone.now() - timedelta(days=800))
    assert ("expressions of interest", "refused", 1) in expired.table(dry=True)
    assert names_somebody(interest)
    tasks.erase_interests()
    assert not names_somebody(interest)
    assert interest.status == InterestStatus.REFUSED
    at_the_desk(client, officer)
    for page in ("/admin/mou/interest/", f"/admin/mou/interest/{interest.pk}/change/"):
        shown = client.get(page).content.decode()
        assert "Erased" in shown
        assert TOLD["person"] not in shown
