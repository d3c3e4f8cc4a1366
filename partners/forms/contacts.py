"""What the liaison desk types about contact points and those who hold them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.entries import EntryForm, line
from partners.forms.places import PHONE
from partners.models import Duty, Holder
from portal.forms import DateField


class ContactForm(EntryForm):
    duty = forms.ChoiceField(label=gettext_lazy("Duty"), choices=Duty.choices)
    name = line(
        gettext_lazy("Name of the desk"), 120, hint=gettext_lazy("A duty or a desk, not a person.")
    )
    email = forms.EmailField(
        label=gettext_lazy("Mailbox"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Of the duty: it stays when people change."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=40, validators=[PHONE]
    )
    always_open = forms.BooleanField(label=gettext_lazy("It answers day and night"), required=False)
    field_order = ("duty", "name", "email", "phone", "languages", "always_open", "hours", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("always_open") and cleaned.get("hours"):
            self.add_error("hours", _("Either it answers day and night, or it has hours."))
        return cleaned


class HolderForm(forms.Form):
    """Who holds a duty; the data are erased some time after the term ends."""

    name = line(gettext_lazy("Name"), 150, required=True)
    title = line(gettext_lazy("Title"), 120)
    email = forms.EmailField(label=gettext_lazy("Own address"), required=False, max_length=254)
    direct_line = forms.CharField(
        label=gettext_lazy("Direct line"), required=False, max_length=40, validators=[PHONE]
    )
    since = DateField(label=gettext_lazy("Since"))

    def __init__(self, data: Any = None, *, thing: Any = None, **more: Any) -> None:
        more.setdefault("initial", {"since": timezone.localdate()})
        super().__init__(data, label_suffix="", **more)


class NameHolderForm(HolderForm):
    replaces = forms.BooleanField(
        label=gettext_lazy("In place of whoever holds it now"), required=False
    )


class CorrectHolderForm(HolderForm):
    until = DateField(
        label=gettext_lazy("Until, that day included"),
        required=False,
        help_text=gettext_lazy("Empty while the term goes on."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thing: Holder) -> None:
        initial = {name: getattr(thing, name, None) for name in self.base_fields}
        initial["version"] = thing.contact_point.version
        super().__init__(data, initial=initial)
