"""What people fill in about a clause."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mou.forms import LONGEST_REASON, ReasonForm

LONGEST_WORDING = 8000


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        help_text=_("The other side reads it. A comment changes nothing in the text."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write your comment")},
    )


class WordingForm(forms.Form):
    """Another wording, and why."""

    # What the page showed: a clause that changed meanwhile is noticed by it.
    base = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    wording = forms.CharField(
        label=_("What the clause should say"),
        help_text=_("The whole clause. An empty line begins a new paragraph."),
        max_length=LONGEST_WORDING,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": _("Write what the clause should say")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Give the reason: the other side reads it")},
    )


class CounterForm(WordingForm):
    """Yet another wording in answer to one."""

    base = None  # type: ignore[assignment]


class RefuseForm(ReasonForm):
    label = _("Why not?")
    hint = _("The other side reads this.")


class BareForm(forms.Form):
    """For a verb that needs nothing but the button."""
