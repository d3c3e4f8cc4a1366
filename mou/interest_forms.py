"""What a firm that asks for an agreement fills in, and what officers do with it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from mou.certificate_cells import EORI
from mou.forms import LONGEST_REASON, ReasonForm
from mou.models import Programme
from portal import reference


def _countries() -> list[tuple[str, str]]:
    return [("", _("Choose a country")), *((code, str(name)) for code, name in countries)]


def eori(typed: str) -> str:
    """Upper case without blanks; ValidationError where it cannot be one."""
    found = re.sub(r"\s+", "", typed).upper()
    if found and not EORI.fullmatch(found):
        raise forms.ValidationError(
            _("An EORI number is two letters and up to 15 characters. Leave it empty if unsure.")
        )
    return found


class FirmForm(forms.Form):
    """The firm itself; only its name and country are needed."""

    firm_name = forms.CharField(label=gettext_lazy("Name of the firm"), max_length=200)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=_countries)
    national_id = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    eori = forms.CharField(
        label=gettext_lazy("EORI number"),
        help_text=gettext_lazy("If you have one. You need none for an agreement."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def clean_eori(self) -> str:
        return eori(self.cleaned_data["eori"])


class InterestForm(FirmForm):
    role = forms.ChoiceField(label=gettext_lazy("What the firm does"))
    about = forms.CharField(
        label=gettext_lazy("Why would you like to work with us?"),
        help_text=gettext_lazy("A few words are enough. Do not report a suspicion here."),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    person = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We answer to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Your telephone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [("", _("Choose what fits best")), *reference.choices("actor_role")]


class ObjectionForm(ReasonForm):
    label = gettext_lazy("Why should we look again?")
    hint = gettext_lazy("Another officer than before reads this and decides.")


class RefusalForm(ReasonForm):
    label = gettext_lazy("Why is there no agreement?")
    hint = gettext_lazy("The firm reads this, and how to have it looked at again.")


class _ProgrammeForm(forms.Form):
    programme = forms.ModelChoiceField(
        Programme.objects.order_by("pk"), label=gettext_lazy("Programme"), empty_label=None
    )


class AcceptForm(_ProgrammeForm):
    contact_source = forms.CharField(
        label=gettext_lazy("How did you check who asks?"),
        help_text=gettext_lazy("The offer goes to the address that was given, with a way in."),
        max_length=200,
    )


class OutreachForm(_ProgrammeForm, FirmForm):
    email = forms.EmailField(label=gettext_lazy("Address that the offer goes to"))
    source = forms.CharField(label=gettext_lazy("How did you check the address?"), max_length=200)
    reason = forms.CharField(
        label=gettext_lazy("Why is this firm invited?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
