"""Whether the signed text still names the firm as the register does."""

from __future__ import annotations

from collections.abc import Iterable

from mou.course import ALIVE
from mou.lifecycle import VersionStatus
from mou.models import Mou, MouVersion


def renamed(mou: Mou, versions: Iterable[MouVersion]) -> str:
    """What the signed text says and the register says otherwise now; empty where they agree."""
    signed = next((one for one in versions if one.status == VersionStatus.SIGNED), None)
    if signed is None or mou.status not in ALIVE:
        return ""
    said, firm = signed.content["business"], mou.organisation
    pairs = [(said["legal_name"], firm.legal_name), (said["eori"], firm.eori)]
    return ", ".join(f"{old or '–'} → {new or '–'}" for old, new in pairs if old != new)
