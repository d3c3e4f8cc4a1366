"""What the register of certificates says of a firm itself, and all that follows from a new name."""

from __future__ import annotations

from django.db import transaction

from mou.models import Listing
from mou.models.publicity import folded
from portal import audit
from portal.models import Organisation, User


@transaction.atomic(savepoint=False)
def rename(*, organisation: Organisation, legal_name: str, by: User | None) -> bool:
    """Take over the name; False where it is the same. The public register finds it from now on."""
    if organisation.legal_name == legal_name:
        return False
    organisation.legal_name = legal_name
    organisation.save(update_fields=["legal_name"])
    Listing.objects.filter(mou__organisation=organisation).update(name_folded=folded(legal_name))
    audit.record("renamed", target=organisation, by=by, organisation=organisation)
    return True
