"""What files say of entries beyond the forms of the desk, read as the desk reads it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.addresses import is_taken_by_a_page
from partners.forms import posts
from partners.forms.contacts import ContactForm
from partners.forms.entries import COUNTRIES, TIME_ZONES, EntryForm, TypedForm, line, text
from partners.forms.partners import PartnerForm
from partners.forms.places import PHONE
from partners.models import PostType

FORMAT = "%Y-%m-%d"


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=[FORMAT],
        widget=forms.DateInput(format=FORMAT),
        error_messages={"invalid": gettext_lazy("Write days like 2026-11-26.")},
    )


def _ended() -> forms.BooleanField:
    return forms.BooleanField(label=gettext_lazy("It has ended"), required=False)


class GroupTextForm(TypedForm):
    name = line(gettext_lazy("Name"), 120, required=True)
    about = text(gettext_lazy("What it is"))


class AddGroupTextForm(GroupTextForm):
    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)


class MembershipTextForm(TypedForm):
    since = _day(gettext_lazy("Since"))
    until = _day(gettext_lazy("Until, that day included"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since is not None and until is not None and until < since:
            self.add_error("until", _("It cannot end before it began."))
        return cleaned


class PartnerTextForm(PartnerForm):
    ended_on = _day(gettext_lazy("Ended on"))

    def clean_ended_on(self) -> date | None:
        day: date | None = self.cleaned_data["ended_on"]
        if day is None and self.initial.get("ended_on") is not None:
            raise forms.ValidationError(_("An end can be moved, and not taken back."))
        return day


class ContactTextForm(ContactForm):
    has_ended = _ended()


class AddHolderTextForm(TypedForm):
    name = line(gettext_lazy("Name"), 150, required=True)
    title = line(gettext_lazy("Title"), 120)
    email = forms.EmailField(label=gettext_lazy("Own address"), required=False, max_length=254)
    direct_line = forms.CharField(
        label=gettext_lazy("Direct line"), required=False, max_length=40, validators=[PHONE]
    )


class HolderTextForm(AddHolderTextForm):
    until = _day(gettext_lazy("Until, that day included"))

    def clean_until(self) -> date | None:
        day: date | None = self.cleaned_data["until"]
        if day is not None and day < self.since:
            raise forms.ValidationError(_("A term cannot end before it began."))
        return day

    def show(self, thing: Any) -> None:
        super().show(thing)
        self.since = thing.since


class AddChannelTextForm(TypedForm):
    name = line(gettext_lazy("Channel"), 60, required=True)
    reference = line(gettext_lazy("How it is reached there"), 200)


class ChannelTextForm(AddChannelTextForm):
    has_ended = _ended()


class CountriesField(forms.CharField):
    """Codes of countries with commas between them; kept as a list, in order."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        codes = [one for one in re.split(r"[\s,;]+", str(value or "").upper()) if one]
        for code in codes:
            # Not by their names: those are looked up in every language, a file has many rows.
            if code not in countries:
                raise forms.ValidationError(
                    _("“%(code)s” is no code of a country.") % {"code": code[:20]}
                )
        return sorted(set(codes))

    def validate(self, value: Any) -> None:
        """Nothing more: an empty list is one."""

    def run_validators(self, value: Any) -> None:
        """Those of text do not fit a list."""


class PostTextForm(EntryForm):
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=PostType.choices)
    city = line(gettext_lazy("City"), 80, required=True)
    host_country = forms.ChoiceField(label=gettext_lazy("Host country"), choices=COUNTRIES)
    covers = CountriesField(label=gettext_lazy("Covers"), required=False, max_length=1000)
    mission = line(gettext_lazy("Mission"), 200)
    title = line(gettext_lazy("Title of the post"), 120)
    portfolio = text(gettext_lazy("Portfolio"), most=posts.LONGEST_TEXT)
    services = text(gettext_lazy("What it does for business"), most=posts.LONGEST_TEXT)
    counterparts = text(gettext_lazy("Usual counterparts"), most=posts.LONGEST_TEXT)
    email = forms.EmailField(
        label=gettext_lazy("Mailbox of the post"), required=False, max_length=254
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the post"),
        required=False,
        max_length=40,
        validators=[PHONE],
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=TIME_ZONES)
    holidays = forms.ChoiceField(
        label=gettext_lazy("Keeps the holidays of"),
        required=False,
        choices=COUNTRIES,
    )
    latitude = posts.degrees(gettext_lazy("Latitude"), 90)
    longitude = posts.degrees(gettext_lazy("Longitude"), 180)
    note = text(gettext_lazy("Note of the desk"), most=posts.LONGEST_TEXT)
    has_ended = _ended()

    def __init__(self, data: Any = None, *, thing: Any = None, **more: Any) -> None:
        super().__init__(data, thing=thing, **more)
        self.kept = {code for code, _name in posts.holidays(None)}

    def clean_holidays(self) -> str:
        """As the desk’s list offers them: those that are known, and what stands there."""
        code: str = self.cleaned_data["holidays"]
        if code not in self.kept and code != self.initial.get("holidays"):
            raise forms.ValidationError(_("No holidays of this country are known here."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        posts.check_post(self, cleaned)
        if cleaned.get("host_country") and "covers" in cleaned:
            # A post always covers its host country.
            cleaned["covers"] = sorted({*cleaned["covers"], cleaned["host_country"]})
        return cleaned


class AddPostTextForm(PostTextForm):
    code = line(gettext_lazy("Code"), 39, required=True)
    has_ended = None  # type: ignore[assignment]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if not posts.CODE.fullmatch(code):
            raise forms.ValidationError(_("Use small letters, digits and hyphens only."))
        if is_taken_by_a_page(code, "posts/"):
            raise forms.ValidationError(_("Another post has this code."))
        return code
