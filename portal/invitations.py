"""The link in an invitation, and the invitation that a visitor came with."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from portal.models import Invitation

_SALT = "portal.invitation"
_SESSION_KEY = "invitation"


def _signer() -> signing.Signer:
    # Worker and site each have their own SECRET_KEY; the FIELD_KEY is the one they share.
    newest, *older = (key.strip() for key in settings.FIELD_KEY.split(","))
    return signing.Signer(key=newest, fallback_keys=[*older], salt=_SALT)


def token(invitation: Invitation) -> str:
    return _signer().sign(invitation.uuid.hex)


def link(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("invitation", args=[token(invitation)])


def by_token(signed: str) -> Invitation | None:
    """The invitation of a link; None when the link was made up or cut off."""
    try:
        return _get(_signer().unsign(signed))
    except signing.BadSignature:
        return None


def remember(request: HttpRequest, invitation: Invitation) -> None:
    """Whoever holds the link has read the mail, so the address is proven for this session."""
    request.session[_SESSION_KEY] = invitation.uuid.hex


def pending(request: HttpRequest | None) -> Invitation | None:
    """The open invitation whose link was followed in this session."""
    kept = request.session.get(_SESSION_KEY) if request is not None else None
    invitation = _get(kept) if kept else None
    return invitation if invitation is not None and invitation.is_open else None


def forget(request: HttpRequest) -> None:
    request.session.pop(_SESSION_KEY, None)


def _get(key: str) -> Invitation | None:
    found = Invitation.objects.select_related("organisation", "invited_by", "accepted_by")
    return found.filter(uuid=uuid.UUID(hex=key)).first()
