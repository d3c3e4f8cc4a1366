"""What people fill in about an agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.models import FlowSurvey, Mou, Template
from mou.seats import named
from mou.signature_fields import MOST_SIGNATORIES
from mou.signing_power import SigningPower

LONGEST_REASON = 2000


class ReasonForm(forms.Form):
    """A reason, in the reader's own words."""

    label: Any = gettext_lazy("Reason")
    hint: Any = ""

    reason = forms.CharField(max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = self.label
        self.fields["reason"].help_text = self.hint


class DeclineForm(ReasonForm):
    label = gettext_lazy("Why does your firm decline?")
    hint = gettext_lazy("A few words are enough. They help us to ask better next time.")


class ReturnForm(ReasonForm):
    label = gettext_lazy("What should be changed?")
    hint = gettext_lazy("Name the part of the text and what you would like it to say.")


class WithdrawForm(ReasonForm):
    label = gettext_lazy("Why is the agreement given up?")


class ReopenForm(ReasonForm):
    label = gettext_lazy("Why is the text taken back?")
    hint = gettext_lazy("The firm is told that the text was taken back and reads this reason.")


class ReinstateForm(ReasonForm):
    label = gettext_lazy("Why may the agreement be in force again?")


class AgreeForm(forms.Form):
    """The firm accepts the very text on the page: its hash travels with the answer."""

    content_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label=gettext_lazy("I have read this text and accept it for the firm"),
        error_messages={"required": gettext_lazy("Tick the box if you accept the text")},
    )


class DraftForm(forms.Form):
    """What a caseworker chooses for a draft."""

    template = forms.ModelChoiceField(
        label=gettext_lazy("Template"), queryset=Template.objects.none(), empty_label=None
    )
    survey_note = forms.CharField(
        label=gettext_lazy("Why no survey was made"),
        help_text=gettext_lazy("Stands in the agreement, so that a reader knows what it rests on."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    needed = forms.IntegerField(
        label=gettext_lazy("How many of the firm’s signatories have to sign together?"),
        min_value=1,
        max_value=MOST_SIGNATORIES,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-2"}),
    )
    rule = forms.CharField(
        label=gettext_lazy("By what rule, if more than one"),
        help_text=gettext_lazy(
            "Stands in the agreement. Such as: § 8 of the articles of association of 2 March 2019, "
            "two members of the board together."
        ),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, mou: Mou, **kwargs: Any) -> None:
        version = mou.current
        kwargs["initial"] = {
            "survey_note": version.survey_note if version else "",
            "needed": version.signatures_needed if version else 1,
            "rule": version.signing_power if version else "",
        }
        super().__init__(*args, **kwargs)
        names = ", ".join(str(membership.user) for membership, _function in named(mou))
        if names:
            self.fields["needed"].help_text = _("The firm has named: %(names)s.") % {"names": names}
        accepted = FlowSurvey.objects.filter(mou=mou, status__in=["accepted", "frozen"]).exists()
        self.fields["survey_note"].required = not accepted
        choice = self.fields["template"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - says its type
        choice.queryset = Template.objects.filter(programme=mou.programme_id).newest(
            timezone.localdate()
        )

    def clean(self) -> dict[str, Any]:
        """How many sign and by what rule, as one."""
        cleaned = super().clean() or {}
        needed, rule = cleaned.pop("needed", 1), cleaned.pop("rule", "")
        if needed > 1 and not rule and "rule" not in self.errors:
            self.add_error("rule", _("Say by what rule more than one person has to sign"))
        return cleaned | {"power": SigningPower(needed, rule)}


class ProposeForm(forms.Form):
    """The hash of the draft that the caseworker has read."""

    content_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DeclarationForm(forms.Form):
    """What a signer declares, before the second factor is asked for."""

    represents = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("Tick the box if you have the power to sign for this party")
        },
    )
    function = forms.CharField(
        label=gettext_lazy("Your function"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )
    typed_name = forms.CharField(
        label=gettext_lazy("Your full name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-20", "autocomplete": "name", "spellcheck": "false"}
        ),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I have read this and consent to sign electronically"),
        error_messages={"required": gettext_lazy("Tick the box if you consent")},
    )
    document_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    consent_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, name: str, power: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["represents"].label = power
        self.fields["typed_name"].help_text = _("Type it as we know it: %(name)s") % {"name": name}

    def clean_typed_name(self) -> str:
        typed: str = self.cleaned_data["typed_name"]
        if typed.split() != self.name.split():
            raise forms.ValidationError(
                _("Type your name exactly as it is shown: %(name)s") % {"name": self.name}
            )
        return " ".join(typed.split())


class UploadForm(forms.Form):
    """A document to check."""

    document = forms.FileField(
        label=gettext_lazy("PDF file"),
        help_text=gettext_lazy(
            "At most 10 MB. The file is checked and forgotten; nothing of it is kept."
        ),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": gettext_lazy("Choose the PDF file that you want to check"),
            "empty": gettext_lazy("The file is empty. Choose the PDF file that you want to check"),
        },
    )

    def clean_document(self) -> UploadedFile:
        document: UploadedFile = self.cleaned_data["document"]
        if getattr(document, "was_dropped", False):
            raise forms.ValidationError(
                _("The file is larger than 10 MB. Our documents are much smaller than that.")
            )
        if b"%PDF-" not in document.read(1024):
            raise forms.ValidationError(
                _("The file is not a PDF document. Choose the file as you received it.")
            )
        document.seek(0)
        return document


class HashForm(forms.Form):
    """The SHA-256 of a document, for who would rather not send the file."""

    sha256 = forms.RegexField(
        label=gettext_lazy("SHA-256 of the file"),
        regex=r"^[0-9a-fA-F]{64}$",
        strip=True,
        error_messages={
            "required": gettext_lazy("Enter the SHA-256 of the file"),
            "invalid": gettext_lazy("A SHA-256 has 64 characters: digits, and letters from a to f"),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_sha256(self) -> str:
        return str(self.cleaned_data["sha256"]).lower()
