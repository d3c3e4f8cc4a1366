"""The way back after a lost phone or key: asked, approved by two others, waited for, used once."""

from __future__ import annotations

from datetime import timedelta

from allauth.core.internal.cryptokit import generate_user_code, normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, notifications, outbox, permissions, second_factor
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import OutboxMessage, RecoveryRequest, User
from portal.models.recovery import IdentityCheck, RecoveryCause

# A request that nobody answered in this time is closed when the person asks again.
UNANSWERED = timedelta(days=14)


@transaction.atomic
def request_recovery(*, user: User, cause: str) -> RecoveryRequest:
    """Ask, after the password was right, that the second factor be removed."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not second_factor.has_second_factor(user):
        raise DomainError(_("Your account has no second factor to replace."))
    _close_stale(user)
    if RecoveryRequest.objects.open().filter(user=user).exists():
        raise AlreadyDone(_("You have asked already. You get an e-mail at each step."))
    request = RecoveryRequest.objects.create(user=user, cause=RecoveryCause(cause))
    audit.record("recovery_requested", target=request, by=user, cause=cause)
    _tell(request, "recovery_requested")
    return request


@transaction.atomic
def approve_recovery(*, request: RecoveryRequest, check: str, by: User) -> RecoveryRequest:
    """First the responsible person, then a third one; after the second the waiting time begins."""
    request = _lock(request)
    if not permissions.can_approve_recovery(by, request):
        raise NotAllowed(_("You cannot approve this request."))
    now = timezone.now()
    step = "second" if request.first_approved_at else "first"
    setattr(request, f"{step}_approved_at", now)
    setattr(request, f"{step}_approved_by", by)
    setattr(request, f"{step}_check", IdentityCheck(check))
    if step == "second":
        request.usable_from = now + timedelta(minutes=settings.RECOVERY_WAIT_MINUTES)
        request.expires_at = request.usable_from + timedelta(hours=settings.RECOVERY_LASTS_HOURS)
    request.save()
    audit.record("recovery_approved", target=request, by=by, step=step, check=check)
    _tell(request, f"recovery_{step}_approved")
    if request.usable_from is not None:
        _announce_at(request)
    return request


@transaction.atomic
def refuse_recovery(*, request: RecoveryRequest, by: User) -> RecoveryRequest:
    request = _lock(request)
    if not permissions.can_refuse_recovery(by, request):
        raise NotAllowed(_("You cannot refuse this request."))
    request.refused_at, request.refused_by = timezone.now(), by
    request.save(update_fields=["refused_at", "refused_by"])
    audit.record("recovery_refused", target=request, by=by)
    _tell(request, "recovery_refused")
    return request


@transaction.atomic
def announce_recovery(*, request: RecoveryRequest) -> str:
    """Worker: the waiting time is over. Returns the new code, which only the mail will know."""
    request = _lock(request)
    if not request.is_open or request.usable_from is None:
        return ""
    code: str = generate_user_code(length=12)
    request.code_hash = make_password(normalize_user_code(code))
    request.save(update_fields=["code_hash"])
    audit.record("recovery_announced", target=request, by=None)
    return code


def use_recovery(*, request: RecoveryRequest, code: str) -> None:
    """Remove the lost second factor and end every session. Call it outside a transaction."""
    # Counted before the transaction: a refused code must not take its count back with it.
    second_factor.count_try(request.user)
    with transaction.atomic():
        request = _lock(request)
        if not request.is_usable or not check_password(
            normalize_user_code(code), request.code_hash
        ):
            raise DomainError(_("This code is not right or no longer valid."))
        request.used_at = timezone.now()
        request.save(update_fields=["used_at"])
        Authenticator.objects.filter(user_id=request.user_id).delete()
        for session in UserSession.objects.filter(user_id=request.user_id):
            session.end()
        audit.record("recovery_used", target=request, by=request.user)
        _tell(request, "recovery_used")


@transaction.atomic
def warn_of_guessing(*, user: User) -> None:
    """Somebody who knows the password tries codes from many places: the person must hear of it."""
    hour = f"{timezone.now():%Y-%m-%dT%H}"
    audit.record("codes_guessed", target=user, by=None)
    notifications.promise("codes_guessed", key=f"{user.pk}:{hour}", to_id=user.pk)


def _announce_at(request: RecoveryRequest) -> None:
    message = outbox.enqueue(
        "portal.announce_recovery",
        key=f"announce_recovery:{request.pk}",
        request_id=request.pk,
    )
    OutboxMessage.objects.filter(pk=message.pk).update(available_at=request.usable_from)


def _close_stale(user: User) -> None:
    now = timezone.now()
    for request in RecoveryRequest.objects.open().filter(user=user):
        until = request.expires_at or request.requested_at + UNANSWERED
        if until <= now:
            request.refused_at = now
            request.save(update_fields=["refused_at"])
            audit.record("recovery_lapsed", target=request, by=None)


def _lock(request: RecoveryRequest) -> RecoveryRequest:
    found = RecoveryRequest.objects.select_related("user", "first_approved_by")
    return found.select_for_update(of=("self",)).get(pk=request.pk)


def _tell(request: RecoveryRequest, event: str) -> None:
    """Nothing happens quietly. The worker looks up who hears of it: the site knows no staff."""
    outbox.enqueue(
        "portal.tell_recovery",
        key=f"tell_recovery:{event}:{request.pk}",
        event=event,
        request_id=request.pk,
    )
