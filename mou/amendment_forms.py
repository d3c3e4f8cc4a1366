"""What people fill in to begin a new version of a signed text, or to drop it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mou.forms import ReasonForm
from mou.models import AmendmentKind


class OpenAmendmentForm(ReasonForm):
    label = _("Why is a new version needed?")
    hint = _("The firm reads this.")

    kind = forms.ChoiceField(
        label=_("What is it?"), choices=AmendmentKind.choices, widget=forms.RadioSelect
    )
    field_order = ("kind", "reason")


class DropForm(ReasonForm):
    label = _("Why is the new version dropped?")
    hint = _("The other side reads this.")
