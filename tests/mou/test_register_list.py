"""The register out and in again; what lists say of standing, authority and consents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mou import programme
from mou.actions import consents, exporting
from mou.lifecycle import MouStatus
from mou.models import MouOffer, MutualRecognition, StatusConsent, StatusEvent, TrustStatus
from portal import outbox, reference_files, spreadsheets
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from tests.factories import UserFactory
from tests.mou.living import again, in_force
from tests.mou.test_imports import (
    FIRST,
    HEADING,
    SECOND,
    compared,
    confirmed,
    counts,
    reasons,
    run,
    shown,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
MORE = "competent authority,customs simplifications,security and safety,standing decided on"
MORE += ",standing in effect from,consent to publication,consent to exchange"


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()
    programme.load()


@pytest.fixture
def caseworker():
    return UserFactory(caseworker=True)


def wide(*rows: tuple[str, str]) -> bytes:
    """Rows with what lists may say besides."""
    return "\n".join([f"{HEADING},{MORE}", *(f"{row},{more}" for row, more in rows)]).encode()


def apply(by, data: bytes):
    batch = confirmed(by, data)
    outbox.deliver_open()
    batch.refresh_from_db()
    return batch


def test_export_imported_again_changes_nothing(caseworker):
    told = "Customs Norrland,valid,suspended,2026-03-01,2026-03-05,2026-01-20,no"
    apply(caseworker, wide((FIRST, told), (SECOND, ",revoked,,,,,2026-02-02")))
    data = spreadsheets.table(exporting.export_register(by=caseworker)).encode("utf-8-sig")
    batch = compared(caseworker, data, complete=True)
    assert batch.counts == {"offer": 0}
    assert not batch.rejected.exists()
    assert AuditEvent.objects.get(event="register_exported").kind == "disclosure"


def test_import_records_what_the_list_says_of_each_part(caseworker):
    run(caseworker, FIRST)
    data = wide((FIRST, ",valid,suspended,2026-03-01,2026-03-05,,"))
    batch = compared(caseworker, data)
    assert shown(batch) == {"SEAEOF0001": ("suspended", {"security": ["valid", "suspended"]})}
    assert batch.counts["suspended"] == 1
    apply(caseworker, data)
    status = TrustStatus.objects.get()
    assert (status.simplifications, status.security) == ("valid", "suspended")
    event = StatusEvent.objects.get(kind="suspended")
    assert (event.component, event.decided_on.day, event.effective_on.day) == ("S", 1, 5)
    assert event.reason == "List of certificates certificates.csv"


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        ("valid,valid", "suspended,suspended", "suspended"),
        ("suspended,valid", "valid,valid", "reinstated"),
        ("valid,suspended", "valid,revoked", "revoked"),
        ("valid,valid", "annulled,annulled", "annulled"),
    ],
)
def test_import_shows_the_gravest_of_what_a_row_says(caseworker, first, then, kind):
    apply(caseworker, wide((FIRST, f",{first},,,,")))
    batch = apply(caseworker, wide((FIRST, f",{then},,,,")))
    assert counts(batch) == (0, 1, 0, 0)
    assert batch.differences.get().kind == kind
    status = TrustStatus.objects.get()
    assert f"{status.simplifications},{status.security}" == then


def test_import_takes_no_revocation_back(caseworker):
    apply(caseworker, wide((FIRST, ",valid,revoked,,,,")))
    batch = apply(caseworker, wide((FIRST, ",valid,valid,,,,")))
    assert counts(batch) == (0, 0, 0, 1)
    assert "Record it at the desk" in reasons(batch)[2]


def test_import_that_is_silent_changes_no_standing(caseworker):
    apply(caseworker, wide((FIRST, "Customs Norrland,valid,suspended,,,2026-01-20,2026-01-20")))
    batch = run(caseworker, FIRST)
    assert counts(batch) == (0, 0, 1, 0)
    assert TrustStatus.objects.get().security == "suspended"
    assert StatusConsent.objects.filter(withdrawn_on=None).count() == 2


def test_import_of_a_suspended_new_certificate_offers_nothing(caseworker):
    apply(caseworker, wide((FIRST, ",suspended,suspended,,,,")))
    assert TrustStatus.objects.get().simplifications == "suspended"
    assert not MouOffer.objects.exists()


def test_import_of_a_suspension_to_come_is_left_to_the_desk(caseworker):
    day = timezone.localdate() + timedelta(days=3)
    batch = compared(caseworker, wide((FIRST, f",valid,suspended,,{day},,")))
    assert "at the desk" in reasons(batch)[2]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (",sleeping,,,,,", "valid, suspended"),
        (",valid,valid,,,,", "no part"),
        (",,,,,2099-01-01,", "in the future"),
        (",,,,,yes,", "year-month-day"),
    ],
)
def test_import_rejects_what_a_row_cannot_mean(caseworker, told, words):
    assert words in reasons(compared(caseworker, wide((SECOND, told))))[2]


def test_import_suspends_the_agreement_that_rests_on_the_part(caseworker):
    mou = in_force()
    status, firm = mou.trust_status, mou.organisation
    firm.eori, firm.country = "SE5560000001", "SE"
    firm.save()
    row = f"{firm.legal_name},SE,{firm.eori},{status.number},F,{status.effective_from},"
    apply(caseworker, wide((row, ",valid,suspended,,,,")))
    assert again(mou).status == MouStatus.SUSPENDED


# --- Consents, what is public -----------------------------------------------------------------


def test_consents_are_two_and_are_taken_back_each_by_itself(caseworker):
    run(caseworker, FIRST)
    status, today = TrustStatus.objects.get(), timezone.localdate()
    for kind in ("publication", "exchange"):
        consents.give_consent(status=status, kind=kind, given_on=today, by=caseworker)
    consents.withdraw_consent(status=status, kind="publication", withdrawn_on=today, by=caseworker)
    given = StatusConsent.objects.filter(withdrawn_on=None)
    assert list(given.values_list("kind", flat=True)) == ["exchange"]
    with pytest.raises(DomainError, match="no such consent"):
        consents.withdraw_consent(
            status=status, kind="publication", withdrawn_on=today, by=caseworker
        )
    with pytest.raises(NotAllowed):
        consents.give_consent(
            status=status, kind="publication", given_on=today, by=UserFactory(supervisor=True)
        )


def test_published_list_has_the_public_fields_of_who_consented(caseworker):
    apply(caseworker, wide((FIRST, "Customs Norrland,,,,,2026-01-20,"), (SECOND, ",,,,,no,")))
    assert exporting.export_published(by=caseworker) == [
        ["holder", "country", "competent authority", "type", "effective date"],
        ["Norrvik Freight AB", "SE", "Customs Norrland", "F", "2026-01-15"],
    ]


def test_consents_and_exports_at_the_desk(client, caseworker):
    run(caseworker, FIRST)
    status, desk = TrustStatus.objects.get(), at_the_desk(client, caseworker)
    page = reverse("admin:mou_truststatus_consent", args=[status.pk])
    assert "Consents: Publication" in desk.get(page).content.decode()
    day = timezone.localdate().isoformat()
    answer = desk.post(page, {"what": "give:publication", "day": day}, follow=True)
    assert "Consented on" in answer.content.decode()
    assert "Takes back: Publication" in desk.get(page).content.decode()
    for name, words in (("export", "SEAEOF0001"), ("published", "Norrvik Freight AB")):
        answer = desk.post(reverse(f"admin:mou_truststatus_{name}"))
        assert words in answer.content.decode()
        assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["export", "published"])
def test_exports_are_a_caseworkers(client, name):
    desk = at_the_desk(client, UserFactory(supervisor=True))
    assert desk.post(reverse(f"admin:mou_truststatus_{name}")).status_code == 404


def test_mutual_recognition_is_loaded_once_and_says_what_is_not_confirmed(client, caseworker):
    programme.load()
    assert MutualRecognition.objects.count() == 8
    desk = at_the_desk(client, caseworker)
    page = desk.get(reverse("admin:mou_mutualrecognition_changelist")).content.decode()
    assert "Canada" in page
    assert "Day not confirmed" in page
