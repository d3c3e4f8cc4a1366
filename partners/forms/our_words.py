"""What officers are asked of our words: answer, question, notice, refusal, and approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import content
from partners.forms.exchange_fields import TextForm, WordForm, long_text
from partners.forms.exchanges import ApproveForm, TransferForm
from partners.models import Exchange, Instrument, LeavesAs, PauseGround, RefusalGround, word_of
from portal.handling import HandlingCode


def _version(thing: Exchange | None, leaves_as: LeavesAs) -> int:
    """Which wording of this kind stands; two editors are told of each other by it."""
    word = word_of(thing, leaves_as) if thing is not None else None
    return word.version if word is not None else 0


class ApproveAnswerForm(ApproveForm):
    leaves_as = LeavesAs.ANSWER

    def prepare(self) -> None:
        self.initial = {"version": _version(self.thing, self.leaves_as)}
        if self.leaves_as in (LeavesAs.NOTICE, LeavesAs.REFUSAL):
            self.fields["checked"].label = _(
                "I have read it: it says that and why, and tells nothing that we know of persons, "
                "firms or goods."
            )


class ApproveQuestionForm(ApproveAnswerForm):
    leaves_as = LeavesAs.QUESTION


class ApproveNoticeForm(ApproveAnswerForm):
    leaves_as = LeavesAs.NOTICE


class ApproveRefusalForm(ApproveAnswerForm):
    leaves_as = LeavesAs.REFUSAL


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
            "version": _version(self.thing, LeavesAs.ANSWER),
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
            "version": _version(self.thing, self.leaves_as),
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
