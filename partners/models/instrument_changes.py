"""What somebody proposed to change in an instrument, and who else decided on it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.lifecycle import InstrumentChangeStatus as Status
from partners.models.instruments import Instrument
from portal.models import User


class ChangeKind(models.TextChoices):
    ADD = "add", _("A new instrument")
    EDIT = "edit", _("Change of what it says")
    END = "end", _("Its end")
    ADD_PARTY = "add_party", _("Another party")
    END_PARTY = "end_party", _("End of a party")


class InstrumentChangeQuerySet(models.QuerySet["InstrumentChange"]):
    def open(self) -> InstrumentChangeQuerySet:
        return self.filter(status=Status.PROPOSED)

    def to_decide(self, user: User) -> InstrumentChangeQuerySet:
        """Those that wait for somebody else than proposed them."""
        return self.open().exclude(proposed_by=user)


class InstrumentChange(models.Model):
    """Covers nothing as long as it is proposed: the law is read from instruments alone."""

    # None as long as a new instrument is only proposed.
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        related_name="changes",
        verbose_name=_("instrument"),
    )
    kind = models.CharField(_("what is proposed"), max_length=10, choices=ChangeKind.choices)
    # What it is about besides the instrument: a new code, a country, or a party's number.
    subject = models.CharField(max_length=60, blank=True, editable=False)
    # Fields by name, as partners/instrument_terms.py packs them.
    before = models.JSONField(default=dict, editable=False)
    proposed = models.JSONField(editable=False)
    reason = models.CharField(_("why it is proposed"), max_length=300)
    # The version of the instrument that the proposer had before them; 0 of a new one.
    base_version = models.PositiveIntegerField(default=0, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PROPOSED
    )
    proposed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.CharField(_("why it was decided so"), max_length=300, blank=True)

    objects = InstrumentChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed change of an instrument")
        verbose_name_plural = _("proposed changes of instruments")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.PROPOSED, decided_by=None, decided_at=None)
                | ~Q(status=Status.PROPOSED)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="instrumentchange_decided_at_with_by",
            ),
            # Whoever proposed it takes it back; anything else takes another person.
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(status=Status.WITHDRAWN, decided_by=F("proposed_by"))
                | ~Q(status=Status.WITHDRAWN) & ~Q(decided_by=F("proposed_by")),
                name="instrumentchange_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.ADD)
                & (
                    Q(instrument=None) & ~Q(status=Status.APPLIED)
                    | Q(instrument__isnull=False, status=Status.APPLIED)
                )
                | ~Q(kind=ChangeKind.ADD) & Q(instrument__isnull=False),
                name="instrumentchange_of_an_instrument",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="instrumentchange_with_reason"),
            models.UniqueConstraint(
                fields=["instrument", "kind", "subject"],
                condition=Q(status=Status.PROPOSED),
                name="instrumentchange_one_open",
            ),
            # Nothing equals the instrument that is not there yet.
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(status=Status.PROPOSED, kind=ChangeKind.ADD),
                name="instrumentchange_one_open_per_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.about}"

    @property
    def about(self) -> str:
        """The instrument by its title, also of one that is not there yet."""
        return str(self.instrument or self.proposed.get("title", self.subject))

    @property
    def is_stale(self) -> bool:
        """The instrument was changed after this was proposed."""
        waits = self.status == Status.PROPOSED and self.instrument is not None
        return waits and self.instrument.version != self.base_version  # type: ignore[union-attr]
