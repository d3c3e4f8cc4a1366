"""The documents of a version: kept once a step, under the version's lock."""

from __future__ import annotations

import hashlib
from datetime import date

from django.utils.translation import gettext as _

from mou import lifecycle
from mou.lifecycle import SignatureStatus
from mou.models import Document, Mou, MouVersion
from mou.models.signatures import LIVE
from portal import audit, files


def lock(version: MouVersion) -> MouVersion:
    """The version and its agreement, locked in the one order used everywhere: agreement first."""
    mou = Mou.objects.select_for_update(of=("self",)).get(pk=version.mou_id)
    version = MouVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    version.mou = mou
    return version


def digest(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


def keep(version: MouVersion, step: str, pdf: bytes, *, renew_on: date | None = None) -> Document:
    """Keep what this step made; the caller holds the lock and has checked that it is due.

    The name is fixed by version and step: a worker killed before its commit leaves a file
    that the next run replaces, so there is never a second one.
    """
    document = Document(
        version=version, step=step, sha256=digest(pdf), size=len(pdf), renew_on=renew_on
    )
    files.put(document.path, pdf)
    document.save()
    return document


class Exchanged(Exception):
    """The bytes in the store are not those that were recorded; nothing is done with them."""


def read(version: MouVersion, step: str) -> bytes:
    """The bytes of this step; Exchanged when they are not the ones recorded."""
    return bytes_of(version.documents.select_related("version").get(step=step))


def bytes_of(document: Document) -> bytes:
    """What the store holds for this document, compared with what was recorded."""
    pdf = files.get(document.path)
    if digest(pdf) != document.sha256:
        raise Exchanged(f"{document.path} is not the file that was recorded")
    return pdf


def void(mou: Mou) -> None:
    """Void the version in work, if any, and the signatures on it; the caller has locked `mou`."""
    voidable = lifecycle.VERSION["void"][0]
    version = MouVersion.objects.filter(mou=mou, status__in=voidable).first()
    if version is None:
        return
    version = lock(version)
    version.status = lifecycle.after(lifecycle.VERSION, "void", version.status)
    version.waiting_for = ""
    version.save(update_fields=["status", "waiting_for"])
    version.signatures.filter(status__in=LIVE).update(
        status=SignatureStatus.VOID,
        refusal=_("The text was taken back before the agreement was complete."),
    )
    audit.record("voided", target=version, by=None, organisation=mou.organisation)
