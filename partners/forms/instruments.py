"""What the desk is asked about instruments and their parties."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partners.models import Instrument, InstrumentKind, InstrumentParty, Partner, Purpose
from portal.forms import DateField


class InstrumentForm(forms.Form):
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
            more["initial"] = {name: getattr(thing, name) for name in self.base_fields} | {
                "version": thing.version
            }
        super().__init__(data, label_suffix="", **more)


class AddInstrumentForm(InstrumentForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("Short, for example “se-sg-2019”. It cannot be changed later."),
    )
    field_order = ("code",)


class EditInstrumentForm(InstrumentForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thing: Instrument, **more: Any) -> None:
        super().__init__(data, thing=thing, **more)


class EndInstrumentForm(forms.Form):
    ended_on = DateField(label=_("The last day on which it is in force"))

    def __init__(self, data: Any = None, *, thing: Instrument) -> None:
        super().__init__(data, label_suffix="", initial={"ended_on": timezone.localdate()})


class AddPartyForm(forms.Form):
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
        super().__init__(data, label_suffix="")
        named: Any = self.fields["partner"]
        named.queryset = Partner.objects.current().filter(country="").order_by("name")


class EndPartyForm(forms.Form):
    until = DateField(label=_("The last day on which it is bound"))

    def __init__(self, data: Any = None, *, thing: InstrumentParty) -> None:
        super().__init__(data, label_suffix="", initial={"until": timezone.localdate()})
