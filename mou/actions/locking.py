"""The one lock that everything about an agreement begins with."""

from __future__ import annotations

from mou.models import Mou


def lock(mou: Mou) -> Mou:
    """The agreement as it is now, for this transaction alone; before its versions and the rest."""
    return Mou.objects.select_for_update(of=("self",)).get(pk=mou.pk)
