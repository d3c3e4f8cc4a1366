"""What is asked before a report is handed out, or before anybody learns who reported."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from reporting.opening import REASON_LENGTH

EVERYTHING, SANITISED = "everything", "sanitised"
ZIP, PDF = "zip", "pdf"


def _line(label: Any, longest: int, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, widget=widget, **more)


def _reason(label: Any) -> forms.CharField:
    return _line(
        label,
        300,
        min_length=REASON_LENGTH,
        help_text=gettext_lazy("It is recorded. Name nobody and repeat nothing that was told."),
    )


class WhyForm(forms.Form):
    reason = _reason(gettext_lazy("Why?"))


class RequestIdentityForm(forms.Form):
    reason = _reason(gettext_lazy("Why do you have to know who reported?"))


class HandingForm(forms.Form):
    """What goes out, to whom and why."""

    what = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[
            (EVERYTHING, gettext_lazy("Everything, to be used inside the unit")),
            (SANITISED, gettext_lazy("The sanitised version only, to be handed on")),
        ],
        widget=forms.RadioSelect,
        initial=EVERYTHING,
    )
    with_files = forms.BooleanField(
        label=gettext_lazy("With the files that were sent"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Originals can name the reporter and can be harmful."),
    )
    recipient = _line(gettext_lazy("Who gets it?"), 120)
    reason = _reason(gettext_lazy("Why?"))

    @property
    def told(self) -> dict[str, Any]:
        """For the action."""
        told = self.cleaned_data
        return {
            "sanitised": told["what"] == SANITISED,
            "with_files": told["with_files"],
            "recipient": told["recipient"],
            "reason": told["reason"],
        }


class ExportForm(HandingForm):
    form = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[
            (ZIP, gettext_lazy("Sealed ZIP, which opens by a passphrase")),
            (PDF, gettext_lazy("PDF to print, not sealed and without the files")),
        ],
        widget=forms.RadioSelect,
        initial=ZIP,
    )
    field_order = ("form", "what", "with_files", "recipient", "reason")
