"""What officers are asked about an exchange: one form a verb, given who is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import content
from partners.actions.exchange_holding import MOST_FILES, Attachment, attachment
from partners.exchange_lifecycle import Direction
from partners.models import (
    Channel,
    Exchange,
    ExchangeType,
    Instrument,
    LeavesAs,
    OnwardConsent,
    Partner,
    PartnerType,
    PauseGround,
    Purpose,
    RefusalGround,
    TransferGround,
    UrgencyChoice,
)
from partners.opening import Opened
from portal.examined_files import FileRefused
from portal.forms import DateField, FilesField
from portal.handling import HandlingCode
from portal.models import User
from portal.register_forms import Moment

CODE = RegexValidator(
    r"^[\w./ \-:()]*\Z", gettext_lazy("Use letters, digits, spaces and . / - : ( ) only.")
)
NAME = 120


class AttachedField(FilesField):
    """Several files at once, in memory; each becomes an attachment."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", gettext_lazy("Files"))
        more.setdefault("required", False)
        more.setdefault(
            "help_text",
            gettext_lazy(
                "At most ten, and 10 MB together. They are looked at, then sealed with the text."
            ),
        )
        super().__init__(**more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent = super().clean(data, initial)
        if len(sent) > MOST_FILES:
            raise forms.ValidationError(_("Choose ten files at most."))
        if any(getattr(one, "was_dropped", False) for one in sent):
            raise forms.ValidationError(_("Choose files of 10 MB together at most."))
        return [_looked_at(one.name or "", one.read()) for one in sent]


def _looked_at(name: str, data: bytes) -> Attachment:
    try:
        return attachment(name, data)
    except FileRefused as error:
        shown = "".join(one for one in name if one.isprintable())[:NAME] or _("file")
        raise forms.ValidationError(f"{shown}: {error}") from error


def long_text(label: Any, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    more.setdefault("max_length", content.LONGEST)
    return forms.CharField(label=label, widget=widget, **more)


def code(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=60, required=False, validators=[CODE], **more)


class ExchangeForm(forms.Form):
    """Knows the exchange, who is asked, and what it says when that is open."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        thing: Exchange | None = None,
        by: User,
        opened: Opened | None = None,
    ) -> None:
        self.thing, self.by, self.opened = thing, by, opened
        super().__init__(data, files, label_suffix="")
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and what stands in the fields at first."""


class WrittenForm(ExchangeForm):
    """A request, or information given unasked, with the fields of Naples II, Art. 9."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Partner"), queryset=Partner.objects.none(), empty_label="–"
    )
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=ExchangeType.choices)
    instrument = forms.ModelChoiceField(
        label=gettext_lazy("Instrument"),
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="–",
        help_text=gettext_lazy(
            "Nothing is sent unless it is in force, binds both sides and lists the purpose."
        ),
    )
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose.choices)
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=UrgencyChoice.choices,
        initial=UrgencyChoice.OTHER,
        widget=forms.RadioSelect,
    )
    due_at = Moment(
        label=gettext_lazy("Answer due"),
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
        instruments: Any = self.fields["instrument"]
        instruments.queryset = Instrument.objects.in_force().order_by("title", "pk")
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


class DraftForm(WrittenForm, TransferForm):
    """What we ask or tell; the ground of a transfer stands last."""

    field_order = (*WrittenForm.base_fields, *TransferForm.base_fields)


class EditForm(DraftForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class RegisterForm(WrittenForm):
    received_at = Moment(
        label=gettext_lazy("Received"),
        help_text=gettext_lazy("The clock runs from here, through nights and weekends."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
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


class ApproveAnswerForm(ApproveForm):
    def prepare(self) -> None:
        assert self.thing is not None  # noqa: S101 - the page of an exchange
        self.initial = {"version": self.thing.answer_version}
        if self.thing.answer_leaves_as in (LeavesAs.NOTICE, LeavesAs.REFUSAL):
            self.fields["checked"].label = _(
                "I have read it: it says that and why, and tells nothing that we know of persons, "
                "firms or goods."
            )


class SendForm(ExchangeForm):
    channel = forms.ChoiceField(
        label=gettext_lazy("By which channel did it leave?"), choices=Channel.choices
    )
    channel_reference = code(gettext_lazy("Reference there"))


class AcknowledgeForm(ExchangeForm):
    their_reference = code(gettext_lazy("Their reference"))


class TextForm(ExchangeForm):
    text = long_text(gettext_lazy("Text"), 6)


class WordForm(TextForm):
    attached = AttachedField()

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        given["files"] = given.pop("attached", [])
        return given


class PartnerSays(ExchangeForm):
    """What a partner says; where we say it, it was approved: there is nothing left to write."""

    partner_says = Direction.OUT

    def prepare(self) -> None:
        if self.thing is not None and self.thing.direction != self.partner_says:
            self.fields.clear()

    def clean(self) -> dict[str, Any]:
        return (super().clean() or {}) if self.fields else {}


class PartnersWordForm(PartnerSays, WordForm):
    partner_says = Direction.IN


class ConfirmForm(PartnersWordForm):
    text = long_text(gettext_lazy("What the letter adds"), required=False)


class ClarifyForm(PartnersWordForm):
    text = long_text(gettext_lazy("What the partner explained"), 6)


class PartnersAnswerForm(PartnersWordForm):
    partner_says = Direction.OUT
    text = long_text(gettext_lazy("What the partner answered"), 8)


class AnswerForm(TransferForm, WordForm):
    field_order = ("version", "text", "limits", "handling", "attached", "instrument")

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = long_text(gettext_lazy("Our answer"), 10)
    limits = long_text(content.FIELDS["limits"], 2, required=False)
    handling = forms.ChoiceField(
        label=gettext_lazy("Handling code"),
        choices=HandlingCode.choices,
        widget=forms.RadioSelect,
    )
    instrument = forms.ModelChoiceField(
        label=gettext_lazy("Instrument"),
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="–",
        help_text=gettext_lazy("The answer leaves only under one that covers it."),
    )

    def prepare(self) -> None:
        assert self.thing is not None  # noqa: S101 - the page of an exchange
        instruments: Any = self.fields["instrument"]
        instruments.queryset = Instrument.objects.in_force().order_by("title", "pk")
        told = self.opened.answer if self.opened else {}
        self.initial = {
            "version": self.thing.answer_version,
            "handling": self.thing.handling,
            "instrument": self.thing.instrument,
            "text": told.get("text", ""),
            "limits": told.get("limits", ""),
            "justification": told.get("justification", ""),
            "transfer_ground": self.thing.transfer_ground,
            "transfer_decided_on": self.thing.transfer_decided_on,
        }


class DraftWordForm(TextForm):
    """A word of ours that leaves once another approved it; what has not left stands in it."""

    leaves_as = LeavesAs.QUESTION
    version = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        assert self.thing is not None  # noqa: S101 - the page of an exchange
        told = self.opened.drafted(self.leaves_as) if self.opened else {}
        self.initial = {
            "version": self.thing.answer_version,
            "text": told.get("text", ""),
            "ground": told.get("ground", ""),
        }


class DraftQuestionForm(DraftWordForm):
    field_order = ("version", "text", "instrument")

    text = long_text(gettext_lazy("What is to be clarified?"), 6)
    instrument = forms.ModelChoiceField(
        label=gettext_lazy("Instrument"),
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="–",
        help_text=gettext_lazy("The question leaves only under one that covers it."),
    )

    def prepare(self) -> None:
        super().prepare()
        instruments: Any = self.fields["instrument"]
        instruments.queryset = Instrument.objects.in_force().order_by("title", "pk")
        self.initial["instrument"] = self.thing.instrument if self.thing else None


class DraftNoticeForm(DraftWordForm):
    leaves_as = LeavesAs.NOTICE
    field_order = ("version", "ground", "text")

    ground = forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=PauseGround.choices, widget=forms.RadioSelect
    )
    text = long_text(
        gettext_lazy("The notice that the other side is given"),
        help_text=gettext_lazy(
            "It may leave where no instrument covers the request: tell nothing"
            " that we know of persons, firms or goods."
        ),
    )


class DraftRefusalForm(DraftWordForm):
    leaves_as = LeavesAs.REFUSAL
    field_order = ("version", "ground", "text")

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=RefusalGround.choices, widget=forms.RadioSelect
    )
    text = long_text(
        gettext_lazy("Reasons"),
        6,
        help_text=gettext_lazy(
            "It may leave where no instrument covers the request: tell nothing"
            " that we know of persons, firms or goods."
        ),
    )


class PauseForm(PartnerSays):
    ground = forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=PauseGround.choices, widget=forms.RadioSelect
    )
    notice = long_text(gettext_lazy("The notice that the other side was given"))


class ResumeForm(PartnerSays):
    notice = long_text(gettext_lazy("The notice that the other side was given"))


class QuestionForm(PartnerSays, TextForm):
    text = long_text(gettext_lazy("What does the partner ask?"), 6)


class RefuseForm(PartnerSays):
    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=RefusalGround.choices, widget=forms.RadioSelect
    )
    text = long_text(gettext_lazy("Reasons"), 6)


class ConsentForm(ExchangeForm):
    consent = forms.ChoiceField(
        label=gettext_lazy("What does the supplier say to further use?"),
        choices=[one for one in OnwardConsent.choices if one[0] != OnwardConsent.WITHDRAWN],
        widget=forms.RadioSelect,
    )
    text = long_text(
        gettext_lazy("Conditions, or what was asked"),
        required=False,
        help_text=gettext_lazy("Wanted where consent is given on conditions."),
    )


class WithdrawForm(ExchangeForm):
    text = long_text(gettext_lazy("How was it taken back, and what was said?"), required=False)


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
