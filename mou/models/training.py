"""What customs teaches partner firms: sessions, who comes, and guidance to read."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import TrainingStatus
from mou.models.agreements import Mou
from mou.models.covers import Cover
from portal.models import Organisation, User


class TrainingQuerySet(models.QuerySet["Training"]):
    def open(self) -> TrainingQuerySet:
        """What firms may still register for."""
        return self.filter(status=TrainingStatus.OFFERED, starts_at__gt=timezone.now())


class Training(models.Model):
    """One session for people of partner firms, at a place or by video."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    about = models.TextField(_("what it is about"))
    # Codes of the list of actor roles; empty is every partner firm.
    audience = models.JSONField(_("audience"), default=list, blank=True)
    place = models.CharField(_("place"), max_length=200)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveIntegerField(_("seats"))
    status = models.CharField(
        _("status"), max_length=20, choices=TrainingStatus.choices, default=TrainingStatus.PLANNED
    )
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancellation = models.TextField(_("why it was cancelled"), blank=True)
    recorded_at = models.DateTimeField(_("attendance recorded"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training session")
        verbose_name_plural = _("training sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="training_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, seats__lte=1000), name="training_has_seats"
            ),
            models.CheckConstraint(
                condition=~Q(status=TrainingStatus.CANCELLED) | ~Q(cancellation=""),
                name="training_cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    status=TrainingStatus.HELD, recorded_at__isnull=False, recorded_by__isnull=False
                )
                | ~Q(status=TrainingStatus.HELD) & Q(recorded_at=None, recorded_by=None),
                name="training_held_when_recorded",
            ),
        ]
        indexes = [models.Index(fields=["status", "starts_at"], name="training_by_status")]

    def __str__(self) -> str:
        return self.title

    def concerns(self, roles: list[str]) -> bool:
        """Whether a firm that does this is invited."""
        return not self.audience or not set(self.audience).isdisjoint(roles)

    @property
    def time(self) -> str:
        """From when to when; the second day is said where it is another one."""
        begins, ends = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        last = "H:i" if begins.date() == ends.date() else "j F Y, H:i"
        return f"{date_format(begins, 'j F Y, H:i')} – {date_format(ends, last)}"


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def coming(self) -> AttendeeQuerySet:
        return self.filter(withdrawn_at=None)


class Attendee(models.Model):
    """Somebody of a firm with a seat in a session; needs no account here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    training = models.ForeignKey(Training, models.PROTECT, related_name="attendees")
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="attendees")
    # The member firm that comes through the agreement of its association; else the firm itself.
    cover = models.ForeignKey(
        Cover, models.PROTECT, null=True, blank=True, related_name="attendees"
    )
    name = models.CharField(_("name"), max_length=150)
    # Taken from the lowest free number up, so that the database itself gives no seat twice.
    seat = models.PositiveIntegerField(_("seat"))
    registered_at = models.DateTimeField(_("registered"), default=timezone.now)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    attended = models.BooleanField(_("attended"), null=True, blank=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("person in a session")
        verbose_name_plural = _("people in sessions")
        constraints = [
            models.UniqueConstraint(
                fields=["training", "seat"],
                condition=Q(withdrawn_at=None),
                name="attendee_one_a_seat",
            ),
            models.UniqueConstraint(
                fields=["training", "mou", "name"],
                condition=Q(withdrawn_at=None, cover=None),
                name="attendee_registered_once",
            ),
            models.UniqueConstraint(
                fields=["training", "cover", "name"],
                condition=Q(withdrawn_at=None, cover__isnull=False),
                name="attendee_of_a_member_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, attended=None),
                name="attendee_withdrawn_at_with_by",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="attendee_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def firm(self) -> Organisation:
        """Whose people this one belongs to."""
        return self.mou.organisation if self.cover is None else self.cover.organisation


class GuidanceQuerySet(models.QuerySet["Guidance"]):
    def current(self) -> GuidanceQuerySet:
        return self.filter(withdrawn_at=None)


class Guidance(models.Model):
    """A text that helps partner firms to do their part; a new edition is written over the old."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("text"))
    audience = models.JSONField(_("audience"), default=list, blank=True)
    edition = models.PositiveIntegerField(_("edition"), default=1)
    updated_at = models.DateTimeField(_("last updated"), default=timezone.now)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GuidanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance")
        verbose_name_plural = _("guidance")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="guidance_says_something"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="guidance_withdrawn_at_with_by",
            ),
        ]
        indexes = [models.Index(fields=["withdrawn_at", "title"], name="guidance_by_title")]

    def __str__(self) -> str:
        return self.title

    def concerns(self, roles: list[str]) -> bool:
        return not self.audience or not set(self.audience).isdisjoint(roles)
