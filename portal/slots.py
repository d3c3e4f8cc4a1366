"""Where the apps keep slots, so that the kernel can seal them again when a key changes.

An app that seals has a module `slots` with `STORE`. Each row of a store has `id`, `envelope_id`,
`recipient` such as `unit:desk#1`, `sealed`, and `envelope.context`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.utils.module_loading import module_has_submodule


@dataclass(frozen=True)
class Store:
    """The slots of one app; `rows` reads what sealing again needs, and no ciphertext."""

    rows: Callable[[], QuerySet[Any]]

    def to(self, slot: str) -> QuerySet[Any]:
        """All that is sealed to this version of a key."""
        return self.rows().filter(recipient=slot)


def stores() -> Iterator[Store]:
    for config in apps.get_app_configs():
        if config.name != "portal" and module_has_submodule(config.module, "slots"):
            yield import_module(f"{config.name}.slots").STORE


def by_envelope(
    found: QuerySet[Any], envelopes: Iterable[Any], recipients: Iterable[str]
) -> dict[UUID, list[Any]]:
    """Those of these envelopes that are sealed to any of these keys."""
    sorted_out: dict[UUID, list[Any]] = defaultdict(list)
    for slot in found.filter(envelope__in=list(envelopes), recipient__in=list(recipients)):
        sorted_out[slot.envelope_id].append(slot)
    return sorted_out


def held(slot: str) -> bool:
    """Whether anything is still sealed to this version of a key."""
    return any(store.to(slot).exists() for store in stores())
