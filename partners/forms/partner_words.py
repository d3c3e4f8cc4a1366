"""What officers are asked of what a partner says; where we say it, there is nothing to write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.exchange_lifecycle import Direction
from partners.forms.exchange_fields import (
    ChannelForm,
    ExchangeForm,
    TextForm,
    WordForm,
    code,
    long_text,
)
from partners.models import (
    AGREED,
    FurtherUse,
    OnwardConsent,
    PauseGround,
    RefusalGround,
    SealedKind,
)


class AcknowledgeForm(ExchangeForm):
    their_reference = code(gettext_lazy("Their reference"))


class SetAsideForm(ExchangeForm):
    reason = forms.CharField(
        label=gettext_lazy("Why was it entered by mistake?"),
        max_length=300,
        help_text=gettext_lazy("It is kept in the record: name nobody and repeat nothing of it."),
    )


class PartnerSays(ChannelForm):
    """What a partner says; where we say it, it was approved: only the channel is asked."""

    partner_says = Direction.OUT

    def prepare(self) -> None:
        if self.thing is not None and self.thing.direction != self.partner_says:
            self.fields = {name: self.fields[name] for name in ChannelForm.base_fields}
            return
        came: Any = self.fields["channel"]
        came.label, came.required = _("By which channel did it come?"), False
        self.order_fields([one for one in self.fields if one not in ChannelForm.base_fields])


class PartnersWordForm(PartnerSays, WordForm):
    partner_says = Direction.IN


class ConfirmForm(PartnersWordForm):
    text = long_text(gettext_lazy("What the letter adds"), required=False)


class ClarifyForm(PartnersWordForm):
    text = long_text(gettext_lazy("What the partner explained"), 6)


class PartnersAnswerForm(PartnersWordForm):
    partner_says = Direction.OUT
    # How many words there were: sent twice, or by two who have the same letter, it is kept once.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = long_text(gettext_lazy("What the partner answered"), 8)

    def prepare(self) -> None:
        super().prepare()
        if self.thing is not None and "version" in self.fields:
            words = self.thing.envelopes.filter(kind=SealedKind.WORD)
            self.initial = {"version": words.count()}


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
    uses = forms.MultipleChoiceField(
        label=gettext_lazy("What does the consent reach?"),
        choices=FurtherUse.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Wanted where consent is given. What the supplier did not name is not allowed."
        ),
    )
    text = long_text(
        gettext_lazy("Conditions, or what was asked"),
        required=False,
        help_text=gettext_lazy("Wanted where consent is given on conditions."),
    )

    def clean_uses(self) -> list[str]:
        """Where nothing is agreed to, what was ticked is no part of it."""
        agreed = self.cleaned_data.get("consent") in AGREED
        return list(self.cleaned_data["uses"]) if agreed else []


class WithdrawForm(ExchangeForm):
    text = long_text(gettext_lazy("How was it taken back, and what was said?"), required=False)
