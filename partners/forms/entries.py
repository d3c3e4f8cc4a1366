"""What the liaison desk types about partners, contact points and those who hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator, validate_slug
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import hours
from partners.addresses import is_taken_by_a_page
from partners.forms import typed
from partners.forms.places import PHONE, LanguagesField, countries_or, time_zones
from partners.models import ContactPoint, Duty, Group, GroupMembership, Holder, Partner, PartnerType
from partners.visibility import Level
from portal.errors import DomainError
from portal.forms import DateField
from portal.models import StaffRole, User

CODE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9:._-]*\Z",
    gettext_lazy("Use letters, digits, and : . _ - only, such as “customs:NZ”."),
)
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


class PartnerForm(EntryForm):
    name = line(gettext_lazy("Name in English"), 200, required=True)
    local_name = line(gettext_lazy("Name in its own language"), 300)
    abbreviation = line(gettext_lazy("Abbreviation"), 30)
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=PartnerType.choices)
    parent = PartnerCodeField(
        label=gettext_lazy("Part of"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("The code of the partner that it is a part of."),
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False, choices=COUNTRIES)
    area = line(gettext_lazy("Area it covers"), 200)
    competent_for = text(gettext_lazy("What it is competent for"))
    about = text(gettext_lazy("What it is"), hint=gettext_lazy("Everybody reads this."))
    for_business = text(
        gettext_lazy("What it means for business"), hint=gettext_lazy("Everybody reads this.")
    )
    website = forms.URLField(
        label=gettext_lazy("Web site"), required=False, max_length=200, assume_scheme="https"
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"), required=False, choices=TIME_ZONES
    )
    holidays = forms.ChoiceField(
        label=gettext_lazy("Keeps the holidays of"),
        required=False,
        choices=COUNTRIES,
    )
    is_coordinating = forms.BooleanField(
        label=gettext_lazy("It is the central coordinating unit of its country"), required=False
    )
    field_order = (
        "code",
        "name",
        "local_name",
        "abbreviation",
        "type",
        "country",
        "parent",
        "area",
        "competent_for",
        "about",
        "for_business",
        "website",
        "languages",
        "time_zone",
        "hours",
        "holidays",
        "is_coordinating",
        "note",
    )


class AddPartnerForm(PartnerForm):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        validators=[CODE],
        help_text=gettext_lazy("Short, such as customs:NZ. It is part of the address and stays."),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if is_taken_by_a_page(code):
            raise forms.ValidationError(
                _("“%(code)s” is the address of a page of the portal. Choose another code.")
                % {"code": code}
            )
        return code


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


class HolderTextForm(TypedForm):
    """What files carry of a holder."""

    name = line(gettext_lazy("Name"), 150, required=True)
    title = line(gettext_lazy("Title"), 120)
    email = forms.EmailField(label=gettext_lazy("Own address"), required=False, max_length=254)
    direct_line = forms.CharField(
        label=gettext_lazy("Direct line"), required=False, max_length=40, validators=[PHONE]
    )


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


class _TodayForm(forms.Form):
    def __init__(self, data: Any = None, *, thing: Any = None) -> None:
        day = {name: timezone.localdate() for name in self.base_fields}
        super().__init__(data, label_suffix="", initial=day)


class UntilForm(_TodayForm):
    until = DateField(label=gettext_lazy("The last day"))


class EndPartnerForm(_TodayForm):
    ended_on = DateField(label=gettext_lazy("The day on which it ended"))


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

    def __init__(self, data: Any = None, *, thing: Partner | ContactPoint) -> None:
        super().__init__(data, label_suffix="", initial={"visibility": thing.visibility})


class KeeperForm(forms.Form):
    keeper = forms.ModelChoiceField(
        label=gettext_lazy("Kept by"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody by name: the whole desk"),
    )

    def __init__(self, data: Any = None, *, thing: Partner | ContactPoint) -> None:
        super().__init__(data, label_suffix="", initial={"keeper": thing.keeper_id})
        chosen: Any = self.fields["keeper"]
        chosen.queryset = keepers()


class JoinGroupForm(forms.Form):
    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"), queryset=Group.objects.order_by("name")
    )
    since = DateField(
        label=gettext_lazy("Since"),
        required=False,
        help_text=gettext_lazy("Empty when the day is not known."),
    )

    def __init__(self, data: Any = None, *, thing: Partner) -> None:
        super().__init__(data, label_suffix="")


class LeaveGroupForm(UntilForm):
    def __init__(self, data: Any = None, *, thing: GroupMembership) -> None:
        super().__init__(data, thing=thing)


class ChannelForm(forms.Form):
    name = line(gettext_lazy("Channel"), 60, required=True, hint="CENcomm, SIENA, AFIS …")
    reference = line(
        gettext_lazy("How it is reached there"),
        200,
        hint=gettext_lazy("No passwords and no keys: where to look, not what opens it."),
    )

    def __init__(self, data: Any = None, *, thing: Partner) -> None:
        super().__init__(data, label_suffix="")


class GroupForm(forms.Form):
    name = line(gettext_lazy("Name"), 120, required=True)
    about = text(gettext_lazy("What it is"))

    def __init__(self, data: Any = None, *, thing: Group | None = None) -> None:
        initial = {"name": thing.name, "about": thing.about} if thing is not None else {}
        super().__init__(data, label_suffix="", initial=initial)


class ChangeGroupForm(GroupForm):
    # What the page showed, so that two editors are told of each other.
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, thing: Group) -> None:
        super().__init__(data, thing=thing)
        self.initial["version"] = thing.fingerprint


class AddGroupForm(GroupForm):
    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, validators=[validate_slug])
    field_order = ("code",)
