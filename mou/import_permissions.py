"""Who decides about a list of certificates, asked by actions and templates."""

from __future__ import annotations

from mou.models import CertificateImport, ImportStatus
from mou.permissions import can_import
from portal.models import User

# Nothing of it is applied yet.
WAITING = ImportStatus.WAITING, ImportStatus.COMPARING, ImportStatus.COMPARED


def can_confirm(user: User, batch: CertificateImport) -> bool:
    """Once it is known what the list would change."""
    return can_import(user) and batch.status == ImportStatus.COMPARED


def can_drop(user: User, batch: CertificateImport) -> bool:
    return can_import(user) and batch.status in WAITING
