"""What is filled in about the member firms of an association."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.forms import ReasonForm
from mou.interest_forms import FirmForm


class MemberForm(FirmForm):
    """A firm that the association names: found by its numbers, and never shown."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the firm"),
        help_text=gettext_lazy("Used when nobody of the firm has an account here."),
        max_length=254,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["eori"].help_text = _("This or the registration number.")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        numbers = ("national_id", "eori")
        if not any(told.get(name) or name in self.errors for name in numbers):
            self.add_error(
                "national_id", _("Give the firm’s registration number or its EORI number.")
            )
        if self.errors:
            return told
        firm = {"legal_name": told["firm_name"]}
        firm |= {name: told[name] for name in ("country", "national_id", "eori")}
        return {"firm": firm, "email": told["email"]}


class InviteMemberForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the firm"),
        max_length=254,
        help_text=gettext_lazy(
            "Whoever reads mail at this address can become the firm’s owner here."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("How you checked it"),
        max_length=200,
        help_text=gettext_lazy("Such as: called the switchboard number in the trade register."),
    )


class RefuseMemberForm(ReasonForm):
    label = gettext_lazy("Why is the firm not covered?")
    hint = gettext_lazy("The association and the firm read this.")
