"""What the register of certificates says of a firm itself, and all that follows from a new name."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from mou import amending, notifications
from mou.course import ALIVE
from mou.models import Listing, Mou
from mou.models.publicity import folded
from portal import audit
from portal.models import Organisation, User


@transaction.atomic(savepoint=False)
def rename(*, organisation: Organisation, legal_name: str, by: User | None) -> bool:
    """Take over the name; False where it is the same. The public register finds it from now on."""
    if organisation.legal_name == legal_name:
        return False
    mous = Mou.objects.select_for_update(of=("self",)).filter(
        organisation=organisation, status__in=ALIVE
    )
    found = list(mous.order_by("pk"))
    organisation.legal_name = legal_name
    organisation.save(update_fields=["legal_name"])
    Listing.objects.filter(mou__organisation=organisation).update(name_folded=folded(legal_name))
    audit.record("renamed", target=organisation, by=by, organisation=organisation)
    for mou in found:
        mou.organisation = organisation
        note_name(mou, by=by)
    return True


def note_name(mou: Mou, *, by: User | None = None) -> None:
    """In the caller's transaction: whether the signed text names the firm as the register does.

    Where it does not any more, both sides are told, and the desk's queue holds it until a
    novation is archived.
    """
    signed = mou.signed
    differs = signed is not None and amending.renamed(mou, [signed]) != ""
    if differs == (mou.renamed_at is not None):
        return
    mou.renamed_at = timezone.now() if differs else None
    mou.save(update_fields=["renamed_at"])
    if differs:
        audit.record("firm_renamed", target=mou, by=by, organisation=mou.organisation)
        notifications.notify("firm_renamed", mou=mou)
