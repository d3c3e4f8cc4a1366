"""Member firms of an association: named, confirmed by the firm, left, refused, ended."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import cover_permissions as permissions
from mou import lifecycle, notifications
from mou.actions import standings
from mou.actions.alerts import promise_standing
from mou.actions.locking import lock
from mou.actions.ways_in import known_firm
from mou.lifecycle import CoverStatus, MouStatus
from mou.models import Cover, Mou
from portal import audit
from portal.actions import memberships
from portal.errors import DomainError, NotAllowed
from portal.models import Organisation, User
from portal.models.organisations import MembershipRole


@transaction.atomic
def name_member(*, mou: Mou, firm: dict[str, str], email: str, by: User) -> Cover:
    """An association names a firm as its member; the firm is covered once it confirms.

    `firm`: legal_name, country, national_id and eori, of the last two at least one. Whoever names
    a firm learns nothing of it, and opens nothing: a firm that nobody owns here is invited by an
    officer who has checked the address.
    """
    mou = lock(mou)
    if not permissions.can_name_member(by, mou):
        raise NotAllowed(
            _("Only an association whose agreement is in force names firms that it covers.")
        )
    found = _firm(firm, by)
    if found.pk == mou.organisation_id:
        raise DomainError(_("This is the association itself. Name one of its members."))
    try:
        with transaction.atomic():
            cover = Cover.objects.create(
                mou=mou,
                organisation=found,
                named_as=firm["legal_name"],
                contact_email=email.strip().lower(),
                named_by=by,
            )
    except IntegrityError as error:
        raise DomainError(_("This firm is named already. Look for it in the list.")) from error
    _record("member_named", cover, by)
    notifications.notify("member_named", cover=cover)
    return cover


@transaction.atomic
def confirm_cover(*, cover: Cover, by: User) -> Cover:
    """The firm's owner: it is a member and keeps what the association has agreed."""
    mou, cover = _lock(cover)
    _demand(permissions.can_confirm(by, cover), "confirm", cover)
    cover.status = lifecycle.after(lifecycle.COVER, "confirm", cover.status)
    cover.confirmed_at, cover.confirmed_by = timezone.now(), by
    cover.save(update_fields=["status", "confirmed_at", "confirmed_by"])
    standings.write(mou, [cover.organisation_id])
    if mou.status == MouStatus.IN_FORCE:
        promise_standing(mou)
    _record("member_confirmed", cover, by)
    notifications.notify("member_confirmed", cover=cover)
    return cover


@transaction.atomic
def decline_cover(*, cover: Cover, by: User) -> Cover:
    """The firm's owner: it does not want to be covered, and gives no reason."""
    return _end(cover, "decline", permissions.can_decline, by)


@transaction.atomic
def leave_cover(*, cover: Cover, by: User) -> Cover:
    """The firm's owner: it is covered no longer from now on."""
    return _end(cover, "leave", permissions.can_leave, by)


@transaction.atomic
def remove_member(*, cover: Cover, by: User) -> Cover:
    """The association's owner: the firm is no member, or no longer."""
    return _end(cover, "remove", permissions.can_remove, by)


@transaction.atomic
def refuse_member(*, cover: Cover, reason: str, by: User) -> Cover:
    """A caseworker: the firm is not covered, and why; both read it."""
    if not reason.strip():
        raise DomainError(_("Give the reason: the association and the firm read it."))
    return _end(cover, "refuse", permissions.can_refuse, by, reason.strip())


@transaction.atomic
def invite_member(*, cover: Cover, email: str, source: str, by: User) -> Cover:
    """An officer has checked the address of a firm that nobody owns here: it gets its way in."""
    _mou, cover = _lock(cover)
    _demand(permissions.can_invite(by, cover), "invite", cover)
    if not source.strip():
        raise DomainError(_("Say how you checked that the address is the firm's."))
    if User.objects.filter(email__iexact=email.strip(), is_staff=True).exists():
        raise DomainError(_("This is the address of an officer. Enter one of the firm's."))
    cover.contact_email = email.strip().lower()
    cover.save(update_fields=["contact_email"])
    memberships.invite(
        organisation=cover.organisation, email=email, role=MembershipRole.OWNER, by=None
    )
    _record("member_invited", cover, by, source.strip())
    return cover


@transaction.atomic
def show_member(*, cover: Cover, by: User) -> Cover:
    """The association agrees that this member is named in the register; the firm has to as well."""
    return _show(cover, True, by)


@transaction.atomic
def hide_member(*, cover: Cover, by: User) -> Cover:
    """The association takes that back, at once."""
    return _show(cover, False, by)


def _show(cover: Cover, shown: bool, by: User) -> Cover:
    _mou, cover = _lock(cover)
    _demand(permissions.can_show(by, cover), "show", cover)
    cover.shown_at, cover.shown_by = (timezone.now(), by) if shown else (None, None)
    cover.save(update_fields=["shown_at", "shown_by"])
    _record("member_shown" if shown else "member_hidden", cover, by)
    return cover


def end_with(mou: Mou, by: User | None) -> None:
    """In the caller's transaction: an agreement that ends covers nobody any more."""
    live = list(Cover.objects.select_for_update(of=("self",)).live().filter(mou=mou))
    confirmed = [one.organisation_id for one in live if one.status == CoverStatus.CONFIRMED]
    now = timezone.now()
    Cover.objects.filter(pk__in=[one.pk for one in live]).update(
        status=CoverStatus.ENDED, ended_at=now, ended_by=by
    )
    if confirmed:
        standings.write(mou, confirmed)
    for cover in live:
        if cover.status == CoverStatus.CONFIRMED:
            notifications.notify("cover_ended", cover=cover)


def tell_members(event: str, mou: Mou) -> None:
    """In the caller's transaction: what became of the agreement concerns whom it covers."""
    for cover in Cover.objects.filter(mou=mou, status=CoverStatus.CONFIRMED).order_by("pk"):
        notifications.notify(event, cover=cover)


# Verb → what is recorded and told.
ENDS = {
    "decline": "member_declined",
    "leave": "member_left",
    "remove": "member_removed",
    "refuse": "member_refused",
}


def _end(
    cover: Cover, verb: str, may: Callable[[User, Cover], bool], by: User, reason: str = ""
) -> Cover:
    mou, cover = _lock(cover)
    _demand(may(by, cover), verb, cover)
    was_covered = cover.status == CoverStatus.CONFIRMED
    cover.status = lifecycle.after(lifecycle.COVER, verb, cover.status)
    cover.ended_at, cover.ended_by, cover.end_reason = timezone.now(), by, reason
    cover.save(update_fields=["status", "ended_at", "ended_by", "end_reason"])
    if was_covered:
        standings.write(mou, [cover.organisation_id])
    _record(ENDS[verb], cover, by, reason)
    notifications.notify(ENDS[verb], cover=cover)
    return cover


def _firm(firm: dict[str, str], by: User) -> Organisation:
    if not firm["national_id"] and not firm["eori"]:
        raise DomainError(_("Give the firm's registration number or its EORI number."))
    found = known_firm(firm["country"], firm["national_id"], firm["eori"])
    if found is not None:
        return found
    try:
        with transaction.atomic():
            made = Organisation.objects.create(**firm)
    except IntegrityError as error:
        raise DomainError(
            _("Somebody else has just added a firm with these numbers. Look again.")
        ) from error
    audit.record("organisation_added", target=made, by=by, organisation=made)
    return made


def _record(event: str, cover: Cover, by: User | None, reason: str = "") -> None:
    audit.record(
        event,
        target=cover.mou,
        by=by,
        organisation=cover.mou.organisation,
        reason=reason,
        member=cover.organisation_id,
        cover=cover.pk,
    )


def _demand(allowed: bool, verb: str, cover: Cover) -> None:
    if not allowed:
        lifecycle.after(lifecycle.COVER, verb, cover.status)
        raise NotAllowed(_("You cannot do this for the firm or its association."))


def _lock(cover: Cover) -> tuple[Mou, Cover]:
    """First the agreement, as everything about it does; then the place under it."""
    mou = lock(cover.mou)
    cover = Cover.objects.select_for_update(of=("self",)).get(pk=cover.pk)
    cover.mou = mou
    return mou, cover
