"""What the liaison desk types about any entry of the directory: fields and forms in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import hours
from partners.forms import typed
from partners.forms.places import LanguagesField, countries_or, time_zones
from partners.models import ContactPoint, Partner, Post
from partners.visibility import Level
from portal.errors import DomainError
from portal.forms import DateField
from portal.models import StaffRole, User

COUNTRIES = lazy(lambda: countries_or(_("None")), list)()
TIME_ZONES = lazy(lambda: [("", _("Not known")), *time_zones()], list)()


class HoursField(forms.CharField):
    """“Mon-Fri 08:00-16:30; Sat 09:00-12:00”, kept by day of the week."""

    def prepare_value(self, value: Any) -> Any:
        return hours.write(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> hours.Hours:  # type: ignore[override]
        try:
            return hours.parse(str(value or "").replace("\x00", ""))
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error

    def validate(self, value: Any) -> None:
        """Nothing more: no hours are none known."""

    def run_validators(self, value: Any) -> None:
        """Those of text do not fit."""


class PartnerCodeField(forms.CharField):
    """A partner named by its code: thousands are too many for a list to choose from."""

    # Code in small letters → partner, where many forms are read one after the other.
    known: Mapping[str, Partner] | None = None

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Partner) else value

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        if not code:
            return None
        if self.known is not None:
            found = self.known.get(code.lower())
        else:
            found = Partner.objects.filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no partner of the code “%(code)s”.") % {"code": code}
            )
        return found


def text(label: Any, *, most: int = 4000, rows: int = 3, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=most, widget=widget
    )


def line(label: Any, most: int, *, hint: Any = "", required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most)


def keepers() -> Any:
    """Those who may be asked whether an entry still holds."""
    return User.objects.holding(StaffRole.LIAISON_OFFICER).order_by("name", "pk")


class TypedForm(forms.Form):
    """Fields of one row; `thing` is the row as it stands."""

    def __init__(self, data: Any = None, *, thing: Any = None, **more: Any) -> None:
        super().__init__(data, label_suffix="", **more)
        if thing is not None:
            self.show(thing)

    def show(self, thing: Any) -> None:
        """The same form for another row: a form costs more to make than to read."""
        self.initial = {name: getattr(thing, name) for name in self.base_fields}
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]

    def fill(self, data: dict[str, str], thing: Any = None) -> None:
        """The same form sent again with other contents, for a row or for what is new."""
        self.data, self.is_bound = data, True
        self._errors = None
        self.initial = {}
        if thing is not None:
            self.show(thing)

    def as_typed(self) -> dict[str, str]:
        """What somebody who touches nothing sends."""
        return {name: str(value) for name, value in typed.as_typed(self).items()}


class EntryForm(TypedForm):
    """What partners and contact points have in common."""

    languages = LanguagesField(
        label=gettext_lazy("Languages"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Codes with commas, such as en, fr."),
    )
    hours = HoursField(
        label=gettext_lazy("Hours"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Local time there, such as Mon-Fri 08:00-16:30; Sat 09:00-12:00."),
    )
    note = text(
        gettext_lazy("Note of the desk"),
        hint=gettext_lazy("Only officers who work with partners read it. Not about cases."),
    )


class TodayForm(forms.Form):
    def __init__(self, data: Any = None, *, thing: Any = None) -> None:
        day = {name: timezone.localdate() for name in self.base_fields}
        super().__init__(data, label_suffix="", initial=day)


class UntilForm(TodayForm):
    until = DateField(label=gettext_lazy("The last day"))


class VisibilityForm(forms.Form):
    visibility = forms.TypedChoiceField(
        label=gettext_lazy("Shown to"),
        choices=Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "The whole entry. Names of people and notes are shown to officers only in any case."
        ),
    )

    def __init__(self, data: Any = None, *, thing: Partner | ContactPoint | Post) -> None:
        super().__init__(data, label_suffix="", initial={"visibility": thing.visibility})


class KeeperForm(forms.Form):
    keeper = forms.ModelChoiceField(
        label=gettext_lazy("Kept by"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody by name: the whole desk"),
    )

    def __init__(self, data: Any = None, *, thing: Partner | ContactPoint | Post) -> None:
        super().__init__(data, label_suffix="", initial={"keeper": thing.keeper_id})
        chosen: Any = self.fields["keeper"]
        chosen.queryset = keepers()
