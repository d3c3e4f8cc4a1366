"""What officers are asked of our words: answer, question, notice, refusal, and approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import content
from partners.forms.exchange_fields import TextForm, WordForm, covering, left_out, long_text
from partners.forms.exchanges import ApproveForm, TransferForm
from partners.models import Exchange, LeavesAs, PauseGround, RefusalGround, word_of
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


class DraftWordForm(TextForm):
    """A word of ours that leaves once another approved it; what has not left stands in it."""

    leaves_as = LeavesAs.QUESTION
    version = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        told = self.stood
        self.initial = {
            "version": _version(self.thing, self.leaves_as),
            "text": told.get("text", ""),
            "ground": told.get("ground", ""),
        }

    @property
    def stood(self) -> dict[str, Any]:
        """The wording that stands; empty where it has left."""
        word = word_of(self.thing, self.leaves_as) if self.thing is not None else None
        found = self.opened.ours.get(self.leaves_as) if self.opened is not None else None
        if word is None or found is None or word.by_id is None or word.version != found.version:
            return {}
        return found.told


class UnderLawForm(DraftWordForm, TransferForm):
    """One that leaves only where the law covers it."""

    instrument = covering()

    def prepare(self) -> None:
        super().prepare()
        self.offer_instruments()
        self.initial = {
            **self.initial,
            "instrument": self.thing.instrument if self.thing else None,
            "transfer_ground": self.thing.transfer_ground if self.thing else "",
            "transfer_decided_on": self.thing.transfer_decided_on if self.thing else None,
            "justification": self.stood.get("justification", ""),
        }


class AnswerForm(UnderLawForm, WordForm):
    leaves_as = LeavesAs.ANSWER
    field_order = ("version", "text", "limits", "handling", "left_out", "attached", "instrument")

    text = long_text(gettext_lazy("Our answer"), 10)
    limits = long_text(content.FIELDS["limits"], 2, required=False)
    handling = forms.ChoiceField(
        label=gettext_lazy("Handling code"),
        choices=HandlingCode.choices,
        widget=forms.RadioSelect,
    )
    left_out = left_out()

    def prepare(self) -> None:
        super().prepare()
        self.offer_files(self.stood)
        self.initial = {
            **self.initial,
            "handling": self.thing.handling if self.thing else "",
            "limits": self.stood.get("limits", ""),
        }


class DraftQuestionForm(UnderLawForm):
    field_order = ("version", "text", "instrument")

    text = long_text(gettext_lazy("What is to be clarified?"), 6)


def _told_without_law(label: Any, rows: int = 4) -> forms.CharField:
    help_text = gettext_lazy(
        "It may leave where no instrument covers the request: tell nothing"
        " that we know of persons, firms or goods."
    )
    return long_text(label, rows, help_text=help_text)


class DraftNoticeForm(DraftWordForm):
    leaves_as = LeavesAs.NOTICE
    field_order = ("version", "ground", "text")

    ground = forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=PauseGround.choices, widget=forms.RadioSelect
    )
    text = _told_without_law(gettext_lazy("The notice that the other side is given"))


class DraftRefusalForm(DraftWordForm):
    leaves_as = LeavesAs.REFUSAL
    field_order = ("version", "ground", "text")

    ground = forms.ChoiceField(
        label=gettext_lazy("Ground"), choices=RefusalGround.choices, widget=forms.RadioSelect
    )
    text = _told_without_law(gettext_lazy("Reasons"), 6)
