"""Who reported: asked for by a supervisor, released by a custodian, opened by both halves together.

Neither half tells anything alone. The released half is sealed to the supervisors' pinned key for
one request; it is gone when it was used, and after a day in any case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, pins, sealing
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import Locked, Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from portal.sealing import SealBroken
from reporting import envelopes, opening, permissions
from reporting.models import Envelope, IdentityRequest, Kind, Report, Slot

CUSTODIAN, SUPERVISOR = envelopes.IDENTITY_PAIR
# How long a request waits for a custodian, and a released half for the supervisor.
WAITS = timedelta(days=7)
RELEASED_FOR = timedelta(hours=24)
REASON_LENGTH = 10
_INFO = b"reporting.identities|released|"


@transaction.atomic
def request_identity(*, report: Report, by: User, reason: str) -> IdentityRequest:
    """Ask to know who reported, for this report and this reason."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if not permissions.can_request_identity(by, report):
        raise NotAllowed(_("There is no such report."))
    reason = _given(reason)
    if not Envelope.objects.filter(report=report, kind=Kind.IDENTITY).exists():
        raise DomainError(_("The reporter of this report has not said who they are."))
    if report.identity_requests.live().filter(requested_by=by).exists():
        raise AlreadyDone(_("You have asked for it, and the request is still open."))
    asked = IdentityRequest.objects.create(
        report=report, reason=reason, requested_by=by, expires_at=timezone.now() + WAITS
    )
    audit.record("identity_requested", target=report, by=by, reason=reason, request=str(asked.pk))
    return asked


@transaction.atomic
def release_identity(*, request: IdentityRequest, keys: Unlocked, by: User) -> IdentityRequest:
    """Give the custodian's half to the supervisors' key, for this request alone."""
    asked = _locked(request)
    if not permissions.can_release_identity(by, asked):
        raise NotAllowed(_("There is no such request."))
    envelope = _envelope(asked.report)
    half = _own_half(envelope, keys, CUSTODIAN)
    believed = pins.current().recipient(SUPERVISOR)
    asked.released = sealing.seal_to(believed.public, half, _bound(asked, envelope, believed.slot))
    asked.released_at = timezone.now()
    asked.released_by = by
    asked.expires_at = asked.released_at + RELEASED_FOR
    asked.save(update_fields=["released", "released_at", "released_by", "expires_at"])
    audit.record(
        "identity_released",
        target=asked.report,
        by=by,
        kind=AuditKind.DISCLOSURE,
        request=str(asked.pk),
        recipient=f"user:{asked.requested_by_id}",
    )
    return asked


@transaction.atomic
def refuse_identity(*, request: IdentityRequest, by: User, reason: str) -> IdentityRequest:
    """Leave the reporter unknown; the supervisor reads why."""
    asked = _locked(request)
    if not permissions.can_refuse_identity(by, asked):
        raise NotAllowed(_("There is no such request."))
    asked.refusal = _given(reason)
    asked.refused_at, asked.refused_by = timezone.now(), by
    asked.save(update_fields=["refusal", "refused_at", "refused_by"])
    audit.record(
        "identity_refused",
        target=asked.report,
        by=by,
        reason=asked.refusal,
        request=str(asked.pk),
    )
    return asked


def open_identity(*, request: IdentityRequest, keys: Unlocked, by: User) -> Mapping[str, Any]:
    """Who reported, by both halves together; once.

    Not for use inside a transaction: that somebody tried has to stay recorded, and a half that was
    taken out has to stay gone, whatever comes of it.
    """
    asked, half = _take(request, keys, by)
    envelope = _envelope(asked.report)
    other = _released_half(asked, envelope, half, keys)
    key = sealing.join(_own_half(envelope, keys, SUPERVISOR), other)
    _demand_the_reporters(envelope, asked.report, keys)
    told: Mapping[str, Any] = json.loads(envelopes.decrypted(envelope, key))
    return told


def _demand_the_reporters(envelope: Envelope, report: Report, keys: Unlocked) -> None:
    """Anybody can seal an identity to the two: the report names the one that came with it."""
    try:
        known = opening.told(report, keys).get("filed", {}).get("identity_sha256")
    except SealBroken:
        known = None
    if known != [hashlib.sha256(bytes(envelope.ciphertext)).hexdigest()]:
        raise DomainError(
            _("This is not what the reporter said of themselves: it was exchanged. Do not use it.")
        )


@transaction.atomic
def _take(request: IdentityRequest, keys: Unlocked, by: User) -> tuple[IdentityRequest, bytes]:
    asked = _locked(request)
    if not permissions.can_open_identity(by, asked):
        raise NotAllowed(_("There is no such request."))
    if not keys.holds(SUPERVISOR):
        raise Locked(_("You do not hold the supervisors’ key."))
    half = bytes(asked.released or b"")
    asked.released, asked.opened_at = None, timezone.now()
    asked.save(update_fields=["released", "opened_at"])
    audit.consult(
        target=asked.report,
        by=by,
        reason=asked.reason,
        event="identity_opened",
        request=str(asked.pk),
        released_by=f"user:{asked.released_by_id}",
    )
    return asked, half


@transaction.atomic
def expire(*, dry: bool = False, limit: int | None = 500) -> int:
    """End requests that have run out, and delete the halves released for them."""
    now = timezone.now()
    due = IdentityRequest.objects.filter(expired_at=None, expires_at__lte=now)
    if dry:
        return due.count()
    ids: list[UUID] = list(due.order_by("expires_at").values_list("pk", flat=True)[:limit])
    return IdentityRequest.objects.filter(pk__in=ids).update(released=None, expired_at=now)


# --- Halves ---------------------------------------------------------------------------------


def _own_half(envelope: Envelope, keys: Unlocked, name: str) -> bytes:
    """Opened by the officer's own key of this name; nobody else's slot is even looked at."""
    mine = [slot for slot in keys.seeds if slot.rpartition("#")[0] == name]
    slot = Slot.objects.filter(envelope=envelope, recipient__in=mine).first()
    if slot is None:
        raise Locked(_("You do not hold a key to this identity."))
    seed = keys.seeds[slot.recipient]
    return sealing.open_slot(seed, bytes(slot.sealed), envelope.context, slot.recipient)


def _released_half(
    asked: IdentityRequest, envelope: Envelope, sealed: bytes, keys: Unlocked
) -> bytes:
    """Whatever version of the supervisors' key it was sealed to."""
    for slot, seed in keys.seeds.items():
        if slot.rpartition("#")[0] == SUPERVISOR:
            try:
                return sealing.open_from(seed, sealed, _bound(asked, envelope, slot))
            except SealBroken:
                continue
    raise SealBroken(_("What was released does not open."))


def _bound(asked: IdentityRequest, envelope: Envelope, slot: str) -> bytes:
    """One request of one person for one envelope: moved anywhere else it does not open."""
    place = asked.pk.bytes + asked.requested_by_id.to_bytes(8, "big")
    return _INFO + place + envelope.context.bound() + b"|" + slot.encode()


def _envelope(report: Report) -> Envelope:
    found = Envelope.objects.filter(report=report, kind=Kind.IDENTITY).first()
    if found is None:
        raise DomainError(_("The identity has been erased."))
    return found


def _locked(request: IdentityRequest) -> IdentityRequest:
    rows = IdentityRequest.objects.select_related("report")
    return rows.select_for_update(of=("self",)).get(pk=request.pk)


def _given(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < REASON_LENGTH:
        raise DomainError(
            _("Give the reason, in %(count)d characters or more.") % {"count": REASON_LENGTH}
        )
    return reason
