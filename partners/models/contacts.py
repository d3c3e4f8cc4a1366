"""Contact points by duty, of a partner or of a post, and the people who hold them over time."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.checked import Checked
from partners.models.partners import Partner, VisibleQuerySet
from partners.models.posts import Post


class Duty(models.TextChoices):
    GENERAL = "general", _("General")
    DUTY_DESK = "duty_desk", _("Duty desk, day and night")
    DRUGS = "drugs", _("Drugs")
    IPR = "ipr", _("Intellectual property")
    AEO = "aeo", _("Authorised economic operators")
    DATA_PROTECTION = "data_protection", _("Data protection")


class ContactPointQuerySet(VisibleQuerySet):
    def live(self) -> ContactPointQuerySet:
        return self.filter(ended_at=None)


class ContactPoint(Checked):
    """A duty, not a person: it stays while those who hold it change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="contact_points"
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="contact_points"
    )
    duty = models.CharField(_("duty"), max_length=20, choices=Duty.choices)
    name = models.CharField(_("name of the desk"), max_length=120, blank=True)
    email = models.EmailField(_("mailbox"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    always_open = models.BooleanField(_("day and night"), default=False)
    note = models.TextField(_("note of the desk"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.CheckConstraint(
                condition=Q(partner=None, post__isnull=False) | Q(partner__isnull=False, post=None),
                name="contactpoint_of_a_partner_or_a_post",
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_due"],
                condition=Q(ended_at=None),
                name="contactpoint_by_review_due",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_duty_display())

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def owner(self) -> Partner | Post:
        """Whose contact point it is."""
        owner = self.partner if self.partner_id else self.post
        assert owner is not None  # noqa: S101 - a constraint says it is one of the two
        return owner


class HolderQuerySet(models.QuerySet["Holder"]):
    def on(self, day: date) -> HolderQuerySet:
        """Who holds the duty on this day; the last day counts."""
        return self.filter(Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class Holder(models.Model):
    """A person who holds a duty from a day to a day; contact data go with the role."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact_point = models.ForeignKey(ContactPoint, models.PROTECT, related_name="holders")
    # Empty once it is erased.
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=120, blank=True)
    email = models.EmailField(_("own address"), blank=True)
    direct_line = models.CharField(_("direct line"), max_length=40, blank=True)
    since = models.DateField(_("since"), default=timezone.localdate)
    # The last day; empty while it goes on.
    until = models.DateField(_("until, that day included"), null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder")
        verbose_name_plural = _("holders of contact points")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="holder_runs_forward"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None, name__gt="")
                | Q(
                    erased_at__isnull=False,
                    until__isnull=False,
                    name="",
                    title="",
                    email="",
                    direct_line="",
                ),
                name="holder_erased_names_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["contact_point", "until"], name="holder_of_contact"),
            models.Index(fields=["until"], condition=Q(erased_at=None), name="holder_to_be_erased"),
        ]

    def __str__(self) -> str:
        return f"{self.name or _('Former holder')} – {self.contact_point}"
