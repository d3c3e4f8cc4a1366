"""What is known of a firm itself, its name and its trades, and all that follows from a change."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import amending, notifications, permissions
from mou.actions.alerts import promise_standing
from mou.course import ALIVE
from mou.lifecycle import MouStatus
from mou.models import Cover, Listing, Mou
from mou.models.publicity import folded
from portal import audit, reference
from portal.errors import DomainError, NotAllowed
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
    own = Q(cover=None, mou__organisation=organisation) | Q(cover__organisation=organisation)
    Listing.objects.filter(own).update(name_folded=folded(legal_name))
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


@transaction.atomic
def state_roles(*, organisation: Organisation, roles: list[str], by: User) -> Organisation:
    """An owner says what the firm does; alerts and training for these trades reach it from now on.

    `roles`: codes of the list `actor_role`, at least one.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not permissions.can_state_roles(by, organisation):
        raise NotAllowed(_("Only an owner says what the firm does."))
    known = [code for code, _label in reference.choices("actor_role") if code in roles]
    if not known or set(known) != set(roles):
        raise DomainError(_("Choose what the firm does from the list."))
    if known == organisation.roles:
        return organisation
    organisation.roles = known
    organisation.save(update_fields=["roles"])
    audit.record("roles_stated", target=organisation, by=by, organisation=organisation, roles=known)
    for mou in Mou.objects.filter(organisation=organisation, status=MouStatus.IN_FORCE):
        promise_standing(mou)
    for cover in Cover.objects.in_force().filter(organisation=organisation).select_related("mou"):
        promise_standing(cover.mou)
    return organisation
