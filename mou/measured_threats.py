"""Which threats a measure lowers: of those that the firm was shown, so that both may read them."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _

from mou.lifecycle import MeasureStatus
from mou.models import Measure, Mou, SharedRisks
from mou.threats import Threat, catalogue


def shared_with(mou: Mou) -> SharedRisks | None:
    """What the firm was shown last; found once for each agreement as it was read."""
    if "_shared_risks" not in mou.__dict__:
        found = SharedRisks.objects.filter(mou=mou).order_by("-pk").first()
        mou.__dict__["_shared_risks"] = found
    kept: SharedRisks | None = mou.__dict__["_shared_risks"]
    return kept


def choices(mou: Mou) -> list[tuple[str, str]]:
    """Code and title of what may be chosen; nothing before the firm was shown anything."""
    shared = shared_with(mou)
    if shared is None:
        return []
    known = catalogue(shared.version).threats
    return [(one["code"], _(known[one["code"]].title)) for one in shared.risks]


def of(measure: Measure) -> list[Threat]:
    """The threats that this measure lowers."""
    if measure.threats_version is None:
        return []
    known = catalogue(measure.threats_version).threats
    return [known[code] for code in measure.threats]


def against(mou: Mou) -> dict[str, list[Measure]]:
    """The measures of an agreement by the code of each threat, in one query."""
    found: dict[str, list[Measure]] = defaultdict(list)
    measures = Measure.objects.filter(mou=mou).exclude(status=MeasureStatus.DROPPED)
    for one in measures.exclude(threats=[]).order_by("due_on", "pk"):
        for code in one.threats:
            found[code].append(one)
    return dict(found)
