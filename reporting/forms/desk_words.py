"""What officers are asked before they write, hand over, merge or close: one form each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.forms import DateField
from portal.handling import HandlingCode
from reporting import listing, receivers
from reporting.actions.notes import Category, Statement
from reporting.actions.referrals import Consent
from reporting.forms.desk import DeskForm, long_text, radio
from reporting.models import FeedbackCode, Report
from reporting.opening import Entry


class NoteForm(DeskForm):
    statement = radio(gettext_lazy("What is it?"), Statement.choices, initial=Statement.FACT)
    text = long_text(gettext_lazy("Note"))
    source = forms.CharField(
        label=gettext_lazy("Where you have it from"),
        max_length=200,
        help_text=gettext_lazy("A register, a person, your own judgment …"),
    )


class CategoriseForm(DeskForm):
    person = forms.TypedChoiceField(label=gettext_lazy("Person or company"), coerce=int)
    category = radio(gettext_lazy("Category"), Category.choices, initial=Category.UNKNOWN)

    def prepare(self) -> None:
        told = self.opened.content.get("who", []) if self.opened else []
        self.offer("person", [(str(place), _called(one, place)) for place, one in enumerate(told)])


def _called(person: dict[str, Any], place: int) -> str:
    names = (person.get(key) for key in ("name", "alias", "company", "handle"))
    return next(filter(None, names), "") or _("Number %(number)d") % {"number": place + 1}


class SanitiseForm(DeskForm):
    text = long_text(
        gettext_lazy("The sanitised version"),
        rows=14,
        help_text=gettext_lazy(
            "Nothing in it may lead to the source: no words of theirs, no times or places that "
            "only they could know."
        ),
    )

    def prepare(self) -> None:
        last = self.opened.sanitised if self.opened else None
        self.initial = {"text": last.told["text"] if last else ""}


class ReferForm(DeskForm):
    """The page shows the text that leaves; its version comes back, and no later one leaves."""

    receiver = forms.ChoiceField(label=gettext_lazy("To whom"))
    legal_basis = forms.CharField(
        label=gettext_lazy("Legal basis"),
        max_length=200,
        help_text=gettext_lazy("The article that allows it, for example of Naples II."),
    )

    def prepare(self) -> None:
        self.offer("receiver", receivers.choices(self.report.unit, self.by))
        if self.report.eu_finances:
            self.initial = {"receiver": receivers.OLAF}
        if self.report.handling in (HandlingCode.H1, HandlingCode.H3):
            self.fields["limits_stated"] = forms.BooleanField(
                label=_("The receiver is told of the limits: %(code)s")
                % {"code": self.report.get_handling_display()},
                required=False,
            )

    @property
    def leaves(self) -> Entry | None:
        return self.opened.sanitised if self.opened else None

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = {**(super().clean() or {})}
        read = str(self.data.get("version", ""))
        # A version that is none was never read.
        told["version"] = int(read) if read.isdecimal() and len(read) < 10 else 0
        return told


class ConsentForm(DeskForm):
    how = radio(gettext_lazy("How did the source agree?"), Consent.choices)


class MergeForm(DeskForm):
    into = forms.CharField(
        label=gettext_lazy("Reference of the report that it becomes part of"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_into(self) -> Report:
        """One that the officer may not know is as good as none."""
        typed: str = self.cleaned_data["into"]
        found = listing.by_reference(Report.objects.visible_to(self.by), typed)
        if len(listing.plain_reference(typed)) != listing.REFERENCE or not (into := found.first()):
            raise forms.ValidationError(_("There is no report with this reference."))
        return into


class ReasonForm(DeskForm):
    reason = long_text(
        gettext_lazy("Why?"),
        rows=3,
        help_text=gettext_lazy("It is sealed and stands among the desk notes."),
    )


class CloseForm(DeskForm):
    feedback_on = DateField(
        label=gettext_lazy("When was the reporter given feedback?"),
        required=False,
        help_text=gettext_lazy("Leave it empty where no law promises any."),
    )

    def prepare(self) -> None:
        if self.report.feedback_due is None or self.report.feedback_at is not None:
            del self.fields["feedback_on"]
        else:
            self.initial = {"feedback_on": timezone.localdate()}


class ReplyForm(DeskForm):
    text = long_text(
        gettext_lazy("Your reply"),
        rows=10,
        help_text=gettext_lazy("It is signed by the unit; your name is not shown."),
    )
    asks = forms.BooleanField(
        label=gettext_lazy("It asks something: we wait for the reporter"), required=False
    )

    def prepare(self) -> None:
        if self.report.feedback_due is not None and self.report.feedback_at is None:
            self.fields["is_feedback"] = forms.BooleanField(
                label=_("This is the feedback that the law promises"), required=False
            )


class FeedbackForm(DeskForm):
    code = radio(gettext_lazy("What the firm is told"), FeedbackCode.choices)
