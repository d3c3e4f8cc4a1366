"""What an officer types to find reports: an exact identifier, or words of what was told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import reference
from portal.forms import DateField
from reporting import links
from reporting.lifecycle import READABLE, Status
from reporting.opening import REASON_LENGTH
from reporting.scanning import Choice

ANY = ("", gettext_lazy("Any"))
_PRIVATE = {"autocomplete": "off", "spellcheck": "false"}


def _reason() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Why do you search?"),
        min_length=REASON_LENGTH,
        max_length=300,
        help_text=gettext_lazy(
            "It is recorded with each report that is found. Name nobody and repeat nothing that "
            "was told."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class IdentifierForm(forms.Form):
    typed = forms.CharField(
        label=gettext_lazy("Number, plate or online name"),
        max_length=100,
        help_text=gettext_lazy("The whole of it. Spaces, hyphens and capitals do not matter."),
        widget=forms.TextInput(attrs=_PRIVATE),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What it is"), choices=[ANY, *links.KINDS.items()], required=False
    )
    reason = _reason()


class TextForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Words to look for"),
        max_length=200,
        help_text=gettext_lazy("All of them have to occur. Accents and capitals do not matter."),
        widget=forms.TextInput(attrs=_PRIVATE),
    )
    since = DateField(label=gettext_lazy("Received from"), required=False)
    until = DateField(label=gettext_lazy("Received until"), required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=[ANY, *((one.value, one.label) for one in Status if one in READABLE)],
        required=False,
    )
    category = forms.ChoiceField(label=gettext_lazy("Kind of goods"), required=False)
    reason = _reason()
    # Where the next slice begins, how many reports were looked through, what was found so far.
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)
    looked = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Any")), *reference.choices("commodity")]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    @property
    def choice(self) -> Choice:
        told = self.cleaned_data
        return Choice(told["since"], told["until"], told["status"], told["category"])
