"""What officers are asked when an exchange is handed out: for whom, what for, under what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.exchange_fields import ExchangeForm
from partners.models import Instrument, Partner, PartnerType, Purpose, TransferGround
from partners.onward import Onward

# What is asked only where somebody else than the partner gets it.
ONWARD = ("purpose", "third", "instrument", "transfer_ground", "limits_read")


class ExportForm(ExchangeForm):
    partner, other = "partner", "other"
    to = forms.ChoiceField(label=gettext_lazy("For whom?"), widget=forms.RadioSelect)
    recipient = forms.CharField(
        label=gettext_lazy("If for somebody at home: who"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("A court, a prosecutor, another authority of our own country."),
    )
    third = forms.ModelChoiceField(
        label=gettext_lazy("If for another body of the directory: which"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label="–",
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("If for somebody else: for which purpose"),
        choices=[("", "–"), *Purpose.choices],
        required=False,
    )
    instrument = forms.ModelChoiceField(
        label=gettext_lazy("Instrument that covers passing it to that body"),
        queryset=Instrument.objects.none(),
        required=False,
        empty_label="–",
    )
    transfer_ground = forms.ChoiceField(
        label=gettext_lazy("Ground of the transfer to a third country"),
        choices=[("", gettext_lazy("Not needed: inside the Union")), *TransferGround.choices],
        required=False,
    )
    limits_read = forms.BooleanField(
        label=gettext_lazy(
            "I have read the limits on use and the conditions of who supplied it, and they allow it"
        ),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it handed out?"),
        max_length=300,
        help_text=gettext_lazy("It is kept in the record: name nobody and repeat nothing of it."),
    )

    def prepare(self) -> None:
        assert self.thing is not None  # noqa: S101 - the page of an exchange
        fields: Any = self.fields
        fields["to"].choices = [
            (self.partner, str(self.thing.partner)),
            (self.other, _("Somebody else")),
        ]
        others = Partner.objects.current().exclude(type=PartnerType.FORUM)
        fields["third"].queryset = others.exclude(pk=self.thing.partner_id).order_by("name", "pk")
        fields["instrument"].queryset = Instrument.objects.in_force().order_by("title", "pk")

    def clean(self) -> dict[str, Any]:
        """With `recipient`, `reason` and the footing on which somebody else gets it."""
        given: dict[str, Any] = super().clean() or {}
        asked = {name: given.pop(name, None) for name in ONWARD}
        given["onward"] = None
        if given.pop("to", "") != self.other:
            given["recipient"] = str(self.thing.partner) if self.thing else ""
            return given
        recipient, third = (given.get("recipient") or "").strip(), asked["third"]
        if bool(recipient) == (third is not None):
            self.add_error("recipient", _("Say who gets it: somebody at home, or another body."))
        given["recipient"] = recipient or str(third or "")
        given["onward"] = Onward(
            purpose=asked["purpose"] or "",
            partner=third,
            instrument=asked["instrument"] if third is not None else None,
            transfer_ground=asked["transfer_ground"] or "" if third is not None else "",
            limits_read=bool(asked["limits_read"]),
        )
        return given


class TakeFileForm(ExportForm):
    """The same for one file, which also goes to whoever works on the case with us."""

    desk = "desk"
    field_order = ("to", "reason", "limits_read")
    reason = forms.CharField(
        label=gettext_lazy("Why is the file taken out?"),
        max_length=300,
        help_text=gettext_lazy("It is kept in the record: name nobody and repeat nothing of it."),
    )
    limits_read = forms.BooleanField(
        label=gettext_lazy(
            "I have read the handling code and the limits, and keep them where the file goes"
        )
    )

    def prepare(self) -> None:
        super().prepare()
        to: Any = self.fields["to"]
        to.choices = [(self.desk, _("Our own work on this case")), *to.choices]

    def clean(self) -> dict[str, Any]:
        here = self.cleaned_data.get("to") == self.desk
        return {**super().clean(), "here": here}
