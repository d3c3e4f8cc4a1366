"""Tells the kernel where the slots of the exchanges lie (portal/slots.py)."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.models import ExchangeSlot
from portal.slots import Store


def _rows() -> QuerySet[ExchangeSlot]:
    needed = ("kind", "version", "exchange__uuid")
    return ExchangeSlot.objects.select_related("envelope__exchange").only(
        "id", "recipient", "sealed", "envelope", *(f"envelope__{name}" for name in needed)
    )


STORE = Store(rows=_rows)
