"""What officers are asked about how long exchanges are kept."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.forms.exchange_fields import ExchangeForm
from partners.models import Outcome
from portal import retention_forms as asked


class OutcomeForm(ExchangeForm):
    outcome = forms.ChoiceField(
        label=_("What came of it, as far as is known?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        help_text=_("It decides how long the exchange is kept. It may be said anew later."),
    )

    def prepare(self) -> None:
        if self.thing is not None:
            self.initial = {"outcome": self.thing.outcome}


class KeepForm(asked.KeepForm, ExchangeForm):
    """Until another day, for a reason."""


class HoldForm(asked.HoldForm, ExchangeForm):
    """For a reason."""


class RuleForm(asked.RuleForm):
    source = forms.CharField(label=_("Where does that stand?"), max_length=200, required=False)
    confirmed = forms.BooleanField(label=_("Somebody has looked it up there"), required=False)
    field_order = ("review_months", "erase_months", "source", "confirmed", "reason")
