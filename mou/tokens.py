"""What signing and verifying both read in a signature: fields, stamps, certificates."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from mou.signature_fields import MOST_SIGNATORIES, fields_for


def fields_of(reader: PdfFileReader) -> tuple[str, ...]:
    """The fields that this document was certified with, in the order in which they are signed.

    The seal covers them, so whether one is still empty is the document's own word.
    """
    stamps = {stamp.field_name for stamp in reader.embedded_timestamp_signatures}
    found = [name for name, _value, _field in enumerate_sig_fields(reader) if name not in stamps]
    order = fields_for(MOST_SIGNATORIES)
    return tuple(sorted(found, key=lambda name: order.index(name) if name in order else -1))


@dataclass(frozen=True)
class Roots:
    """What signatures and time stamps must lead back to; public."""

    signatures: tuple[x509.Certificate, ...]
    timestamps: tuple[x509.Certificate, ...]


def stamp_of(signature: EmbeddedPdfSignature) -> cms.SignedData | None:
    """The time stamp on a signature, if it has one."""
    for attribute in signature.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0]["content"]
    return None


def stamped_at(token: cms.SignedData) -> datetime:
    """The time that a stamp says."""
    at: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def last_archive_certificate(reader: PdfFileReader) -> x509.Certificate:
    """The certificate of the newest stamp over the whole document."""
    found: x509.Certificate = reader.embedded_timestamp_signatures[-1].signer_cert
    return found


def certificates_in(data: cms.SignedData) -> Iterator[x509.Certificate]:
    """The certificates that a signature or a stamp carries."""
    for choice in data["certificates"] or ():
        if choice.name == "certificate":
            yield choice.chosen


def is_intact(signature: EmbeddedPdfSignature) -> bool:
    """Whether the bytes that it covers are those it was made over; the quickest of all checks."""
    content = signature.signed_data["encap_content_info"]["content"]
    if signature.sig_object_type == "/DocTimeStamp":
        made_over = content.parsed["message_imprint"]["hashed_message"].native
    else:
        found = [
            attribute["values"][0].native
            for attribute in signature.signer_info["signed_attrs"] or ()
            if attribute["type"].native == "message_digest"
        ]
        made_over = found[0] if found else signature.compute_digest()
    intact: bool = signature.compute_digest() == made_over
    return intact


def is_plain(content: bytes) -> bool:
    """Whether what a stamp's own signature does not protect is as the standard has it.

    Of these bytes nothing depends; but a file that was touched anywhere shall not pass.
    """
    info = cms.ContentInfo.load(content)
    data = info["content"]
    (signer,) = data["signer_infos"]
    by_serial = signer["sid"].name == "issuer_and_serial_number"
    algorithms = [*data["digest_algorithms"], signer["digest_algorithm"]]
    return (
        len(info.contents) == sum(len(part.dump()) for part in (info["content_type"], data))
        and data["version"].native == "v3"
        and signer["version"].native == ("v1" if by_serial else "v3")
        and len({one["algorithm"].native for one in algorithms}) == 1
        and all(one["parameters"].dump() in (b"", b"\x05\x00") for one in algorithms)
    )


def runs_until(found: crl.CertificateList) -> datetime:
    """Until when a list of withdrawn certificates speaks."""
    until: datetime | None = found["tbs_cert_list"]["next_update"].native
    return until or datetime.max.replace(tzinfo=UTC)


def at_once(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end, also from a thread that already runs an event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as other_thread:
        return other_thread.submit(asyncio.run, work).result()
