"""What an officer fills in to give a firm feedback."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from mou import feedback_words
from portal.errors import DomainError


class FeedbackForm(forms.Form):
    code = forms.ChoiceField(
        label=gettext_lazy("What do you say to the firm?"), widget=forms.RadioSelect
    )
    sentence = forms.CharField(
        label=gettext_lazy("One plain sentence more"),
        help_text=gettext_lazy(
            "At most 160 characters. Nothing of a case, a person or a consignment: no numbers, "
            "names or addresses. The firm reads it word for word."
        ),
        required=False,
        max_length=feedback_words.LONGEST,
    )

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - says its type
        field.choices = feedback_words.choices(about)

    def clean_sentence(self) -> str:
        try:
            return feedback_words.screened(self.cleaned_data["sentence"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
