"""What officers plan and record, and whom a firm registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.forms import ReasonForm
from mou.models import Training
from portal import reference

LONGEST_TEXT = 10_000
MOST_AT_ONCE = 20


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})


class _AudienceForm(forms.Form):
    audience = forms.MultipleChoiceField(
        label=gettext_lazy("Which firms"),
        help_text=gettext_lazy("None ticked: every partner firm whose agreement is in force."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["audience"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - as declared above
        field.choices = reference.choices("actor_role")


class TrainingForm(_AudienceForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=150)
    about = forms.CharField(
        label=gettext_lazy("What it is about, and for whom"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("An address, or how to join by video."),
        max_length=200,
    )
    starts_at = forms.DateTimeField(
        label=gettext_lazy("Begins"),
        error_messages={"required": gettext_lazy("Enter when the session begins")},
        widget=_moment(),
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        error_messages={"required": gettext_lazy("Enter when the session ends")},
        widget=_moment(),
    )
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=1000)
    field_order = ("title", "about", "place", "starts_at", "ends_at", "seats", "audience")

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        begins, ends = told.get("starts_at"), told.get("ends_at")
        if begins and begins <= timezone.now():
            self.add_error("starts_at", _("The session must begin in the future."))
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("The session must end after it begins."))
        return told


class CancelForm(ReasonForm):
    label = gettext_lazy("Why is the session cancelled?")
    hint = gettext_lazy("The firms read this.")


class AttendanceForm(forms.Form):
    """One box a seat."""

    present = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who came?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, training: Training, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        firms = ("mou__organisation", "cover__organisation")
        rows = list(training.attendees.coming().select_related(*firms).order_by("seat"))
        field = self.fields["present"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - as declared above
        field.choices = [(row.seat, f"{row.name}, {row.firm.legal_name}") for row in rows]
        self.initial.setdefault("present", [row.seat for row in rows if row.attended])


class RegisterForm(forms.Form):
    names = forms.CharField(
        label=gettext_lazy("Who comes?"),
        help_text=gettext_lazy(
            "One name a line, as it should stand on the certificate. They need no account here."
        ),
        max_length=MOST_AT_ONCE * 151,
        error_messages={"required": gettext_lazy("Write at least one name.")},
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_names(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["names"].splitlines())
        names = list(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_AT_ONCE or any(len(name) > 150 for name in names):
            raise forms.ValidationError(
                _("Write at most 20 names, each on a line of its own and not longer than one line.")
            )
        return names


class GuidanceForm(_AudienceForm):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=150)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy("An empty line begins a new paragraph."),
        max_length=LONGEST_TEXT * 3,
        widget=forms.Textarea(attrs={"rows": 20}),
    )
    field_order = ("title", "text", "audience")


class EditionForm(GuidanceForm):
    edition = forms.IntegerField(widget=forms.HiddenInput)
