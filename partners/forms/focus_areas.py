"""What the desk is asked about a focus area."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from partners.focus_permissions import owners
from partners.models import FocusArea, Partner
from portal import reference
from portal.forms import DateField
from portal.models import User

LISTS = {"commodities": "commodity", "directions": "direction", "modes": "transport_mode"}


class FocusAreaForm(forms.Form):
    """All that is written of a focus area; `thing` is the one that is changed."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        help_text=_("Its owner reads this name in an e-mail: name no person and no firm."),
    )
    commodities = forms.MultipleChoiceField(
        label=_("Kinds of goods"), required=False, widget=forms.CheckboxSelectMultiple
    )
    directions = forms.MultipleChoiceField(
        label=_("Directions"), required=False, widget=forms.CheckboxSelectMultiple
    )
    modes = forms.MultipleChoiceField(
        label=_("Modes of transport"), required=False, widget=forms.CheckboxSelectMultiple
    )
    origins = forms.MultipleChoiceField(
        label=_("Origins"),
        required=False,
        choices=list(countries),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_(
            "A report from elsewhere does not match. One whose country of origin the triage desk "
            "did not note does: few reporters know it."
        ),
    )
    partners = forms.ModelMultipleChoiceField(
        Partner.objects.none(),
        # A number beyond what a database counts to would be a fault in SQLite; a word is no number.
        to_field_name="code",
        label=_("Partners"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_(
            "With whom it is watched for. A report that neither goes to the country of one of them "
            "nor comes from there does not match, as far as the triage desk noted the countries."
        ),
    )
    since = DateField(label=_("Since"), required=False)
    until = DateField(label=_("Until, that day included"), required=False)
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Owner"),
        required=False,
        empty_label=_("Nobody yet"),
        help_text=_("Is told that a report matches, and nothing else of it."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, thing: FocusArea | None = None, **more: Any) -> None:
        if thing is not None:
            known = {name: getattr(thing, name) for name in FocusAreaForm.base_fields}
            more["initial"] = known | {
                "partners": list(thing.partners.all()),
                "version": thing.version,
            }
        super().__init__(data, label_suffix="", **more)
        for name, list_name in LISTS.items():
            self._offer(name, reference.choices(list_name))
        self._rows("partners", Partner.objects.current().order_by("name", "pk"))
        self._rows("owner", owners().order_by("name", "pk"))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - as declared above
        field.choices = choices

    def _rows(self, name: str, rows: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = rows


class DefineFocusAreaForm(FocusAreaForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("Short, for example “tobacco-road-import”. It cannot be changed later."),
    )
    field_order = ("code",)


class EditFocusAreaForm(FocusAreaForm):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thing: FocusArea, **more: Any) -> None:
        super().__init__(data, thing=thing, **more)
