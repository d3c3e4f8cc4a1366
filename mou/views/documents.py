"""Documents to download: the bytes, and a record of who got them."""

from __future__ import annotations

import uuid as uuids

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from mou.actions import papers
from mou.models import Document, Mou
from portal import audit
from portal.models import User
from portal.requests import PersonRequest


def download(request: PersonRequest, uuid: uuids.UUID, number: int, step: str) -> HttpResponse:
    """One document of an agreement that the reader may know of."""
    mou = get_object_or_404(Mou.objects.visible_to(request.user), uuid=uuid)
    return document_response(mou, number, step, by=request.user)


def document_response(mou: Mou, number: int, step: str, *, by: User) -> HttpResponse:
    """The file as an attachment, kept in nobody's shared cache."""
    documents = Document.objects.select_related("version", "version__mou__organisation")
    document = get_object_or_404(documents, version__mou=mou, version__number=number, step=step)
    content = papers.bytes_of(document)
    audit.record(
        "downloaded",
        target=document.version,
        by=by,
        kind="disclosure",
        organisation=mou.organisation,
        step=document.step,
        sha256=document.sha256,
    )
    name = f"{mou.number}-v{number}-{document.step.replace('_', '-')}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
