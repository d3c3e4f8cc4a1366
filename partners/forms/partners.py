"""What the liaison desk types about partners, their groups and their secure channels."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator, validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.addresses import is_taken_by_a_page
from partners.forms.entries import (
    COUNTRIES,
    TIME_ZONES,
    EntryForm,
    PartnerCodeField,
    TodayForm,
    UntilForm,
    line,
    text,
)
from partners.models import Group, GroupMembership, Partner, PartnerType
from portal.forms import DateField

CODE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9:._-]*\Z",
    gettext_lazy("Use letters, digits, and : . _ - only, such as “customs:NZ”."),
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


class EndPartnerForm(TodayForm):
    ended_on = DateField(label=gettext_lazy("The day on which it ended"))


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
