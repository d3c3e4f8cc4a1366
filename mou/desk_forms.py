"""Forms of the officers' desk about lists of certificates, trust statuses and offers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.models import Component, EoriResult
from mou.models.trust import CertificateType, ConsentKind


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("List of certificates"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
        },
    )
    complete = forms.BooleanField(
        label=_("The list is complete"),
        required=False,
        help_text=_("Then you also see which certificates in the register it no longer names."),
    )


class TrustEventForm(forms.Form):
    component = forms.ChoiceField(label=_("Which part"), widget=forms.RadioSelect)
    decided_on = forms.DateField(
        label=_("Decided on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    effective_on = forms.DateField(
        label=_("In effect from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=_("A day to come is kept, and takes effect on that day."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Such as the number of the decision. It is kept with the certificate."),
    )

    def __init__(self, data: Any, *, components: list[str]) -> None:
        super().__init__(
            data, initial=dict.fromkeys(["decided_on", "effective_on"], timezone.localdate())
        )
        labels = dict(CertificateType.choices)
        field = self.fields["component"]
        field.choices = [(code, labels[code]) for code in components]  # type: ignore[attr-defined]
        if len(components) == 1:
            field.initial = components[0]


class ConsentForm(forms.Form):
    what = forms.ChoiceField(label=_("What the holder says"), widget=forms.RadioSelect)
    day = forms.DateField(
        label=_("On"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def __init__(self, data: Any, *, given: set[str]) -> None:
        super().__init__(data, initial={"day": timezone.localdate()})
        give, withdraw = _("Consents: %(what)s"), _("Takes back: %(what)s")
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (
                f"{'withdraw' if kind in given else 'give'}:{kind}",
                (withdraw if kind in given else give) % {"what": label},
            )
            for kind, label in ConsentKind.choices
        ]


class EoriCheckForm(forms.Form):
    result = forms.ChoiceField(
        label=_("Does the number exist?"), widget=forms.RadioSelect, choices=EoriResult.choices
    )
    how = forms.CharField(
        label=_("How you checked it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("Such as: looked up on the Commission’s page, name and address agree."),
    )


class ContactForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address of the firm"),
        max_length=254,
        help_text=_("Whoever reads mail at this address can become the firm’s owner here."),
    )
    source = forms.CharField(
        label=_("How you checked it"),
        max_length=200,
        help_text=_("Such as: called the switchboard number in the trade register."),
    )


class ComponentForm(forms.Form):
    component = forms.ChoiceField(
        label=_("The agreement requires"), widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The firm reads this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )

    def __init__(self, data: Any, *, component: str, held: list[str]) -> None:
        super().__init__(data, initial={"component": component})
        self.fields["component"].choices = [  # type: ignore[attr-defined]
            *((code, label) for code, label in Component.choices if code in held),
            ("", _("No part: it goes on whatever becomes of the certificate")),
        ]


class WithdrawOfferForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )
