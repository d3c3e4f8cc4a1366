"""Keepers are asked in time, once, by letters that tell nothing; former holders are erased."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.actions import erasing, keeping, reminding
from partners.tasks import keep_directory
from partners.visibility import Level
from portal.dates import add_months
from portal.models import AuditEvent
from tests.factories import UserFactory
from tests.partners.factories import (
    ContactPointFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
)
from tests.people import at_the_desk, link_in, read_mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return UserFactory(liaison_officer=True)


def late(days: int = 3) -> date:
    return timezone.localdate() - timedelta(days=days)


def asked(messages, person) -> list:
    return [m for m in messages if m.to == [person.email] and "directory to confirm" in m.subject]


def test_keepers_are_asked_by_one_letter_however_often_the_task_runs(keeper):
    PartnerFactory(name="Harbour Service", review_due=late(), keeper=keeper)
    ContactPointFactory(partner__name="Border Force", review_due=late(), keeper=keeper)
    keep_directory()
    keep_directory()
    (letter,) = asked(read_mail(), keeper)
    keep_directory()
    assert len(asked(read_mail(), keeper)) == 1
    assert "Harbour Service" in letter.body
    assert "Border Force: General" in letter.body


@pytest.mark.parametrize("level", [Level.PARTNER, Level.LIAISON, Level.RESTRICTED])
def test_letters_name_no_person_no_number_and_only_what_everybody_sees(keeper, level):
    contact = ContactPointFactory(
        partner__name="Open Service",
        review_due=late(),
        keeper=keeper,
        phone="+64 4 555",
        note="Call before noon",
    )
    HolderFactory(contact_point=contact, name="Mere Tane")
    hidden = {"visibility": level}
    PartnerFactory(name="Hidden Unit", review_due=late(), keeper=keeper, **hidden)
    for owner in (
        {"partner": PartnerFactory(name="Hidden Service", **hidden)},
        {"partner": None, "post": PostFactory(city="Hidden", **hidden)},
    ):
        ContactPointFactory(review_due=late(), keeper=keeper, **owner)
    keep_directory()
    letters = read_mail()
    assert len(letters) == 2
    for letter in letters:
        whole = str(letter.message())
        for word in ("Mere", "+64 4 555", "before noon", contact.email, "Hidden"):
            assert word not in whole
        assert "3 more that are not named here" in letter.body


def test_the_link_of_the_letter_opens_a_login_and_then_the_entry(client, keeper):
    partner = PartnerFactory(review_due=late(), keeper=keeper)
    keep_directory()
    (letter,) = asked(read_mail(), keeper)
    link = link_in(letter)
    assert client.get(link).url.startswith(f"/accounts/login/?next={link}")
    page = at_the_desk(client, keeper).get(link, follow=True)
    assert page.context["entry"] == partner


@pytest.mark.parametrize(
    "entry",
    [
        lambda keeper: PartnerFactory(keeper=keeper),
        lambda keeper: PartnerFactory(review_due=late(), keeper=keeper, ended_on=late(1)),
        lambda keeper: ContactPointFactory(
            review_due=late(), keeper=keeper, ended_at=timezone.now()
        ),
        lambda keeper: ContactPointFactory(
            review_due=late(), keeper=keeper, partner__ended_on=late(1)
        ),
        lambda keeper: ContactPointFactory(
            review_due=late(), keeper=keeper, partner=None, post=PostFactory(status="closed")
        ),
    ],
    ids=["fresh", "ended", "duty_ended", "of_an_ended_partner", "of_a_closed_post"],
)
def test_what_is_not_due_asks_nobody(keeper, entry):
    entry(keeper)
    keep_directory()
    assert read_mail() == []


def test_a_keeper_who_left_the_desk_is_not_asked_and_the_desk_is_told():
    former, officer = UserFactory(caseworker=True), UserFactory(liaison_officer=True)
    PartnerFactory(review_due=late(), keeper=former)
    keep_directory()
    letters = read_mail()
    assert [letter.to for letter in letters] == [[officer.email]]
    assert "were not confirmed in time" in letters[0].body


def test_keepers_are_asked_again_next_week_and_when_something_becomes_due(keeper):
    monday = date(2026, 11, 23)
    PartnerFactory(review_due=date(2026, 11, 20), keeper=keeper)
    assert reminding.ask_keepers(monday) == 1
    assert reminding.ask_keepers(monday + timedelta(days=1)) == 0
    assert reminding.ask_keepers(monday + timedelta(days=8)) == 1


def test_confirmed_in_time_no_letter_is_sent_any_more(keeper):
    partner = PartnerFactory(review_due=late(), keeper=keeper)
    keep_directory()
    keeping.confirm_entry(entry=partner, by=keeper)
    assert read_mail() == []


# --- Erasing --------------------------------------------------------------------------------


def test_former_holders_are_erased_a_year_after_the_end(settings):
    settings.DIRECTORY_HOLDER_MONTHS = 12
    limit = add_months(timezone.localdate(), -12)
    kept = HolderFactory(name="Kept", since=limit - timedelta(days=90), until=limit)
    gone = HolderFactory(
        name="Mere Tane",
        title="Head",
        email="mere@customs.example",
        direct_line="+64",
        since=limit - timedelta(days=90),
        until=limit - timedelta(days=1),
    )
    still = HolderFactory(since=limit - timedelta(days=900))
    keep_directory()
    for holder in (kept, gone, still):
        holder.refresh_from_db()
    assert (gone.name, gone.title, gone.email, gone.direct_line) == ("", "", "", "")
    assert gone.erased_at is not None
    assert (kept.name, still.erased_at) == ("Kept", None)
    event = AuditEvent.objects.get(event="holder_erased")
    assert (event.kind, event.target_id, event.facts) == (
        "erasure",
        str(gone.pk),
        {"rule": "holder"},
    )


def test_erase_a_holder_twice_leaves_one_tombstone():
    limit = add_months(timezone.localdate(), -13)
    holder = HolderFactory(since=limit, until=limit)
    assert erasing.erase_holder(holder_id=holder.pk)
    assert not erasing.erase_holder(holder_id=holder.pk)
    assert AuditEvent.objects.filter(event="holder_erased").count() == 1


def test_an_erased_holder_is_shown_as_such(client):
    limit = add_months(timezone.localdate(), -13)
    holder = HolderFactory(since=limit, until=limit, name="Mere Tane")
    erasing.erase_holder(holder_id=holder.pk)
    desk = at_the_desk(client, UserFactory(supervisor=True))
    address = reverse("admin:partners_contactpoint_change", args=[holder.contact_point_id])
    text = desk.get(address).content.decode()
    assert "Erased" in text
    assert "Mere Tane" not in text
