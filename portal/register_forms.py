"""What the data protection officer fills in for the registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.forms import DateField
from portal.models import Breach, ProcessingActivity, RightsRequest
from portal.models.registers import Outcome, RefusalGround


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MomentInput(AdminSplitDateTime):
    """The browser's own fields, so that nobody has to know how we write a day or a time."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        day, time = self.widgets
        day.input_type, day.format = "date", "%Y-%m-%d"
        time.input_type, time.format = "time", "%H:%M"


class Moment(forms.SplitDateTimeField):
    """A day and a time of day, in the portal's own time zone."""

    widget = MomentInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"initial": timezone.now, **kwargs})


class ReceiveForm(forms.ModelForm):
    """A rights request as it came."""

    received_on = DateField(label=_("Received on"), initial=timezone.localdate)

    class Meta:
        model = RightsRequest
        fields = ("kind", "regime", "route", "person", "wish", "received_on")
        widgets = {"wish": _area(), "person": _area(2)}


class IdentifyForm(forms.Form):
    how = forms.CharField(
        label=_("How was the identity checked?"),
        help_text=_("Ask for no more than is needed, and keep no copy of a document."),
        max_length=300,
    )


class ExtendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it take longer?"),
        help_text=_("The person is told so, with the reason, within the first month."),
        max_length=500,
        widget=_area(),
    )


class ContestForm(forms.Form):
    what = forms.CharField(
        label=_("Which data are contested?"),
        help_text=_("Name the record by its number, so that whoever uses it can be told."),
        max_length=300,
    )


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label=_("What was given or done, and why"), max_length=4000, widget=_area(6)
    )


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"), choices=RefusalGround.choices, widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label=_("Reasons in fact and law"),
        help_text=_(
            "They are kept for the supervisory authority, also where the person is not told them. "
            "The person is told that they can go to the authority or to a court."
        ),
        max_length=4000,
        widget=_area(6),
    )


class BreachForm(forms.ModelForm):
    """What is known of a breach; more can be added at any time."""

    class Meta:
        model = Breach
        fields = ("regime", "nature", "categories", "people", "consequences", "measures")
        widgets = {name: _area() for name in ("nature", "categories", "consequences", "measures")}


class RecordBreachForm(BreachForm):
    discovered_at = Moment(
        label=_("Discovered"),
        help_text=_("From this moment the authority is told within 72 hours."),
    )
    field_order = ("discovered_at",)


class NotifyForm(forms.Form):
    notified_at = Moment(label=_("When was the authority told?"))
    authority_reference = forms.CharField(
        label=_("The authority’s number"), max_length=100, required=False
    )
    late_reason = forms.CharField(
        label=_("If it was later than 72 hours: why?"),
        max_length=500,
        required=False,
        widget=_area(3),
    )


class HarmlessForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is there no risk to anybody?"), max_length=1000, widget=_area()
    )


class TellPeopleForm(forms.Form):
    told_at = Moment(
        label=_("When were they told?"),
        help_text=_("Leave it empty if they were not."),
        required=False,
        initial=None,
    )
    how = forms.CharField(
        label=_("How were they told, or why were they not?"), max_length=1000, widget=_area()
    )


class ChangeActivityForm(forms.ModelForm):
    class Meta:
        model = ProcessingActivity
        fields = (
            "name",
            "regime",
            "purpose",
            "legal_basis",
            "people",
            "data",
            "recipients",
            "transfers",
            "retention",
            "security",
            "profiling",
        )
        widgets = {name: _area(3) for name in fields[2:-1]}


class AddActivityForm(ChangeActivityForm):
    class Meta(ChangeActivityForm.Meta):
        fields = ("code", *ChangeActivityForm.Meta.fields)  # type: ignore[assignment]


class ReasonForm(forms.Form):
    """Why something confidential is read."""

    reason = forms.CharField(
        label=_("Why do you read it?"),
        help_text=_(
            "The record may serve checks of lawfulness, self-monitoring, security and criminal "
            "proceedings, and nothing else. Your reason is kept in it."
        ),
        max_length=300,
    )
