"""The reason for which somebody opens what is sealed: asked for, recorded, remembered for a while.

It holds for one thing, for half an hour, in this session at the desk.
"""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any
from uuid import UUID

LENGTH = 10
HOLDS_SECONDS = 30 * 60
Session = MutableMapping[str, Any]


def remember(session: Session, kind: str, thing: UUID) -> None:
    """The reason was given: it holds for a while. Id and time, nothing else."""
    session[kind] = {**_live(session, kind), thing.hex: time.time()}


def is_remembered(session: Session, kind: str, thing: UUID) -> bool:
    return thing.hex in _live(session, kind)


def _live(session: Session, kind: str) -> dict[str, float]:
    now = time.time()
    given: dict[str, float] = session.get(kind, {})
    return {key: at for key, at in given.items() if 0 <= now - at < HOLDS_SECONDS}
