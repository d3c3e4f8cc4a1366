"""What officers fill in about the standard text."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mou.forms import LONGEST_REASON, ReasonForm
from mou.negotiation_forms import LONGEST_WORDING


class RevisionForm(forms.Form):
    """A clause as it is to be."""

    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        help_text=_(
            "An empty line begins a new paragraph. Places in braces, such as {business}, "
            "are filled when an agreement is drafted."
        ),
        max_length=LONGEST_WORDING,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
    )
    is_negotiable = forms.BooleanField(label=_("Firms may propose another wording"), required=False)
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("For the supervisor who approves it, and for whoever looks later."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )


class RefuseRevisionForm(ReasonForm):
    label = _("Why not?")
    hint = _("Whoever drafted it reads this.")
