"""Who somebody is, asked once more and bound to what is about to be done."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import second_factor
from portal.errors import DomainError
from portal.requests import PersonRequest


class CodeInput(forms.TextInput):
    """A code that was typed once is of no use again, so it is never shown."""

    def format_value(self, value: Any) -> None:
        return None


class SecondFactorForm(forms.Form):
    """A one-time code, or what a passkey answered."""

    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        help_text=gettext_lazy("The six digits that your authenticator app shows now."),
        max_length=32,
        required=False,
        widget=CodeInput(
            attrs={
                "class": "govuk-input--width-10",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "spellcheck": "false",
            }
        ),
    )
    passkey = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    mark_optional = False

    def __init__(self, *args: Any, has_codes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_codes:
            self.fields["code"].label = _("Recovery code")
            self.fields["code"].help_text = _("Only if your passkey is not at hand.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("code") and not cleaned.get("passkey") and "code" not in self.errors:
            self.add_error("code", _("Enter the code, or use a passkey"))
        return cleaned


class StepUp:
    """One person about to do one thing; `bound` is what a passkey signs with its answer."""

    def __init__(self, request: PersonRequest, bound: bytes) -> None:
        self.request, self.user, self.bound = request, request.user, bound

    @property
    def has_codes(self) -> bool:
        return second_factor.has_codes(self.user)

    def passkey_options(self) -> str:
        """What the browser needs to ask for a passkey; nothing where there is none."""
        if not second_factor.has_passkey(self.user):
            return ""
        return json.dumps(second_factor.begin_passkey(self.request, self.user, self.bound))

    def prove(self, form: SecondFactorForm) -> tuple[str, dict[str, str]] | None:
        """Which factor confirmed it, with its evidence; else None, and an error in the form."""
        try:
            if answer := form.cleaned_data["passkey"]:
                return "passkey", second_factor.complete_passkey(
                    self.request, self.user, self.bound, answer
                )
            spent = second_factor.spend_code(self.user, form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", str(error))
            return None
        if spent is not None:
            return str(spent.type), {}
        form.add_error(
            "code",
            _(
                "This code is not right, or it was used already. "
                "Wait for the next code in your app and enter that one."
            ),
        )
        return None
