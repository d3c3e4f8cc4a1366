"""The registers' verbs: rights requests, breaches, processing activities.

Their texts stay out of the events: they may name people.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, lifecycle, permissions
from portal.dates import add_months
from portal.errors import DomainError, NotAllowed
from portal.models import Breach, ProcessingActivity, RightsRequest, User
from portal.models.audit import AuditKind
from portal.models.registers import NOTIFIED_WITHIN, Outcome, RefusalGround

ANSWERED_WITHIN_MONTHS = 1
# Regulation (EU) 2016/679, Art. 12(3): two further months where necessary.
LONGER_BY_MONTHS = 2


def _demand(by: User) -> None:
    if not permissions.can_keep_registers(by):
        raise NotAllowed(_("Only the data protection officer keeps the registers."))


def _words(text: str, what: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError(what)
    return text


# --- Rights requests --------------------------------------------------------------------------


@transaction.atomic
def receive_request(
    *, kind: str, regime: str, route: str, person: str, wish: str, received_on: date, by: User
) -> RightsRequest:
    """Somebody asked for what is theirs; a month from its receipt to answer."""
    _demand(by)
    if received_on > timezone.localdate():
        raise DomainError(_("It cannot have come in the future."))
    asked = RightsRequest.objects.create(
        kind=kind,
        regime=regime,
        route=route,
        person=person,
        wish=wish,
        received_on=received_on,
        received_by=by,
        due_on=add_months(received_on, ANSWERED_WITHIN_MONTHS),
    )
    audit.record(
        "rights_request_received", target=asked, by=by, kind=AuditKind.COLLECTION, right=kind
    )
    return asked


@transaction.atomic
def identify_person(*, request: RightsRequest, how: str, by: User) -> RightsRequest:
    """It is settled that they are who they say."""
    request = _request(request, by, "identify")
    request.identified_at, request.identified_by = timezone.now(), by
    request.identified_how = _words(how, _("Say how the identity was checked."))
    request.save()
    audit.record("rights_request_identified", target=request, by=by)
    return request


@transaction.atomic
def extend_request(*, request: RightsRequest, reason: str, by: User) -> RightsRequest:
    """Two more months, once, told to the person within the first."""
    request = _request(request, by, "extend")
    if request.extended_at is not None:
        raise DomainError(_("It has been extended already."))
    if timezone.localdate() > request.due_on:
        raise DomainError(_("The month is over: it can no longer be extended."))
    request.extension_reason = _words(reason, _("Say why it takes longer."))
    request.extended_at = timezone.now()
    request.due_on = add_months(request.received_on, ANSWERED_WITHIN_MONTHS + LONGER_BY_MONTHS)
    request.save()
    audit.record("rights_request_extended", target=request, by=by, due=str(request.due_on))
    return request


@transaction.atomic
def contest_data(*, request: RightsRequest, what: str, by: User) -> RightsRequest:
    """Mark the data that the person disputes, so that nobody uses them unaware."""
    request = _request(request, by, "contest")
    request.contested = True
    request.contested_what = _words(what, _("Say which data are marked."))
    request.save()
    audit.record("data_contested", target=request, by=by)
    return request


@transaction.atomic
def decide_request(
    *, request: RightsRequest, outcome: str, decision: str, by: User
) -> RightsRequest:
    """Granted, wholly or in part."""
    request = _request(request, by, "decide")
    request.outcome = Outcome(outcome)
    _decided(request, decision, by)
    audit.record("rights_request_decided", target=request, by=by, outcome=outcome)
    return request


@transaction.atomic
def refuse_request(
    *, request: RightsRequest, ground: str, decision: str, by: User
) -> RightsRequest:
    """Refused, on a ground that the law knows; the reasons are kept in any case."""
    request = _request(request, by, "refuse")
    request.refusal_ground = RefusalGround(ground)
    _decided(request, decision, by)
    audit.record("rights_request_refused", target=request, by=by, ground=ground)
    return request


def _decided(request: RightsRequest, decision: str, by: User) -> None:
    request.decision = _words(decision, _("Give the reasons."))
    request.decided_at, request.decided_by = timezone.now(), by
    request.save()


@transaction.atomic
def close_request(*, request: RightsRequest, by: User) -> RightsRequest:
    """The answer has gone out."""
    request = _request(request, by, "close")
    request.closed_at, request.closed_by = timezone.now(), by
    request.save()
    audit.record("rights_request_closed", target=request, by=by)
    return request


def _request(request: RightsRequest, by: User, verb: str) -> RightsRequest:
    """Locked, with the status after this verb."""
    request = RightsRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    _demand(by)
    request.status = lifecycle.after(lifecycle.RIGHTS, verb, request)
    return request


# --- Breaches -----------------------------------------------------------------------------------


@transaction.atomic
def record_breach(*, discovered_at: datetime, by: User, **told: Any) -> Breach:
    """A breach was discovered: from then the authority has to know within 72 hours."""
    _demand(by)
    if discovered_at > timezone.now():
        raise DomainError(_("It cannot have been discovered in the future."))
    breach = Breach.objects.create(
        discovered_at=discovered_at, due_at=discovered_at + NOTIFIED_WITHIN, recorded_by=by, **told
    )
    audit.record("breach_recorded", target=breach, by=by, due=breach.due_at.isoformat())
    return breach


@transaction.atomic
def amend_breach(*, breach: Breach, by: User, **told: Any) -> Breach:
    """More is known than at first."""
    breach = _breach(breach, by, "amend")
    changed = sorted(name for name, value in told.items() if getattr(breach, name) != value)
    for name, value in told.items():
        setattr(breach, name, value)
    breach.save()
    audit.record("breach_amended", target=breach, by=by, fields=changed)
    return breach


@transaction.atomic
def notify_authority(
    *, breach: Breach, notified_at: datetime, authority_reference: str, late_reason: str, by: User
) -> Breach:
    """The supervisory authority was told; later than 72 hours, the law wants the reason."""
    breach = _breach(breach, by, "notify")
    if not breach.discovered_at <= notified_at <= timezone.now():
        raise DomainError(_("The time lies between the discovery and now."))
    if notified_at > breach.due_at:
        late_reason = _words(late_reason, _("Say why it was later than 72 hours."))
    breach.notified_at, breach.notified_by = notified_at, by
    breach.authority_reference, breach.late_reason = authority_reference.strip(), late_reason
    breach.save()
    audit.record("breach_notified", target=breach, by=by, late=notified_at > breach.due_at)
    return breach


@transaction.atomic
def find_harmless(*, breach: Breach, reason: str, by: User) -> Breach:
    """No risk to anybody: the authority need not be told, and the register says why."""
    breach = _breach(breach, by, "find_harmless")
    breach.not_notified_reason = _words(reason, _("Say why there is no risk."))
    breach.save()
    audit.record("breach_found_harmless", target=breach, by=by)
    return breach


@transaction.atomic
def tell_people(*, breach: Breach, how: str, told_at: datetime | None, by: User) -> Breach:
    """Those concerned were told, or it is written down why not."""
    breach = _breach(breach, by, "tell_people")
    breach.people_told_how = _words(how, _("Say how they were told, or why they were not."))
    breach.people_told_at = told_at
    breach.save()
    audit.record("breach_people_told", target=breach, by=by, told=told_at is not None)
    return breach


@transaction.atomic
def close_breach(*, breach: Breach, by: User) -> Breach:
    breach = _breach(breach, by, "close")
    if not breach.people_told_how:
        raise DomainError(_("Say first how the people concerned were told, or why they were not."))
    breach.closed_at, breach.closed_by = timezone.now(), by
    breach.save()
    audit.record("breach_closed", target=breach, by=by)
    return breach


def _breach(breach: Breach, by: User, verb: str) -> Breach:
    """Locked, with the status after this verb."""
    breach = Breach.objects.select_for_update(of=("self",)).get(pk=breach.pk)
    _demand(by)
    breach.status = lifecycle.after(lifecycle.BREACHES, verb, breach)
    return breach


# --- The register of processing ----------------------------------------------------------------


@transaction.atomic
def add_activity(*, by: User, **told: Any) -> ProcessingActivity:
    _demand(by)
    if ProcessingActivity.objects.filter(code=told["code"]).exists():
        raise DomainError(_("There is an activity with this code already."))
    activity = ProcessingActivity.objects.create(changed_by=by, **told)
    audit.record("activity_added", target=activity, by=by, code=activity.code)
    return activity


@transaction.atomic
def change_activity(*, activity: ProcessingActivity, by: User, **told: Any) -> ProcessingActivity:
    activity = _activity(activity, by)
    changed = sorted(name for name, value in told.items() if getattr(activity, name) != value)
    for name, value in told.items():
        setattr(activity, name, value)
    _changed(activity, by)
    audit.record("activity_changed", target=activity, by=by, fields=changed)
    return activity


@transaction.atomic
def end_activity(*, activity: ProcessingActivity, by: User) -> ProcessingActivity:
    activity = _activity(activity, by)
    activity.ended_at = timezone.now()
    _changed(activity, by)
    audit.record("activity_ended", target=activity, by=by)
    return activity


def _activity(activity: ProcessingActivity, by: User) -> ProcessingActivity:
    activity = ProcessingActivity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    _demand(by)
    if activity.ended_at is not None:
        raise DomainError(_("This activity has ended; the register keeps it as it was."))
    return activity


def _changed(activity: ProcessingActivity, by: User) -> None:
    activity.changed_at, activity.changed_by = timezone.now(), by
    activity.save()
