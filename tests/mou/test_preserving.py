"""Archived files are stamped again in time, and stay valid year after year."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from mou import verification
from mou.actions import papers, preserving, sealing
from mou.models import Document, EarlierEdition, Step
from mou.signing import RevocationUnavailable, TimestampUnavailable
from tests.mou import flows

pytestmark = pytest.mark.django_db
# Five years take more than ten seconds; each further stamp is one more revision to check.
YEARS = [2, pytest.param(5, marks=pytest.mark.soak)]


def travel(days: int):
    return time_machine.travel(timezone.now() + timedelta(days=days))


def stamp_all() -> None:
    preserving.renew_due()
    flows.deliver_all()


@pytest.mark.parametrize("years", YEARS)
def test_archives_stay_valid_through_years_of_stamping(trust_service, years):
    cast = flows.archived()
    sealing.report(version=cast.version)
    for year in range(1, years + 1):
        with travel(366 * year):
            stamp_all()
            for step in preserving.LASTING:
                pdf = papers.read(cast.version, step)
                found = verification.verify(pdf, roots=trust_service.roots)
                assert found.is_valid, (year, step, found.sentences)
                assert {one.level for one in found.signatures} == {"B-LTA"}
                stamps = PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures
                assert len(stamps) == year + 1
                assert found.renewed_at.date() == timezone.now().date()
    assert EarlierEdition.objects.count() == years * len(preserving.LASTING)


def test_stamping_waits_until_a_file_is_due(trust_service):
    cast = flows.archived()
    flows.deliver_all()
    with travel(300):
        stamp_all()
    assert not Document.objects.filter(version=cast.version, edition__gt=1).exists()


def test_stamping_twice_makes_one_edition(trust_service):
    cast = flows.archived()
    document = cast.version.documents.get(step=Step.ARCHIVED)
    preserving.renew(document=document, edition=1)
    preserving.renew(document=Document.objects.get(pk=document.pk), edition=1)
    assert Document.objects.get(pk=document.pk).edition == 2
    assert EarlierEdition.objects.count() == 1


def test_stamping_while_nobody_answers_keeps_the_file_as_it_is(trust_service):
    cast = flows.archived()
    document = cast.version.documents.get(step=Step.ARCHIVED)
    trust_service.stop()
    try:
        with pytest.raises((TimestampUnavailable, RevocationUnavailable)):
            preserving.renew(document=document, edition=1)
    finally:
        trust_service.start()
    assert papers.digest(papers.read(cast.version, Step.ARCHIVED)) == document.sha256


def test_file_from_before_a_new_stamp_is_still_found_by_its_hash(trust_service, client):
    cast = flows.archived()
    before = cast.version.documents.get(step=Step.ARCHIVED)
    preserving.renew(document=Document.objects.get(pk=before.pk), edition=1)
    page = client.get("/verify/", {"sha256": before.sha256}).content.decode()
    assert cast.agreement.number in page
    assert "Archive stamp renewed" in page


def test_archive_from_before_there_were_reports_gets_one_and_a_stamp(trust_service):
    cast = flows.archived()
    Document.objects.update(renew_on=None)
    preserving.renew_due()
    sealing.order_missing_reports()
    flows.deliver_all()
    assert cast.version.documents.get(step=Step.ARCHIVED).edition == 2
    assert cast.version.documents.filter(step=Step.EVIDENCE).exists()


@pytest.mark.parametrize(("left", "waits"), [(1000, 365), (300, 210), (60, 30), (2, 1)])
@time_machine.travel("2026-11-26 12:00", tick=False)  # before midnight summer time adds a day
def test_next_stamp_is_never_due_today(monkeypatch, left, waits):
    """A service whose own certificate ends soon does not have every file stamped each hour."""
    now = timezone.now()
    ending = SimpleNamespace(not_valid_after=now + timedelta(days=left))
    monkeypatch.setattr(preserving, "PdfFileReader", lambda _bytes: None)
    monkeypatch.setattr(preserving, "last_archive_certificate", lambda _pdf: ending)
    assert preserving.renewal_day(b"") == timezone.localdate(now) + timedelta(days=waits)


def test_report_that_is_made_at_last_waits_for_nothing(trust_service):
    cast = flows.archived()
    sealing.note_wait(version_id=cast.version.pk, reason="time stamp service")
    sealing.report(version=cast.version)
    assert cast.version.waiting_for == ""
