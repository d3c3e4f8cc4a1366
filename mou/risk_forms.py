"""What officers fill in about risks: a rating of one threat, and what the firm is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.forms import LONGEST_REASON
from mou.heat_map import Risk

LIKELIHOODS = [
    (1, gettext_lazy("1: hardly thinkable")),
    (2, gettext_lazy("2: unlikely")),
    (3, gettext_lazy("3: possible")),
    (4, gettext_lazy("4: likely")),
    (5, gettext_lazy("5: to be expected")),
]
IMPACTS = [
    (1, gettext_lazy("1: slight")),
    (2, gettext_lazy("2: limited")),
    (3, gettext_lazy("3: considerable")),
    (4, gettext_lazy("4: grave")),
    (5, gettext_lazy("5: gravest")),
]


class RatingForm(forms.Form):
    likelihood = forms.TypedChoiceField(
        label=gettext_lazy("Likelihood"), choices=LIKELIHOODS, coerce=int
    )
    impact = forms.TypedChoiceField(label=gettext_lazy("Impact"), choices=IMPACTS, coerce=int)
    override = forms.IntegerField(
        label=gettext_lazy("What is left of the risk, set by you"),
        help_text=gettext_lazy("From 1 to 25. Leave it empty to let the answers decide."),
        min_value=1,
        max_value=25,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("Stays at the desk; the firm never reads it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ShareForm(forms.Form):
    threats = forms.MultipleChoiceField(
        label=gettext_lazy("Which threats is the firm shown?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one threat")},
    )
    note = forms.CharField(
        label=gettext_lazy("What do you want to say to the firm?"),
        help_text=gettext_lazy("The firm reads this above the table."),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, risks: list[Risk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["threats"]
        assert isinstance(choice, forms.MultipleChoiceField)  # noqa: S101 - as declared above
        choice.choices = [
            (one.threat.code, f"{one.number}. {_(one.threat.title)}") for one in risks
        ]
