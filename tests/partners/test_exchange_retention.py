"""Exchanges are kept as long as their outcome says, held, reviewed, and erased but for a stone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from partners import exchange_retention as retention
from partners.actions import correspondence, exchange_keeping, exchange_retaining, exchanges
from partners.exchange_lifecycle import Direction, Status
from partners.models import (
    Exchange,
    ExchangeEnvelope,
    ExchangeHold,
    ExchangeRetentionRun,
    ExchangeRule,
    ExchangeSlot,
    ExchangeTombstone,
    Outcome,
)
from partners.rights import EXCHANGE_BY_THE_CLOCK
from portal import expired
from portal import retention as kept
from portal.dates import add_months
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, User
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory
from tests.partners.factories import PartnerFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
CLOSED = datetime(2026, 1, 15, 10, tzinfo=UTC)
DAY = date(2030, 6, 1)


@dataclass
class People:
    """Of the liaison desk; no keys, because nothing here is opened."""

    officer: User
    supervisor: User
    other: User


@pytest.fixture
def people():
    supervisor, other = UserFactory(supervisor=True), UserFactory(supervisor=True)
    return People(UserFactory(liaison_officer=True), supervisor, other)


def made(people, count=1, **fields):
    """Requests that came in, closed long ago, as rows."""
    given = {
        "direction": Direction.IN,
        "status": Status.CLOSED,
        "type": "information",
        "partner": PartnerFactory(),
        "purpose": "investigation",
        "drafted_by": people.officer,
        "received_at": CLOSED,
        "closed_at": CLOSED,
        **fields,
    }
    return [Exchange.objects.create(**given) for _ in range(count)]


def one(people, **fields):
    return made(people, **fields)[0]


def under_review(people, **fields):
    return one(people, status=Status.RETENTION_REVIEW, review_due=DAY, **fields)


def sealed(exchange):
    """As it lies in the database; the run never looks inside."""
    envelope = ExchangeEnvelope.objects.create(
        exchange=exchange,
        kind="content",
        ciphertext=b"sealed",
        signature=b"signed",
        signed_by="liaison:desk",
        author_id=1,
    )
    ExchangeSlot.objects.create(envelope=envelope, recipient="liaison:desk", sealed=b"key")
    return exchange


def run(day=DAY, **options):
    with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False):
        return exchange_retaining.retain(day=day, **options)


# --- The table --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "reviewed", "erased"),
    [
        ("", date(2028, 10, 15), date(2029, 1, 15)),
        (Outcome.NOTHING, date(2028, 10, 15), date(2029, 1, 15)),
        (Outcome.ESTABLISHED, date(2031, 10, 15), date(2032, 1, 15)),
        (Outcome.DECIDED, date(2035, 10, 15), date(2036, 1, 15)),
    ],
)
def test_each_outcome_is_kept_for_its_years(outcome, reviewed, erased):
    exchange = Exchange(direction="in", status=Status.CLOSED, closed_at=CLOSED, outcome=outcome)
    table = retention.TABLE
    before = retention.decide(exchange, held=False, today=reviewed - timedelta(days=1), table=table)
    assert (before.what, before.due) == ("dated", reviewed)
    then = retention.decide(exchange, held=False, today=reviewed, table=table)
    assert (then.what, then.due) == ("review", erased)


def test_what_never_left_goes_after_a_year():
    exchange = Exchange(direction="out", status=Status.CLOSED, closed_at=CLOSED)
    then = retention.decide(exchange, held=False, today=date(2026, 10, 15), table=retention.TABLE)
    assert (then.rule, then.what, then.due) == ("not_sent", "review", date(2027, 1, 15))


def test_late_review_leaves_officers_a_month():
    exchange = Exchange(direction="in", status=Status.CLOSED, closed_at=CLOSED)
    assert retention.decide(exchange, held=False, today=DAY, table=retention.TABLE).due == date(
        2030, 7, 1
    )


def test_rules_are_rows_that_name_their_source_and_are_not_confirmed():
    assert exchange_keeping.load_rules() == len(retention.TABLE)
    assert exchange_keeping.load_rules() == 0
    assert not ExchangeRule.objects.filter(confirmed=True).exists()
    assert not ExchangeRule.objects.filter(source="").exists()


def test_rule_is_changed_with_a_source_by_who_may(people):
    exchange_keeping.load_rules()
    change = {"code": "nothing", "review_months": 12, "erase_months": 24, "reason": "New law"}
    with pytest.raises(NotAllowed):
        exchange_keeping.change_rule(source="x", confirmed=True, by=people.officer, **change)
    with pytest.raises(DomainError, match="where it stands"):
        exchange_keeping.change_rule(source=" ", confirmed=True, by=people.supervisor, **change)
    exchange_keeping.change_rule(source="An act", confirmed=True, by=people.supervisor, **change)
    assert retention.rules()["nothing"].erase_months == 24
    assert ExchangeRule.objects.get(code="nothing").confirmed


# --- What officers decide ---------------------------------------------------------------------


def test_closing_and_discarding_give_the_day_of_review(people):
    answered = one(people, status=Status.ANSWERED, closed_at=None)
    draft = one(
        people, direction=Direction.OUT, status=Status.DRAFT, closed_at=None, received_at=None
    )
    done = correspondence.close(exchange=answered, by=people.officer)
    dropped = exchanges.discard(exchange=draft, by=people.officer)
    today = timezone.localdate()
    assert done.review_due == add_months(today, 33)
    assert dropped.review_due == add_months(today, 9)


def test_outcome_that_comes_out_under_review_is_kept_for_longer(people):
    exchange = exchange_keeping.record_outcome(
        exchange=under_review(people), by=people.officer, outcome="decided"
    )
    assert exchange.status == Status.CLOSED
    assert exchange.review_due == add_months(timezone.localdate(), 117)


def test_outcome_is_asked_of_nothing_that_is_open_or_never_left(people):
    with pytest.raises(InvalidTransition):
        exchange_keeping.record_outcome(
            exchange=one(people, status=Status.RECEIVED), by=people.officer, outcome="decided"
        )
    dropped = one(people, direction=Direction.OUT, received_at=None)
    with pytest.raises(NotAllowed):
        exchange_keeping.record_outcome(exchange=dropped, by=people.officer, outcome="decided")


def test_review_by_hand_and_kept_until_another_day(people):
    exchange = exchange_keeping.review(exchange=one(people), by=people.officer)
    assert exchange.status == Status.RETENTION_REVIEW
    until = timezone.localdate() + timedelta(days=400)
    with pytest.raises(DomainError, match="reason"):
        exchange_keeping.keep(exchange=exchange, by=people.officer, reason=" ", until=until)
    exchange = exchange_keeping.keep(
        exchange=exchange, by=people.officer, reason="A case is pending", until=until
    )
    assert (exchange.status, exchange.review_due) == (Status.CLOSED, until)


def test_hold_is_a_supervisors_and_another_lifts_it(people):
    exchange = one(people)
    with pytest.raises(NotAllowed):
        exchange_keeping.place_hold(exchange=exchange, by=people.officer, reason="Court")
    exchange_keeping.place_hold(exchange=exchange, by=people.supervisor, reason="Court")
    with pytest.raises(AlreadyDone):
        exchange_keeping.place_hold(exchange=exchange, by=people.other, reason="Court")
    hold = ExchangeHold.objects.get()
    with pytest.raises(DomainError, match="Another supervisor"):
        exchange_keeping.lift_hold(hold=hold, by=people.supervisor, reason="Over")
    exchange_keeping.lift_hold(hold=hold, by=people.other, reason="Over")
    with pytest.raises(AlreadyDone):
        exchange_keeping.lift_hold(hold=hold, by=people.other, reason="Over")


def test_database_lets_nobody_lift_their_own_hold(people):
    hold = ExchangeHold.objects.create(
        exchange=one(people), reason="Court", placed_by=people.supervisor
    )
    hold.lifted_at, hold.lifted_by = timezone.now(), people.supervisor
    with pytest.raises(IntegrityError, match="exchangehold_takes_two"), transaction.atomic():
        hold.save()


# --- The day's run ----------------------------------------------------------------------------


def test_run_reviews_then_erases_all_but_a_stone(people):
    case = {"their_reference": "NL-44", "outcome": "nothing", "outcome_at": CLOSED}
    exchange = sealed(one(people, responsible=people.officer, **case))
    assert run().counts == {"nothing": {"review": 1}}
    assert run(date(2030, 6, 30)).counts == {}
    assert run(date(2030, 7, 1)).counts == {"nothing": {"erased": 1}}
    exchange.refresh_from_db()
    assert exchange.status == Status.ERASED
    assert not ExchangeEnvelope.objects.exists()
    assert not ExchangeSlot.objects.exists()
    for column, value in exchange_retaining.BLANK.items():
        assert getattr(exchange, column) == value, column
    stone = ExchangeTombstone.objects.get()
    assert (stone.exchange_uuid, stone.reference, stone.rule) == (
        exchange.uuid,
        exchange.reference,
        "nothing",
    )
    assert AuditEvent.objects.get(event="erased").facts == {"rule": "nothing"}


def test_every_column_of_an_exchange_is_decided():
    stays = {"id", "uuid", "reference", "direction", "status", "type", "partner", "instrument"}
    # Under which law what passed, by whom it was answered for, and when: no word of what.
    stays |= {"purpose", "urgency", "handling", "channel", "oral", "transfer_ground"}
    stays |= {"transfer_decided_on", "drafted_by", "approved_by", "content_version"}
    stays |= {"answer_version", "pause_ground", "paused_at"}
    stays |= {f"{what}_at" for what in ("created", "received", "sent", "acknowledged", "approved")}
    stays |= {f"{what}_at" for what in ("answered", "closed", "confirmed")}
    columns = {field.name for field in Exchange._meta.fields}
    assert columns == stays | set(exchange_retaining.BLANK)


def test_worker_may_change_what_it_blanks_and_the_reminders_alone():
    own = {Exchange._meta.get_field(name).column for name in exchange_retaining.BLANK}
    assert set(EXCHANGE_BY_THE_CLOCK) == own | {"status"}


def test_held_exchange_is_not_erased_until_the_hold_is_lifted(people):
    exchange = sealed(under_review(people))
    exchange_keeping.place_hold(exchange=exchange, by=people.supervisor, reason="Court")
    assert run().counts == {"nothing": {"held": 1}}
    assert ExchangeEnvelope.objects.exists()
    exchange_keeping.lift_hold(hold=ExchangeHold.objects.get(), by=people.other, reason="Over")
    assert run(DAY + timedelta(days=1)).counts == {"nothing": {"erased": 1}}


def test_open_exchange_is_never_touched(people):
    one(people, status=Status.RECEIVED, closed_at=None)
    assert run().counts == {}


def test_dry_run_says_what_would_be_done_and_changes_nothing(people):
    exchange = sealed(under_review(people))
    with time_machine.travel(datetime(2030, 6, 1, 3, tzinfo=UTC), tick=False):
        assert ("exchanges", "erased, nothing", 1) in expired.table(dry=True)
    exchange.refresh_from_db()
    assert exchange.status == Status.RETENTION_REVIEW
    assert exchange.envelopes.exists()


def test_worker_killed_in_the_middle_erases_each_once(people, monkeypatch):
    monkeypatch.setattr(exchange_retaining, "BATCH", 2)
    waiting = made(people, 5, status=Status.RETENTION_REVIEW, review_due=DAY)
    steps, erase, erased = exchange_retaining.STEPS, exchange_retaining.erase, []

    def killed(**given):
        erased.append(given)
        if len(erased) == 4:
            raise SystemExit
        erase(**given)

    monkeypatch.setattr(exchange_retaining, "erase", killed)
    with pytest.raises(SystemExit):
        run()
    # The batch in which it died is undone as a whole, its count with it.
    assert ExchangeTombstone.objects.count() == 2
    monkeypatch.setattr(exchange_retaining, "erase", erase)
    with time_machine.travel(datetime(2030, 6, 1, 3, tzinfo=UTC), tick=False):
        while ExchangeRetentionRun.objects.get().finished_at is None:
            kept.go_on(ExchangeRetentionRun.objects.get(), steps)
    assert ExchangeRetentionRun.objects.get().counts == {"nothing": {"erased": 5}}
    assert ExchangeTombstone.objects.count() == len(waiting)
    assert AuditEvent.objects.filter(event="erased").count() == 5
    assert run().counts == {"nothing": {"erased": 5}}


@postgresql
def test_worker_erases_with_the_rights_it_has(roles, people):
    exchange = sealed(under_review(people))
    with acting_as("worker"):
        exchange_retaining.retain(day=DAY)
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            ExchangeEnvelope.objects.values_list("ciphertext").first()
    assert not ExchangeEnvelope.objects.exists()
    assert ExchangeTombstone.objects.filter(exchange_uuid=exchange.uuid).exists()


# --- At the desk ------------------------------------------------------------------------------


def test_desk_shows_keeps_and_lifts(people, client):
    exchange = under_review(people)
    at_the_desk(client, people.supervisor)
    address = f"/admin/partners/exchange/{exchange.pk}"
    assert "erased on 1 June 2030" in client.get(f"{address}/change/").content.decode()
    client.post(f"{address}/hold/", {"reason": "A court asked"})
    assert "A court asked" in client.get(f"{address}/change/").content.decode()
    lift = f"/admin/partners/exchangehold/{ExchangeHold.objects.get().pk}/lift/"
    assert client.get(lift).status_code == 404
    other = Client()
    at_the_desk(other, people.other)
    other.post(lift, {"reason": "The court is done"})
    assert ExchangeHold.objects.get().lifted_by == people.other
    run()
    shown = client.get(f"{address}/change/").content.decode()
    assert "What it said is erased" in shown
    assert "Print or hand out" not in shown
    for page in ("hold", "rule", "tombstone", "retentionrun"):
        assert client.get(f"/admin/partners/exchange{page}/").status_code == 200


def test_rule_is_changed_at_the_desk(people, client):
    exchange_keeping.load_rules()
    at_the_desk(client, UserFactory(data_protection_officer=True))
    rule = ExchangeRule.objects.get(code="established")
    months = {"review_months": 60, "erase_months": 66, "source": "An act", "reason": "Looked up"}
    page = f"/admin/partners/exchangerule/{rule.pk}/change_rule/"
    assert "66" not in client.get(page).content.decode()
    client.post(page, {**months, "confirmed": "on"})
    rule.refresh_from_db()
    assert (rule.erase_months, rule.confirmed) == (66, True)
