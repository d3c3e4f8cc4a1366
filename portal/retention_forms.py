"""What officers are asked before they keep, hold or change how long things are kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.dates import add_months
from portal.forms import DateField

KEPT_MONTHS = 12


def _reason(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        help_text=_("It is kept in the record: name nobody, and nothing of what was told."),
    )


def _in_a_year() -> date:
    return add_months(timezone.localdate(), KEPT_MONTHS)


class KeepForm(forms.Form):
    reason = _reason(_("Why is it kept longer?"))
    until = DateField(label=_("Until when? It is looked at again then"), initial=_in_a_year)


class HoldForm(forms.Form):
    reason = _reason(_("Why may nothing of it be erased?"))


class LiftForm(forms.Form):
    reason = _reason(_("Why may it be erased again?"))


class RuleForm(forms.Form):
    review_months = forms.IntegerField(
        label=_("Looked at after so many months"), min_value=1, max_value=600
    )
    erase_months = forms.IntegerField(
        label=_("Erased after so many months"), min_value=1, max_value=600
    )
    reason = _reason(_("Why is the rule changed?"))
