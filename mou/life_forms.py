"""What people fill in about an agreement in force: reviews, notices, suspensions, its basis."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mou.forms import LONGEST_REASON, ReasonForm
from mou.models import Basis, Mou, ReviewOutcome, TrustStatus

LONGEST_ANSWER = 10_000


class NoticeForm(ReasonForm):
    label = _("Why is the agreement to end?")
    hint = _("The other side reads this.")


class TerminationForm(ReasonForm):
    label = _("Why should the agreement end at once?")
    hint = _("A supervisor reads this now, the firm if the agreement ends.")


class SuspendForm(ReasonForm):
    label = _("Why is the agreement suspended?")
    hint = _("The firm reads this.")

    until = forms.DateField(
        label=_("To be looked at again on"),
        required=False,
        help_text=_("A review is opened for that day; without one, for a month from today."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("How has the agreement gone?"),
        help_text=_(
            "What was done of what was agreed, what has changed in your business, "
            "what you noticed, and what should be different."
        ),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class CloseReviewForm(forms.Form):
    minutes = forms.CharField(
        label=_("What was found"),
        help_text=_("The firm reads this."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    outcome = forms.ChoiceField(
        label=_("What follows"), choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )


class RebaseForm(forms.Form):
    basis = forms.ChoiceField(
        label=_("The agreement rests from now on"), choices=Basis.choices, widget=forms.RadioSelect
    )
    trust_status = forms.ModelChoiceField(
        TrustStatus.objects.none(), label=_("Certificate, where it rests on one"), required=False
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The firm reads this."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, mou: Mou, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["trust_status"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = TrustStatus.objects.filter(organisation=mou.organisation_id).order_by("pk")
