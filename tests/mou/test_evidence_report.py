"""The evidence report: a file of its own that proves who signed what, when and how."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO

import pikepdf
import pytest
from django.utils import timezone
from django.utils.formats import date_format

from mou import evidence_report, verification
from mou.actions import papers, sealing
from mou.models import Party, Step
from mou.signing import RevocationUnavailable, TimestampUnavailable
from tests.mou import flows
from tests.mou.test_documents import assert_archive_grade_and_accessible, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(trust_service):
    cast = flows.archived()
    sealing.report(version=cast.version)
    return cast


def report_in(cast) -> bytes:
    return papers.read(cast.version, Step.EVIDENCE)


def data_in(pdf: bytes) -> dict:
    with pikepdf.open(BytesIO(pdf)) as file:
        return json.loads(file.attachments[evidence_report.DATA].get_file().read_bytes())


def test_report_is_sealed_archived_and_valid(reported, trust_service):
    found = verification.verify(report_in(reported), roots=trust_service.roots)
    assert found.is_valid, found.sentences
    assert [(one.field, one.level) for one in found.signatures] == [("evidence", "B-LTA")]
    assert found.number == reported.agreement.number


def test_report_says_to_a_reader_who_signed_what_and_how(reported):
    pdf = report_in(reported)
    said = " ".join(words(pdf).split())
    signature = reported.version.signatures.get(party=Party.BUSINESS)
    for text in (
        reported.agreement.number,
        "Signature of Sigrid Signatory for the firm",
        "Signature of Cora Countersigner for the administration",
        "A one-time code from an authenticator app",
        "I agree to sign it electronically.",
        "127.0.0.1",
    ):
        assert text in said
    assert f"On {date_format(timezone.localdate(), 'j F Y')}, when this report was made:" in said
    close = "".join(said.split())
    assert signature.evidence_sha256 in close
    assert reported.version.documents.get(step=Step.ARCHIVED).sha256 in close
    assert_archive_grade_and_accessible(pdf, "en")


def test_report_carries_what_its_hashes_are_made_of(reported):
    data = data_in(report_in(reported))
    assert data["trust_status"]["as_of"] == timezone.localdate().isoformat()
    ours, theirs = data["signatures"]
    assert (
        hashlib.sha256(evidence_report.canonical(ours["evidence"])).hexdigest()
        == (ours["evidence_sha256"])
    )
    assert theirs["withheld"] == list(evidence_report.WITHHELD)
    assert reported.countersigner.email not in json.dumps(data)


def test_report_made_twice_is_one(reported):
    before = report_in(reported)
    sealing.report(version=reported.version)
    assert report_in(reported) == before


def test_report_with_a_flipped_byte_is_refused(reported, trust_service):
    pdf = bytearray(report_in(reported))
    pdf[len(pdf) // 3] ^= 1
    assert not verification.verify(bytes(pdf), roots=trust_service.roots).is_valid


def test_report_is_promised_with_the_archive_and_read_by_both_sides(trust_service, client):
    cast = flows.archived()
    flows.deliver_all()
    step = Step.EVIDENCE.value
    client.force_login(cast.owner)
    page = client.get(f"/mou/{cast.agreement.uuid}/").content.decode()
    assert f"/mou/{cast.agreement.uuid}/documents/1/{step}/" in page
    answer = client.get(f"/mou/{cast.agreement.uuid}/documents/1/{step}/")
    assert answer.content == report_in(cast)
    client.force_login(flows.offered().owner)
    assert client.get(f"/mou/{cast.agreement.uuid}/documents/1/{step}/").status_code == 404


def test_report_waits_for_the_time_stamp_and_keeps_nothing(trust_service):
    cast = flows.archived()
    trust_service.stop()
    try:
        with pytest.raises((TimestampUnavailable, RevocationUnavailable)):
            sealing.report(version=cast.version)
    finally:
        trust_service.start()
    assert not cast.version.documents.filter(step=Step.EVIDENCE).exists()
