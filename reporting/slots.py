"""Tells the kernel where the slots of the reports lie (portal/slots.py)."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.slots import Store
from reporting.models import Slot


def _rows() -> QuerySet[Slot]:
    needed = ("report_id", "kind", "version")
    return Slot.objects.select_related("envelope").only(
        "id", "recipient", "sealed", *(f"envelope__{name}" for name in needed)
    )


STORE = Store(rows=_rows)
