"""What is done with training: planned, offered, filled with people, held, recorded; guidance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import cover_permissions, lifecycle, notifications
from mou import training_permissions as permissions
from mou.actions.locking import lock
from mou.lifecycle import MouStatus, TrainingStatus
from mou.models import Attendee, Cover, Guidance, Mou, Training
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import Organisation, User

BATCH = 200
# So many times a seat is looked for while others take seats as well.
TRIES = 5


@transaction.atomic
def plan_training(*, told: dict[str, Any], by: User) -> Training:
    """A caseworker plans a session; no firm sees it yet."""
    if not permissions.can_plan(by):
        raise NotAllowed(_("Only a caseworker plans training."))
    _check_times(told["starts_at"], told["ends_at"])
    training = Training.objects.create(planned_by=by, **told)
    audit.record("training_planned", target=training, by=by)
    return training


@transaction.atomic
def edit_training(*, training: Training, told: dict[str, Any], by: User) -> Training:
    """Before it is offered: afterwards people have made plans."""
    training = _lock(training, "edit", by)
    _check_times(told["starts_at"], told["ends_at"])
    for name, value in told.items():
        setattr(training, name, value)
    training.save()
    audit.record("training_edited", target=training, by=by)
    return training


@transaction.atomic
def offer_training(*, training: Training, by: User) -> Training:
    """Firms of its audience may register people from now on, and are told by the worker."""
    training = _lock(training, "offer", by)
    _check_times(training.starts_at, training.ends_at)
    training.status = lifecycle.after(lifecycle.TRAINING, "offer", training.status)
    training.save(update_fields=["status"])
    audit.record("training_offered", target=training, by=by)
    key = f"mou.tell_of_training:{training.pk}"
    outbox.enqueue("mou.tell_of_training", key=key, training_id=training.pk)
    return training


@transaction.atomic
def cancel_training(*, training: Training, reason: str, by: User) -> Training:
    """It is not held; firms with people in it are told."""
    training = _lock(training, "cancel", by)
    if not reason.strip():
        raise DomainError(_("Write why the session is cancelled: the firms read it."))
    training.status = lifecycle.after(lifecycle.TRAINING, "cancel", training.status)
    training.cancellation = reason
    training.save(update_fields=["status", "cancellation"])
    audit.record("training_cancelled", target=training, by=by)
    coming, occasion = training.attendees.coming(), f"training-{training.pk}"
    for mou in Mou.objects.filter(attendees__in=coming.filter(cover=None)).distinct():
        notifications.notify("training_cancelled", mou=mou, occasion=occasion)
    for cover in Cover.objects.filter(attendees__in=coming).distinct():
        notifications.notify("training_cancelled", cover=cover, occasion=occasion)
    return training


@transaction.atomic
def record_attendance(*, training: Training, present: Collection[int], by: User) -> Training:
    """Who came, by seat; may be corrected. From then on each of them has a certificate."""
    training = _lock(training, "record", by)
    if training.starts_at > timezone.now():
        raise DomainError(_("The session has not begun yet. Record who came afterwards."))
    training.status = lifecycle.after(lifecycle.TRAINING, "record", training.status)
    first = training.recorded_at is None
    training.recorded_at, training.recorded_by = timezone.now(), by
    training.save(update_fields=["status", "recorded_at", "recorded_by"])
    coming = training.attendees.coming()
    coming.filter(seat__in=present).update(attended=True)
    coming.exclude(seat__in=present).update(attended=False)
    audit.record("attendance_recorded", target=training, by=by)
    if first:
        _tell_of_attendance(training, by)
    return training


@transaction.atomic
def register_attendees(
    *, training: Training, mou: Mou, names: list[str], by: User, cover: Cover | None = None
) -> list[Attendee]:
    """Seats for people of the firm: all of them or none. With a cover, of that member firm."""
    mou = lock(mou)
    training = Training.objects.get(pk=training.pk)
    place = _place(mou, cover)
    if not place.takes_part(by):
        raise NotAllowed(_("Only a firm whose agreement is in force registers its people."))
    lifecycle.after(lifecycle.TRAINING, "register", training.status)
    if training.starts_at <= timezone.now() or not training.concerns(place.firm.roles):
        raise DomainError(_("This session is no longer open to your firm. Choose another one."))
    seated = training.attendees.coming().filter(mou=mou, cover=cover)
    there = set(seated.values_list("name", flat=True))
    if twice := there.intersection(names):
        text = _("%(names)s has a seat already. Leave that name out.")
        raise DomainError(text % {"names": ", ".join(sorted(twice))})
    taken = [_seat(training, place, name, by) for name in dict.fromkeys(names)]
    # A seat waits for whoever cancels the session; what that one said is read after it.
    training.refresh_from_db(fields=["status"])
    lifecycle.after(lifecycle.TRAINING, "register", training.status)
    audit.record("training_registered", target=place.thing, by=by, organisation=place.firm)
    return taken


@transaction.atomic
def withdraw_attendee(*, attendee: Attendee, by: User) -> Attendee:
    """Somebody does not come after all; the seat is free for others."""
    mou = lock(attendee.mou)
    attendee = Attendee.objects.select_for_update(of=("self",)).get(pk=attendee.pk)
    place = _place(mou, attendee.cover)
    if not permissions.can_withdraw_for(by, place.firm):
        raise NotAllowed(_("Only somebody of the firm takes this back."))
    lifecycle.after(lifecycle.TRAINING, "register", attendee.training.status)
    if attendee.withdrawn_at is None:
        attendee.withdrawn_at, attendee.withdrawn_by = timezone.now(), by
        attendee.save(update_fields=["withdrawn_at", "withdrawn_by"])
        thing, firm = place.thing, place.firm
        audit.record("training_seat_given_up", target=thing, by=by, organisation=firm)
    return attendee


def tell_of_training(*, training: Training) -> None:
    """Worker: invite every firm of its audience. May run twice."""
    last = 0
    while True:
        found = Mou.objects.filter(status=MouStatus.IN_FORCE, pk__gt=last)
        mous = list(found.select_related("organisation").order_by("pk")[:BATCH])
        if not mous or not _invite(training, mous):
            return
        last = mous[-1].pk


@transaction.atomic
def _invite(training: Training, mous: list[Mou]) -> bool:
    """Read anew for each batch: once the session is cancelled, nobody is invited and it is False.

    Without a lock: the worker's role writes nothing to sessions.
    """
    training.refresh_from_db(fields=["status"])
    if training.status != TrainingStatus.OFFERED:
        return False
    covers = Cover.objects.in_force().filter(mou__in=mous).select_related("organisation")
    occasion = f"training-{training.pk}"
    for mou in mous:
        if training.concerns(mou.organisation.roles):
            notifications.notify("training_offered", mou=mou, occasion=occasion)
    for cover in covers.order_by("pk"):
        if training.concerns(cover.organisation.roles):
            notifications.notify("training_offered", cover=cover, occasion=occasion)
    return True


@transaction.atomic
def write_guidance(*, title: str, text: str, audience: list[str], by: User) -> Guidance:
    """A new text."""
    _demand_writer(by)
    guidance = Guidance.objects.create(title=title, text=text, audience=audience, updated_by=by)
    audit.record("guidance_written", target=guidance, by=by, edition=guidance.edition)
    return guidance


@transaction.atomic
def write_edition(
    *, guidance: Guidance, edition: int, title: str, text: str, audience: list[str], by: User
) -> Guidance:
    """The next edition after the one that the officer had before them."""
    _demand_writer(by)
    guidance = Guidance.objects.select_for_update(of=("self",)).get(pk=guidance.pk)
    if guidance.withdrawn_at is not None:
        raise DomainError(_("This guidance was withdrawn meanwhile. Write it as a new text."))
    if guidance.edition != edition:
        meanwhile = _(
            "%(name)s published edition %(edition)s while you were writing. Compare it with yours "
            "and publish again: yours then takes its place."
        )
        told = {"name": guidance.updated_by, "edition": guidance.edition}
        raise DomainError(meanwhile % told)
    guidance.title, guidance.text, guidance.audience = title, text, audience
    guidance.edition += 1
    guidance.updated_at, guidance.updated_by = timezone.now(), by
    guidance.save()
    audit.record("guidance_written", target=guidance, by=by, edition=guidance.edition)
    return guidance


def _demand_writer(by: User) -> None:
    if not permissions.can_plan(by):
        raise NotAllowed(_("Only a caseworker writes guidance."))


@transaction.atomic
def withdraw_guidance(*, guidance: Guidance, by: User) -> Guidance:
    """Firms read it no longer."""
    guidance = Guidance.objects.select_for_update(of=("self",)).get(pk=guidance.pk)
    if not permissions.can_plan(by):
        raise NotAllowed(_("Only a caseworker withdraws guidance."))
    if guidance.withdrawn_at is None:
        guidance.withdrawn_at, guidance.withdrawn_by = timezone.now(), by
        guidance.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record("guidance_withdrawn", target=guidance, by=by)
    return guidance


def _lock(training: Training, verb: str, by: User) -> Training:
    training = Training.objects.select_for_update(of=("self",)).get(pk=training.pk)
    if not permissions.can_lead(by, training, verb):
        lifecycle.after(lifecycle.TRAINING, verb, training.status)
        raise NotAllowed(_("Only a caseworker leads training."))
    return training


@dataclass(frozen=True)
class _Place:
    """By what a firm takes part: its own agreement, or that of its association."""

    mou: Mou
    cover: Cover | None

    @property
    def thing(self) -> Mou | Cover:
        return self.cover or self.mou

    @property
    def firm(self) -> Organisation:
        return self.thing.organisation

    def takes_part(self, by: User) -> bool:
        if self.cover is not None:
            return cover_permissions.can_take_part(by, self.cover)
        return permissions.can_register(by, self.mou)


def _place(mou: Mou, cover: Cover | None) -> _Place:
    """As it is now, under the lock on the agreement."""
    if cover is not None:
        cover = Cover.objects.select_related("organisation").get(pk=cover.pk, mou=mou)
        cover.mou = mou
    return _Place(mou, cover)


def _seat(training: Training, place: _Place, name: str, by: User) -> Attendee:
    """The lowest free seat; the database gives each one once, whoever else registers now."""
    for _try in range(TRIES):
        taken = set(training.attendees.coming().values_list("seat", flat=True))
        free = next((one for one in range(1, training.seats + 1) if one not in taken), None)
        if free is None:
            raise DomainError(_("There are not enough seats left. Register fewer people."))
        try:
            with transaction.atomic():
                return Attendee.objects.create(
                    training=training,
                    mou=place.mou,
                    cover=place.cover,
                    name=name,
                    seat=free,
                    registered_by=by,
                )
        except IntegrityError:
            continue
    raise DomainError(_("Many firms register right now. Try again in a moment."))


def _tell_of_attendance(training: Training, by: User) -> None:
    """On the timeline of each agreement whose firm had people there."""
    came = training.attendees.filter(attended=True, cover=None)
    for mou in Mou.objects.filter(attendees__in=came).select_related("organisation").distinct():
        organisation = mou.organisation
        audit.record("training_attended", target=mou, by=by, organisation=organisation)


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(_("The session must end after it begins."))
    if starts_at <= timezone.now():
        raise DomainError(_("The session must begin in the future."))
