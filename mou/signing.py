"""Signatures on a document: certify, sign, stamp, archive; bytes in, bytes out."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec, GenericCommitment
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.registry import SimpleCertificateStore

from mou import evidence, one_time, verification
from mou.evidence import RevocationUnavailable
from mou.keys import Keys, SigningKey
from mou.one_time import SignerIdentity
from mou.signature_fields import (
    ADMINISTRATION_FIELD,
    BUSINESS_FIELD,
    EVIDENCE_FIELD,
    FIELDS,
    SEAL_FIELD,
    fields_for,
)
from mou.tokens import at_once, fields_of, stamp_of
from portal.errors import DomainError
from portal.timestamps import TimestampUnavailable

__all__ = [
    "ADMINISTRATION_FIELD",
    "BUSINESS_FIELD",
    "EVIDENCE_FIELD",
    "SEAL_FIELD",
    "RevocationUnavailable",
    "SignerIdentity",
    "SigningRefused",
    "TimestampUnavailable",
    "archive",
    "certify",
    "certify_report",
    "sign",
    "stamp",
]

ARCHIVE_FIELD = "archive"

# Room for each signature in the file, in hexadecimal digits: certificates, and a time stamp
# that comes later. Given here, because an estimate would cost a trial signature.
ROOM = 24 * 1024
HASH = "sha256"


class SigningRefused(DomainError):
    """The document is not in a state for this signature; trying again does not help."""


class Writer(IncrementalPdfFileWriter):
    """Adds to a document without touching its claims: PDF/A-3 rests on version 1.7, and its
    metadata describe the text that was agreed, not the last program that signed it.
    """

    def ensure_output_version(self, version: object) -> None:
        pass

    def register_extension(self, ext: Any) -> None:
        if ext is ESIC_EXTENSION_1:
            super().register_extension(ext)

    def _update_meta(self) -> None:
        pass


class HeldSigner(signers.Signer):
    """Signs with a key that stays in memory or in its module."""

    def __init__(self, key: SigningKey, chain: tuple[x509.Certificate, ...]) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        super().__init__(
            signing_cert=key.certificate,
            cert_registry=store,
            embed_roots=False,
            signature_mechanism=cms.SignedDigestAlgorithm({"algorithm": key.algorithm}),
        )
        self._sign = key.sign

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        return self._sign(data)


def certify(pdf: bytes, *, keys: Keys, at: datetime, signatories: int = 1) -> bytes:
    """Open the document for its signatures and certify it with the administration's seal.

    Every field is made before the certification, one for each person who must sign for the firm;
    after it only these may be filled.
    """
    writer = Writer(BytesIO(pdf))
    titles = {
        SEAL_FIELD: _("Seal of the administration"),
        ADMINISTRATION_FIELD: _("Signature for the administration"),
    }
    for name in fields_for(signatories):
        title = titles.get(name, _("Signature for the firm"))
        fields.append_signature_field(writer, _invisible(name, title))
    details = signers.PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        **_profile(GenericCommitment.PROOF_OF_ORIGIN),
    )
    return _sign(writer, details, HeldSigner(keys.seal, keys.chain), at)


def certify_report(pdf: bytes, *, keys: Keys, at: datetime) -> bytes:
    """Certify an evidence report with the administration's seal: nothing in it may change."""
    writer = Writer(BytesIO(pdf))
    title = _("Seal of the administration on the evidence report")
    fields.append_signature_field(writer, _invisible(EVIDENCE_FIELD, title))
    details = signers.PdfSignatureMetadata(
        field_name=EVIDENCE_FIELD,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        **_profile(GenericCommitment.PROOF_OF_ORIGIN),
    )
    return _sign(writer, details, HeldSigner(keys.seal, keys.chain), at)


def sign(
    pdf: bytes,
    *,
    field: str,
    signer: SignerIdentity,
    reason: str,
    keys: Keys,
    at: datetime | None = None,
) -> bytes:
    """Sign for one party with a key made for this signature alone and forgotten after it."""
    writer = Writer(BytesIO(pdf))
    _refuse_untimely(writer.prev, field)
    at = at or datetime.now(UTC)
    key = one_time.issue(signer, keys=keys, at=at)
    details = signers.PdfSignatureMetadata(
        field_name=field,
        reason=reason,
        name=signer.name,
        **_profile(GenericCommitment.PROOF_OF_APPROVAL),
    )
    return _sign(writer, details, HeldSigner(key, keys.chain), at)


def stamp(pdf: bytes, *, field: str, timestamper: TimeStamper) -> bytes:
    """Add the time stamp to this field's signature, in the room kept for it.

    No signed byte changes. A signature that has its stamp is left as it is.
    """
    signature = _signature(PdfFileReader(BytesIO(pdf)), field)
    if stamp_of(signature) is not None:
        return pdf
    _first, start, end, rest = signature.byte_range
    if end + rest != len(pdf):
        raise SigningRefused(_("Something was added to the document after this signature."))
    content = cms.ContentInfo.load(signature.pkcs7_content)
    info = content["content"]["signer_infos"][0]
    token = _token(timestamper, info["signature"].native)
    info["unsigned_attrs"] = cms.CMSAttributes(
        [cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})]
    )
    output = BytesIO(pdf)
    PreparedByteRangeDigest(b"", start, end).fill_with_cms(output, content.dump(force=False))
    return output.getvalue()


def archive(pdf: bytes, *, keys: Keys, timestamper: TimeStamper) -> bytes:
    """Add what is needed to check the signatures for years, and a stamp over all of it.

    May be done again, on the archived file, before the last stamp's certificate expires.
    """
    reader = PdfFileReader(BytesIO(pdf))
    _refuse_incomplete(reader)
    found = evidence.collect(reader, keys=keys)
    writer = Writer(BytesIO(pdf))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=found.certificates, crls=found.revocation_lists
    )
    name = f"{ARCHIVE_FIELD}-{len(reader.embedded_timestamp_signatures) + 1}"
    invisible = fields.InvisSigSettings(box_out_of_bounds=True)
    stamper = signers.PdfTimeStamper(timestamper, name, invisible, _("Archive time stamp"))
    try:
        output = at_once(stamper.async_timestamp_pdf(writer, HASH, bytes_reserved=ROOM))
    except TimestampRequestError as error:
        raise TimestampUnavailable(error) from error
    archived: bytes = output.getvalue()
    result = verification.verify(archived, roots=keys.roots)
    if not result.is_valid:
        raise SigningRefused(
            _("The archived document does not verify: %(why)s") % {"why": result.headline}
        )
    return archived


def _profile(commitment: GenericCommitment) -> dict[str, Any]:
    """What every signature here has in common: PAdES, with a stated commitment."""
    return {
        "md_algorithm": HASH,
        "subfilter": fields.SigSeedSubFilter.PADES,
        "cades_signed_attr_spec": CAdESSignedAttrSpec(commitment_type=commitment.asn1),
    }


def _invisible(name: str, title: str) -> fields.SigFieldSpec:
    """A field outside the page: a visible one has to be tagged, which breaks earlier signatures."""
    return fields.SigFieldSpec(
        name,
        readable_field_name=title,
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )


def _sign(
    writer: Writer,
    details: signers.PdfSignatureMetadata,
    signer: HeldSigner,
    at: datetime,
) -> bytes:
    try:
        session = signers.PdfSigner(details, signer=signer).init_signing_session(
            writer, existing_fields_only=True
        )
        session.system_time = at
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=ROOM)
        output = BytesIO()
        prepared, _output = document.digest_tbs_document(output=output)
        attributes = PdfCMSSignedAttributes(
            signing_time=at, cades_signed_attrs=details.cades_signed_attr_spec
        )
        at_once(document.perform_signature(prepared.document_digest, attributes))
    except (SigningError, PdfError) as error:
        raise SigningRefused(
            _("The document cannot be signed: %(cause)s") % {"cause": error}
        ) from error
    return output.getvalue()


def _refuse_untimely(reader: PdfFileReader, field: str) -> None:
    """Signatures follow each other in order, each on one that has its time stamp."""
    order = fields_of(reader)
    if field not in order:
        raise SigningRefused(_("This document has no place for that signature."))
    due = order[: order.index(field)]
    present = {signature.field_name: signature for signature in reader.embedded_signatures}
    if field in present:
        raise SigningRefused(_("This document already carries that signature."))
    for earlier in due:
        if earlier not in present or stamp_of(present[earlier]) is None:
            raise SigningRefused(_("An earlier signature is missing or waits for its time stamp."))


def _refuse_incomplete(reader: PdfFileReader) -> None:
    stamped = {
        signature.field_name
        for signature in reader.embedded_regular_signatures
        if stamp_of(signature) is not None
    }
    due = set(fields_of(reader))
    if not stamped >= due or not (due >= set(FIELDS) or due == {EVIDENCE_FIELD}):
        raise SigningRefused(_("Only a document with all its signatures can be archived."))


def _signature(reader: PdfFileReader, field: str) -> EmbeddedPdfSignature:
    for signature in reader.embedded_regular_signatures:
        if signature.field_name == field:
            return signature
    raise SigningRefused(_("This document does not carry that signature."))


def _token(timestamper: TimeStamper, value: bytes) -> cms.ContentInfo:
    try:
        return at_once(timestamper.async_timestamp(hashlib.sha256(value).digest(), HASH))
    except TimestampRequestError as error:
        raise TimestampUnavailable(error) from error
