"""What officers are asked of a request, or of information given unasked: one form a verb."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import content
from partners.forms.exchange_fields import (
    AttachedField,
    ExchangeForm,
    code,
    covering,
    left_out,
    long_text,
    moment,
)
from partners.models import (
    Channel,
    ExchangeType,
    Partner,
    PartnerType,
    Purpose,
    TransferGround,
    UrgencyChoice,
)
from portal.forms import DateField
from portal.handling import HandlingCode


class WrittenForm(ExchangeForm):
    """A request, or information given unasked, with the fields of Naples II, Art. 9."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Partner"), queryset=Partner.objects.none(), empty_label="–"
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=ExchangeType.choices)
    instrument = covering()
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose.choices)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=UrgencyChoice.choices,
        initial=UrgencyChoice.OTHER,
        widget=forms.RadioSelect,
    )
    due_at = moment(
        gettext_lazy("Answer due"),
        required=False,
        initial=None,
        help_text=gettext_lazy("Only where the instrument says so; else the urgency decides."),
    )
    handling = forms.ChoiceField(
        label=gettext_lazy("Handling code"),
        choices=HandlingCode.choices,
        initial=HandlingCode.H2,
        widget=forms.RadioSelect,
    )
    their_reference = code(gettext_lazy("Their reference"))
    authority = forms.CharField(label=content.FIELDS["authority"], max_length=300, required=False)
    measure = long_text(content.FIELDS["measure"], 2, required=False)
    object = long_text(content.FIELDS["object"], required=False)
    laws = long_text(content.FIELDS["laws"], 2, required=False)
    targets = long_text(content.FIELDS["targets"], required=False)
    facts = long_text(
        content.FIELDS["facts"],
        8,
        required=False,
        help_text=gettext_lazy("Facts only. What you think of them goes into the next field."),
    )
    assessment = long_text(content.FIELDS["assessment"], required=False)
    procedure = long_text(content.FIELDS["procedure"], 2, required=False)
    language = forms.CharField(label=content.FIELDS["language"], max_length=60, required=False)
    limits = long_text(content.FIELDS["limits"], 2, required=False)
    oral = forms.BooleanField(
        label=gettext_lazy("By word of mouth; to be confirmed in writing"), required=False
    )
    attached = AttachedField()

    def prepare(self) -> None:
        partners: Any = self.fields["partner"]
        partners.queryset = (
            Partner.objects.current().exclude(type=PartnerType.FORUM).order_by("name", "pk")
        )
        self.offer_instruments()
        if self.thing is None:
            return
        columns = {
            name: getattr(self.thing, name) for name in self.fields if hasattr(self.thing, name)
        }
        told = self.opened.content if self.opened else {}
        self.initial = {
            **{name: told[name] for name in content.FIELDS if name in told},
            **columns,
            "version": self.thing.content_version,
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not (given.get("object") or "").strip() and not (given.get("facts") or "").strip():
            self.add_error(
                "object", _("Say what it is about: the object and reason, or the facts.")
            )
        if given.get("urgency") == UrgencyChoice.INSTRUMENT and not given.get("due_at"):
            self.add_error("due_at", _("Give the day and hour that follow from the instrument."))
        given["files"] = given.pop("attached", [])
        return given


class TransferForm(forms.Form):
    """The ground of a transfer to a third country (Directive (EU) 2016/680, Art. 35 to 39)."""

    transfer_ground = forms.ChoiceField(
        label=gettext_lazy("Ground of the transfer to a third country"),
        choices=[("", gettext_lazy("Not needed: inside the Union")), *TransferGround.choices],
        required=False,
    )
    transfer_decided_on = DateField(label=gettext_lazy("Decided on"), required=False)
    justification = long_text(content.FIELDS["justification"], 3, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        names = ("transfer_ground", "transfer_decided_on", "justification")
        if any(given.get(name) for name in names):
            for name in names:
                if not given.get(name) and name not in self.errors:
                    self.add_error(
                        name, _("Ground, day and justification of a transfer belong together.")
                    )
        return given


class BegunForm(forms.Form):
    """Carries the number of what it makes: sent twice, it makes one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class WordedForm(WrittenForm, TransferForm):
    """What we ask or tell; the ground of a transfer stands last."""

    field_order = (*WrittenForm.base_fields, *TransferForm.base_fields)


class DraftForm(BegunForm, WordedForm):
    """The first wording."""


class EditForm(WordedForm):
    """Another one, beside what stood."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    left_out = left_out()

    def prepare(self) -> None:
        super().prepare()
        self.offer_files(self.opened.content if self.opened else {})


class RegisterForm(BegunForm, WrittenForm):
    received_at = moment(
        gettext_lazy("Received"),
        help_text=gettext_lazy("The clock runs from here, through nights and weekends."),
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[("", "–"), *Channel.choices]
    )
    channel_reference = code(gettext_lazy("Reference there"))
    field_order = ("received_at", "channel", "channel_reference")


class ApproveForm(ExchangeForm):
    """The check before anything is passed on (Directive (EU) 2016/680, Art. 7)."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    checked = forms.BooleanField(
        label=gettext_lazy(
            "I have read it: facts and assessments are kept apart, it is accurate and complete, "
            "the limits on use are stated, and no more is passed on than is needed."
        )
    )

    def prepare(self) -> None:
        assert self.thing is not None  # noqa: S101 - the page of an exchange
        self.initial = {"version": self.thing.content_version}

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given.pop("checked", None)
        return given


class OpenForm(forms.Form):
    """The action judges the reason, because a missing one is recorded."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you open this exchange?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "For example “answering the partner” or the number of your case. It is kept in the "
            "record of access, so name nobody and repeat nothing of it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
