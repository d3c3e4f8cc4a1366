"""What the liaison desk tells of posts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners.addresses import is_taken_by_a_page
from partners.forms.hours import HoursForm
from partners.forms.places import PHONE, LanguagesField, countries_or, time_zones
from partners.models import Post, PostType
from partners.visibility import Level
from portal import reference

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,38}")
LONGEST_TEXT = 5000
EARLIEST, LATEST = date(1950, 1, 1), date(2199, 12, 31)


def holidays(post: Post | None) -> list[tuple[str, str]]:
    """Countries whose holidays the list knows, and the one that is kept already."""
    known = {item.code[:2] for item in reference.items("holiday")}
    known |= {post.holidays} - {""} if post is not None else set()
    return [("", "–"), *sorted((code, str(countries.name(code))) for code in known)]


class Day(forms.DateField):
    """A day from the calendar of the browser, not in another age."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("Give a year of four digits that is meant."))
        return day


def _area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 4})


def degrees(label: Any, most: int, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        min_value=-most,
        max_value=most,
        max_digits=6,
        decimal_places=3,
        required=False,
    )


def check_post(form: forms.Form, cleaned: dict[str, Any]) -> None:
    """What must fit together, whether a post is typed or comes in a file."""
    if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
        form.add_error("longitude", _("Give latitude and longitude, or neither."))
    if cleaned.get("type") == PostType.STRATEGIC and not cleaned.get("title"):
        form.add_error("title", _("Give the title by which a strategic post is known."))


class PostForm(HoursForm):
    """What is said of a post."""

    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=PostType.choices)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    host_country = forms.ChoiceField(label=gettext_lazy("Host country"))
    mission = forms.CharField(label=gettext_lazy("Mission"), max_length=200, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title of the post"),
        help_text=gettext_lazy("For a strategic post, such as Financial Counsellor"),
        max_length=120,
        required=False,
    )
    portfolio = forms.CharField(
        label=gettext_lazy("Portfolio"),
        help_text=gettext_lazy("What the post works on. Everybody reads this."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(),
    )
    services = forms.CharField(
        label=gettext_lazy("What it does for business"),
        help_text=gettext_lazy("Read by firms with an agreement in force."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(),
    )
    counterparts = forms.CharField(
        label=gettext_lazy("Usual counterparts"),
        help_text=gettext_lazy("Read by officers who work with partners."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(),
    )
    email = forms.EmailField(
        label=gettext_lazy("Mailbox of the post"),
        help_text=gettext_lazy("Of the post, not of a person: it stays when people change."),
        max_length=254,
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone of the post"),
        help_text=gettext_lazy("Read by firms with an agreement in force."),
        max_length=40,
        required=False,
        validators=[PHONE],
    )
    languages = LanguagesField(
        label=gettext_lazy("Languages"),
        help_text=gettext_lazy("Two letters each, such as en, id, th"),
        max_length=100,
        required=False,
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    holidays = forms.ChoiceField(label=gettext_lazy("Keeps the holidays of"), required=False)
    latitude = degrees(
        gettext_lazy("Latitude"),
        90,
        gettext_lazy("North is positive. Without it the map uses the host country."),
    )
    longitude = degrees(gettext_lazy("Longitude"), 180, gettext_lazy("East is positive."))
    visibility = forms.TypedChoiceField(
        label=gettext_lazy("Shown to"), choices=Level.choices, coerce=int
    )
    note = forms.CharField(
        label=gettext_lazy("Note of the desk"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=_area(),
    )
    field_order = [
        *("code", "type", "city", "host_country", "covers", "mission", "title", "portfolio"),
        *("services", "counterparts", "email", "phone", "languages", "time_zone"),
        *HoursForm.DAYS,
    ]

    def __init__(self, data: Any = None, *, thing: Post | None = None) -> None:
        known = self._known(thing) if thing is not None else None
        super().__init__(data, label_suffix="", initial=known)
        for name, choices in (
            ("host_country", countries_or("–")),
            ("holidays", holidays(thing)),
            ("time_zone", time_zones()),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _known(self, post: Post) -> dict[str, Any]:
        plain = [name for name in self.base_fields if hasattr(post, name)]
        known = {name: getattr(post, name) for name in plain}
        return {**known, **self.typed(post.hours)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_post(self, cleaned)
        return cleaned


class OpenPostForm(PostForm):
    """A new post: with its code, and what it covers beside its host country."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Part of its address: small letters, digits and hyphens"),
        max_length=39,
    )
    covers = forms.MultipleChoiceField(
        label=gettext_lazy("Also covers"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["covers"].choices = list(countries)  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("Use small letters, digits and hyphens only."))
        if is_taken_by_a_page(code, "posts/") or Post.objects.filter(code=code).exists():
            raise forms.ValidationError(_("Another post has this code."))
        return code


class CoverForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    since = Day(label=gettext_lazy("Since"), initial=timezone.localdate)

    def __init__(self, data: Any = None, *, thing: Post) -> None:
        super().__init__(data)
        held = set(thing.coverages.filter(until=None).values_list("country", flat=True))
        field: Any = self.fields["country"]
        field.choices = [one for one in countries_or("–") if one[0] not in held]


class EndCoverageForm(forms.Form):
    country = forms.ChoiceField(label=gettext_lazy("Country"))
    until = Day(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("The last day"),
        initial=timezone.localdate,
    )

    def __init__(self, data: Any = None, *, thing: Post) -> None:
        super().__init__(data)
        held = thing.coverages.filter(until=None).exclude(country=str(thing.host_country))
        field: Any = self.fields["country"]
        field.choices = [(str(one.country), one.country_name) for one in held]


class ConfirmForm(forms.Form):
    """Nothing to tell: the page says what happens, the button does it."""

    def __init__(self, data: Any = None, *, thing: Any) -> None:
        super().__init__(data)
