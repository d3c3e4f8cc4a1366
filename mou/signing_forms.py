"""Who signs for the firm; what is asked of a person who does not, or lets another sign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.forms import ReasonForm
from mou.models import Mou
from mou.seats import named
from portal.models import Membership
from portal.models.organisations import MembershipQuerySet, MembershipRole


def _binding(mou: Mou) -> MembershipQuerySet:
    """Who may bind the firm."""
    found = mou.organisation.memberships.live().exclude(role=MembershipRole.MEMBER)
    return found.select_related("user").order_by("user__name", "pk")


def _not_named(mou: Mou) -> MembershipQuerySet:
    """Those of them whom the firm has not named."""
    return _binding(mou).exclude(pk__in=[membership.pk for membership, _function in named(mou)])


class MembershipChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Membership) -> str:
        return f"{obj.user.name or obj.user.email} ({obj.get_role_display()})"


class NameSignatoryForm(forms.Form):
    """Who signs for the firm, among its owners and signatories."""

    signatory = MembershipChoice(
        label=gettext_lazy("Who signs for the firm?"),
        queryset=Membership.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose who signs for the firm")},
    )
    function = forms.CharField(
        label=gettext_lazy("This person’s function"),
        help_text=gettext_lazy(
            "As it should stand in the agreement, for example managing director."
        ),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}),
    )

    def __init__(self, *args: Any, mou: Mou, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "signatory": mou.signatory_id,
            "function": mou.signatory_function,
        }
        super().__init__(*args, **kwargs)
        choice = self.fields["signatory"]
        assert isinstance(choice, MembershipChoice)  # noqa: S101 - says its type
        choice.queryset = _binding(mou)


class DeclineToSignForm(ReasonForm):
    """Why somebody does not sign; both sides read it."""

    label = gettext_lazy("Why do you not sign?")
    hint = gettext_lazy("Both sides read this. Say what would have to change.")


class DelegateSigningForm(forms.Form):
    """Who signs in the signatory's place, in which function, and why."""

    delegate = MembershipChoice(
        label=gettext_lazy("Who signs in your place?"),
        queryset=Membership.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose who signs in your place")},
    )
    function = forms.CharField(label=gettext_lazy("This person’s function"), max_length=120)
    reason = forms.CharField(
        label=gettext_lazy("Why does this person sign, and by what power?"),
        help_text=gettext_lazy(
            "Both sides read this, and it stands in the evidence of the signature."
        ),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, mou: Mou, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["delegate"]
        assert isinstance(choice, MembershipChoice)  # noqa: S101 - says its type
        choice.queryset = self.others = _not_named(mou)


class AddSignatoryForm(NameSignatoryForm):
    """One more person who may sign, among those who are not named yet."""

    def __init__(self, *args: Any, mou: Mou, **kwargs: Any) -> None:
        super().__init__(*args, mou=mou, **kwargs)
        self.initial = {}
        choice = self.fields["signatory"]
        assert isinstance(choice, MembershipChoice)  # noqa: S101 - says its type
        choice.label = _("Who else may sign for the firm?")
        choice.queryset = self.others = _not_named(mou)
