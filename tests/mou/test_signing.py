"""One file, three signatures, one archive stamp: valid after every step, for every checker."""

import re
import subprocess
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest
import time_machine
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import ades, policy_decl
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import policy_decl as trust_policy
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.registry import SimpleTrustManager

from mou import signing, verification
from mou.tokens import at_once, stamp_of
from portal import authority as development
from portal import timestamps
from portal.authority_service import Stamper
from tests.agreement import ADMINISTRATION, BUSINESS, Papers
from tests.mou.test_documents import assert_archive_grade_and_accessible

STEPS = [field.name for field in fields(Papers)][1:]
COUNTED = list(zip(STEPS, [1, 1, 2, 2, 3, 3, 3], strict=True))


@pytest.fixture
def written(tmp_path):
    def write(pdf):
        path = tmp_path / "document.pdf"
        path.write_bytes(pdf)
        return path

    return write


def said_by(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("step", "count"), COUNTED)
def test_every_signature_is_valid_after_every_step(papers, trust_service, step, count):
    found = verification.verify(getattr(papers, step), roots=trust_service.roots)
    assert len(found.signatures) == count
    assert all(signature.is_valid for signature in found.signatures)
    assert found.is_valid == (step == "archived")


@pytest.mark.parametrize(("step", "count"), COUNTED)
def test_poppler_agrees_on_every_signature_after_every_step(papers, written, step, count):
    code, said = said_by("pdfsig", str(written(getattr(papers, step))))
    assert code == 0
    assert said.count("Signature is Valid") == count
    assert "invalid" not in said.lower()


@pytest.mark.parametrize("step", STEPS)
def test_qpdf_finds_no_fault_after_every_step(papers, written, step):
    code, said = said_by("qpdf", "--check", str(written(getattr(papers, step))))
    assert code == 0, said
    assert "No syntax or stream encoding errors found" in said


@pytest.mark.parametrize("step", ["sealed", "administration_stamped", "archived"])
def test_claims_stay_true_on_the_signed_file(papers, step):
    assert_archive_grade_and_accessible(getattr(papers, step))


def test_each_step_only_adds_to_the_file(papers):
    for before, after in pairwise(STEPS):
        old, new = getattr(papers, before), getattr(papers, after)
        if after in ("sealed", "business_stamped", "administration_stamped"):
            assert len(new) == len(old)
        else:
            assert new.startswith(old)


def test_certify_makes_every_field_first_and_allows_only_them(papers):
    reader = PdfFileReader(BytesIO(papers.certified))
    names = [str(field.get_object()["/T"]) for field in reader.root["/AcroForm"]["/Fields"]]
    assert names == ["seal", "business", "administration"]
    (seal,) = reader.embedded_signatures
    assert seal.docmdp_level is MDPPerm.FILL_FORMS
    assert seal.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_sign_names_person_and_organisation_in_a_certificate_for_a_day(papers):
    signature = signature_of(papers.business, "business")
    certificate = signature.signer_cert
    assert certificate.subject.native == {
        "country_name": "SE",
        "organization_name": BUSINESS.organisation,
        "title": BUSINESS.function,
        "common_name": BUSINESS.name,
    }
    lasts = certificate.not_valid_after - certificate.not_valid_before
    assert timedelta(hours=24) <= lasts < timedelta(hours=24, minutes=2)
    assert certificate.public_key.curve == ("named", "secp256r1")
    assert not certificate.ca


def test_sign_carries_the_evidence_as_its_reason(papers):
    reason = str(signature_of(papers.business, "business").sig_object["/Reason"])
    assert re.fullmatch(r"Evidence SHA-256 [0-9a-f]{64}", reason)


def test_sign_uses_each_key_once(papers):
    used = {
        signature.signer_cert.public_key.dump()
        for signature in PdfFileReader(BytesIO(papers.archived)).embedded_regular_signatures
    }
    assert len(used) == 3


def test_sign_with_a_long_name_stays_valid(papers, trust_service, written):
    signer = signing.SignerIdentity("Å" * 150, "F" * 120, "Organisation " * 20, "SE")
    pdf = sign(papers.sealed, "business", trust_service, signer=signer)
    assert verification.verify(pdf, roots=trust_service.roots).signatures[1].is_valid
    assert said_by("pdfsig", str(written(pdf)))[1].count("Signature is Valid") == 2


def test_sign_twice_is_refused(papers, trust_service):
    with pytest.raises(signing.SigningRefused, match="already carries"):
        sign(papers.business_stamped, "business", trust_service)


def test_sign_out_of_turn_is_refused(papers, trust_service):
    with pytest.raises(signing.SigningRefused, match="earlier signature"):
        sign(papers.sealed, "administration", trust_service)


def test_sign_on_a_signature_without_its_stamp_is_refused(papers, trust_service):
    with pytest.raises(signing.SigningRefused, match="time stamp"):
        sign(papers.business, "administration", trust_service)


def test_stamp_changes_no_signed_byte(papers):
    signature = signature_of(papers.business_stamped, "business")
    start, end = signature.byte_range[1], signature.byte_range[2]
    before, after = papers.business, papers.business_stamped
    assert before[:start] + before[end:] == after[:start] + after[end:]
    assert stamp_of(signature_of(papers.business, "business")) is None
    assert stamp_of(signature) is not None


def test_stamp_again_changes_nothing(papers, trust_service):
    stamper = trust_service.timestamper
    again = signing.stamp(papers.business_stamped, field="business", timestamper=stamper)
    assert again == papers.business_stamped


def test_stamp_without_its_signature_is_refused(papers, trust_service):
    with pytest.raises(signing.SigningRefused, match="does not carry"):
        signing.stamp(papers.sealed, field="business", timestamper=trust_service.timestamper)


def test_stamp_while_nobody_answers_keeps_the_signature_for_later(papers, trust_service):
    signed = sign(papers.sealed, "business", trust_service)
    trust_service.stop()
    try:
        with pytest.raises(signing.TimestampUnavailable):
            signing.stamp(signed, field="business", timestamper=trust_service.timestamper)
    finally:
        trust_service.start()
    later = signing.stamp(signed, field="business", timestamper=trust_service.timestamper)
    found = verification.verify(later, roots=trust_service.roots)
    assert [one.level for one in found.signatures] == ["B-T", "B-T"]


def test_archive_while_nobody_answers_is_no_lower_archive(papers, trust_service):
    trust_service.stop()
    try:
        with pytest.raises(signing.RevocationUnavailable):
            archive(papers.administration_stamped, trust_service)
    finally:
        trust_service.start()


def test_archive_without_a_stamp_source_is_no_lower_archive(papers, trust_service):
    nobody = timestamps.HttpTimeStamper("http://127.0.0.1:9/tsa", roots=timestamps.roots())
    with pytest.raises(signing.TimestampUnavailable):
        signing.archive(papers.administration_stamped, keys=trust_service.keys, timestamper=nobody)


@pytest.mark.parametrize("step", ["sealed", "business_stamped", "administration"])
def test_archive_of_an_incomplete_document_is_refused(papers, trust_service, step):
    with pytest.raises(signing.SigningRefused, match="all its signatures"):
        archive(getattr(papers, step), trust_service)


def test_archive_holds_lists_newer_than_the_signatures(papers, trust_service):
    reader = PdfFileReader(BytesIO(papers.archived))
    store = DocumentSecurityStore.read_dss(reader)
    assert len(store.crls) == 2
    found = verification.verify(papers.archived, roots=trust_service.roots)
    assert [one.level for one in found.signatures] == ["B-LTA"] * 3


def test_archive_with_lists_older_than_the_signatures_waits(papers, trust_service):
    with (
        time_machine.travel(datetime.now(UTC) - timedelta(hours=1)),
        pytest.raises(signing.RevocationUnavailable),
    ):
        archive(papers.administration_stamped, trust_service)


@pytest.mark.parametrize("later", [timedelta(days=2), timedelta(days=400), timedelta(days=3650)])
def test_archive_is_valid_when_its_certificates_have_long_expired(papers, trust_service, later):
    found = verification.verify(
        papers.archived, roots=trust_service.roots, at=datetime.now(UTC) + later
    )
    assert found.is_valid, found.sentences


def test_archive_not_stamped_again_in_time_is_no_longer_vouched_for(papers, trust_service):
    later = datetime.now(UTC) + timedelta(days=365 * 16)
    found = verification.verify(papers.archived, roots=trust_service.roots, at=later)
    assert (found.verdict, found.problem) == ("untrusted", "expired")


def test_archive_outlives_its_stamp_by_a_newer_one(papers, trust_service):
    """Stamped again in time with a newer certificate, it is valid when the first has expired."""
    today = datetime.now(UTC)
    with time_machine.travel(today + timedelta(days=365 * 9)):
        newer = InProcess(replace(trust_service.authority, timestamp=new_stamp(trust_service)))
        renewed = signing.archive(papers.archived, keys=trust_service.keys, timestamper=newer)
    for years in (9, 20):
        later = today + timedelta(days=365 * years + 1)
        found = verification.verify(renewed, roots=trust_service.roots, at=later)
        assert found.is_valid, found.sentences
        assert [one.level for one in found.signatures] == ["B-LTA"] * 3


class InProcess(TimeStamper):
    """The authority's stamps without its service."""

    def __init__(self, authority):
        super().__init__()
        self.stamper = Stamper(authority)

    async def async_request_tsa_response(self, req):
        return tsp.TimeStampResp.load(self.stamper.reply(req.dump()))


def new_stamp(service):
    """A younger certificate of the time stamp authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuing = service.authority.issuing
    certificate = development._certificate(
        subject=service.authority.timestamp.certificate.subject,
        key=key,
        issuer=issuing.certificate.subject,
        issuer_key=issuing.key,
        profile=development._PROFILES["timestamp"],
        crl=f"http://127.0.0.1:{service.port}/crl/issuing.crl",
    )
    return development.Holder(certificate, key)


def test_archive_passes_the_long_term_check_of_the_standard(papers, trust_service):
    """EN 319 102-1, as pyHanko implements it: another way to the same answer."""
    trust = SimpleTrustManager.build(trust_roots=list(trust_service.roots.signatures))
    checking = trust_policy.RevocationCheckingPolicy.from_legacy("require")
    policy = CertValidationPolicySpec(
        trust_manager=trust,
        revinfo_policy=trust_policy.CertRevTrustPolicy(
            checking,
            freshness=timedelta(days=30),
            freshness_req_type=trust_policy.FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
        ),
    )
    specification = policy_decl.PdfSignatureValidationSpec(
        signature_validation_spec=policy_decl.SignatureValidationSpec(
            cert_validation_policy=policy, ts_cert_validation_policy=policy
        )
    )
    for signature in PdfFileReader(BytesIO(papers.archived)).embedded_regular_signatures:
        result = at_once(ades.ades_lta_validation(signature, specification))
        assert result.ades_subindic is ades.AdESPassed.OK, result.ades_subindic


def signature_of(pdf, field):
    found = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return next(signature for signature in found if signature.field_name == field)


def sign(pdf, field, service, signer=None):
    signer = signer or {"business": BUSINESS, "administration": ADMINISTRATION}[field]
    return signing.sign(pdf, field=field, signer=signer, reason="-", keys=service.keys)


def archive(pdf, service):
    return signing.archive(pdf, keys=service.keys, timestamper=service.timestamper)


def test_render_and_sign_leave_no_key_in_the_file(papers):
    with pikepdf.open(BytesIO(papers.archived)) as file:
        text = b"".join(one.read_bytes() for one in file.objects if isinstance(one, pikepdf.Stream))
    assert b"PRIVATE KEY" not in text
