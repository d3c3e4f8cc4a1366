"""What is done with alerts: written, approved by another, spread, acknowledged, ended."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import alert_letters, alert_reach, lifecycle, notifications
from mou import alert_permissions as permissions
from mou.actions.locking import lock
from mou.alert_reach import Known
from mou.lifecycle import AlertStatus, MouStatus
from mou.models import Alert, AlertDelivery, Cover, Mou
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import User

# Firms that one transaction of the worker spreads an alert to.
BATCH = 200


@transaction.atomic
def write_alert(*, told: dict[str, Any], by: User) -> Alert:
    """A caseworker begins one; nobody outside the desk sees it yet."""
    if not permissions.can_write(by):
        raise NotAllowed(_("Only a caseworker writes alerts."))
    _check_last_day(told["expires_on"])
    alert = Alert.objects.create(written_by=by, **told)
    audit.record("alert_written", target=alert, by=by)
    return alert


@transaction.atomic
def edit_alert(*, alert: Alert, revision: int, told: dict[str, Any], by: User) -> Alert:
    """Change the text before it is proposed; refused where somebody else changed it meanwhile."""
    alert = _lock(alert)
    if not permissions.can_edit(by, alert):
        lifecycle.after(lifecycle.ALERT, "edit", alert.status)
        raise NotAllowed(_("Only a caseworker writes alerts."))
    _check_revision(alert, revision)
    _check_last_day(told["expires_on"])
    for name, value in told.items():
        setattr(alert, name, value)
    alert.written_by, alert.written_at = by, timezone.now()
    alert.revision += 1
    alert.save()
    audit.record("alert_edited", target=alert, by=by, revision=alert.revision)
    return alert


@transaction.atomic
def propose_alert(*, alert: Alert, by: User) -> Alert:
    """Ask a supervisor to approve it; it stays as it is from here on."""
    alert = _lock(alert)
    if not permissions.can_propose(by, alert):
        lifecycle.after(lifecycle.ALERT, "propose", alert.status)
        raise NotAllowed(_("Only a caseworker proposes alerts."))
    _check_last_day(alert.expires_on)
    alert.status = lifecycle.after(lifecycle.ALERT, "propose", alert.status)
    alert.proposed_by, alert.remark = by, ""
    # Proposed once more after it came back, it is news again.
    alert.revision += 1
    alert.save(update_fields=["status", "proposed_by", "remark", "revision"])
    audit.record("alert_proposed", target=alert, by=by)
    alert_letters.tell("alert_proposed", alert)
    return alert


@transaction.atomic
def return_alert(*, alert: Alert, reason: str, by: User) -> Alert:
    """The supervisor wants it changed."""
    alert = _lock(alert)
    if not permissions.can_return(by, alert):
        lifecycle.after(lifecycle.ALERT, "return", alert.status)
        raise NotAllowed(_("Only a supervisor who did not write the alert returns it."))
    if not reason.strip():
        raise DomainError(_("Write what should be changed."))
    alert.status = lifecycle.after(lifecycle.ALERT, "return", alert.status)
    alert.remark = reason
    alert.save(update_fields=["status", "remark"])
    audit.record("alert_returned", target=alert, by=by)
    alert_letters.tell("alert_returned", alert)
    return alert


@transaction.atomic
def approve_alert(*, alert: Alert, revision: int, by: User) -> Alert:
    """The supervisor publishes the text that was read; the worker spreads it to the firms."""
    alert = _lock(alert)
    if not permissions.can_approve(by, alert):
        lifecycle.after(lifecycle.ALERT, "approve", alert.status)
        raise NotAllowed(_("Only a supervisor who did not write the alert approves it."))
    _check_revision(alert, revision)
    _check_last_day(alert.expires_on)
    alert.status = lifecycle.after(lifecycle.ALERT, "approve", alert.status)
    alert.approved_by, alert.published_at = by, timezone.now()
    alert.save(update_fields=["status", "approved_by", "published_at"])
    audit.record("alert_published", target=alert, by=by)
    outbox.enqueue("mou.deliver_alert", key=f"mou.deliver_alert:{alert.pk}", alert_id=alert.pk)
    return alert


@transaction.atomic
def withdraw_alert(*, alert: Alert, reason: str, by: User) -> Alert:
    """It no longer stands: gone from the firms' pages, and those that had it are told."""
    alert = _lock(alert)
    if not permissions.can_withdraw(by, alert):
        lifecycle.after(lifecycle.ALERT, "withdraw", alert.status)
        raise NotAllowed(_("Only a caseworker or a supervisor withdraws alerts."))
    if not reason.strip():
        raise DomainError(_("Write why the alert is withdrawn."))
    was_public = alert.status == AlertStatus.PUBLISHED
    alert.status = lifecycle.after(lifecycle.ALERT, "withdraw", alert.status)
    alert.withdrawn_at, alert.withdrawn_by, alert.withdrawal = timezone.now(), by, reason
    alert.save(update_fields=["status", "withdrawn_at", "withdrawn_by", "withdrawal"])
    audit.record("alert_withdrawn", target=alert, by=by)
    if was_public:
        outbox.enqueue("mou.retract_alert", key=f"mou.retract_alert:{alert.pk}", alert_id=alert.pk)
    return alert


@transaction.atomic
def expire(*, alert: Alert) -> None:
    """Clock: its last day is over. May run twice."""
    alert = _lock(alert)
    if alert.status != AlertStatus.PUBLISHED or alert.expires_on >= timezone.localdate():
        return
    alert.status = lifecycle.after(lifecycle.ALERT, "expire", alert.status)
    alert.save(update_fields=["status"])
    audit.record("alert_expired", target=alert, by=None)


@transaction.atomic
def acknowledge_alert(*, delivery: AlertDelivery, usefulness: str, by: User) -> AlertDelivery:
    """Somebody of the firm has read it, and says what it is worth; the latter may be corrected."""
    mou = lock(delivery.mou)
    delivery = AlertDelivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if not permissions.can_acknowledge(by, delivery):
        lifecycle.after(lifecycle.ALERT, "acknowledge", delivery.alert.status)
        raise NotAllowed(_("Only somebody of the firm acknowledges an alert, while it stands."))
    first = delivery.acknowledged_at is None
    if first:
        delivery.acknowledged_at, delivery.acknowledged_by = timezone.now(), by
    delivery.usefulness = usefulness
    delivery.save(update_fields=["acknowledged_at", "acknowledged_by", "usefulness"])
    event = "alert_acknowledged" if first else "alert_valued"
    # What a member firm does is no matter of its association's agreement.
    target = delivery.cover or mou
    audit.record(event, target=target, by=by, organisation=delivery.firm, alert=delivery.alert_id)
    return delivery


def deliver(*, alert: Alert) -> None:
    """Worker: to every firm that it concerns, batch by batch. May run twice."""
    last, asks = 0, alert_reach.aim_of(alert).asks
    while True:
        missing = ~Exists(AlertDelivery.objects.filter(alert=alert, mou=OuterRef("pk")))
        mous = list(
            Mou.objects.filter(missing, status=MouStatus.IN_FORCE, pk__gt=last)
            .select_related("organisation")
            .order_by("pk")[:BATCH]
        )
        if not mous:
            return
        last = mous[-1].pk
        _deliver(alert, mous, list(_members(mous)), alert_reach.known_of(mous, asks))


def promise_standing(mou: Mou) -> None:
    """In the caller's transaction: what other firms are warned of reaches this one as well."""
    key = f"mou.deliver_alerts_to:{mou.pk}:{secrets.token_hex(8)}"
    outbox.enqueue("mou.deliver_alerts_to", key=key, mou_id=mou.pk)


def deliver_to(*, mou: Mou) -> None:
    """Worker: all that stands, to a firm that takes part from now on. May run twice."""
    if mou.status != MouStatus.IN_FORCE:
        return
    members = list(_members([mou]))
    known = alert_reach.known_of([mou], set(alert_reach.TELLS.values()))
    for alert in Alert.objects.current().order_by("pk"):
        had = set(alert.deliveries.filter(mou=mou).values_list("cover", flat=True))
        lacking = [one for one in members if one.pk not in had]
        _deliver(alert, [] if None in had else [mou], lacking, known)


def _members(mous: list[Mou]) -> QuerySet[Cover]:
    """The firms that these agreements cover now."""
    found = Cover.objects.in_force().filter(mou__in=mous)
    return found.select_related("organisation", "mou").order_by("pk")


def tell_of_withdrawal(*, alert: Alert) -> None:
    """Worker: to the firms that had it. May run twice."""
    had = AlertDelivery.objects.filter(alert=alert).select_related("mou", "cover").order_by("pk")
    for delivery in had.iterator(chunk_size=BATCH):
        _tell("alert_withdrawn", delivery)


def _tell(event: str, delivery: AlertDelivery) -> None:
    """Whoever may bind the firm that has it, once."""
    occasion = f"alert-{delivery.alert_id}"
    if delivery.cover is not None:
        notifications.notify(event, cover=delivery.cover, occasion=occasion)
    else:
        notifications.notify(event, mou=delivery.mou, occasion=occasion)


@transaction.atomic
def remind(*, delivery: AlertDelivery) -> None:
    """Clock: nobody of the firm has acknowledged it for days. May run twice."""
    silent = AlertDelivery.objects.standing().filter(acknowledged_at=None, reminded_at=None)
    if silent.filter(pk=delivery.pk).update(reminded_at=timezone.now()):
        _tell("alert_reminded", delivery)


@transaction.atomic
def _deliver(alert: Alert, mous: list[Mou], members: list[Cover], known: dict[int, Known]) -> None:
    """To those that it concerns, with the lock on the alert: withdrawn meanwhile, to nobody."""
    aim = alert_reach.aim_of(alert)
    # A member firm answers no survey: nothing is known of its goods.
    rows = [AlertDelivery(alert=alert, mou=mou) for mou in mous]
    rows += [AlertDelivery(alert=alert, mou=one.mou, cover=one) for one in members]
    for row in rows:
        told = known.get(row.mou_id, {}) if row.cover is None else {}
        row.because = aim.because(row.firm.roles, told) or ""
    rows = [row for row in rows if row.because]
    if not rows or _lock(alert).status != AlertStatus.PUBLISHED:
        return
    AlertDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        _tell("alert_delivered", row)


def _lock(alert: Alert) -> Alert:
    return Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)


def _check_revision(alert: Alert, revision: int) -> None:
    if alert.revision != revision:
        raise DomainError(
            _("Somebody else has changed the alert meanwhile. Read it again, then go on.")
        )


def _check_last_day(day: date) -> None:
    if day < timezone.localdate():
        raise DomainError(_("The last day of the alert is past. Choose a later one."))
