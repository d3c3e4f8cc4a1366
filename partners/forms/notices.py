"""What the desk writes as a notice, and what a person of a firm subscribes to."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partners.models import Notice, NoticeReach
from portal import reference
from portal.forms import DateField


class NoticeForm(forms.Form):
    """All that is written; `thing` is the notice that is changed."""

    title = forms.CharField(label=_("Title"), max_length=150)
    text = forms.CharField(
        label=_("Text"),
        help_text=_("An empty line begins a new paragraph. Name no firm and no person."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    country = forms.ChoiceField(label=_("Country"))
    sector = forms.ChoiceField(label=_("Sector"))
    visibility = forms.TypedChoiceField(
        label=_("Who may read it?"),
        choices=NoticeReach.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    last_day = DateField(label=_("Until which day is it shown?"))

    def __init__(self, data: Any = None, *, thing: Notice | None = None, **more: Any) -> None:
        if thing is not None:
            known = {name: getattr(thing, name) for name in NoticeForm.base_fields}
            more["initial"] = known | {"version": thing.version}
        super().__init__(data, label_suffix="", **more)
        _offer(self, "country", [("", _now("Choose a country")), *countries])
        _offer(self, "sector", [("", _now("Choose a sector")), *reference.choices("sector")])

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_now("Choose a last day that is still to come."))
        return day


class NewNoticeForm(NoticeForm):
    """With the number of what it makes, so that sent twice it makes one."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class EditNoticeForm(NoticeForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ByCountryForm(forms.Form):
    """A country, a sector, or both: to look for notices and to subscribe to them."""

    mark_optional = False
    country = forms.ChoiceField(label=_("Country"), required=False)
    sector = forms.ChoiceField(label=_("Sector"), required=False)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        _offer(self, "country", [("", _now("All countries")), *countries])
        _offer(self, "sector", [("", _now("All sectors")), *reference.choices("sector")])


def _offer(form: forms.Form, name: str, choices: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
    field.choices = choices
