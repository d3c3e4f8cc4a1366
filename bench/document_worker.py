"""One of the two processes of the documents benchmark: `python -m bench.document_worker WAY`.

For each line that it reads it renders, seals, signs and countersigns one agreement, and answers
with one line of JSON. `ours` is what the document worker runs; `common` is WeasyPrint and pyHanko
as their documentation shows them: fonts and style sheet read each time, the key opened from its
file for each signature, the room for each signature found out by a trial.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
import pikepdf
import qrcode
import qrcode.image.svg
from asn1crypto import cms, tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

django.setup()

from django.conf import settings  # noqa: E402 - after Django knows its settings
from django.template.loader import render_to_string  # noqa: E402

from bench.agreement import ADDRESS, content  # noqa: E402
from mou import documents, signing  # noqa: E402
from mou import keys as signing_keys  # noqa: E402
from portal import authority_service  # noqa: E402
from portal.authority import development  # noqa: E402
from portal.celery import app  # noqa: E402

COMMON = settings.VAR / "common"
PASSPHRASE = b"as commonly written"


class InProcess(TimeStamper):
    """The same service for both, without the network; how long it takes is told apart."""

    def __init__(self) -> None:
        super().__init__()
        self.service = authority_service.Stamper(development())
        self.seconds = 0.0

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        begun = time.perf_counter()
        try:
            return tsp.TimeStampResp.load(self.service.reply(req.dump()))
        finally:
            self.seconds += time.perf_counter() - begun


# --- Ours -----------------------------------------------------------------------------------

PEOPLE = {
    "business": signing.SignerIdentity("Åsa Lindqvist", "Managing director", "Nordhav AB", "SE"),
    "administration": signing.SignerIdentity("Nils Holm", "Head", "National Customs", "SE"),
}


def ours(stamps: InProcess) -> Callable[[int], bytes]:
    app.loader.import_default_modules()
    documents.warm_up()
    held = signing_keys.load()

    def make(number: int) -> bytes:
        agreement = content(number)
        pdf = documents.render(agreement, verification_url=ADDRESS)
        pdf = signing.certify(pdf, keys=held, at=datetime.now(UTC))
        pdf = signing.stamp(pdf, field="seal", timestamper=stamps)
        reason = f"Evidence SHA-256 {documents.content_hash(agreement)}"
        for field, person in PEOPLE.items():
            pdf = signing.sign(pdf, field=field, signer=person, reason=reason, keys=held)
            pdf = signing.stamp(pdf, field=field, timestamper=stamps)
        return pdf

    return make


# --- As commonly written --------------------------------------------------------------------


def common(stamps: InProcess) -> Callable[[int], bytes]:
    def make(number: int) -> bytes:
        agreement = content(number)
        pdf = render(agreement)
        pdf = sign(pdf, "seal", stamps, certify=True)
        for field in PEOPLE:
            pdf = sign(pdf, field, stamps)
        return pdf

    return make


def render(agreement: dict[str, Any]) -> bytes:
    context = documents._context(agreement)
    context |= {"verification_url": ADDRESS, "page_words": ["Page ", " of ", ""]}
    markup = beside(render_to_string("mou/documents/agreement.html", context))
    code = qrcode.make(ADDRESS, image_factory=qrcode.image.svg.SvgPathImage)
    code.save(COMMON / "code.svg")
    fonts = FontConfiguration()
    text = beside((settings.BASE_DIR / "static" / "mou" / "document.css").read_text())
    style = CSS(string=text, base_url=base(), font_config=fonts)
    attached = Attachment(string=documents.canonical(agreement), name="mou.json")
    pdf: bytes = HTML(string=markup, base_url=base()).write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3a", attachments=[attached]
    )
    return pdf


def beside(text: str) -> str:
    """Fonts and code are files in one folder, instead of parts handed out by a fetcher."""
    return text.replace("packaged:", "")


def base() -> str:
    return COMMON.as_uri() + "/"


def sign(pdf: bytes, field: str, stamps: InProcess, *, certify: bool = False) -> bytes:
    signer = signers.SimpleSigner.load_pkcs12(str(COMMON / f"{field}.p12"), passphrase=PASSPHRASE)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    if certify:
        for name in ("seal", *PEOPLE):
            fields.append_signature_field(writer, fields.SigFieldSpec(name))
    details = signers.PdfSignatureMetadata(
        field_name=field,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    signed = signers.PdfSigner(details, signer=signer, timestamper=stamps).sign_pdf(writer)
    return bytes(signed.getvalue())


# --- Serving --------------------------------------------------------------------------------


def looked_at(pdf: bytes) -> dict[str, int]:
    """What was made, so that the two are seen to be the same work."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
        contents = [field.V.Contents for field in opened.Root.AcroForm.Fields if "/V" in field]
    stamped = 0
    for signature in contents:
        info = cms.ContentInfo.load(bytes(signature), strict=False)["content"]["signer_infos"][0]
        stamped += len(info["unsigned_attrs"])
    return {"pages": pages, "signatures": len(contents), "stamps": stamped, "bytes": len(pdf)}


def main(way: str) -> None:
    stamps = InProcess()
    make = {"ours": ours, "common": common}[way](stamps)
    for number, line in enumerate(sys.stdin):
        stamps.seconds = 0.0
        begun, computed = time.perf_counter(), time.process_time()
        pdf = make(number)
        found: dict[str, Any] = {
            "seconds": time.perf_counter() - begun,
            "computed": time.process_time() - computed,
            "stamping": stamps.seconds,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        }
        if line.strip() == "look":
            found |= looked_at(pdf)
            Path(settings.VAR / f"{way}.pdf").write_bytes(pdf)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
