"""The caseworker of the demonstration applies the lists that were compared."""

from __future__ import annotations

from mou.actions import imports
from mou.models import CertificateImport, ImportStatus
from portal.models import User


def confirm(caseworker: User) -> None:
    """Whatever this caseworker sent and the workers have compared."""
    compared = CertificateImport.objects.filter(
        uploaded_by=caseworker, status=ImportStatus.COMPARED
    )
    for batch in compared.order_by("pk"):
        imports.confirm_import(batch=batch, by=caseworker)
