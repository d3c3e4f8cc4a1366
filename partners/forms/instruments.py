"""What the desk is asked about instruments, their parties, and what somebody proposed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partners.instrument_terms import WRITTEN
from partners.models import (
    Instrument,
    InstrumentChange,
    InstrumentKind,
    InstrumentParty,
    Partner,
    Purpose,
)
from portal.forms import DateField


class ProposalForm(forms.Form):
    """Whatever is proposed has a reason, asked last."""

    reason = forms.CharField(
        label=_("Why it is proposed"),
        max_length=300,
        help_text=_("Whoever decides on it reads this."),
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        self.order_fields([name for name in self.fields if name != "reason"])


class InstrumentForm(ProposalForm):
    """All that is written of an instrument; `thing` is the one that is changed."""

    title = forms.CharField(label=_("Title"), max_length=300)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=InstrumentKind.choices, widget=forms.RadioSelect
    )
    reference = forms.CharField(label=_("Where it is published"), max_length=200, required=False)
    signed_on = DateField(label=_("Signed on"), required=False)
    in_force_on = DateField(
        label=_("In force since"),
        required=False,
        help_text=_("As long as this is empty nothing can be sent under it."),
    )
    purposes = forms.MultipleChoiceField(
        label=_("Purposes for which it lets information pass"),
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    limits = forms.CharField(
        label=_("Limits on use"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirmed = forms.BooleanField(
        label=_("Dates and parties were checked against the publication"), required=False
    )
    source = forms.CharField(label=_("Where that is known from"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, thing: Instrument | None = None, **more: Any) -> None:
        if thing is not None:
            more["initial"] = {name: getattr(thing, name) for name in WRITTEN} | {
                "version": thing.version
            }
        super().__init__(data, **more)


class CountriesField(forms.CharField):
    """Codes of countries, with whatever between them."""

    def clean(self, value: Any) -> list[str]:
        codes = re.findall(r"[^\s,;]+", super().clean(value).upper())
        if unknown := [one for one in codes if one not in countries]:
            raise forms.ValidationError(
                _("There is no country “%(code)s”."), params={"code": unknown[0]}
            )
        return list(dict.fromkeys(codes))


class AddInstrumentForm(InstrumentForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("Short, for example “se-sg-2019”. It cannot be changed later."),
    )
    countries = CountriesField(
        label=_("Countries that it binds"),
        required=False,
        max_length=1500,
        help_text=_(
            "Our own as well. Codes of two letters with spaces between them, for example “SE SG”. "
            "Organisations that are bound by name are proposed afterwards."
        ),
    )
    field_order = ("code",)


class EditInstrumentForm(InstrumentForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thing: Instrument, **more: Any) -> None:
        super().__init__(data, thing=thing, **more)


class EndInstrumentForm(ProposalForm):
    ended_on = DateField(label=_("The last day on which it is in force"))

    def __init__(self, data: Any = None, *, thing: Instrument) -> None:
        super().__init__(data, initial={"ended_on": timezone.localdate()})


class AddPartyForm(ProposalForm):
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=[("", _("None: an organisation by name")), *countries],
    )
    partner = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=_("None: a country"),
        help_text=_("Only for bodies that are bound themselves, such as those of the Union."),
    )
    since = DateField(
        label=_("Bound since"),
        required=False,
        help_text=_("Empty: as long as the instrument is in force."),
    )

    def __init__(self, data: Any = None, *, thing: Instrument) -> None:
        super().__init__(data)
        named: Any = self.fields["partner"]
        named.queryset = Partner.objects.current().filter(country="").order_by("name")


class EndPartyForm(ProposalForm):
    until = DateField(label=_("The last day on which it is bound"))

    def __init__(self, data: Any = None, *, thing: InstrumentParty) -> None:
        super().__init__(data, initial={"until": timezone.localdate()})


class RejectChangeForm(forms.Form):
    note = forms.CharField(
        label=_("Why not?"), max_length=300, help_text=_("Whoever proposed it reads this.")
    )

    def __init__(self, data: Any = None, *, thing: InstrumentChange) -> None:
        super().__init__(data, label_suffix="")
