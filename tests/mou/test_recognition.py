"""Mutual recognition: recorded with its days and ended, never overwritten, never twice a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mou import programme
from mou.actions import recognitions
from mou.models import MutualRecognition, TrustScheme
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from tests.factories import UserFactory
from tests.mou.living import STAFF
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2013, 7, 1), date(2020, 12, 31)


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def scheme():
    programme.load()
    return TrustScheme.objects.get()


def record(scheme, by, **fields):
    told = {"country": "NO", "legal_basis": "Decision 1/2013", "valid_from": FIRST}
    return recognitions.record_recognition(scheme=scheme, by=by, **(told | fields))


def test_day_is_recorded_in_a_row_of_its_own(scheme, officer):
    undated = MutualRecognition.objects.get(country="NO")
    made = record(scheme, officer)
    undated.refresh_from_db()
    assert (undated.valid_from, undated.replaced_at is None) == (None, False)
    assert (made.valid_from, made.recorded_by) == (FIRST, officer)
    event = AuditEvent.objects.get(event="recognition_recorded")
    assert event.actor == f"user:{officer.pk}"
    programme.load()
    assert MutualRecognition.objects.filter(country="NO").count() == 2


def test_what_changes_is_ended_and_recorded_anew(scheme, officer):
    made = record(scheme, officer)
    recognitions.end_recognition(recognition=made, valid_to=LAST, reason="Article 9", by=officer)
    made.refresh_from_db()
    assert (made.valid_to, made.legal_basis) == (LAST, "Decision 1/2013")
    record(scheme, officer, legal_basis="Decision 2/2020", valid_from=date(2021, 1, 1))
    with pytest.raises(DomainError, match="already"):
        recognitions.end_recognition(recognition=made, valid_to=LAST, reason="Again", by=officer)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2012, 1, 1), None),
        (date(2012, 1, 1), FIRST),
        (date(2015, 1, 1), date(2016, 1, 1)),
        (LAST, None),
    ],
)
def test_days_that_overlap_are_refused_in_words_and_by_the_database(scheme, officer, first, last):
    record(scheme, officer, valid_to=LAST)
    with pytest.raises(DomainError, match="1 July 2013 to 31 December 2020"):
        record(scheme, officer, valid_from=first, valid_to=last)
    row = {"scheme": scheme, "country": "NO", "valid_from": first, "valid_to": last}
    if first == FIRST:
        return
    with pytest.raises(IntegrityError, match="mutualrecognition_no_overlap"), transaction.atomic():
        MutualRecognition.objects.create(**row)


def test_database_refuses_an_end_that_reaches_into_the_next(scheme, officer):
    made = record(scheme, officer, valid_to=LAST)
    record(scheme, officer, valid_from=date(2021, 1, 1))
    with pytest.raises(IntegrityError, match="mutualrecognition_no_overlap"), transaction.atomic():
        MutualRecognition.objects.filter(pk=made.pk).update(valid_to=date(2021, 1, 1))


@pytest.mark.parametrize(
    ("first", "last"), [(date(2021, 1, 1), None), (date(2010, 1, 1), date(2013, 6, 30))]
)
def test_days_beside_each_other_and_of_other_countries_are_kept(scheme, officer, first, last):
    record(scheme, officer, valid_to=LAST)
    record(scheme, officer, valid_from=first, valid_to=last)
    record(scheme, officer, country="JP")
    dated = MutualRecognition.objects.exclude(valid_from=None).filter(country__in=["NO", "JP"])
    assert dated.count() == 3


@pytest.mark.parametrize("role", STAFF)
def test_recognition_is_recorded_by_caseworkers(scheme, officer, role):
    by, made = UserFactory(**{role: True}), record(scheme, officer)
    ends = {"recognition": made, "valid_to": LAST, "reason": "Article 9", "by": by}
    if role == "caseworker":
        record(scheme, by, country="JP")
        recognitions.end_recognition(**ends)
        return
    with pytest.raises(NotAllowed):
        record(scheme, by, country="JP")
    with pytest.raises(NotAllowed):
        recognitions.end_recognition(**ends)


def test_recognition_ends_on_or_after_its_first_day(scheme, officer):
    with pytest.raises(DomainError, match="on or after"):
        record(scheme, officer, valid_to=date(2013, 6, 30))
    made = record(scheme, officer)
    with pytest.raises(DomainError, match="on or after"):
        recognitions.end_recognition(
            recognition=made, valid_to=date(2013, 6, 30), reason="?", by=officer
        )
    undated = MutualRecognition.objects.get(country="JP")
    with pytest.raises(DomainError, match="from which day"):
        recognitions.end_recognition(recognition=undated, valid_to=LAST, reason="?", by=officer)


def test_officer_records_and_ends_at_the_desk(client, scheme, officer):
    desk = at_the_desk(client, officer)
    undated = MutualRecognition.objects.get(country="NO")
    page = f"/admin/mou/mutualrecognition/{undated.pk}/"
    assert f"{page}record/" in desk.get(f"{page}change/").content.decode()
    assert 'value="NO" selected' in desk.get(f"{page}record/").content.decode()
    begun = desk.get("/admin/mou/mutualrecognition/record/").content.decode()
    assert '<option value="" selected>Choose a country' in begun
    told = {"scheme": scheme.pk, "country": "NO", "legal_basis": "1/2013", "valid_from": FIRST}
    wrong = desk.post(f"{page}record/", told | {"valid_to": "2012-01-01"})
    assert "on or after the first" in wrong.content.decode()
    assert "1/2013" in wrong.content.decode()
    desk.post(f"{page}record/", told)
    made = MutualRecognition.objects.get(country="NO", valid_from=FIRST)
    shown = desk.get(reverse("admin:mou_mutualrecognition_changelist")).content.decode()
    assert "Replaced by a row with its day" in shown
    assert "In force" in shown
    page = f"/admin/mou/mutualrecognition/{made.pk}/"
    assert f"{page}end/" in desk.get(f"{page}change/").content.decode()
    assert desk.get(f"{page}end/").status_code == 200
    desk.post(f"{page}end/", {"valid_to": LAST, "reason": "Article 9"})
    made.refresh_from_db()
    assert made.valid_to == LAST
    assert "Record what follows" in desk.get(f"{page}change/").content.decode()
    assert desk.get(f"{page}end/").status_code == 404
    assert desk.get("/admin/mou/mutualrecognition/record/").status_code == 200


def test_supervisor_reads_and_records_nothing(client, scheme):
    desk = at_the_desk(client, UserFactory(supervisor=True))
    assert desk.get(reverse("admin:mou_mutualrecognition_changelist")).status_code == 200
    assert desk.get("/admin/mou/mutualrecognition/record/").status_code in (403, 404)
