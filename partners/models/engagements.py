"""Engagements: meetings, visits and forums, who took part, what came of them and who follows up."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.lifecycle import EngagementStatus
from partners.models.partners import Partner
from partners.models.posts import Post, Posting
from portal.models import StaffRole, User


class EngagementKind(models.TextChoices):
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")
    FORUM = "forum", _("Session of a forum or working group")
    SEMINAR = "seminar", _("Seminar")


class Counterpart(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    BUSINESS = "business", _("Business")
    LOCAL = "local", _("Local authorities")
    FORUM = "forum", _("Forum or international organisation")


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User) -> EngagementQuerySet:
        """All for liaison officers and supervisors, and for others those of their own post."""
        if not user.is_staff or not user.is_active:
            return self.none()
        if user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
            return self.none()
        if user.has_role(StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR):
            return self.all()
        posted = Posting.objects.on(timezone.localdate()).filter(user=user, ended_at=None)
        return self.filter(post__in=posted.values("post"))

    def to_write_up(self) -> EngagementQuerySet:
        """Held, or over by the clock and nobody has said that it was held or not."""
        over = Q(status=EngagementStatus.PLANNED, ends_at__lt=timezone.now())
        return self.filter(Q(status=EngagementStatus.HELD) | over)


class Engagement(models.Model):
    """One meeting or visit with a partner, at a post, or both; kept per organisation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=EngagementKind.choices)
    counterpart = models.CharField(_("with"), max_length=20, choices=Counterpart.choices)
    title = models.CharField(_("title"), max_length=150)
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
        verbose_name=_("partner"),
    )
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="engagements",
        verbose_name=_("post"),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    topics = models.TextField(_("topics"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=EngagementStatus.choices,
        default=EngagementStatus.PLANNED,
    )
    # Who writes it up.
    responsible = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    minutes = models.TextField(_("what came of it"), blank=True)
    written_up_at = models.DateTimeField(_("written up"), null=True, blank=True)
    written_up_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    # Of the calendar file: a higher one is newer.
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="engagement_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=False) | Q(post__isnull=False),
                name="engagement_of_a_partner_or_a_post",
            ),
            models.CheckConstraint(
                condition=Q(status=EngagementStatus.WRITTEN_UP, written_up_at__isnull=False)
                & Q(written_up_by__isnull=False)
                & ~Q(minutes="")
                | ~Q(status=EngagementStatus.WRITTEN_UP)
                & Q(written_up_at=None, written_up_by=None, minutes=""),
                name="engagement_written_up_with_its_minutes",
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "-id"], name="engagement_of_partner"),
            models.Index(fields=["post", "-id"], name="engagement_of_post"),
            models.Index(fields=["status", "ends_at"], name="engagement_by_status"),
        ]

    def __str__(self) -> str:
        return self.title


class Participation(models.Model):
    """An organisation that took part, and with how many people: names are not kept."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="participations")
    organisation = models.CharField(_("organisation"), max_length=150)
    people = models.PositiveIntegerField(_("people"), default=1)

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "organisation"], name="participation_once_an_organisation"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=1, people__lte=10_000) & ~Q(organisation=""),
                name="participation_of_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.people})"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> FollowUpQuerySet:
        """Those of engagements that this officer sees, and one's own wherever they come from."""
        if not user.is_staff or user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
            return self.none()
        seen = Engagement.objects.visible_to(user)
        return self.filter(Q(engagement__in=seen.values("pk")) | Q(owner=user))

    def due(self) -> FollowUpQuerySet:
        return self.filter(done_at=None, due_on__lte=timezone.localdate())


class FollowUp(models.Model):
    """Something to be done after an engagement, by somebody, by a day."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="follow_ups")
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="followup_says_something"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="followup_done_at_with_by",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(done_at=None), name="followup_by_due")
        ]

    def __str__(self) -> str:
        return self.text
