"""What is asked of a person who does not sign, or lets another sign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from mou.forms import MembershipChoice, ReasonForm
from mou.models import Mou
from portal.models import Membership
from portal.models.organisations import MembershipRole


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
        choice.queryset = self.others = (
            mou.organisation.memberships.live()
            .filter(role__in=[MembershipRole.OWNER, MembershipRole.SIGNATORY])
            .exclude(pk=mou.signatory_id or 0)
            .select_related("user")
            .order_by("user__name", "pk")
        )
