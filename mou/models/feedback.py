"""What customs says to a firm of what it did: a code, and perhaps one plain sentence."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.models.activities import Activity
from mou.models.agreements import Mou
from mou.models.alerts import AlertDelivery
from mou.models.covers import Cover
from mou.models.measures import Measure
from mou.models.training import Training
from portal.models import Organisation, User

ABOUT = ("delivery", "measure", "activity", "training")


def _one_of() -> Q:
    found = Q()
    for name in ABOUT:
        found |= Q(**{f"{other}__isnull": other != name for other in ABOUT})
    return found


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def standing(self) -> FeedbackQuerySet:
        return self.filter(taken_back_at=None)


class Feedback(models.Model):
    """About one alert at the firm, measure, joint activity or training; never about a report."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="feedback")
    # The member firm that it is said to, and to nobody of its association; else the firm itself.
    cover = models.ForeignKey(Cover, models.PROTECT, null=True, blank=True, related_name="feedback")
    delivery = models.ForeignKey(
        AlertDelivery, models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    training = models.ForeignKey(
        Training, models.PROTECT, null=True, blank=True, related_name="feedback"
    )
    code = models.CharField(_("what is said"), max_length=20)
    sentence = models.CharField(_("in a sentence"), max_length=160, blank=True)
    given_at = models.DateTimeField(_("given"), default=timezone.now, db_index=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback to a firm")
        verbose_name_plural = _("feedback to firms")
        constraints = [
            models.CheckConstraint(condition=_one_of(), name="feedback_about_one_thing"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="feedback_taken_back_at_with_by",
            ),
            # Measures and activities are planned with the association alone.
            models.CheckConstraint(
                condition=Q(cover=None) | Q(measure=None, activity=None),
                name="feedback_to_a_member_on_its_own",
            ),
            *(
                models.UniqueConstraint(
                    fields=["mou", name, "code"],
                    condition=Q(taken_back_at=None, cover=None, **{f"{name}__isnull": False}),
                    name=f"feedback_once_of_{name}",
                )
                for name in ABOUT
            ),
            *(
                models.UniqueConstraint(
                    fields=["cover", name, "code"],
                    condition=Q(
                        taken_back_at=None, cover__isnull=False, **{f"{name}__isnull": False}
                    ),
                    name=f"feedback_once_of_{name}_to_a_member",
                )
                for name in ("delivery", "training")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.code}"

    @property
    def firm(self) -> Organisation:
        """To whom it is said."""
        return self.mou.organisation if self.cover is None else self.cover.organisation

    @property
    def about(self) -> str:
        """The kind of thing, as the codes name it."""
        found = next(name for name in ABOUT if getattr(self, f"{name}_id") is not None)
        return "alert" if found == "delivery" else found
