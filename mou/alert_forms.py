"""What officers write in an alert, and what a firm says to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.forms import ReasonForm
from mou.models import Handling, Usefulness
from portal import reference

LONGEST_TEXT = 5000
# Field → reference list that its codes come from.
LISTS = {
    "audience": "actor_role",
    "commodities": "commodity",
    "methods": "concealment",
    "indicators": "indicator",
}


class AlertForm(forms.Form):
    """The alert itself; `revision` says which text was on the screen."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("Short and without names: it is shown in lists."),
        max_length=150,
    )
    text = forms.CharField(
        label=gettext_lazy("What happens"),
        help_text=gettext_lazy("Freed of anything that leads to a source, a report or a person."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    advice = forms.CharField(
        label=gettext_lazy("What the firm should do"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Which firms"),
        help_text=gettext_lazy("None ticked: every partner firm whose agreement is in force."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    commodities = forms.MultipleChoiceField(
        label=gettext_lazy("Which goods"),
        help_text=gettext_lazy(
            "Then it goes to firms that told of such goods in their survey, and to those of which "
            "too little is known. What is hidden among any goods, such as narcotics, concerns all."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Which methods"),
        help_text=gettext_lazy(
            "In the same way: a method by sea goes to firms that told of lanes by sea, and to "
            "those of which too little is known."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    indicators = forms.MultipleChoiceField(
        label=gettext_lazy("Which signs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    handling = forms.ChoiceField(
        label=gettext_lazy("How far it may travel"),
        choices=Handling.choices,
        initial=Handling.FIRM,
        widget=forms.RadioSelect,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("After that day no firm sees it any more."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, listed in LISTS.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - as declared above
            field.choices = reference.choices(listed)

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is past. Choose today or a later day."))
        return day


class ApproveForm(forms.Form):
    """Nothing to fill in, but which text was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReturnAlertForm(ReasonForm):
    label = gettext_lazy("What should be changed?")
    hint = gettext_lazy("Whoever wrote it reads this.")


class WithdrawAlertForm(ReasonForm):
    label = gettext_lazy("Why is the alert withdrawn?")
    hint = gettext_lazy("Officers read this. Firms are told only that it no longer stands.")


class AcknowledgeForm(forms.Form):
    usefulness = forms.ChoiceField(
        label=gettext_lazy("What is this alert worth to your firm?"),
        help_text=gettext_lazy(
            "It tells us what to send you. To tell of a suspicion, report it instead."
        ),
        choices=Usefulness.choices,
        widget=forms.RadioSelect,
    )
