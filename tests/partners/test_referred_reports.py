"""A report is referred to a partner: its sanitised version alone, and H2 only with consent."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from partners import exchange_permissions as permissions
from partners import opening as exchange_opening
from partners.actions import exchanges
from partners.exchange_lifecycle import Status
from partners.leaving import NoConsent, NotCovered
from partners.models import Exchange, ExchangeType, Partner
from partners.visibility import Level
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import ReferenceItem
from reporting import receivers
from reporting.actions import notes, referrals, triage
from reporting.models import Referral
from tests.factories import UserFactory
from tests.partners import exchange_flows as flows
from tests.partners.factories import PartnerFactory
from tests.reporting.sealed import make_report, told

pytestmark = pytest.mark.django_db
CLEAN = "A load is expected at a northern port."


@pytest.fixture
def cast():
    cast = flows.cast()
    cast.partner.code = "OLAF"
    cast.partner.save()
    ReferenceItem.objects.create(list="organisation", code="OLAF", label="OLAF")
    return cast


def graded(cast, handling):
    officer = cast.desk.officer
    report = make_report(told("My neighbour Ove brings boxes at night."))
    triage.grade(report=report, by=officer, source="B", information="2", handling=handling)
    keys = cast.desk.keys_of(officer)
    notes.sanitise(report=report, keys=keys, by=officer, text=CLEAN)
    return report, {"report": report, "keys": keys, "by": officer, "receiver": "OLAF"}


def test_a_partner_that_the_desk_alone_knows_is_no_receiver_to_a_triage_officer(cast):
    _report, asked = graded(cast, "H0")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    Partner.objects.update(visibility=Level.RESTRICTED, name="Harbour watch")
    officer, supervisor = asked["by"], UserFactory(supervisor=True)
    assert "OLAF" not in dict(receivers.choices("desk", officer))
    assert "OLAF" in dict(receivers.choices("desk", supervisor))
    assert receivers.names(["OLAF"], officer) == {"OLAF": "OLAF"}
    assert "Harbour watch" in receivers.names(["OLAF"], supervisor)["OLAF"]
    with pytest.raises(DomainError, match="Nobody goes by this name"):
        referrals.refer(**asked, legal_basis="Naples II, Art. 17")


def test_referral_makes_a_draft_with_the_sanitised_version_alone(cast):
    report, asked = graded(cast, "H0")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    exchange = Exchange.objects.get()
    assert (exchange.status, exchange.type) == (Status.DRAFT, ExchangeType.SPONTANEOUS)
    assert (exchange.report_id, exchange.report_reference) == (report.pk, report.reference)
    opened = exchange_opening.read(exchange, cast.keys())
    assert opened.content["facts"] == CLEAN
    assert "neighbour" not in str(opened.entries[0].told)
    assert not opened.is_broken


def test_h2_is_referred_only_when_the_sources_consent_is_recorded(cast):
    """Acceptance 13: H2 information cannot leave before consent is recorded."""
    report, asked = graded(cast, "H2")
    with pytest.raises(DomainError, match="consent"):
        referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    assert not Exchange.objects.exists()
    assert not Referral.objects.exists()
    referrals.record_consent(report=report, by=asked["by"], how="inbox")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    assert Exchange.objects.get().handling == "H2"


def test_second_referral_waits_until_the_first_draft_is_dealt_with(cast):
    _report, asked = graded(cast, "H0")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    with pytest.raises(AlreadyDone):
        referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(("code", "leaves"), [("H2", False), ("H1", False), ("H0", True)])
def test_draft_under_a_code_that_is_another_since_never_leaves(cast, code, leaves):
    """Acceptance 13 once more: graded H2 after it was referred, it waited as H0."""
    report, asked = graded(cast, "H0")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    exchange = exchanges.edit(
        exchange=Exchange.objects.get(),
        by=cast.officer,
        keys=cast.keys(),
        version=1,
        **flows.answers(cast, type=ExchangeType.SPONTANEOUS, facts=CLEAN, handling="H0"),
    )
    exchange = exchanges.approve(exchange=exchange, by=cast.supervisor, version=2)
    triage.grade(report=report, by=asked["by"], source="B", information="2", handling=code)
    with nullcontext() if leaves else pytest.raises(DomainError):
        exchanges.send(exchange=exchange, by=cast.officer, channel="siena")
    exchange.refresh_from_db()
    assert exchange.status == (Status.SENT if leaves else Status.CLOSED)
    if not leaves:
        with pytest.raises(DomainError, match=r"consent|limits"):
            referrals.refer(**asked, legal_basis="Naples II, Art. 17")


def test_nobody_approves_the_sanitised_text_that_is_their_own(cast):
    """Whoever worded it, and whoever handed it over."""
    both = [UserFactory(triage_officer=True, supervisor=True) for _number in range(2)]
    report, asked = graded(cast, "H0")
    for one in both:
        cast.desk.join(one)
    writer, referrer = both
    notes.sanitise(report=report, keys=cast.desk.keys_of(writer), by=writer, text=CLEAN)
    told = {**asked, "by": referrer, "keys": cast.desk.keys_of(referrer)}
    referrals.refer(**told, legal_basis="Naples II, Art. 17")
    exchange = Exchange.objects.get()
    assert [permissions.can_approve(one, exchange) for one in (*both, cast.supervisor)] == [
        False,
        False,
        True,
    ]
    assert not exchange_opening.read(exchange, cast.keys()).is_broken


@pytest.mark.parametrize("other", [{"handling": "H0"}, {"partner": "another"}])
def test_desk_changes_neither_receiver_nor_code_of_a_referral(cast, other):
    _report, asked = graded(cast, "H1")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17", limits_stated=True)
    given = {**flows.answers(cast, type=ExchangeType.SPONTANEOUS, facts=CLEAN), **other}
    if "partner" in other:
        given["partner"] = PartnerFactory(country="NL")
    with pytest.raises(DomainError):
        exchanges.edit(
            exchange=Exchange.objects.get(),
            by=cast.officer,
            keys=cast.keys(),
            version=1,
            **given,
        )


def test_referred_report_is_sent_under_an_instrument_like_any_other(cast):
    _report, asked = graded(cast, "H0")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    exchange = Exchange.objects.get()
    with pytest.raises(NotCovered):
        exchanges.approve(exchange=exchange, by=cast.supervisor, version=1)
    given = flows.answers(cast, type=ExchangeType.SPONTANEOUS, facts=CLEAN)
    exchange = exchanges.edit(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=1, **given
    )
    exchange = exchanges.approve(exchange=exchange, by=cast.supervisor, version=2)
    exchange = exchanges.send(exchange=exchange, by=cast.officer, channel="siena")
    assert (exchange.status, exchange.due_at) == (Status.SENT, None)


def test_consent_taken_back_by_the_source_stops_what_has_not_left(cast):
    report, asked = graded(cast, "H2")
    referrals.record_consent(report=report, by=asked["by"], how="inbox")
    referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    given = flows.answers(cast, type=ExchangeType.SPONTANEOUS, facts=CLEAN, handling="H2")
    exchange = exchanges.edit(
        exchange=Exchange.objects.get(), by=cast.officer, keys=cast.keys(), version=1, **given
    )
    exchange = exchanges.approve(exchange=exchange, by=cast.supervisor, version=2)
    referrals.withdraw_consent(report=report, by=asked["by"])
    with pytest.raises(NoConsent, match="stays recorded"):
        exchanges.send(exchange=exchange, by=cast.officer, channel="siena")
    # Nor is it referred anew, whatever code it is graded with by then.
    triage.grade(report=report, by=asked["by"], source="B", information="2", handling="H0")
    with pytest.raises(DomainError, match="taken its consent back"):
        referrals.refer(**asked, legal_basis="Naples II, Art. 17")
    exchange.refresh_from_db()
    assert (exchange.status, exchange.onward_consent) == (Status.APPROVED, "")
    assert exchange.source_withdrawn_at is not None
    with pytest.raises(NotAllowed):
        referrals.withdraw_consent(report=report, by=asked["by"])
