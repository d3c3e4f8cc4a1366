"""The kernel's e-mails: one function an event, written from the present facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import invitations
from portal.models import Handover, Invitation, Membership, RecoveryRequest, RoleGrant, User


@dataclass(frozen=True)
class Letter:
    """One e-mail: a heading, plain sentences, facts, one link, and one that ends such letters."""

    to: User | str
    subject: str
    sentences: list[str]
    url: str = ""
    button: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    stop_url: str = ""


def _desk(user: User, name: str, *args: Any) -> str:
    """A page's address on the face where this person logs in."""
    return (settings.OFFICE_URL if user.is_staff else settings.SITE_URL) + reverse(name, args=args)


def when(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i")


# --- Joining and leaving --------------------------------------------------------------------


def invited(invitation_id: int) -> Letter | None:
    invitation = Invitation.objects.select_related("organisation", "invited_by").get(
        pk=invitation_id
    )
    if not invitation.is_open:
        return None
    by = invitation.invited_by
    who = by.name if by is not None and not by.is_staff else settings.BRAND["administration"]
    names = {"who": who, "organisation": invitation.organisation.legal_name}
    return Letter(
        to=invitation.email,
        subject=_("Invitation to act for %(organisation)s") % names,
        sentences=[
            _("%(who)s invites you to act for %(organisation)s on this portal.") % names,
            _("The invitation is for your address only and can be used once."),
        ],
        facts=[
            (_("Organisation"), invitation.organisation.legal_name),
            (_("Your part"), invitation.get_role_display()),
            (_("Open until"), when(invitation.expires_at)),
        ],
        url=invitations.link(invitation),
        button=_("See the invitation"),
    )


def joined(membership_id: int, to_id: int) -> Letter:
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership_id)
    to = User.objects.get(pk=to_id)
    return Letter(
        to=to,
        subject=_("%(name)s has joined %(organisation)s") % _names(membership),
        sentences=[_("%(name)s has accepted an invitation.") % _names(membership)],
        facts=[
            (_("Organisation"), membership.organisation.legal_name),
            (_("Role"), membership.get_role_display()),
        ],
        url=_desk(to, "organisation"),
        button=_("See who belongs to your organisation"),
    )


def membership_ended(membership_id: int) -> Letter:
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership_id)
    return Letter(
        to=membership.user,
        subject=_("You no longer act for %(organisation)s") % _names(membership),
        sentences=[
            _("Your part in %(organisation)s on this portal has ended.") % _names(membership),
            _("If you did not expect this, ask an owner of the organisation."),
        ],
    )


def _handover(sentence: Any, *, to_receiver: bool) -> Callable[..., Letter]:
    def write(handover_id: int) -> Letter:
        handover = Handover.objects.select_related(
            "organisation", "giver__user", "receiver__user"
        ).get(pk=handover_id)
        names = {
            "organisation": handover.organisation.legal_name,
            "giver": handover.giver.user.name,
            "receiver": handover.receiver.user.name,
        }
        to = (handover.receiver if to_receiver else handover.giver).user
        return Letter(
            to=to,
            subject=_("Handing over %(organisation)s") % names,
            sentences=[
                str(sentence) % names,
                _("If you did not expect this, ask the people of your organisation."),
            ],
            url=_desk(to, "organisation"),
            button=_("See who belongs to your organisation"),
        )

    return write


handover_offered = _handover(
    gettext_lazy("%(giver)s asks you to become an owner of %(organisation)s in their place."),
    to_receiver=True,
)
handover_accepted = _handover(
    gettext_lazy("%(receiver)s has taken your place as an owner of %(organisation)s."),
    to_receiver=False,
)
handover_refused = _handover(
    gettext_lazy("%(receiver)s does not take your place as an owner of %(organisation)s."),
    to_receiver=False,
)


def _names(membership: Membership) -> dict[str, str]:
    return {
        "name": membership.user.name,
        "organisation": membership.organisation.legal_name,
    }


# --- Staff ----------------------------------------------------------------------------------


def staff_added(to_id: int) -> Letter:
    to = User.objects.get(pk=to_id)
    return Letter(
        to=to,
        subject=_("Your account at the officers’ desk"),
        sentences=[
            _("An account was made for you, %(name)s.") % {"name": to.name},
            _("Choose your password first: enter this address, and a link comes to it."),
            _("Then set up a second factor. Staff cannot work without one."),
        ],
        url=_desk(to, "account_reset_password"),
        button=_("Choose a password"),
    )


def role_granted(grant_id: int) -> Letter:
    grant = RoleGrant.objects.select_related("user").get(pk=grant_id)
    return _role_letter(grant, _("You now hold the role: %(role)s"))


def role_revoked(grant_id: int) -> Letter:
    grant = RoleGrant.objects.select_related("user").get(pk=grant_id)
    return _role_letter(grant, _("You no longer hold the role: %(role)s"))


def _role_letter(grant: RoleGrant, sentence: str) -> Letter:
    told = sentence % {"role": grant.get_role_display()}
    return Letter(
        to=grant.user,
        subject=told,
        sentences=[told + ".", _("If this is not right, tell a system administrator.")],
        url=_desk(grant.user, "account"),
        button=_("Sign in"),
    )


# --- A lost second factor -------------------------------------------------------------------

_RECOVERY = {
    "recovery_requested": gettext_lazy(
        "%(name)s asks to replace a lost second factor. Two other people must approve it."
    ),
    "recovery_first_approved": gettext_lazy(
        "The request of %(name)s was approved by %(first)s. A second approval is needed."
    ),
    "recovery_second_approved": gettext_lazy(
        "The request of %(name)s was approved by %(first)s and %(second)s. "
        "It takes effect on %(usable)s."
    ),
    "recovery_refused": gettext_lazy("The request of %(name)s was refused. Nothing has changed."),
    "recovery_used": gettext_lazy(
        "The second factor of %(name)s was removed, and every session was ended. "
        "A new one has to be set up."
    ),
}


def _recovery(event: str) -> Callable[..., Letter]:
    def write(request_id: int, to_id: int) -> Letter:
        request = RecoveryRequest.objects.select_related(
            "user", "first_approved_by", "second_approved_by"
        ).get(pk=request_id)
        to = User.objects.get(pk=to_id)
        names = {
            "name": request.user.name,
            "first": request.first_approved_by,
            "second": request.second_approved_by,
            "usable": when(request.usable_from) if request.usable_from else "",
        }
        return Letter(
            to=to,
            subject=_("Lost second factor of %(name)s") % names,
            sentences=[
                str(_RECOVERY[event]) % names,
                _("If this is not in order, refuse the request or tell us at once."),
            ],
            url=_desk(to, "account"),
            button=_("Sign in"),
        )

    return write


def recovery_code(request: RecoveryRequest, code: str) -> Letter:
    """Written with the code at hand: it is kept nowhere, so it is in no promise either."""
    until = when(request.expires_at) if request.expires_at else ""
    return Letter(
        to=request.user,
        subject=_("You can set up a new second factor now"),
        sentences=[
            _("Sign in with your password. When a code is asked for, choose “I have lost it”."),
            _("Then enter this code. It works once."),
        ],
        facts=[(_("Code"), code), (_("Valid until"), until)],
        url=_desk(request.user, "account_login"),
        button=_("Sign in"),
    )


def codes_guessed(to_id: int) -> Letter:
    to = User.objects.get(pk=to_id)
    return Letter(
        to=to,
        subject=_("Somebody knows your password"),
        sentences=[
            _("Somebody typed your password, and then many wrong codes from several places."),
            _("They did not get in. Choose a new password now; it ends their tries."),
        ],
        url=_desk(to, "account_reset_password"),
        button=_("Choose a new password"),
    )


LETTERS: dict[str, Callable[..., Letter | None]] = {
    "invited": invited,
    "joined": joined,
    "handover_offered": handover_offered,
    "handover_accepted": handover_accepted,
    "handover_refused": handover_refused,
    "membership_ended": membership_ended,
    "staff_added": staff_added,
    "role_granted": role_granted,
    "role_revoked": role_revoked,
    "codes_guessed": codes_guessed,
    **{event: _recovery(event) for event in _RECOVERY},
}
