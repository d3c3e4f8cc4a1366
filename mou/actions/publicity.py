"""A firm's leave to be named as a signatory: given and withdrawn by its owner, at any time."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import cover_permissions, permissions
from mou.actions.locking import lock
from mou.models import Cover, Listing, Mou
from mou.models.publicity import folded
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def publish(*, mou: Mou, by: User) -> Listing:
    """The owner agrees that the firm is named and may show the badge; it keeps its address."""
    mou = lock(mou)
    if not permissions.can_publish(by, mou):
        raise NotAllowed(
            _("Only an owner of the firm can agree to this, while the agreement is in force.")
        )
    return _give(mou, None, by)


@transaction.atomic
def publish_cover(*, cover: Cover, by: User) -> Listing:
    """The owner of a covered member agrees that it is named, and through whom; so must that one."""
    mou = lock(cover.mou)
    cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
    cover.mou = mou
    if not cover_permissions.can_be_listed(by, cover):
        raise NotAllowed(
            _("Only an owner of the firm can agree to this, while the firm is covered.")
        )
    return _give(mou, cover, by)


def _give(mou: Mou, cover: Cover | None, by: User) -> Listing:
    thing = cover or mou
    name = folded(thing.organisation.legal_name)
    listing, new = Listing.objects.select_for_update(of=("self",)).get_or_create(
        mou=mou, cover=cover, defaults={"given_by": by, "name_folded": name}
    )
    if not new and listing.withdrawn_at is None:
        return listing
    listing.given_at, listing.given_by = timezone.now(), by
    listing.withdrawn_at = listing.withdrawn_by = None
    listing.name_folded = name
    listing.save()
    audit.record("publicity_agreed", target=thing, by=by, organisation=thing.organisation)
    return listing


@transaction.atomic
def unpublish(*, mou: Mou, by: User) -> Listing:
    """The owner takes the leave back: out of the register at once, and the badge says no more."""
    mou = lock(mou)
    if not permissions.can_unpublish(by, mou):
        raise NotAllowed(_("Only an owner of the firm can take this back."))
    return _take_back(mou, None, by)


@transaction.atomic
def unpublish_cover(*, cover: Cover, by: User) -> Listing:
    """The owner of a member takes the leave back, whatever became of the cover."""
    mou = lock(cover.mou)
    if not permissions.can_state_roles(by, cover.organisation):
        raise NotAllowed(_("Only an owner of the firm can take this back."))
    return _take_back(mou, cover, by)


def _take_back(mou: Mou, cover: Cover | None, by: User) -> Listing:
    thing = cover or mou
    listing = Listing.objects.filter(mou=mou, cover=cover, withdrawn_at=None).first()
    if listing is None:
        raise DomainError(_("The firm is not named in the register."))
    listing.withdrawn_at, listing.withdrawn_by = timezone.now(), by
    listing.save(update_fields=["withdrawn_at", "withdrawn_by"])
    audit.record("publicity_withdrawn", target=thing, by=by, organisation=thing.organisation)
    return listing
