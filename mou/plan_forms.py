"""What people fill in about measures, joint activities and contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.forms import LONGEST_REASON, ReasonForm
from mou.models import Party
from portal import sent_files


def day_field(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget)


def time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )


def text_field(label: Any, *, hint: Any = "", required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(
        label=label, help_text=hint, required=required, max_length=LONGEST_REASON, widget=widget
    )


class NothingForm(forms.Form):
    """A verb that needs to be told nothing."""


class ThreatsForm(forms.Form):
    """Asks for threats where the firm was shown some."""

    threats = forms.MultipleChoiceField(
        label=gettext_lazy("Which threats does it make smaller?"),
        help_text=gettext_lazy("Threats that were shared with the firm. Tick all that fit."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, threats: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["threats"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - says its type
        field.choices = threats
        if not threats:
            del self.fields["threats"]


class MeasureForm(ThreatsForm):
    text = text_field(
        gettext_lazy("What is done?"),
        hint=gettext_lazy("The other side reads this, and it can stand in the agreement."),
    )
    party = forms.ChoiceField(
        label=gettext_lazy("Whose measure is it?"), choices=Party.choices, widget=forms.RadioSelect
    )
    duty = forms.CharField(
        label=gettext_lazy("Who answers for it?"),
        help_text=gettext_lazy("A duty, not a person, such as head of terminal security."),
        max_length=120,
    )
    due_on = day_field(gettext_lazy("By when?"))
    field_order = ("text", "threats")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files, as what is to be kept of each."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [sent_files.read(super(FilesField, self).clean(one)) for one in given if one]


class ProofForm(forms.Form):
    proof = text_field(
        gettext_lazy("What proves that it is done?"),
        hint=gettext_lazy("For example where the new rule stands, or when it was tried out."),
    )
    enclosed = FilesField(
        label=gettext_lazy("Files that show it"),
        help_text=gettext_lazy(
            "PDF, PNG or JPEG, at most 10 MB together. You can choose several. They are added to "
            "those that were sent before, and both sides can read them."
        ),
        required=False,
        allow_empty_file=True,
        widget=FilesInput(attrs={"accept": sent_files.ACCEPTED}),
    )


class PostponeForm(ReasonForm):
    label = gettext_lazy("Why another day?")
    hint = gettext_lazy("The firm reads this.")

    due_on = day_field(gettext_lazy("By when instead?"))


class PlanReasonForm(ReasonForm):
    label = gettext_lazy("Why?")
    hint = gettext_lazy("The other side reads this.")


class TimeForm(forms.Form):
    """A day, and from when to when on it."""

    place = forms.CharField(label=gettext_lazy("Where?"), max_length=200, required=False)
    day = day_field(gettext_lazy("On which day?"))
    begins = time_field(gettext_lazy("From"))
    ends = time_field(gettext_lazy("Until"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.pop("day", None)
        begins, ends = cleaned.pop("begins", None), cleaned.pop("ends", None)
        if day is None or begins is None or ends is None:
            return cleaned
        if ends <= begins:
            self.add_error("ends", _("The end has to be after the beginning."))
        cleaned["starts_at"] = timezone.make_aware(datetime.combine(day, begins))
        cleaned["ends_at"] = timezone.make_aware(datetime.combine(day, ends))
        return cleaned


class ActivityForm(TimeForm):
    title = forms.CharField(
        label=gettext_lazy("What do you do together?"),
        help_text=gettext_lazy("In a few words, such as training on seals."),
        max_length=120,
    )
    about = text_field(gettext_lazy("More about it"), required=False)
    business_duty = forms.CharField(
        label=gettext_lazy("Who answers for it at the firm?"), max_length=120
    )
    administration_duty = forms.CharField(
        label=gettext_lazy("Who answers for it at the administration?"), max_length=120
    )
    field_order = ("title", "about", "place", "day", "begins", "ends")


class SeenForm(forms.Form):
    """Which state of it was on the page."""

    sequence = forms.IntegerField(widget=forms.HiddenInput)


class ProofSeenForm(forms.Form):
    """Which proof was on the page."""

    proof_seen = forms.CharField(widget=forms.HiddenInput)


class OutcomeForm(forms.Form):
    outcome = text_field(gettext_lazy("What came of it?"))
    follow_up = text_field(gettext_lazy("What follows?"), required=False)


class ContactForm(forms.Form):
    duty = forms.CharField(
        label=gettext_lazy("Duty"),
        help_text=gettext_lazy("Not a person: for example security desk, or customs broker."),
        max_length=120,
    )
    holder = forms.CharField(label=gettext_lazy("Held now by"), max_length=150, required=False)
    reached = forms.CharField(
        label=gettext_lazy("How is it reached?"),
        help_text=gettext_lazy("Telephone and e-mail of the duty."),
        max_length=200,
    )
    hours = forms.CharField(
        label=gettext_lazy("When?"),
        help_text=gettext_lazy("For example day and night, or 8 to 17 on working days."),
        max_length=120,
    )
    deputy = forms.CharField(
        label=gettext_lazy("Deputy, and how reached"), max_length=200, required=False
    )


class ChangeContactForm(ContactForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)
