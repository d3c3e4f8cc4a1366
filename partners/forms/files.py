"""What the liaison desk is asked about a file with entries."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.forms.entries import PartnerCodeField
from partners.models import Duty


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.vcf,text/csv,text/vcard"}),
        help_text=_("A table (CSV) as it was exported here, or cards (vCard 3.0 or 4.0)."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    partner = PartnerCodeField(
        label=_("Code of the partner that the cards belong to"),
        required=False,
        max_length=40,
        help_text=_("Only for cards from elsewhere, which do not say it."),
    )
    duty = forms.ChoiceField(
        label=_("Their duty"),
        required=False,
        choices=[("", _("The cards say it")), *Duty.choices],
    )
