"""Checks the signatures of a document against pinned roots, offline."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, crl, parser, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import dss, errors, generic_cms, pdf_embedded
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    ModificationInfo,
    SignatureCoverageLevel,
    SignatureStatus,
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from mou.signature_fields import EVIDENCE_FIELD, FIELDS, MOST_SIGNATORIES, fields_for
from mou.tokens import (
    Roots,
    at_once,
    certificates_in,
    fields_of,
    is_intact,
    is_plain,
    runs_until,
    stamp_of,
)
from mou.trouble import problem_of, text, trouble
from mou.verdict import Problem, SignatureFinding, Verdict, Verification, refusal

LARGEST = 20 * 1024 * 1024
ATTACHMENTS = ("mou.json", "evidence.json")
KNOWN_FIELDS = {*fields_for(MOST_SIGNATORIES), EVIDENCE_FIELD}


def verify(pdf: bytes, *, roots: Roots, at: datetime | None = None) -> Verification:
    """The verdict on this file as of now (or `at`); whatever the file is, never an exception."""
    if len(pdf) > LARGEST:
        return refusal(pdf, Problem.TOO_LARGE)
    if b"%PDF-" not in pdf[:1024]:
        return refusal(pdf, Problem.NOT_PDF)
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            return refusal(pdf, Problem.ENCRYPTED)
        return _Check(reader, pdf, roots, at or datetime.now(UTC)).verdict(refusal(pdf))
    except Exception as error:  # a hostile file can set off anything in a parser
        logging.getLogger(__name__).info("Unreadable document: %s", type(error).__name__)
        return refusal(pdf, Problem.DAMAGED)


class _Check:
    """One file. Times prove each other backwards: the newest stamp is checked as of now, each
    older one as of the next newer, a signature as of the oldest archive stamp over it, its
    certificate as of the stamp on the signature itself.
    """

    def __init__(self, reader: PdfFileReader, pdf: bytes, roots: Roots, now: datetime) -> None:
        self.reader, self.pdf, self.roots, self.now = reader, pdf, roots, now
        self.stored, self.lists = self._stored()
        self.proofs: list[tuple[int, datetime]] = []
        self.archive_problem = Problem.NONE
        # Where a byte was changed, nothing is left to learn from comparing revisions.
        self.broken = not all(map(is_intact, reader.embedded_signatures))
        # A report on evidence carries one seal alone; an agreement has fields for all its signers.
        self.due = set(fields_of(reader))
        self.is_report = self.due == {EVIDENCE_FIELD}

    def _stored(self) -> tuple[list[x509.Certificate], list[crl.CertificateList]]:
        try:
            store = dss.DocumentSecurityStore.read_dss(self.reader)
        except (errors.NoDSSFoundError, errors.ValidationInfoReadingError):
            return [], []
        lists = [crl.CertificateList.load(found.get_object().data) for found in store.crls]
        return list(store.load_certs()), lists

    def verdict(self, blank: Verification) -> Verification:
        if not self.reader.embedded_regular_signatures:
            return replace(blank, verdict=Verdict.UNSIGNED)
        self._check_archive_stamps()
        findings = tuple(map(self._finding, self.reader.embedded_regular_signatures))
        verdict, problem = self._judge(findings)
        genuine = verdict in (Verdict.VALID, Verdict.INCOMPLETE)
        data = self._data() if genuine else {}
        return replace(
            blank,
            verdict=verdict,
            problem=problem,
            signatures=findings,
            number=str(data.get("number", "")),
            version=int(data.get("version", 0)),
            archived_at=self.proofs[0][1] if genuine and self.proofs else None,
            renewed_at=self.proofs[-1][1] if genuine and len(self.proofs) > 1 else None,
        )

    def _judge(self, findings: tuple[SignatureFinding, ...]) -> tuple[Verdict, Problem]:
        if any(not (one.intact and one.unaltered) for one in findings):
            broken = any(not one.intact for one in findings)
            return Verdict.ALTERED, Problem.BROKEN if broken else Problem.CHANGED_AFTER
        if self.archive_problem is Problem.CHANGED_AFTER:
            return Verdict.ALTERED, self.archive_problem
        ours = {one.field: one for one in findings if one.trusted}
        if not ours and all(one.problem is Problem.FOREIGN for one in findings):
            return Verdict.FOREIGN, Problem.FOREIGN
        if len(ours) < len(findings) or not ours.keys() <= KNOWN_FIELDS:
            worst = [one.problem for one in findings if one.problem]
            return Verdict.UNTRUSTED, worst[0] if worst else Problem.FOREIGN
        if not self._is_certified():
            return Verdict.UNTRUSTED, Problem.NOT_CERTIFIED
        if self.archive_problem:
            return Verdict.UNTRUSTED, self.archive_problem
        if ours.keys() < (self.due if self.is_report else self.due | set(FIELDS)):
            return Verdict.INCOMPLETE, Problem.MISSING
        if any(one.level != "B-LTA" for one in findings):
            return Verdict.INCOMPLETE, Problem.NOT_ARCHIVED
        return Verdict.VALID, Problem.NONE

    def _is_certified(self) -> bool:
        """Whether the seal is the certification that forbids all but the further signatures."""
        certification = pdf_embedded.read_certification_data(self.reader)
        allowed = MDPPerm.NO_CHANGES if self.is_report else MDPPerm.FILL_FORMS
        if certification is None or certification.permission is not allowed:
            return False
        signature = self.reader.embedded_regular_signatures[0]
        same = certification.author_sig == signature.sig_object
        return same and signature.field_name == (EVIDENCE_FIELD if self.is_report else FIELDS[0])

    # --- Stamps over the whole document ---------------------------------------------------

    def _check_archive_stamps(self) -> None:
        moment = self.now
        for stamp in reversed(self.reader.embedded_timestamp_signatures):
            context = self._context(self.roots.timestamps, moment)
            status = at_once(
                pdf_embedded.async_validate_pdf_timestamp(stamp, context, skip_diff=self.broken)
            )
            if not (status.intact and status.valid and self._is_unaltered(stamp, status)):
                self.archive_problem = Problem.CHANGED_AFTER
            elif not status.trusted:
                self.archive_problem = self.archive_problem or trouble(status)
            elif self._is_withdrawn(status):
                self.archive_problem = self.archive_problem or Problem.REVOKED
            elif not self._carries_only_known(stamp, status):
                self.archive_problem = Problem.CHANGED_AFTER
            else:
                moment = status.timestamp
                self.proofs.insert(0, (stamp.signed_revision, moment))

    def _is_withdrawn(self, status: SignatureStatus) -> bool:
        """Whether any list names a certificate of this stamp; an old list still knows."""
        named = {
            (found.issuer.dump(), entry["user_certificate"].native)
            for found in self.lists
            for entry in found["tbs_cert_list"]["revoked_certificates"] or ()
        }
        path = status.validation_path or ()
        return any((one.issuer.dump(), one.serial_number) in named for one in path)

    def _carries_only_known(self, stamp: EmbeddedPdfSignature, status: SignatureStatus) -> bool:
        """A stamp does not sign the certificates beside it: each must be one that counts."""
        known = {one.sha256 for one in self.stored}
        known |= {one.sha256 for one in status.validation_path or ()}
        beside = certificates_in(stamp.signed_data)
        return is_plain(stamp.pkcs7_content) and all(one.sha256 in known for one in beside)

    # --- Signatures -----------------------------------------------------------------------

    def _finding(self, signature: EmbeddedPdfSignature) -> SignatureFinding:
        proven = [at for revision, at in self.proofs if revision > signature.signed_revision]
        moment = proven[0] if proven else self.now
        stamp, stamp_is_complete = self._stamp_on(signature, moment)
        at = stamp.timestamp if stamp else None
        status = self._status(signature, at or moment, "soft-fail")
        level = "B-T" if at else "B-B"
        if at and stamp_is_complete and status.trusted:
            complete = self._status(signature, at, "require", skip_diff=True)
            level = ("B-LTA" if proven else "B-LT") if complete.trusted else level
        subject = status.signing_cert.subject.native
        finding = SignatureFinding(
            field=signature.field_name,
            who=text(subject.get("common_name")),
            function=text(subject.get("title")),
            organisation=text(subject.get("organization_name")),
            country=text(subject.get("country_name")),
            reason=str(signature.sig_object.get("/Reason", "")),
            claimed_at=signature.self_reported_timestamp,
            signed_at=at,
            level=level,
            intact=status.intact and status.valid,
            unaltered=self._is_unaltered(signature, status),
            trusted=status.trusted,
            covers_whole_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        )
        return replace(finding, problem=problem_of(finding, status))

    def _status(
        self,
        signature: EmbeddedPdfSignature,
        moment: datetime,
        mode: str,
        *,
        skip_diff: bool = False,
    ) -> Any:
        context = self._context(self.roots.signatures, moment, mode)
        stamps = self._context(self.roots.timestamps, self.now)
        return at_once(
            pdf_embedded.async_validate_pdf_signature(
                signature, context, stamps, skip_diff=skip_diff or self.broken
            )
        )

    def _stamp_on(
        self, signature: EmbeddedPdfSignature, moment: datetime
    ) -> tuple[TimestampSignatureStatus | None, bool]:
        """The stamp on the signature if it is good, and whether nothing is missing to prove it."""
        token = stamp_of(signature)
        if token is None:
            return None, False
        status = self._token_status(signature, token, moment, "soft-fail")
        if not (status.intact and status.valid and status.trusted):
            return None, False
        # Without lists of withdrawn certificates nothing can be complete.
        complete = self.lists and self._token_status(signature, token, moment, "require").trusted
        return status, bool(complete)

    def _token_status(
        self, signature: EmbeddedPdfSignature, token: cms.SignedData, moment: datetime, mode: str
    ) -> TimestampSignatureStatus:
        work = generic_cms.validate_tst_signed_data(
            token,
            self._context(self.roots.timestamps, moment, mode),
            generic_cms.message_imprint_checker(signature.signer_info),
        )
        return TimestampSignatureStatus(**at_once(work))

    def _context(
        self, roots: tuple[x509.Certificate, ...], moment: datetime, mode: str = "soft-fail"
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(roots),
            other_certs=self.stored,
            # A list that has run out says nothing about this moment, and is taken for an error.
            crls=[one for one in self.lists if runs_until(one) >= moment],
            moment=moment,
            revocation_mode=mode,
            # Lists are fetched after the signatures, so that they speak about them.
            retroactive_revinfo=True,
        )

    def _is_unaltered(self, signature: EmbeddedPdfSignature, status: ModificationInfo) -> bool:
        """Whether nothing came after it but further signatures and stamps, not even a blank."""
        # Nothing at all may follow the newest: no other title, no object that nobody sees.
        newest = max(one.signed_revision for one in self.reader.embedded_signatures)
        last = signature.signed_revision == newest
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        return (
            not self.broken
            and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
            and (whole or not last)
            and status.modification_level is not None
            and status.modification_level <= ModificationLevel.FORM_FILLING
            and (status.docmdp_ok is not False)
            and self._is_padded_plainly(signature)
        )

    def _is_padded_plainly(self, signature: EmbeddedPdfSignature) -> bool:
        """The room kept for a signature is outside what it signs: it may hold nothing else."""
        _zero, start, end, _rest = signature.byte_range
        content = signature.pkcs7_content
        used = parser.parse(content, strict=False)
        length = len(used[3]) + len(used[4]) + len(used[5])
        plain = f"<{content.hex()}>".encode()
        return not any(content[length:]) and self.pdf[start:end] in (plain, plain.upper())

    # --- What the document says it is -----------------------------------------------------

    def _data(self) -> dict[str, Any]:
        """The data embedded in a document found genuine."""
        for specification in self.reader.root.get("/AF", ()):
            file = specification.get_object()
            if file.get("/UF") in ATTACHMENTS:
                data: dict[str, Any] = json.loads(file["/EF"]["/F"].data)
                return data
        return {}
