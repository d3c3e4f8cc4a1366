"""What officers are asked before a verb: one form each, given the report and who is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from portal import reference
from portal.handling import HandlingCode
from portal.models import StaffRole, User
from reporting import grades
from reporting.grades import InformationGrade, SourceGrade
from reporting.lifecycle import Priority
from reporting.models import Label, Report
from reporting.opening import Opened

LONGEST = 10_000
Choices = list[tuple[str, Any]]


class DeskForm(forms.Form):
    """Knows the report, who is asked, and what was told when that is open."""

    def __init__(
        self, data: Any = None, *, report: Report, by: User, opened: Opened | None = None
    ) -> None:
        self.report, self.by, self.opened = report, by, opened
        super().__init__(data, label_suffix="")
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and what stands in the fields at first."""

    def offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def pick(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows.order_by("name")  # type: ignore[attr-defined]


def long_text(label: Any, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": more.pop("rows", 6), "autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **more)


def radio(label: Any, choices: Any = (), **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **more)


class OpenForm(forms.Form):
    """The action judges the reason, because a missing one is recorded."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you open this report?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "For example “first assessment” or the number of your case. It is kept in the record "
            "of access, so name nobody and repeat nothing that was told."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class GradeForm(DeskForm):
    source = radio(gettext_lazy("Source"), SourceGrade.choices)
    information = radio(gettext_lazy("Information"), InformationGrade.choices)
    handling = radio(gettext_lazy("Handling code"), HandlingCode.choices)

    def prepare(self) -> None:
        source, information, handling = grades.DEFAULT
        if self.report.source_grade:
            source = SourceGrade(self.report.source_grade)
            information = InformationGrade(self.report.information_grade)
            handling = HandlingCode(self.report.handling)
        self.initial = {"source": source, "information": information, "handling": handling}

    @property
    def schemes(self) -> list[dict[str, str]]:
        """Every pair of grades, as other schemes call it."""
        return [
            {
                "native": f"{source}{information}",
                "in_6x6": grades.in_6x6(source, information),
                "in_3x5x2": grades.in_3x5x2(source, information, HandlingCode.H2),
            }
            for source in SourceGrade.values
            for information in InformationGrade.values
        ]


class PrioritiseForm(DeskForm):
    priority = radio(gettext_lazy("Priority"), Priority.choices)

    def prepare(self) -> None:
        self.initial = {"priority": self.report.priority or Priority.P3}


def _country(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        help_text=gettext_lazy(
            "More people can read this than the report. Leave it blank where a country could point "
            "to who reported."
        ),
    )


class ClassifyForm(DeskForm):
    category = forms.ChoiceField(label=gettext_lazy("Kind of goods"), required=False)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False)
    mode = forms.ChoiceField(label=gettext_lazy("Mode of transport"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    origin = _country(gettext_lazy("Country of origin of the goods"))
    destination = _country(gettext_lazy("Country of destination"))
    eu_finances = forms.BooleanField(
        label=gettext_lazy("It touches the Union’s money or staff"),
        required=False,
        help_text=gettext_lazy("A referral to OLAF is then offered."),
    )

    LISTS = {
        "category": "commodity",
        "direction": "direction",
        "mode": "transport_mode",
        "place": "locode",
    }

    def prepare(self) -> None:
        told = self._told()
        for name, list_name in self.LISTS.items():
            self.offer(name, [("", _("Not said")), *reference.choices(list_name)])
            self.initial[name] = getattr(self.report, name) or told.get(name, "")
        # No country is put forward: whether it may stand in clear is for the officer to think of.
        for name in ("origin", "destination"):
            self.offer(name, [("", _("Not said")), *countries])
            self.initial[name] = getattr(self.report, name)
        self.initial["eu_finances"] = self.report.eu_finances or told.get("eu_finances") == "yes"

    def _told(self) -> dict[str, Any]:
        """What the reporter chose is put forward; the officer confirms it."""
        if self.opened is None:
            return {}
        what = self.opened.content.get("what", {})
        locode = self.opened.content.get("where", {}).get("locode") or {}
        return {
            "category": next(iter(what.get("categories", [])), ""),
            "direction": what.get("direction", ""),
            "mode": self.opened.content.get("transport", {}).get("mode", ""),
            "place": locode.get("normalised", "") if isinstance(locode, dict) else "",
            "eu_finances": what.get("eu_finances", ""),
        }


class LabelField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Label) -> str:
        return obj.name


class LabelForm(DeskForm):
    label = LabelField(
        label=gettext_lazy("Label"),
        queryset=Label.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def prepare(self) -> None:
        live = Label.objects.filter(retired_at=None).exclude(reports=self.report)
        self.pick("label", live)


class UnlabelForm(DeskForm):
    label = LabelField(
        label=gettext_lazy("Label"),
        queryset=Label.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def prepare(self) -> None:
        self.pick("label", self.report.labels.all())


class NewLabelForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Small letters, digits and hyphens. It never changes."),
    )


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return str(obj)


def _person(label: Any) -> PersonField:
    return PersonField(label=label, queryset=User.objects.none())


class AssignForm(DeskForm):
    to = _person(gettext_lazy("Officer"))

    def prepare(self) -> None:
        self.pick("to", User.objects.holding(StaffRole.TRIAGE_OFFICER).distinct())


class ExcludeForm(DeskForm):
    person = _person(gettext_lazy("Who may not know this report?"))

    def prepare(self) -> None:
        """Supervisors name anybody; others say it of themselves."""
        people = User.objects.filter(pk=self.by.pk)
        if self.by.has_role(StaffRole.SUPERVISOR):
            officers = User.objects.holding(StaffRole.TRIAGE_OFFICER)
            people = (officers | User.objects.holding(StaffRole.SUPERVISOR)).distinct()
        self.pick("person", people)


class LiftExclusionForm(DeskForm):
    person = _person(gettext_lazy("Whose conflict of interest is over?"))

    def prepare(self) -> None:
        self.pick("person", User.objects.filter(pk__in=self.report.shut_out))
